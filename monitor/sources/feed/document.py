"""Bytes → which of the formats, and the reading of it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Final

from monitor.model import Reading
from monitor.sources.base import Dates
from monitor.sources.feed.jsonfeed import read_json
from monitor.sources.feed.xmlfeed import read_xml
from monitor.sources.plain import html_text, one_line
from monitor.text.decode import decode

_HEAD: Final = 4096
_SIGNATURES: Final = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a ZIP file"),
    (b"\x1f\x8b", "data packed with gzip"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
)
_ROOTS: Final = {
    "urlset": "a sitemap",
    "sitemapindex": "an index of sitemaps",
    "opml": "a list of feeds (OPML)",
    "svg": "an image (SVG)",
}
_HTML = re.compile(r"<!doctype\s+html|<html\b|<head\b|<body\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]{1,60}:)?([A-Za-z_][\w.-]{0,60})[\s/>]")


def read_document(body: bytes, *, url: str, content_type: str | None, now: dt.datetime, timezone: str) -> Reading:
    """The feed that `body` is, or a reading without entries whose problem says what it is instead."""
    if not body.strip():
        return Reading("feed", problems=("the answer is empty",), readable=False)
    decoded = decode(body, content_type)
    dates = Dates(now, timezone)
    reader = read_json if decoded.text.lstrip()[:1] in ("{", "[") else read_xml
    reading = reader(decoded.text, url, dates)
    if reading is None:
        told = f"not a feed: it is {what_it_is(body, decoded.text)}"
        return Reading("feed", problems=(told, *decoded.problems), readable=False)
    problems = (*decoded.problems, *reading.problems, *dates.problems())
    return replace(reading, problems=problems, readable=bool(reading.entries) or not reading.problems)


def what_it_is(body: bytes, text: str) -> str:
    """What a document is that is no feed, in words for whoever gave the address: "an HTML page (“Sign in”)"."""
    for start, name in _SIGNATURES:
        if body.startswith(start):
            return name
    head = text.lstrip()[:_HEAD]
    if head[:1] in ("{", "["):
        return "JSON, but no JSON Feed"
    root = _ROOT.search(re.sub(r"<!--.*?(?:-->|$)", "", head, flags=re.DOTALL))
    if root and root[1].lower() in _ROOTS:
        return _ROOTS[root[1].lower()]
    if _HTML.search(head):
        title = _TITLE.search(text[: _HEAD * 8])
        return f"an HTML page (“{html_text(title[1])[:80]}”)" if title else "an HTML page"
    if root:
        return f"a document of <{root[1]}>"
    return f"text that begins “{one_line(head)[:60]}”"
