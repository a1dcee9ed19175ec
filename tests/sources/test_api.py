"""APIs that list entries."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from pydantic import ValidationError

from monitor import sources
from monitor.model import Reading
from monitor.sources.api import ApiKind

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
URL = "https://api.example.org/v1/list?page=1"
LENGTH_FAILS = (
    'items = "length(code)" finds nothing (length() needs string or array or object, and gets number); it has: code'
)
ANSWER = {
    "code": 200,
    "message": "ok",
    "data": {
        "tags": [{"id": 1}],
        "list": [
            {"id": 7, "docTitle": "重庆发布<em>元宇宙</em>计划", "docPubUrl": "/a/7.html",
             "pub_time": "2026-11-20 10:00:00", "summary": "<p>One</p><p>Two</p>",
             "meta": {"slug": "a b", "at": 1_763_000_000_000}},
            {"id": 8, "docTitle": "Second", "docPubUrl": "https://b.example/8", "pub_time": "", "meta": {"slug": None}},
        ],
    },
}  # fmt: skip


def read(answer: object, **options: str) -> Reading:
    body = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False).encode()
    return sources.read(body, url=URL, kind="api", options=options, now=NOW, timezone="Asia/Shanghai")


def test_entries_and_their_fields_are_found_by_their_names() -> None:
    reading = read(ANSWER)
    first, second = reading.entries
    assert reading.problems == ()
    assert (first.title, first.url) == ("重庆发布元宇宙计划", "https://api.example.org/a/7.html")
    assert first.summary == "One\nTwo"
    assert first.published is not None
    assert first.published.at == dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)
    assert (second.title, second.url, second.published) == ("Second", "https://b.example/8", None)


def test_expressions_say_where_the_fields_are() -> None:
    reading = read(
        ANSWER, items="data.list[?id == `7`]", title="meta.slug", link="docPubUrl", date="meta.at", summary="id"
    )
    (entry,) = reading.entries
    assert (entry.title, entry.url, entry.summary) == ("a b", "https://api.example.org/a/7.html", "7")
    assert entry.published is not None
    assert entry.published.at == dt.datetime.fromtimestamp(1_763_000_000, dt.UTC)


@pytest.mark.parametrize(
    ("link", "urls"),
    [
        ("https://www.example.org/n/{id}.html", ["https://www.example.org/n/7.html", "https://www.example.org/n/8.html"]),
        ("/n/{meta.slug}?id={id}", ["https://api.example.org/n/a%20b?id=7", ""]),
        ("[meta.slug, docPubUrl]", ["https://api.example.org/v1/a%20b", "https://b.example/8"]),
        ("gone", ["https://api.example.org/a/7.html", "https://b.example/8"]),
    ],
)  # fmt: skip
def test_links_are_found_or_made_of_a_template(link: str, urls: list[str]) -> None:
    assert [entry.url for entry in read(ANSWER, link=link).entries] == urls


@pytest.mark.parametrize(
    "body",
    [
        b'show({"rows": [{"title": "A", "url": "/1"}]});',
        b')]}\'\n{"rows": [{"title": "A", "url": "/1"}]}',
        b'[{"title": "A", "url": "/1"}]',
        b'{"x": {"title": "A", "url": "/1"}}',
        b'\xef\xbb\xbf {"rows": [{"title": "A", "url": "/1"}, 5]}',
    ],
)
def test_the_answer_may_be_wrapped(body: bytes) -> None:
    options = {"items": "@"} if b'"x"' in body else {}
    assert [entry.title for entry in read(body, **options).entries] == ["A"]


@pytest.mark.parametrize(
    ("body", "options", "words"),
    [
        (b"", {}, "not JSON that can be read: it is empty"),
        (b'{"a": ', {}, "not JSON that can be read: it is broken, or nested too deeply"),
        (b"<!doctype html><title>Sign in</title>", {}, "not JSON that can be read: it is an HTML page (“Sign in”)"),
        (b'{"code": 1, "msg": "no"}', {}, "no array of objects is in the answer; it has: code, msg"),
        (b'"x"', {}, "no array of objects is in the answer; it has: a text"),
        (b'{"code": 1}', {"items": "data.list"}, 'items = "data.list" finds nothing; it has: code'),
        (
            b'{"code": 1}',
            {"items": "length(code)"},
            LENGTH_FAILS,
        ),
        (b"[1, 2]", {"items": "@"}, "its items are not objects"),
        (b'[{"a": 1}]', {}, "its items have neither title nor address; they have: a"),
    ],
)
def test_what_is_no_list_is_named(body: bytes, options: dict[str, str], words: str) -> None:
    assert read(body, **options) == Reading("api", problems=(words,), readable=False)


@pytest.mark.parametrize("body", [b"[]", b'{"data": {"list": [], "total": 0}}'])
def test_an_api_that_lists_nothing_is_readable(body: bytes) -> None:
    assert read(body) == Reading("api")


def test_items_that_say_nothing_and_dates_that_cannot_be_read_are_said() -> None:
    reading = read([{"title": "A", "date": "soon"}, {"id": 1}])
    assert reading.problems == (
        "1 of its items have neither title nor address", "1 dates could not be read, for instance 'soon'",
    )  # fmt: skip


@pytest.mark.parametrize(
    "options", [{"items": "a["}, {"title": ""}, {"link": "https://a.example/{a[}"}, {"link": "a b"}, {"date": "||"}]
)
def test_what_is_no_expression_is_refused(options: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="not JMESPath"):
        ApiKind.Options.model_validate(options)


def test_much_nesting_ends() -> None:
    assert not read(b'{"a":' * 900 + b"1" + b"}" * 900).readable
    assert read([[[{"title": "A"}]] * 20_000]).readable


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"title": "nope"},
            'title = "nope" selects nothing in the rows; the field is found by its name instead; the items have: doc',
        ),
        ({"link": "https://x.example/{nope}"}, 'link = "https://x.example/{nope}" selects nothing in the rows'),
        ({"date": "max(pubDate)"}, "(max() needs array-number or array-string, and gets string)"),
        ({"summary": "a.b"}, 'summary = "a.b" selects nothing in the rows'),
    ],
)
def test_what_selects_nothing_is_reported_and_found_by_its_name(options: dict[str, str], words: str) -> None:
    items = b'[{"docTitle": "A plan", "url": "/1", "pubDate": "2026-11-20", "summary": "Says this"}, {"docTitle": "B"}]'
    reading = sources.read(items, url="https://a.example/", kind="api", options=options, now=NOW)
    first = reading.entries[0]
    assert (first.title, first.url, first.summary) == ("A plan", "https://a.example/1", "Says this")
    assert first.published is not None
    (problem,) = reading.problems
    assert words in problem


def test_an_expression_that_cannot_be_applied_says_why_without_values() -> None:
    body = b'{"rows": [{"id": 1, "title": "A"}, {"id": "KEY-7", "title": "B"}]}'
    options = {"items": "sort_by(rows, &id)"}
    (problem,) = sources.read(body, url="https://a.example/", kind="api", options=options, now=NOW).problems
    assert problem.startswith('items = "sort_by(rows, &id)" finds nothing (sort_by() needs')
    assert "KEY-7" not in problem
