"""Walls are recognised and named; content never is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.walls import FEED, MAX_PAGE_BYTES, Wall, WallKind, recognise
from monitor.text.walls.outline import beginning
from tests.support.walls import CHALLENGES, CONSENTS, CONTENT, ERRORS, LOGINS, REGIONS, UNNAMED, Answer, page


def seen(answer: Answer, *, page_wanted: bool = True, landed: str = "") -> Wall | None:
    headers = [(name.encode(), value.encode()) for name, value in answer.headers]
    return recognise(answer.status, headers, answer.body.encode(), page_wanted=page_wanted, landed=landed)


ALL = [*((name, answer) for name, answers in CHALLENGES.items() for answer in answers)]


@pytest.mark.parametrize("page_wanted", [True, False], ids=["page", "feed"])
@pytest.mark.parametrize(("name", "answer"), ALL)
def test_a_challenge_is_named_after_its_maker(name: str, answer: Answer, *, page_wanted: bool) -> None:
    wall = seen(answer, page_wanted=page_wanted)
    assert wall is not None
    assert wall.kind in {"challenge", "block"}
    assert name in wall.name


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        *(("challenge", answer) for answer in UNNAMED),
        *(("login", answer) for answer in LOGINS),
        *(("consent", answer) for answer in CONSENTS),
        *(("region", answer) for answer in REGIONS),
        *(("error", answer) for answer in ERRORS),
    ],
)
@pytest.mark.parametrize("page_wanted", [True, False], ids=["page", "feed"])
def test_a_page_instead_of_the_content_is_named(kind: WallKind, answer: Answer, *, page_wanted: bool) -> None:
    wall = seen(answer, page_wanted=page_wanted)
    assert wall is not None
    assert wall.kind == kind
    assert wall.name
    assert wall.remedy


@pytest.mark.parametrize("body", CONTENT.values(), ids=CONTENT)
def test_content_is_never_a_wall_whatever_words_and_scripts_it_has(body: str) -> None:
    assert seen(Answer(200, (), body)) is None


@pytest.mark.parametrize(
    "header", ["Server: cloudflare", "Set-Cookie: __cf_bm=x", "X-Iinfo: 1", "X-DataDome: protected"]
)
@pytest.mark.parametrize(
    "cookie", ["acw_tc=1", "__jsluid_s=1", "sl-session=1", "datadome=x", "_abck=0", "incap_ses_1=x"]
)
def test_headers_that_healthy_answers_have_too_make_no_wall(header: str, cookie: str) -> None:
    name, _, value = header.partition(": ")
    assert (
        seen(Answer(200, ((name, value), ("Set-Cookie", cookie)), CONTENT["a list with a link to the login"])) is None
    )


@pytest.mark.parametrize("status", [401, 404, 429, 500, 502, 503, 504])
def test_a_status_that_says_why_is_not_explained_by_who_serves_it(status: int) -> None:
    answer = Answer(status, (("Server", "ddos-guard"), ("X-Sucuri-ID", "1")), page("Not found", "<p>Nothing here</p>"))
    assert seen(answer) is None


@pytest.mark.parametrize(
    "body",
    [
        '<?xml version="1.0"?><!-- one --><rss version="2.0"><channel><title>Login</title></channel></rss>',
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Just a moment...</title></feed>',
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "a"><rss><channel><title>Login</title></channel></rss>',
        '<!DOCTYPE rss [<!ENTITY a "b">]>\n<RSS><channel><title>404 Not Found</title></channel></RSS>',
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>Sign in</a:title><title>Sign in</title></a:feed>',
        "<rdf:RDF><channel><title>用户登录</title></channel></rdf:RDF>",
        '<?xml version="1.0"?>\n<answer><title>Login</title></answer>',
        '{"version": "https://jsonfeed.org/version/1.1", "title": "404 Not Found", "items": []}',
        '{"items": [{"title": "Verify you are human"}]}',
    ],
)
def test_a_feed_is_no_wall_whatever_it_is_called(body: str) -> None:
    assert seen(Answer(200, (), body)) is None
    assert seen(Answer(200, (), body), page_wanted=False) is None


def test_the_beginning_of_a_feed_is_seen_without_looking_further() -> None:
    assert FEED.match(b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a -->\n<rss version="2.0">')
    for page_begins in (
        b"<!DOCTYPE html><html>",
        b'<?xml version="1.0"?><!DOCTYPE html><html>',
        b"<script>",
        b"<html>",
    ):
        assert FEED.match(page_begins) is None


@pytest.mark.parametrize("address", ["https://sso.example/auth", "https://a.example/user/login?to=1"])
def test_an_empty_page_to_which_a_redirect_led_for_a_login_is_one(address: str) -> None:
    shell = Answer(200, (), page("Portal", "<div id=root></div><p>Welcome</p>"))
    assert seen(shell) is None
    assert seen(shell, landed=address) == Wall("login", "", "Portal")
    assert seen(Answer(200, (), CONTENT["a list with a login box"]), landed=address) is None


def test_a_page_in_another_encoding_is_read_as_it_is() -> None:
    body = page("用户登录", "<form><input name=u><input type=password></form>").replace("utf-8", "gbk").encode("gbk")
    assert recognise(200, (), body, content_type="text/html") == Wall("login", "", "用户登录")


def test_a_large_page_is_content() -> None:
    body = page("Just a moment...", "").encode().ljust(MAX_PAGE_BYTES + 1)
    assert recognise(200, (), body) is None
    assert recognise(403, (), body) is not None


def test_what_a_page_says_is_its_text_and_no_rest_of_its_tags() -> None:
    assert recognise(200, (), CHALLENGES["EdgeOne"][0].body.encode()) == Wall("challenge", "Tencent EdgeOne", "")


def test_what_it_says_is_kept_short() -> None:
    wall = seen(Answer(403, (("cf-mitigated", "challenge"),), page("a " * 300, "")))
    assert wall is not None
    assert 0 < len(wall.shown_text) <= 80


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Login required - " + "p" * 38 + " /private/Kd93jsQ0aLw82mZx71/feed.xml", "Login required"),
        ("Login required " + "p" * 40 + " /private/Kd93jsQ0aLw82mZx71/feed.xml", "Login required " + "p" * 40),
        ("需要登录。" + "请" * 60 + "/private/Kd93jsQ0aLw82mZx71/feed.xml", "需要登录。"),
        ("Login " + "&nbsp;" * 60 + "&nbsp;/private/Kd93jsQ0aLw82mZx71/feed.xml", "Login"),
        ("p" * 70 + "/Kd93jsQ0aLw82mZx71/feed.xml", ""),
    ],
)
def test_a_secret_that_a_page_repeats_is_quoted_whole_or_not_at_all(title: str, said: str) -> None:
    wall = seen(Answer(403, (("cf-mitigated", "challenge"),), page(title, "")))
    assert wall is not None
    assert wall.shown_text == said


@given(st.text("ab . |-。", max_size=120), st.integers(0, 100))
def test_no_beginning_of_a_text_ends_within_a_word(text: str, place: int) -> None:
    whole = beginning(f"{text[:place]} SECRET {text[place:]}")
    assert len(whole) <= 80
    assert ("SECRET" in whole) == ("S" in whole)


def test_what_a_page_says_has_no_control_characters() -> None:
    wall = seen(Answer(403, (("cf-mitigated", "challenge"),), page("Log\x1b[31m in\x07 \u202enow", "")))
    assert wall is not None
    assert wall.shown_text == "Log[31m in now"


@given(st.sampled_from([200, 202, 403, 503]), st.binary(max_size=300), st.binary(max_size=60), st.booleans())
def test_no_bytes_raise(status: int, body: bytes, header: bytes, page_wanted: bool) -> None:
    for start in (b"", b"<html><title>", b"<a <a <script>"):
        recognise(status, [(b"set-cookie", header)], start + body, page_wanted=page_wanted)


@pytest.mark.parametrize("piece", [b"<script", b"<a >", b"<!--", b"<title>", b"<h1>", b"<input ", b"document.cookie="])
def test_a_page_of_beginnings_is_read_in_one_go(piece: bytes) -> None:
    body = piece * (MAX_PAGE_BYTES // len(piece))
    assert recognise(200, (), body, page_wanted=False) is None
    assert recognise(200, (), body) is None
