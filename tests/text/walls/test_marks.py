"""A mark of a wall makes no wall of a page with content; and nothing that a wall carries makes content of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.text.walls import MAX_PAGE_BYTES, recognise
from monitor.text.walls.families import FAMILIES
from tests.support.walls import CHALLENGES, CONSENTS, LOGINS, Answer, page

PARAGRAPH = "市科技局组织专家对申报项目进行评审，确定第三批试点项目共二十四个，总投资两亿元，建设期为三年。"
ANNOUNCEMENT = f"<h1>关于公布第三批试点项目的通知</h1><p>2026年11月20日</p>{f'<p>{PARAGRAPH}</p>' * 12}"
SHORT = (
    "<h1>Library reopens</h1><p>The city library reopens its reading room on Monday. Visitors find new desks, and the "
    "opening hours stay as they were: from nine to nine. The entrance is in Mill Street.</p>"
)
ROWS = "".join(f"<li><a href=/{number}>第{number}号公告</a></li>" for number in range(24))
FEW_ROWS = "<ul><li><a href=/1>Budget 2027</a></li><li><a href=/2>New mayor</a></li></ul>"
REAL = {"an announcement": ANNOUNCEMENT, "a short article": SHORT, "a list": f"<ul>{ROWS}</ul>", "two rows": FEW_ROWS}
CODE = sorted({mark for family in FAMILIES for mark in (*family.code, *family.traces)})
HEADERS = sorted({mark for family in FAMILIES for mark in (*family.headers, *family.refusals)})
SHAPES = [line.split("\t") for line in (Path(__file__).parent / "walls.tsv").read_text("utf-8").splitlines()]
BODIES = [*(answer.body for answers in CHALLENGES.values() for answer in answers), *(row[3] for row in SHAPES)]
TITLES = sorted(
    {
        title
        for body in BODIES
        if (title := body.partition("<title>")[2].partition("</title>")[0])
        for family in FAMILIES
        if family.titles and family.titles.fullmatch(title)
    }
)
WORDS = sorted(
    {
        found[0]
        for body in BODIES
        for family in FAMILIES
        if family.words and (found := family.words.search(body)) and "<" not in found[0]
    }
)


def kind_of(body: str, *headers: tuple[bytes, bytes]) -> str | None:
    wall = recognise(200, headers, body.encode())
    return wall.kind if wall else None


def read_as(title: str, *, body: str = "", head: str = "") -> set[str | None]:
    """Return what pages with real content and a piece of a wall are read as."""
    return {kind_of(page(title, shown + body, head)) for shown in REAL.values()}


@pytest.mark.parametrize("mark", CODE)
def test_real_content_with_the_code_of_a_service_is_content(mark: str) -> None:
    places = (f"<script>{mark}</script>", f"<!-- {mark} -->", f'<i data-x="{mark.replace(chr(34), chr(39))}"></i>')
    for place in (f"{mark} -->",) if mark.startswith("<!--") else places:
        assert read_as("News", body=place) | read_as("News", head=place) == {None}


@pytest.mark.parametrize("mark", HEADERS)
def test_real_content_with_the_header_of_a_service_is_content(mark: str) -> None:
    name, separator, value = mark.partition(": ")
    header = (name, value) if separator else ("set-cookie", f"{mark}=; max-age=0")
    for shown in REAL.values():
        assert kind_of(page("News", shown), (header[0].encode(), header[1].encode())) is None


@pytest.mark.parametrize("title", [title for title in TITLES if "Access Denied" not in title])  # an error's own title
def test_real_content_with_the_title_of_a_wall_is_content(title: str) -> None:
    assert read_as(title) == {None}


def test_a_long_list_is_content_though_its_title_is_that_of_an_error() -> None:
    assert kind_of(page("Access Denied", REAL["a list"])) is None


@pytest.mark.parametrize("words", WORDS)
def test_real_content_with_the_words_of_a_service_is_content(words: str) -> None:
    assert read_as("News", body=f"<p>{words}</p>") == {None}


@pytest.mark.parametrize(
    "piece",
    [
        '<script src="/static/crypto-js/aes.min.js"></script>',
        '<script src="/js/aes.js"></script>',
        '<a href="https://www.365cyd.com/"><img src=/badge.png></a>',
        '<a href="https://wappass.baidu.com/passport">百度</a>',
        '<iframe src="https://passport.weibo.com/visitor/visitor"></iframe>',
        '<meta http-equiv="Content-Security-Policy" content="frame-src geo.captcha-delivery.com">',
        "<script>var dd={}</script>",
        "<script>var arg1='1'</script>",
        '<script src="/btwaf.js"></script>',
    ],
)
def test_libraries_badges_and_policies_make_no_wall(piece: str) -> None:
    assert read_as("News", body=piece) | read_as("News", head=piece) == {None}


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (
            "Scheduled maintenance",
            "<p>The payment API will be offline for scheduled maintenance on 22 Nov 2026 from 1 to 3 am.</p>",
        ),
        ("Site maintenance", "<p>The payment API will be offline on Sunday from 1 to 3 am.</p>"),
        ("系统维护", "<p>本平台将于本周六22时进行系统升级维护，届时暂停服务。</p>"),
        (
            "Regulator bans Foo",
            "<h1>Regulator bans Foo</h1><p>Foo is not available in your country: the regulator fined it.</p>",
        ),
        ("Foo leaves", "<p>Foo is not available in your country any more, after a court imposed a high fine.</p>"),
        ("Site maintenance", "<p>On 22 Nov 2026 the site is offline for scheduled maintenance from 1 to 3.</p>"),
        ("IP bans", "<p>Your IP address was blocked, the provider told customers on Monday.</p>"),
    ],
)
def test_a_report_or_an_announcement_is_content_though_it_has_the_words_of_a_wall(title: str, shown: str) -> None:
    assert kind_of(page(title, f"<h1>{title}</h1>{shown}")) is None


CLOUDFLARE = page(
    "Just a moment...",
    "<noscript>Enable JavaScript and cookies to continue</noscript>"
    '<script>window._cf_chl_opt = {cType: "managed"};</script>',
)
BULK = {
    "style": f"<style>{'.a{color:red}' * 11_000}</style>",
    "script": f"<script>{'var x=1;' * 18_000}</script>",
    "picture": f'<img alt="" src="data:image/png;base64,{"iVBORw0KGgo" * 13_000}">',
    "background": f'<div style="background:url(data:image/png;base64,{"iVBORw0KGgo" * 13_000})"></div>',
    "footer": f"<footer>{''.join(f'<a href=/{number}>Page {number}</a> ' for number in range(85))}</footer>",
    "footer of a class": '<div class="site-footer">'
    + "".join(f"<a href=/{number}>The page with number {number}</a> " for number in range(85))
    + "</div>",
    "time": "<time></time>",
}
WALLS = {
    "login": LOGINS[0],
    "login in Chinese": LOGINS[1],
    "consent": CONSENTS[0],
    "challenge": Answer(200, (), CLOUDFLARE),
    "challenge by its title": CHALLENGES["PerimeterX"][1],
}


@pytest.mark.parametrize("wall", WALLS.values(), ids=WALLS)
@pytest.mark.parametrize("bulk", BULK.values(), ids=BULK)
def test_what_a_wall_does_not_show_makes_no_content_of_it(wall: Answer, bulk: str) -> None:
    kind = kind_of(wall.body)
    assert kind is not None
    assert kind_of(wall.body.replace("</body>", f"{bulk}</body>")) == kind


@pytest.mark.parametrize("bulk", ["style", "script", "picture", "time"])
def test_bulk_makes_no_wall_of_content(bulk: str) -> None:
    for shown in REAL.values():
        assert kind_of(page("News", shown + BULK[bulk])) is None


def test_a_footer_is_none_if_entries_or_a_text_follow() -> None:
    entries = "".join(f"<li><a href=/{number}>第{number}号公告</a> 2026-11-{number:02}</li>" for number in range(1, 25))
    for name in ("<div class=footer></div>", '<div class="foot">'):
        assert kind_of(page("用户登录", f"<input type=password>{name}<ul>{entries}</ul>")) is None


@pytest.mark.parametrize("piece", [b"<script", b"<style>", b"<!--", b"data:a;base64,", b'<a class="', b"<footer>"])
def test_a_large_page_of_beginnings_is_read_in_one_go(piece: bytes) -> None:
    recognise(200, (), piece * (4 * MAX_PAGE_BYTES // len(piece)))


def test_a_challenge_with_title_and_code_may_explain_itself_at_length() -> None:
    reason = "<p>The owner set this up against companies that copy whole sites, which makes them slow for all.</p>"
    code = '<script id="anubis_challenge" type="application/json">{"rules":{}}</script>'
    links = "".join(f"<a href=/{name}>{name}</a>" for name in ("Techaro", "Celphase", "The project"))
    assert kind_of(page("Making sure you're not a bot!", reason * 12 + links, code)) == "challenge"
