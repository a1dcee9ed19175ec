"""Decide whether an ill-formed document is complete: many have only harmless errors, some were cut off."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)  # an unclosed comment reaches to the end
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_ENTRY_TAG = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:item|entry)(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE)
_SITEMAP_ENTRY_TAG = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:url|sitemap)(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE)


_ENTRY_END_TAG = re.compile(r"</(?:[A-Za-z_][\w.-]*:)?(?:item|entry)\s*>", re.IGNORECASE)


def ends_in_entry(text: str, entries: int) -> bool:
    """Return whether `text` ends in the middle of its last entry. `entries` is the number of entries that were read."""
    seen = _COMMENT.sub("", text)
    starts = [found.start() for found in _ENTRY_TAG.finditer(seen)]
    ends = [found.start() for found in _ENTRY_END_TAG.finditer(seen)]
    return 0 < len(starts) <= entries and (not ends or starts[-1] > ends[-1])


def seems_complete(text: str, entries: int, *, sitemap: bool = False) -> bool:
    """Return whether `text`, ill-formed XML, seems to be complete. `entries` is the number of entries that were read.

    The end tag of the root must be there, no comment or CDATA section before it may be open, and no more entries may
    begin than were read. Text after the end of the root is ignored.
    """
    seen = _COMMENT.sub("", text)
    root = _ROOT.search(seen)
    if root is None:
        return False
    inside, end, _ = seen.rpartition(f"</{root[1]}")
    if not end or inside.rfind("<![CDATA[") > inside.rfind("]]>"):
        return False
    return len((_SITEMAP_ENTRY_TAG if sitemap else _ENTRY_TAG).findall(seen)) <= entries
