"""Recognise the kind of a document by its first bytes, and read the document as that kind."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from monitor.model import Reading
from monitor.text.decode import decode

_HEAD_SIZE: Final = 1 << 14
_GZIP_SIGNATURE: Final = b"\x1f\x8b"
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_JSON_CALL = re.compile(r"(?:\)\]\}'?,?|[\w$.]{1,80}\s{0,9}\()\s{0,99}[\[{]")
_PROLOG = re.compile(
    r"\s+|<\?[^>]*>|<!--(?:(?!-->).)*-->|<!DOCTYPE(?!\s+html)[^>\[]*(?:\[[^\]]*\])?\s*>", re.DOTALL | re.IGNORECASE
)
_ROOT_ELEMENT = re.compile(r"<(!doctype\s+html|(?:[\w.-]{1,60}:)?[A-Za-z][\w.-]{0,60})[\s/>]", re.IGNORECASE)
_ADDRESS_LINE = re.compile(r"\s*https?://\S+\s*(?:\n|$)", re.IGNORECASE)
_FEED_ROOTS: Final = frozenset({"rss", "feed", "rdf", "channel", "opml"})
_SITEMAP_ROOTS: Final = frozenset({"urlset", "sitemapindex"})
_PAGE_ROOTS: Final = frozenset({"html", "head", "body", "div", "table", "main", "title", "meta", "link", "script"})


def recognise_document(body: bytes, *, url: str, content_type: str | None, now: dt.datetime, timezone: str) -> Reading:
    """Read a document of unknown kind: try the likely kinds in order, and return the first readable result.

    If no kind can read it, return the result of the likeliest kind. Never raises for any bytes.
    """
    from monitor.sources import read

    readings: list[Reading] = []
    for kind in likely_kinds(body):
        reading = read(body, url=url, content_type=content_type, kind=kind, now=now, timezone=timezone)
        if reading.readable:
            return reading
        readings.append(reading)
    return readings[0]


def likely_kinds(body: bytes) -> tuple[str, ...]:
    """Return the possible kinds of a document, the likeliest first; at least one."""
    if body.startswith(_GZIP_SIGNATURE):
        return ("sitemap",)
    start = body[:_HEAD_SIZE]
    wide = start.startswith(_UTF_16_MARKS) or start[:4].count(b"\x00") > 1
    text = decode(body[: _HEAD_SIZE * 2], None).text if wide else start.decode("latin-1").removeprefix("\xef\xbb\xbf")
    head = text.lstrip("\ufeff \t\r\n")
    if head[:1] in ("{", "[") or _JSON_CALL.match(head):
        return ("feed", "api") if head[:1] == "{" else ("api",)
    if _ADDRESS_LINE.match(head):
        return ("sitemap",)
    place = 0
    while skipped := _PROLOG.match(head, place):
        place = skipped.end()
    found = _ROOT_ELEMENT.search(head, place)
    return _kinds_by_root(found[1].lower().rpartition(":")[2] if found else "")


def _kinds_by_root(root: str) -> tuple[str, ...]:
    if root in _FEED_ROOTS:
        return ("feed",)
    if root in _SITEMAP_ROOTS:
        return ("sitemap",)
    if root in _PAGE_ROOTS or root.startswith("!doctype"):
        return ("page",)
    return ("feed", "page") if root else ("feed",)
