"""Which format a document has, and what is said of one that is no feed."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest

from monitor import sources
from monitor.model import Reading

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
TITLE = "重庆发布元宇宙产业行动计划"


def read(body: bytes, content_type: str | None = None) -> Reading:
    return sources.read(body, url="http://127.0.0.1/feed", content_type=content_type, kind="feed", now=NOW)


@pytest.mark.parametrize(
    ("body", "it_is"),
    [
        (b"<!doctype html><title>Sign\n in</title><p>x", "an HTML page (“Sign in”)"),
        (b"<html><body>x</body></html>", "an HTML page"),
        (b"<?xml version='1.0'?><urlset xmlns='x'><url/></urlset>", "a sitemap"),
        (b"<sitemapindex/>", "an index of sitemaps"),
        (b"<!-- <html> --><opml version='2.0'><body/></opml>", "a list of feeds (OPML)"),
        (b"<!-- x --><opml version='2.0'><outline/></opml>", "a list of feeds (OPML)"),
        (b"<soap:Envelope xmlns:soap='x'/>", "a document of <Envelope>"),
        (b'{"error": "not found"}', "JSON, but no JSON Feed"),
        (b"[1, 2]", "JSON, but no JSON Feed"),
        (b"%PDF-1.7 ...", "a PDF file"),
        (gzip.compress(b"x", mtime=0), "data packed with gzip"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
        (b"404 page\nnot found", "text that begins “404 page not found”"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, it_is: str) -> None:
    reading = read(body)
    assert reading.entries == ()
    assert reading.problems[0] == f"not a feed: it is {it_is}"


def test_an_empty_answer_is_said_to_be_empty() -> None:
    assert read(b" \n").problems == ("the answer is empty",)


def test_a_feed_without_entries_is_in_order() -> None:
    assert read(b"<rss version='2.0'><channel><title>t</title></channel></rss>") == Reading("feed", title="t")


@pytest.mark.parametrize(
    "content_type", [None, "text/html", "application/json", "image/png; charset=iso-8859-1", "\x00"]
)
def test_the_format_shows_in_the_bytes_whatever_the_header_says(content_type: str | None) -> None:
    xml = f"<rss version='2.0'><channel><item><title>{TITLE}</title></item></channel></rss>"
    json = f'{{"version": "https://jsonfeed.org/version/1", "items": [{{"id": 1, "title": "{TITLE}"}}]}}'
    for body in (xml, json):
        assert [entry.title for entry in read(body.encode(), content_type).entries] == [TITLE]


@pytest.mark.parametrize(
    ("declared", "really", "header"),
    [
        ("gb2312", "gb2312", None),
        ("gb2312", "gb18030", "text/xml"),
        ("gb2312", "utf-8", "text/xml; charset=gb2312"),
        ("utf-8", "gb18030", None),
        ("utf-8", "utf-8", "text/xml; charset=iso-8859-1"),
        ("utf-8", "utf-8", "text/html"),
        ("utf-8", "utf-8-sig", None),
        ("utf-16", "utf-16", None),
        ("big5", "utf-8", None),
        ("no-such-thing", "utf-8", None),
    ],
)
def test_the_encoding_is_the_real_one(declared: str, really: str, header: str | None) -> None:
    feed = (
        f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel><title>{TITLE}</title>'
        f"<item><title>{TITLE}</title><description>{TITLE * 3}</description></item></channel></rss>"
    )
    [entry] = read(feed.encode(really), header).entries
    assert (entry.title, entry.summary) == (TITLE, TITLE * 3)


def test_a_wrong_declaration_is_a_problem() -> None:
    body = f'<?xml version="1.0" encoding="gb2312"?><rss><channel><item><title>{TITLE}</title></item></channel></rss>'
    assert any("gb2312" in problem for problem in read(body.encode()).problems)


def test_bytes_that_cannot_be_read_cost_their_characters_only() -> None:
    whole = f"<rss version='2.0'><channel><item><title>{TITLE}</title></item></channel></rss>".encode()
    broken = whole.replace("元".encode(), "元".encode()[:2])
    reading = read(broken)
    assert [entry.title for entry in reading.entries] == [TITLE.replace("元", "\ufffd")]
    assert reading.problems


def test_dates_that_cannot_be_read_are_a_problem() -> None:
    item = b"<item><title>a</title><pubDate>yesterdayish</pubDate></item>"
    reading = read(b"<rss version='2.0'><channel>" + item + b"</channel></rss>")
    assert reading.entries[0].published is None
    assert reading.problems == ("1 dates could not be read, for instance 'yesterdayish'",)
