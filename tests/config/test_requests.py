"""How a source is asked: what the file may say, and what becomes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config import Config
from monitor.model import DEFAULT_REQUEST, Request
from monitor.secret import redact

Load = Callable[..., Config]

HEAD = '[[source]]\nname = "a"\nurl = "https://a.example/x"\n'
API = f'{HEAD}kind = "api"\n'


def asked(loaded: Load, keys: str, head: str = HEAD, **environ: str) -> Request:
    return loaded(f"{head}{keys}", environ).sources[0].request


def test_most_sources_are_asked_plainly(loaded: Load) -> None:
    assert asked(loaded, "") == DEFAULT_REQUEST


def test_everything_may_be_said(loaded: Load) -> None:
    request = asked(
        loaded,
        'headers = { Accept-Language = "zh-CN", X-Api-Key = "env:KEY" }\n'
        'user_agent = "Mozilla/5.0 (test)"\nverify = false\ntls = "legacy"',
        KEY="0123456789abcdef",
    )
    assert request == Request(
        headers=(("Accept-Language", "zh-CN"), ("X-Api-Key", "0123456789abcdef")),
        user_agent="Mozilla/5.0 (test)",
        verify=False,
        tls="legacy",
        secrets=("0123456789abcdef",),
    )


def test_headers_may_be_a_table_of_their_own(loaded: Load) -> None:
    assert asked(loaded, '[source.headers]\nReferer = "https://a.example/"').has_header("referer")


# --- what is refused


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Host", "the header Host cannot be set; it follows from url"),
        ("content-length", "the header content-length cannot be set; it follows from the body"),
        ("Transfer-Encoding", "it controls the connection, which the program manages"),
        ("Connection", "it controls the connection, which the program manages"),
        ("TE", "it controls the connection"),
        ("Upgrade", "it controls the connection"),
        ("Keep-Alive", "it controls the connection"),
        ("Proxy-Authorization", "it controls the connection"),
        ("Expect", "it controls the connection"),
        ("Accept-Encoding", "the program asks only for encodings that it can unpack safely"),
        ("If-None-Match", "the program already asks whether something has changed"),
        ("IF-MODIFIED-SINCE", "the program already asks whether something has changed"),
        ("Range", "documents are always read as a whole"),
        ("User-Agent", 'write user_agent = "…" next to url instead'),
        ("X Key", '"X Key" is not a header name; use letters, digits and - only'),
        ("X:Key", "is not a header name"),
        ("密钥", "is not a header name"),
        ("", "is not a header name"),
    ],
)
def test_a_header_that_cannot_be_set_is_refused_with_the_reason(
    problems: Callable[..., list[str]], name: str, expected: str
) -> None:
    (found,) = problems(f'{HEAD}headers = {{ "{name}" = "x" }}')
    assert found.startswith("sources.toml:4:")
    assert expected in found


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", "a header must not be blank; give it a value, or remove it"),
        (" ", "a header must not be blank"),
        ("canary\\r\\nX-Other: 1", "a header must not contain a line break; write it on one line"),
        ("canary\\n", "a header must not contain a line break"),
        ("canary\\u0000", "a header may contain only printable ASCII"),
        (" canary", "and no space at its start or end"),
        ("canary 重庆", "usually as %XX"),
        ("canary" * 2000, "a header has at most 8192 characters; the server would refuse it"),
    ],
)
def test_a_value_that_no_header_can_have_is_refused_and_not_shown(
    problems: Callable[..., list[str]], value: str, expected: str
) -> None:
    (found,) = problems(f'{HEAD}headers = {{ X-Note = "{value}" }}')
    assert found.startswith('sources.toml:4:22: [[source]] "a": ')
    assert expected in found
    assert "canary" not in found


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ('headers = { X-A = "1", x-a = "2" }', "the header x-a is set twice; remove one"),
        ("headers = { X-A = 1 }", '"X-A" must be text; write it between quotes, as in X-A = "…"'),
        ('headers = "X-A: 1"', '"headers" must be a table'),
        (
            'headers = { X-A = "env:NO_SUCH" }',
            "the environment variable NO_SUCH is not set; set it, or write file:PATH",
        ),
        (
            'user_agent = "env:AGENT"',
            "a user agent is not a secret: it is also sent to the targets of redirects; write the text itself",
        ),
        ('user_agent = "a\\nb"', "a user agent must not contain a line break; write it on one line"),
        ('user_agent = ""', '"user_agent" must not be empty; write user_agent = "…"'),
        ('verify = "no"', '"verify" must be true or false; write it without quotes'),
        ('tls = "old"', '"tls" must be "modern" or "legacy"'),
    ],
)
def test_a_mistake_is_reported(problems: Callable[..., list[str]], keys: str, expected: str) -> None:
    (found,) = problems(f"{HEAD}{keys}")
    assert found.endswith(expected)


def test_two_logins_are_one_too_many(problems: Callable[..., list[str]]) -> None:
    text = '[[source]]\nname = "a"\nurl = "https://me@a.example/"\nheaders = { Authorization = "Bearer t" }'
    assert problems(text) == [
        'sources.toml:4:11: [[source]] "a": the address has a login, and the headers too; remove one of them'
    ]


# --- secrets


def test_what_comes_by_reference_is_hidden_and_so_are_the_tokens_in_it(loaded: Load) -> None:
    text = f'{HEAD}headers = {{ Authorization = "env:AUTH", Cookie = "env:COOKIE", Accept-Language = "zh-CN" }}'
    config = loaded(text, {"AUTH": "Bearer canary0123", "COOKIE": "lang=chinese; session=canary4567"})
    assert config.sources[0].request.secrets == (
        "Bearer canary0123", "canary0123", "lang=chinese; session=canary4567", "canary4567",
    )  # fmt: skip
    assert (
        redact("it said: canary0123, canary4567, chinese, zh-CN", config.secrets) == "it said: ***, ***, chinese, zh-CN"
    )
    assert "canary" not in repr(config)
    assert not any("a secret stands" in str(warning) for warning in config.warnings)


@pytest.mark.parametrize("name", ["Authorization", "Cookie", "X-Api-Key", "X-Auth-Token", "x-session-id"])
def test_a_secret_in_the_file_is_hidden_all_the_same_and_warned_about(loaded: Load, name: str) -> None:
    config = loaded(f'{HEAD}headers = {{ {name} = "canary0123456" }}')
    assert config.sources[0].request.secrets == ("canary0123456",)
    assert redact("canary0123456", config.secrets) == "***"
    assert "secret stored in plain text; write env:NAME or file:PATH instead" in "\n".join(map(str, config.warnings))


def test_a_secret_without_a_check_of_the_certificate_is_warned_about(warnings: Callable[..., list[str]]) -> None:
    text = f'{HEAD}headers = {{ Cookie = "env:COOKIE" }}\nverify = false'
    assert any(
        found.startswith('sources.toml:5:10: [[source]] "a": with verify = false anybody on the network path')
        for found in warnings(text, {"COOKIE": "session=1"})
    )
    assert not any("verify = false" in found for found in warnings(f"{HEAD}verify = false"))
    login = HEAD.replace("a.example", "me@a.example")
    assert any("with verify = false" in found for found in warnings(f"{login}verify = false"))


def test_a_short_secret_masks_no_words(loaded: Load) -> None:
    assert asked(loaded, 'headers = { X-Plan = "env:PLAN" }', PLAN="gold").secrets == ()


# --- POST


def test_an_api_may_be_asked_by_post(loaded: Load) -> None:
    text = f'{API}method = "POST"\nbody = {{ q = "元宇宙", page = 1, key = "env:KEY" }}\nitems = "data"'
    config = loaded(text, {"KEY": "canary-012"})
    (source,) = config.sources
    assert (source.request.method, json.loads(source.request.body or b"")) == (
        "POST", {"q": "元宇宙", "page": 1, "key": "canary-012"},
    )  # fmt: skip
    assert source.request.headers == (("Content-Type", "application/json"),)
    assert source.request.secrets == ("canary-012",)
    assert source.options == {"items": "data"}, "what is for the asker stays out of the readers"
    assert "canary" not in repr(config)


def test_a_secret_may_be_anywhere_in_a_body(loaded: Load) -> None:
    keys = 'method = "POST"\nbody = { filters = [{ key = "env:KEY" }, 1, true, "a"] }'
    request = asked(loaded, keys, API, KEY="canary-012")
    assert json.loads(request.body or b"") == {"filters": [{"key": "canary-012"}, 1, True, "a"]}
    assert request.secrets == ("canary-012",)


@pytest.mark.parametrize(
    ("body", "hidden", "warned"),
    [
        ('{ q = "Web3 in Chongqing", sort_key = "published_at" }', (), False),
        ('{ token = "bitcoin", key = 7 }', (), False),
        ('{ q = "Web3", apiKey = "canary-1" }', ("canary-1",), True),
        ('{ q = "Web3", auth = { token = ["canary-1", 7] } }', ("canary-1",), True),
        ('{ q = "Web3", token = "env:KEY" }', ("canary-0",), False),
        ('{ q = "env:KEY", token = "canary-1" }', ("canary-0", "canary-1"), True),
        ('"keyword=Web3inChongqing&token=canary-1"', ("canary-1",), True),
        ('\'{"token": "canary-1"}\'', ("canary-1",), True),
        ('"file:query"', ("q=Web3inChongqing1&access_key=canary-1", "canary-1"), False),
    ],
)
def test_what_is_secret_in_a_body_is_hidden_and_what_is_asked_for_is_not(
    loaded: Load, tmp_path: Path, body: str, hidden: tuple[str, ...], warned: bool
) -> None:
    (tmp_path / "query").write_text("q=Web3inChongqing1&access_key=canary-1", "utf-8")
    config = loaded(f'{API}method = "POST"\nbody = {body}', {"KEY": "canary-0"})
    assert config.sources[0].request.secrets == hidden
    assert any("secret stored in plain text" in str(warning) for warning in config.warnings) == warned
    assert "canary" not in redact(" ".join(hidden), config.secrets)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("a=1&b=2", "application/x-www-form-urlencoded"),
        ("12", "application/x-www-form-urlencoded"),
        ("[1]", "application/json"),
        ('{"a": 1}', "application/json"),
    ],
)
def test_a_text_is_sent_as_what_it_is(loaded: Load, body: str, kind: str) -> None:
    request = asked(loaded, f"method = \"POST\"\nbody = '{body}'", API)
    assert (request.body, request.headers) == (body.encode(), (("Content-Type", kind),))


def test_a_body_may_be_in_a_file(loaded: Load, tmp_path: Path) -> None:
    (tmp_path / "query.json").write_text('{"page": 1}\n', "utf-8")
    request = asked(loaded, 'method = "POST"\nbody = "file:query.json"', API)
    assert (request.body, request.headers) == (b'{"page": 1}', (("Content-Type", "application/json"),))


def test_a_stated_type_of_the_body_is_kept(loaded: Load) -> None:
    request = asked(loaded, 'method = "POST"\nbody = "<q/>"\nheaders = { content-type = "text/xml" }', API)
    assert request.headers == (("content-type", "text/xml"),)


def test_a_post_without_a_body_is_one(loaded: Load) -> None:
    assert asked(loaded, 'method = "POST"', API) == Request(method="POST")


def test_one_address_with_two_bodies_is_two_places(warnings: Callable[..., list[str]]) -> None:
    def two(second: int) -> str:
        post = 'method = "POST"\nbody = {{ page = {} }}\n'.format
        return API + post(1) + API.replace('"a"', '"b"') + post(second)

    assert not any("same address" in found for found in warnings(two(2)))
    assert any("same address" in found for found in warnings(two(1)))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ('body = "x"', 'a body is sent by POST only; add method = "POST"'),
        ('method = "post"', '"method" must be "GET" or "POST"'),
        ('method = "POST"\nbody = 1', 'a body is a text or a table; write body = "…" or body = { … }'),
        ('method = "POST"\nbody = { since = 2026-11-21 }', "JSON has no dates; put quotes around those in the body"),
        ('method = "POST"\nbody = { n = inf }', "JSON has no inf and no nan; remove them from the body"),
        (
            'method = "POST"\nbody = { key = "env:NO_SUCH" }',
            "the environment variable NO_SUCH is not set; set it, or write file:PATH",
        ),
    ],
)
def test_a_body_that_cannot_be_sent_is_refused(problems: Callable[..., list[str]], keys: str, expected: str) -> None:
    (found,) = problems(f"{API}{keys}")
    assert found.endswith(expected)


def test_who_states_a_body_means_an_api(loaded: Load) -> None:
    assert loaded(f'{HEAD}method = "POST"\nbody = "a=1"').sources[0].kind == "api"


def test_other_kinds_are_not_posted_to(problems: Callable[..., list[str]]) -> None:
    assert any('unknown key "method"' in found for found in problems(f'{HEAD}kind = "feed"\nmethod = "POST"'))
