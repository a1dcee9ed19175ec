"""Describe a document that is not a feed, in words."""

from __future__ import annotations

import re
from typing import Final

from monitor.sources.plain import one_line, text_of_html

_HEAD_SIZE: Final = 4096
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


def describe_document(body: bytes, text: str) -> str:
    """Return a description of a document for the operator: "an HTML page (“Sign in”)"."""
    for start, name in _SIGNATURES:
        if body.startswith(start):
            return name
    head = text.lstrip()[:_HEAD_SIZE]
    if head[:1] in ("{", "["):
        return "JSON, but no JSON Feed"
    root = _ROOT.search(re.sub(r"<!--.*?(?:-->|$)", "", head, flags=re.DOTALL))
    if root and root[1].lower() in _ROOTS:
        return _ROOTS[root[1].lower()]
    if _HTML.search(head):
        title = _TITLE.search(text[: _HEAD_SIZE * 8])
        return f"an HTML page (“{text_of_html(title[1])[:80]}”)" if title else "an HTML page"
    if root:
        return f"a document of <{root[1]}>"
    return f"text that begins “{one_line(head)[:60]}”"
