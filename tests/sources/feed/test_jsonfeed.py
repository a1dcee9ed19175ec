"""JSON Feed."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from monitor import sources
from monitor.model import Entry, Moment, Reading

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
VERSION = "https://jsonfeed.org/version/1.1"


def read(feed: object) -> Reading:
    return sources.read(json.dumps(feed).encode(), url="http://127.0.0.1/feed.json", kind="feed", now=NOW)


def one(item: object, **feed: object) -> Entry:
    [entry] = read({"version": VERSION, "items": [item], **feed}).entries
    return entry


def test_a_whole_feed() -> None:
    reading = read(
        {
            "version": VERSION,
            "title": "News &amp; more",
            "language": "zh_CN",
            "next_url": "/feed.json?page=2",
            "authors": [{"name": "Desk"}],
            "items": [
                {
                    "id": "1",
                    "url": "/news/1",
                    "title": "Web3 &amp; 元宇宙",
                    "content_html": "<p>One</p><p>two</p>",
                    "summary": "In short",
                    "date_published": "2026-11-20T10:00:00+08:00",
                    "date_modified": "2026-11-20T11:00:00+08:00",
                    "authors": [{"name": "Li"}, {"name": "Wang"}],
                    "tags": ["web3", "web3", " "],
                    "language": "en",
                }
            ],
        }
    )
    zone = dt.timezone(dt.timedelta(hours=8))
    entry = Entry(
        key="1",
        title="Web3 & 元宇宙",
        url="http://127.0.0.1/news/1",
        published=Moment(dt.datetime(2026, 11, 20, 10, tzinfo=zone), "second"),
        updated=Moment(dt.datetime(2026, 11, 20, 11, tzinfo=zone), "second"),
        summary="In short",
        author="Li, Wang",
        language="en",
        tags=("web3",),
        content="One\ntwo",
    )
    assert reading == Reading("feed", (entry,), "News & more", "zh-CN", "http://127.0.0.1/feed.json?page=2")


def test_an_item_inherits_language_and_authors() -> None:
    entry = one({"id": "1", "title": "t"}, language="de", author={"name": "Desk"})
    assert (entry.language, entry.author) == ("de", "Desk")


@pytest.mark.parametrize(
    ("identity", "key"),
    [("a", "a"), (" a\n", "a"), (7, "7"), (3.5, "3.5"), ("", None), (True, None), ([], None), ({}, None), (None, None)],
)
def test_ids_of_any_form(identity: object, key: str | None) -> None:
    found = one({"id": identity, "title": "t"}).key
    assert found == key if key else found.startswith("sha256:")


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ({"url": "https://a.example/1", "external_url": "https://b.example/"}, "https://a.example/1"),
        ({"external_url": "https://b.example/"}, "https://b.example/"),
        ({"url": " ", "external_url": "https://b.example/"}, "https://b.example/"),
        ({"url": "javascript:alert(1)", "id": "https://a.example/2"}, "https://a.example/2"),
        ({"id": "tag:a"}, ""),
    ],
)
def test_the_address(item: dict[str, str], url: str) -> None:
    assert one({"title": "t", **item}).url == url


def test_the_longer_of_the_contents_is_taken() -> None:
    assert (
        one({"id": 1, "content_html": "<p>a</p>", "content_text": "much longer\n\n text"}).content
        == "much longer\ntext"
    )


def test_published_falls_back_to_the_change() -> None:
    entry = one({"id": 1, "title": "t", "date_modified": "2026-11-20T11:00:00Z"})
    assert entry.published == entry.updated == Moment(dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC), "second")


def test_members_of_the_wrong_type_are_left_out() -> None:
    item = {
        "id": 1,
        "title": "t",
        "url": 5,
        "tags": "a",
        "authors": "b",
        "summary": [],
        "date_published": {},
        "author": "Li",
    }
    assert one(item, language=True, authors={}) == Entry("1", "t", "", author="Li")


def test_items_that_are_none_are_counted() -> None:
    reading = read({"version": VERSION, "items": [1, None, {"id": 1}, {"id": 2, "title": "t"}]})
    assert [entry.key for entry in reading.entries] == ["2"]
    assert reading.problems == ("1 entries have no title, no address and no text", "2 of its items are not objects")


@pytest.mark.parametrize(
    ("feed", "is_feed"),
    [
        ({"version": VERSION}, True),
        ({"version": "https://jsonfeed.org/version/9", "items": {}}, True),
        ({"items": [{"id": 1, "title": "t"}]}, True),
        ({"items": [{"id": 1, "name": "t"}]}, False),
        ({"items": []}, False),
        ({"version": 1, "items": ["x"]}, False),
        ([], False),
    ],
)
def test_other_json_is_no_feed(feed: object, is_feed: bool) -> None:
    assert (read(feed).problems == ()) is is_feed


@pytest.mark.parametrize("body", [b"{", b'{"a": 1,}', b"[" * 100_000, b'{"id": ' + b"1" * 10_000 + b"}"])
def test_json_that_cannot_be_read_is_a_problem(body: bytes) -> None:
    reading = sources.read(body, url="http://127.0.0.1/", kind="feed", now=NOW)
    assert reading.problems[0].startswith("not a feed: JSON that cannot be read: ")
    assert not reading.complete


@pytest.mark.parametrize(
    ("stated", "at"),
    [
        (1793700000, dt.datetime(2026, 11, 3, 10, tzinfo=dt.UTC)),
        (1793700000.75, dt.datetime(2026, 11, 3, 10, tzinfo=dt.UTC)),
        (1793700000000, dt.datetime(2026, 11, 3, 10, tzinfo=dt.UTC)),
        ("1793700000", dt.datetime(2026, 11, 3, 10, tzinfo=dt.UTC)),
        (20261103, dt.datetime(2026, 11, 3, tzinfo=dt.UTC)),
    ],
)
@pytest.mark.parametrize("key", ["date_published", "date_modified"])
def test_a_date_may_be_a_number(key: str, stated: object, at: dt.datetime) -> None:
    published = one({"id": "1", "title": "t", key: stated}).published
    assert published is not None
    assert published.at.date() == at.date()


@pytest.mark.parametrize("stated", [12, -1, 1e300, 99999999999])
def test_a_number_that_is_no_date_is_said(stated: object) -> None:
    reading = read({"version": VERSION, "items": [{"id": "1", "title": "t", "date_published": stated}]})
    assert reading.entries[0].published is None
    assert reading.problems[0].startswith("1 dates ")


@pytest.mark.parametrize("control", [chr(code) for code in range(0x20)])
def test_raw_control_characters_cost_nothing_but_themselves(control: str) -> None:
    body = f'{{"version": "{VERSION}", "items": [{{"id": "1", "title": "a{control}b"}}, {{"id": "2", "title": "c"}}]}}'
    reading = sources.read(body.encode(), url="http://127.0.0.1/feed.json", kind="feed", now=NOW)
    assert [entry.title.replace(" ", "") for entry in reading.entries] == ["ab", "c"]


@pytest.mark.parametrize(
    ("stated", "title"),
    [("</kubernetes>", "</kubernetes>"), ("Use <head> tags", "Use <head> tags"), ("the <b> tag", "the <b> tag"),
     ("A <b>bold</b> move", "A bold move"), ("Port<br>opens", "Port opens"), ("<![CDATA[Port opens]]>", "Port opens")],
)  # fmt: skip
def test_a_title_is_text_but_for_the_tags_of_titles(stated: str, title: str) -> None:
    entry = one({"title": stated, "content_text": "x"})
    assert entry.title == title
    assert bool(entry.former_keys) == (stated != title)


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ({"attachments": [{"url": "/1.mp3", "mime_type": "audio/mpeg"}]}, "http://127.0.0.1/1.mp3"),
        ({"attachments": ["x", {}, {"url": " "}, {"url": 1}, {"url": "1.mp3"}]}, "http://127.0.0.1/1.mp3"),
        ({"url": " ", "attachments": [{"url": "/1.mp3"}, {"url": "/2.mp3"}]}, "http://127.0.0.1/1.mp3"),
        ({"url": "/1", "attachments": [{"url": "/1.mp3"}]}, "http://127.0.0.1/1"),
        ({"external_url": "/1", "attachments": [{"url": "/1.mp3"}]}, "http://127.0.0.1/1"),
        ({"id": "http://127.0.0.1/1", "attachments": [{"url": "/1.mp3"}]}, "http://127.0.0.1/1"),
        ({"attachments": {"url": "/1.mp3"}}, ""),
    ],
)
def test_an_item_that_has_only_an_attachment_leads_to_it(item: dict[str, object], url: str) -> None:
    assert one({"title": "Episode 1", **item}).url == url


def test_an_item_that_now_has_an_address_is_known_under_its_key_without_one() -> None:
    item: dict[str, object] = {"title": "Episode 1", "summary": "On Web3"}
    entry = one({**item, "attachments": [{"url": "https://a.example/1.mp3"}]})
    assert (entry.key, entry.former_keys) == ("https://a.example/1.mp3", (one(item).key,))
