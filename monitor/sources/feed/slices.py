"""Cut a feed in XML into its head, its entries and its end, without reading it.

It takes one pass, in time linear in the length of the text, and gives nothing for a text in which a place of a cut is
not certain: the place may be within a comment or a CDATA section, or may depend on a declaration.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from monitor.sources.xml.prepare import PREFIXED_ROOT

_MAX_HEAD: Final = 1 << 16
_MAX_END: Final = 1 << 12
_HASH_SIZE: Final = 12  # bytes

_PLACE = re.compile(r"<(?:(!\[CDATA\[)|(!--)|\?|(/?)(item|entry)(?=[\s>]))")
_SECTION: Final = "<![CDATA["
# What `_PLACE` jumps over. Linear in parts of a feed that was cut: each of these has its end there.
_JUMP = re.compile(r"<!\[CDATA\[.*?\]\]>|<(!--).*?-->|<(?=\?).*?\?>", re.DOTALL)
# The dates of the feed itself, which no entry has: many feeds change them with every answer.
_FEED_DATE = re.compile(
    r"<((?:[A-Za-z]{1,9}:)?(?:lastBuildDate|pubDate|updated|modified|date))(?:\s[^<>]{0,200})?>[^<&]{0,100}</\1\s*>"
)

_BASE = re.compile(r"[\s:]base\s*=\s*[\"']", re.IGNORECASE)
_LANGUAGE = re.compile(r"[\s:]lang\s*=\s*[\"']", re.IGNORECASE)
_DIV = re.compile(r"<(?:[\w.-]+:)?div\b", re.IGNORECASE)
# The elements whose content feedparser collects, in any namespace; `media:content` has none.
_CONTENT_TAG = re.compile(
    r"<(/?)(?!media:content\b)(?:[\w.-]+:)?(?:title|description|abstract|summary|content|encoded|body|fullitem|subtitle"
    r"|tagline|rights|copyright|info|browserfriendly)(?=[\s/>])[^<>]*?(/?)>",
    re.IGNORECASE,
)
_NAMESPACE = re.compile(r"xmlns(?::([\w.-]+))?\s*=\s*(\"[^\"<]*\"|'[^'<]*')")


@dataclass(frozen=True, slots=True)
class CutFeed:
    """A feed as text: all before the first entry, each entry with its tags, and all behind the last entry."""

    head: str
    entries: tuple[str, ...]
    end: str

    def with_entries(self, entries: list[str]) -> str:
        """Return the document with these entries only."""
        return self.head + "\n".join(entries) + self.end

    @property
    def frame(self) -> str:
        """The head and the end without comments and without the dates of the feed itself."""
        return "\x00".join(_FEED_DATE.sub("", _without_comments(each)) for each in (self.head, self.end))


def cut_feed(text: str) -> CutFeed | None:
    """Return the parts of a feed; None if it has no entries, or if it is not certain where each begins and ends."""
    bounds = _entry_bounds(text)
    if not bounds:
        return None
    head, end = text[: bounds[0][0]], text[bounds[-1][1] :]
    if (
        len(head) > _MAX_HEAD
        or len(end) > _MAX_END
        or any(text[here[1] : there[0]].strip() for here, there in pairwise(bounds))
    ):
        return None
    entries = text[len(head) :]
    if _has_declarations(head, entries) or _may_change_others(_JUMP.sub("", head), _JUMP.sub("", entries)):
        return None
    return CutFeed(head, tuple(text[start:stop] for start, stop in bounds), end)


def hash_text(text: str) -> str:
    """Return a hash of a text."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_HASH_SIZE).hexdigest()


def _without_comments(text: str) -> str:
    """Return a part of a feed without comments. What looks like a comment within a CDATA section is kept."""
    return _JUMP.sub(lambda found: "" if found[1] else found[0], text)


def _entry_bounds(text: str) -> list[tuple[int, int]] | None:
    """Return where each entry begins and ends; None if a tag, section or comment is not closed or in a wrong place."""
    bounds: list[tuple[int, int]] = []
    start, name, behind = -1, "", 0
    for place in _PLACE.finditer(text):
        at = place.start()
        if at < behind:
            continue  # within a section or comment
        section, comment, slash, tag = place.groups()
        if section or comment:
            end = text.find("]]>" if section else "-->", place.end())
            if end < 0 or (section and text.find(_SECTION, place.end(), end) >= 0):
                return None
            behind = end + 3
        elif not tag:
            behind = text.find("?>", at) + 1
            if name or not behind:
                return None
        elif tag != (name or tag) or bool(slash) != (start >= 0):
            return None
        elif slash:
            behind = text.find(">", at) + 1 or len(text)
            bounds.append((start, behind))
            start = -1
        else:
            start, name = at, tag
    return bounds if start < 0 else None


def _has_declarations(head: str, entries: str) -> bool:
    """Return whether anything is declared that may change how other parts of the document are read.

    That is a document type with entities, and, in the entries: what looks like the beginning of a document; a prefix
    that `prepare_xml` would remove everywhere; or a namespace, if the format of the document may be known by it alone.
    """
    if any(sign in head or sign in entries for sign in ("<!D", "<!d", "<!E", "<!e")):
        return True
    if "xmlns" in entries and not ("<rss" in head or "<feed" in head):
        return True
    return "<?xml" in entries or PREFIXED_ROOT.search(entries) is not None


def _may_change_others(head: str, entries: str) -> bool:
    """Return whether an entry may change how feedparser 6 reads later entries. Both parts are without sections.

    Feedparser keeps, after the end of an entry: its base address; its language, if its content has a `<div>` that is
    not escaped; that it is within content, if an element such as `<summary>` is within the content of another; and
    which namespace a prefix means.
    """
    return bool(
        _BASE.search(entries)
        or (_LANGUAGE.search(entries) and _DIV.search(entries))
        or _has_nested_content(entries)
        or _rebinds_prefix(head, entries)
    )


def _has_nested_content(entries: str) -> bool:
    """Return whether an element with content is within another one, or its tags are in any other way not in pairs."""
    is_open = False
    for tag in _CONTENT_TAG.finditer(entries):
        closes, is_empty = tag.groups()
        if bool(closes) != is_open:
            return True
        if not is_empty:
            is_open = not closes
    return is_open


def _rebinds_prefix(head: str, entries: str) -> bool:
    """Return whether an entry gives a prefix another namespace, or a namespace another prefix, than another part does.

    The namespace without a prefix may be another one in each element.
    """
    before = _namespaces(head)
    new = _namespaces(entries) - before
    prefixes = Counter(prefix for prefix, _ in before | new)
    addresses = Counter(address for _, address in before | new)
    return any((prefix and prefixes[prefix] > 1) or addresses[address] > 1 for prefix, address in new)


def _namespaces(text: str) -> set[tuple[str, str]]:
    """Return the prefix ("" for none) and the address of each namespace that is declared."""
    return {(prefix, address[1:-1]) for prefix, address in _NAMESPACE.findall(text)}
