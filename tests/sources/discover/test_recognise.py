"""What a document is, found from its bytes."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import sources
from monitor.sources.discover import recognise
from monitor.sources.discover.recognise import likely_kinds, recognise_document

NOW = dt.datetime(2026, 11, 21, 4, tzinfo=dt.UTC)
URL = "https://a.example/x"

ROWS = "".join(
    f"<li><a href='/n/{day}.html'>District opens laboratory number {day} for tests</a><span>2026-11-{day}</span></li>"
    for day in range(10, 16)
)
LIST = f"<!doctype html><html><head><title>Notices</title></head><body><ul>{ROWS}</ul></body></html>"
RSS = "<rss version='2.0'><channel><title>F</title><item><title>A</title><link>/a</link></item></channel></rss>"
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title><entry><id>1</id><title>A</title></entry></feed>"
RDF = (
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
    "<item rdf:about='/a'><title>A</title><link>https://a.example/a</link></item></rdf:RDF>"
)
URLSET = (
    "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://a.example/1</loc></url></urlset>"
)
JSON_FEED = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "A"}]}'
API = '{"data": {"list": [{"docTitle": "A plan", "url": "/a/1.html", "pubDate": "2026-11-20"}]}}'
PROLOG = '<?xml version="1.0"?>\n<!-- made <html> by hand -->\n<!DOCTYPE rss [<!ENTITY x "y">]>\n'


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(RSS, "feed", id="RSS"),
        pytest.param(ATOM, "feed", id="Atom"),
        pytest.param(RDF, "feed", id="RDF"),
        pytest.param(PROLOG + RSS, "feed", id="a comment that names html"),
        pytest.param("\ufeff \r\n" + RSS, "feed", id="blanks before"),
        pytest.param("<br />\n<b>Warning</b>: in x.php\n" + RSS, "feed", id="a script's warning before"),
        pytest.param(RSS.replace("<link>", "<description><![CDATA[<html>]]></description><link>"), "feed",
                     id="html in an item"),
        pytest.param(JSON_FEED, "feed", id="JSON Feed"),
        pytest.param(API, "api", id="JSON"),
        pytest.param("callback(" + API + ");", "api", id="JSONP"),
        pytest.param('[{"title": "A plan", "url": "/a/1"}]', "api", id="an array"),
        pytest.param(URLSET, "sitemap", id="sitemap"),
        pytest.param("https://a.example/1\nhttps://a.example/2\n", "sitemap", id="a list of addresses"),
        pytest.param(LIST, "page", id="page"),
        pytest.param(LIST.partition("<body>")[2], "page", id="a page without its head"),
        pytest.param("<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD'>" + LIST[15:], "page", id="XHTML"),
    ],
)  # fmt: skip
def test_a_document_is_recognised(body: str, kind: str) -> None:
    reading = recognise_document(body.encode(), url=URL, content_type=None, now=NOW, timezone="UTC")
    assert (reading.kind, reading.readable) == (kind, True)
    assert reading.entries


def test_a_packed_sitemap_is_recognised() -> None:
    assert sources.read(gzip.compress(URLSET.encode()), url=URL, now=NOW).kind == "sitemap"


def test_wide_encodings_are_recognised() -> None:
    assert sources.read(RSS.encode("utf-16"), url=URL, now=NOW).kind == "feed"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "a PDF file"),
        (b"<opml version='2.0'><body/></opml>", "a list of feeds (OPML)"),
        (b"<html><title>Sign in</title><body>Please</body></html>", "no list of entries"),
        (b'{"error": "no"}', "JSON, but no JSON Feed"),
        (b"words and words", "words and words"),
    ],
)
def test_what_nothing_can_read_says_what_it_is(body: bytes, words: str) -> None:
    reading = sources.read(body, url=URL, now=NOW)
    assert not reading.readable
    assert words in reading.problems[0]


@given(st.binary(max_size=300))
def test_any_bytes_are_likely_something(body: bytes) -> None:
    kinds = likely_kinds(body)
    assert kinds
    assert set(kinds) <= set(sources.KINDS)


def test_a_hostile_head_takes_no_time() -> None:
    for piece in (b"<!--", b"<?", b"<!DOCTYPE x [", b"<!DOCTYPE html ", b"(((", b"http://", b"a" * 90 + b"("):
        likely_kinds(piece * 20_000)
    assert recognise._HEAD_SIZE < 1 << 16
