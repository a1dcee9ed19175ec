"""Entries as the first version read them, as far as their keys depended on it: archives hold those keys.

Under its lenient parser one bare `&` anywhere made `&lang=` a character and `&cat=` a `&cat;=`, in every guid and
address of the feed. Without guid and address a key is a hash of the title, so the title as it was counts too.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html.entities import name2codepoint
from typing import Any, Final

from monitor.model import Entry
from monitor.sources.plain import html_text, one_line, unescape
from monitor.text.address import absolute_url

_NAME = re.compile(r"&([A-Za-z][-.A-Za-z0-9]*)(;?)(?![A-Za-z0-9])")
_MARKUP: Final = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)


def as_before(entry: Entry, node: dict[str, Any], base: str, *, lenient: bool) -> Entry:
    """Return the draft `entry`, made of `node`, as the first version made it; `lenient`: the feed is ill-formed."""
    if entry.key and not lenient:
        return entry
    url = _url(node, base, lenient=lenient)
    if entry.key or url == entry.url != "":
        return replace(entry, key=_leniently(entry.key), url=url) if lenient else entry
    return replace(entry, url=url, title=entry.title if url else _title(node))


def _url(node: dict[str, Any], base: str, *, lenient: bool) -> str:
    links = [link for link in node.get("links") or () if link.get("rel") == "alternate" and link.get("href")]
    pages = [link for link in links if link.get("type") in _MARKUP]
    guid, link = str(node.get("id", "")), str(node.get("link", ""))
    stated = (
        str(node.get("feedburner_origlink", "")),
        *(str(each["href"]) for each in (*pages, *links)[:1]),
        "" if link == guid and not _ABSOLUTE.match(link) else link,
        guid if node.get("guidislink") is True and _ABSOLUTE.match(guid) else "",
    )
    said = (_leniently(address) if lenient else address for address in stated if address.strip())
    return next(filter(None, (absolute_url(base, address) for address in said)), "")


def _title(node: dict[str, Any]) -> str:
    value, detail = str(node.get("title", "")), node.get("title_detail")
    markup = isinstance(detail, dict) and detail.get("type") in _MARKUP
    return one_line(unescape(html_text(value) if markup else value))


def _leniently(text: str) -> str:
    """Return what feedparser's lenient parser made of an `&` that begins no reference."""
    return _NAME.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    known = found[1] in name2codepoint and found[1] not in ("lt", "gt", "quot", "amp")
    return chr(name2codepoint[found[1]]) if known else f"&{found[1]};"
