"""The addresses that a sitemap lists, read element by element, in the right and in wrong places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import chain
from typing import TYPE_CHECKING, Final

from monitor.model import Entry
from monitor.sources.plain import language_tag, names, one_line, title_text
from monitor.text.address import absolute_url
from monitor.text.dates import Dates

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST: Final = 50_000
"""How many addresses the protocol allows."""

_WITHIN: Final = ("news", "video")  # what a page is about, if it is one of these
_ELEMENTS: Final = frozenset({"url", "sitemap"})
_ROOTS: Final = frozenset({"urlset", "sitemapindex"})
_LOOSE: Final = frozenset({"loc", "lastmod", "changefreq", "priority"})
_NO_PAGES: Final = frozenset({"image", "script", "style"})
ADDRESS = re.compile(r"https?://\S+")


@dataclass(slots=True)
class Sitemap:
    """The part of a sitemap that was read so far. `root` is the outermost element, "" before there is one.

    `cut`: its end is missing. `elements` counts those that have an address or should, `nameless` those without a
    readable one.
    """

    url: str
    dates: Dates
    include: str
    root: str = ""
    cut: bool = False
    ill_formed: bool = False
    listed: int = 0
    elements: int = 0
    crowded: int = 0
    nameless: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    maps: list[tuple[str, str]] = field(default_factory=list)
    loose: dict[str, str] = field(default_factory=dict)

    def take(self, element: _Element) -> None:
        """Read a finished `<url>` or `<sitemap>`."""
        self.flush()
        self.elements += 1
        groups = _groups(element)
        self.crowded += len(groups) > 1
        for fields in groups:
            self._add(fields, _local(element))

    def take_loose(self, element: _Element) -> None:
        """Read an element outside any `<url>`: an address, or data about the address before it."""
        name, text = _local(element), _text_of(element)
        if name == "loc":
            self.flush()
        if text and (name == "loc" or self.loose):
            self.loose.setdefault(name, text)

    def take_other(self, element: _Element) -> None:
        """Read an unknown element of a sitemap: each address in it, but no relation of the sitemap itself."""
        self.flush()
        if "rel" not in element.attrib:
            for fields in _groups(element):
                self._add(fields, self._expected)

    @property
    def _expected(self) -> str:
        return "sitemap" if self.root == "sitemapindex" else "url"

    def flush(self) -> None:
        """Add the last address that was outside any `<url>`."""
        if self.loose:
            self._add(self.loose, self._expected)
        self.loose = {}

    def _add(self, fields: Mapping[str, str], name: str) -> None:
        address = absolute_url(self.url, fields.get("loc", ""))
        if not address:
            self.nameless += [text for text in (fields.get("loc", ""), *fields.values()) if text][:1]
        elif name == "sitemap":
            self.maps.append((fields.get("lastmod", ""), address))
        else:
            self.listed += 1
            if self.listed <= MOST and fnmatchcase(address, pattern(self.include)):
                self.entries.append(_entry(address, fields, self.dates))


def drain(events: Iterable[tuple[str, _Element]], found: Sitemap) -> None:
    """Read the finished elements and forget them: a long document is never kept in memory."""
    for event, element in events:
        if event == "start":
            found.root = found.root or _local(element)
            continue
        name, parent = _local(element), element.getparent()
        if name in _ELEMENTS:
            found.take(element)
        elif name in _LOOSE and parent is not None and _local(parent) in _ROOTS:
            found.take_loose(element)
        elif name not in _NO_PAGES:
            if parent is None or parent.getparent() is not None:
                continue
            found.take_other(element)
        element.clear()
        if parent is None or parent.getparent() is not None:
            continue  # what was said before in an element that is still open counts
        while (before := element.getprevious()) is not None:
            parent.remove(before)


def _groups(element: _Element) -> list[dict[str, str]]:
    """Return the data of each address in an element, by name; mostly there is one address.

    The first of a name counts. Pictures on a page are ignored. A second address begins a group of its own, since the
    tags between the two are missing. An address may be in the element itself, or in elements of any depth.
    """
    groups: list[dict[str, str]] = [{}]
    for name, text in _texts_in(element):
        if name == "loc" and "loc" in groups[-1]:
            groups.append({})
        groups[-1].setdefault(name, text)
    own = _text_of(element)
    if own and "loc" not in groups[0]:
        groups[0]["loc" if ADDRESS.fullmatch(own) else "text"] = own
    elif not any(groups):
        groups[0]["text"] = one_line("".join(element.itertext()))
    return groups


def _texts_in(element: _Element) -> Iterator[tuple[str, str]]:
    """Yield the names and texts in an element, and in its parts about news or a video, in order.

    If its address is not in the right place, the protocol's own elements count at any depth.
    """
    own = {"", *(_namespace(each) for each in (element, element.getparent()) if each is not None)}
    at_its_place = _local(element) in _ELEMENTS and any(_local(part) == "loc" for part in element)
    for part in element:
        within = _local(part) in _WITHIN
        for each in part.iter() if within or not at_its_place else (part,):
            name = _local(each)
            if each is not part and not within and name not in _LOOSE:
                continue
            if text := "".join(each.itertext()).strip() if name == "title" else _text_of(each):
                yield "text" if name == "loc" and _namespace(each) not in own else name, text


def _text_of(element: _Element) -> str:
    """Return the text of an element, else the address in an attribute; for a `<loc>` also that of elements in it."""
    text = (element.text or "").strip()
    if not (len(element) or element.attrib):
        return text
    inner = list(element.iter()) if _local(element) == "loc" else [element]
    texts = [text for each in inner if (text := (each.text or "").strip())]
    stated = [(name, value.strip()) for each in inner for name, value in each.items()]
    linked = (value for name, value in stated if name.endswith("href") and value)
    other = (value for name, value in stated if not name.startswith("{") and ADDRESS.fullmatch(value))
    return next(chain(filter(ADDRESS.fullmatch, texts), linked, texts, other), "")


def _entry(address: str, fields: Mapping[str, str], dates: Dates) -> Entry:
    language = language_tag(fields.get("language", ""))
    return Entry(
        key="",
        title=title_text(fields.get("title", "")),
        url=address,
        published=dates.moment(fields.get("publication_date", ""), language=language),
        updated=dates.moment(fields.get("lastmod", ""), language=language),
        author=one_line(fields.get("name", "")) or None,
        language=language,
        tags=names(fields.get("keywords", "").split(",")),
    )


def pattern(include: str) -> str:
    """Return the option `include` as a pattern for fnmatch: only its `*` has a special meaning."""
    return include.replace("[", "[[]").replace("?", "[?]")


def _namespace(element: _Element) -> str:
    return str(element.tag).rpartition("}")[0]


def _local(element: _Element) -> str:
    """Return the name of an element without its namespace: many sitemaps use a wrong one."""
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
