"""Read the addresses in a sitemap element by element, also from elements in wrong places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import chain
from typing import TYPE_CHECKING, Final

from monitor.model import Entry
from monitor.sources.plain import clean_names, one_line, title_in_plain_text, valid_language_tag
from monitor.text.address import absolute_url
from monitor.text.dates import Dates

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_ADDRESSES: Final = 50_000
"""The greatest number of addresses in a sitemap, by the protocol."""

_EXTENSIONS_ABOUT_PAGE: Final = ("news", "video")  # extensions that describe the page itself
_ENTRY_ELEMENTS: Final = frozenset({"url", "sitemap"})
_ROOT_ELEMENTS: Final = frozenset({"urlset", "sitemapindex"})
_CHILD_ELEMENTS: Final = frozenset({"loc", "lastmod", "changefreq", "priority"})
_ELEMENTS_WITHOUT_PAGES: Final = frozenset({"image", "script", "style"})
ADDRESS_PATTERN = re.compile(r"https?://\S+")


@dataclass(slots=True)
class Sitemap:
    """The part of a sitemap that has been read. `root` is the name of the outermost element, at first "".

    `is_cut_off` means that the end of the sitemap is missing. `element_count` counts the elements that have or should
    have an address, `unreadable_texts` counts those without a readable address.
    """

    url: str
    dates: Dates
    include: str
    root: str = ""
    is_cut_off: bool = False
    is_ill_formed: bool = False
    address_count: int = 0
    element_count: int = 0
    crowded_element_count: int = 0
    unreadable_texts: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    sitemaps: list[tuple[str, str]] = field(default_factory=list)
    stray_fields: dict[str, str] = field(default_factory=dict)

    def add_element(self, element: _Element) -> None:
        """Read a finished `<url>` or `<sitemap>`."""
        self.finish_stray()
        self.element_count += 1
        groups = _data_of_addresses(element)
        self.crowded_element_count += len(groups) > 1
        for fields in groups:
            self._add_address(fields, _local_name(element))

    def add_stray(self, element: _Element) -> None:
        """Read an element that is not within a `<url>`: an address, or data about the address before it."""
        name, text = _local_name(element), _text_of(element)
        if name == "loc":
            self.finish_stray()
        if text and (name == "loc" or self.stray_fields):
            self.stray_fields.setdefault(name, text)

    def add_unknown(self, element: _Element) -> None:
        """Read each address in an unknown element. Ignore links from the sitemap itself to other documents."""
        self.finish_stray()
        if "rel" not in element.attrib:
            for fields in _data_of_addresses(element):
                self._add_address(fields, self._usual_element)

    @property
    def _usual_element(self) -> str:
        return "sitemap" if self.root == "sitemapindex" else "url"

    def finish_stray(self) -> None:
        """Add the last address that was not within a `<url>`."""
        if self.stray_fields:
            self._add_address(self.stray_fields, self._usual_element)
        self.stray_fields = {}

    def _add_address(self, fields: Mapping[str, str], name: str) -> None:
        address = absolute_url(self.url, fields.get("loc", ""))
        if not address:
            self.unreadable_texts += [text for text in (fields.get("loc", ""), *fields.values()) if text][:1]
        elif name == "sitemap":
            self.sitemaps.append((fields.get("lastmod", ""), address))
        else:
            self.address_count += 1
            if self.address_count <= MAX_ADDRESSES and fnmatchcase(address, fnmatch_pattern(self.include)):
                self.entries.append(_make_entry(address, fields, self.dates))


def read_elements(events: Iterable[tuple[str, _Element]], sitemap: Sitemap) -> None:
    """Read each finished element and release it, so that a long document is never kept in memory."""
    for event, element in events:
        if event == "start":
            sitemap.root = sitemap.root or _local_name(element)
            continue
        name, parent = _local_name(element), element.getparent()
        if name in _ENTRY_ELEMENTS:
            sitemap.add_element(element)
        elif name in _CHILD_ELEMENTS and parent is not None and _local_name(parent) in _ROOT_ELEMENTS:
            sitemap.add_stray(element)
        elif name not in _ELEMENTS_WITHOUT_PAGES:
            if parent is None or parent.getparent() is not None:
                continue
            sitemap.add_unknown(element)
        element.clear()
        if parent is None or parent.getparent() is not None:
            continue  # the open parent still needs the elements before this one
        while (before := element.getprevious()) is not None:
            parent.remove(before)


def _data_of_addresses(element: _Element) -> list[dict[str, str]]:
    """Return the data of each address in an element, as texts by name. Usually an element has one address.

    If a name occurs several times, the first text counts. Pictures on a page are ignored. A second address begins a new
    group of data: a tag between two entries is missing. An address may be in the element itself or in elements of any
    depth.
    """
    groups: list[dict[str, str]] = [{}]
    for name, text in _texts_in(element):
        if name == "loc" and "loc" in groups[-1]:
            groups.append({})
        groups[-1].setdefault(name, text)
    own = _text_of(element)
    if own and "loc" not in groups[0]:
        groups[0]["loc" if ADDRESS_PATTERN.fullmatch(own) else "text"] = own
    elif not any(groups):
        groups[0]["text"] = one_line("".join(element.itertext()))
    return groups


def _texts_in(element: _Element) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of the children of an element, also of its parts about news or a video, in order.

    If the address is not in the right place, the protocol's own elements are read at any depth.
    """
    own = {"", *(_namespace(each) for each in (element, element.getparent()) if each is not None)}
    has_own_address = _local_name(element) in _ENTRY_ELEMENTS and any(_local_name(part) == "loc" for part in element)
    for part in element:
        within = _local_name(part) in _EXTENSIONS_ABOUT_PAGE
        for each in part.iter() if within or not has_own_address else (part,):
            name = _local_name(each)
            if each is not part and not within and name not in _CHILD_ELEMENTS:
                continue
            if text := "".join(each.itertext()).strip() if name == "title" else _text_of(each):
                yield "text" if name == "loc" and _namespace(each) not in own else name, text


def _text_of(element: _Element) -> str:
    """Return the text of an element, else the address in an attribute. For a `<loc>`, texts within it count too."""
    text = (element.text or "").strip()
    if not (len(element) or element.attrib):
        return text
    inner = list(element.iter()) if _local_name(element) == "loc" else [element]
    texts = [text for each in inner if (text := (each.text or "").strip())]
    stated = [(name, value.strip()) for each in inner for name, value in each.items()]
    linked = (value for name, value in stated if name.endswith("href") and value)
    other = (value for name, value in stated if not name.startswith("{") and ADDRESS_PATTERN.fullmatch(value))
    return next(chain(filter(ADDRESS_PATTERN.fullmatch, texts), linked, texts, other), "")


def _make_entry(address: str, fields: Mapping[str, str], dates: Dates) -> Entry:
    language = valid_language_tag(fields.get("language", ""))
    return Entry(
        key="",
        title=title_in_plain_text(fields.get("title", "")),
        url=address,
        published=dates.moment(fields.get("publication_date", ""), language=language),
        updated=dates.moment(fields.get("lastmod", ""), language=language),
        author=one_line(fields.get("name", "")) or None,
        language=language,
        tags=clean_names(fields.get("keywords", "").split(",")),
    )


def fnmatch_pattern(include: str) -> str:
    """Return the option `include` as a pattern for `fnmatch` in which only `*` is special."""
    return include.replace("[", "[[]").replace("?", "[?]")


def _namespace(element: _Element) -> str:
    return str(element.tag).rpartition("}")[0]


def _local_name(element: _Element) -> str:
    """Return the name of an element without its namespace: many sitemaps use a wrong one."""
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
