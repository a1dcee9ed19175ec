"""Sitemaps (https://www.sitemaps.org/protocol.html), those of news, packed or not, and lists of addresses.

They are read as they stream by: one may have 50,000 addresses in 50 MB.
"""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field

from monitor.model import Entry, Part, Reading
from monitor.sources.base import Dates
from monitor.sources.feed.common import language_tag, names
from monitor.sources.index import MOST_PARTS, parts_of
from monitor.sources.keys import keyed
from monitor.sources.plain import one_line
from monitor.text.address import absolute_url

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST: Final = 50 * 1024 * 1024
"""What the protocol allows, in bytes when unpacked."""
MOST: Final = 50_000
"""How many addresses the protocol allows."""

_CHUNK: Final = 1 << 16
_GZIP: Final = b"\x1f\x8b"
_TAIL: Final = 400
_MOST_MEMBERS: Final = 1000
_WITHIN: Final = ("news", "video")  # what a page is about, if it is one of these
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")  # UTF-16 by its byte order mark
_END = re.compile(rb"</(?:\w+:)?(?:urlset|sitemapindex)\s*>")
_ADDRESS = re.compile(r"https?://\S+")


class SitemapOptions(BaseModel):
    """Which addresses of a sitemap are entries."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    include: str = Field("*", description="Only addresses like this; `*` stands for anything.")


@dataclass(slots=True)
class _Sitemap:
    """What was read so far. `root` names the outermost element, "" before there is one; `cut`: its end is missing."""

    url: str
    dates: Dates
    include: str
    root: str = ""
    cut: bool = False
    listed: int = 0
    entries: list[Entry] = field(default_factory=list)
    maps: list[tuple[str, str]] = field(default_factory=list)

    def take(self, element: _Element) -> None:
        """A finished `<url>` or `<sitemap>`."""
        told = _told(element)
        address = absolute_url(self.url, told.get("loc", ""))
        if not address:
            return
        if _local(element) == "sitemap":
            self.maps.append((told.get("lastmod", ""), address))
            return
        self.listed += 1
        if self.listed <= MOST and fnmatchcase(address, _pattern(self.include)):
            self.entries.append(_entry(address, told, self.dates))


class SitemapKind:
    """A sitemap. Its entries have titles only where it is one of news."""

    kind: str = "sitemap"
    accept: str = "application/xml, text/xml;q=0.9, application/gzip;q=0.8, text/plain;q=0.5, */*;q=0.1"
    Options: type[BaseModel] = SitemapOptions

    def read(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str | None,  # noqa: ARG002 - the protocol knows UTF-8 only, and XML says what it is
        options: Mapping[str, object],
        now: dt.datetime,
        timezone: str,
    ) -> Reading:
        """The addresses of the sitemap `body`; of an index none, but its sitemaps as parts."""
        where = SitemapOptions.model_validate(options)
        found = _Sitemap(url, Dates(now, timezone), where.include)
        problems = _read(body, found)
        if found.root == "sitemapindex":
            parts = parts_of(found.maps[:MOST], now, timezone)
            return Reading(
                "sitemap",
                problems=(_index(found, parts), *problems),
                readable=bool(parts),
                complete=not found.cut,
                parts=parts,
            )
        if found.root != "urlset":
            told = f"not a sitemap: it is {_what(found, body)}"
            return Reading("sitemap", problems=(told,), readable=False)
        readable = bool(found.entries) or not problems
        problems = (*problems, *_left_out(found), *found.dates.problems())
        return Reading("sitemap", keyed(found.entries), problems=problems, readable=readable, complete=not found.cut)


def _pattern(stated: str) -> str:
    """`stated` for fnmatch, where more than `*` stands for something."""
    return stated.replace("[", "[[]").replace("?", "[?]")


def _read(body: bytes, found: _Sitemap) -> tuple[str, ...]:
    """Fill `found` from the bytes; what is wrong with them."""
    from lxml import etree

    start = next(_unpacked(body), b"").lstrip(b"\xef\xbb\xbf \r\n\t")
    if not start.startswith((b"<", *_WIDE)):
        _read_lines(body, found)
        return ()
    parser = etree.XMLPullParser(
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    size, tail = 0, b""
    for chunk in _unpacked(body):
        parser.feed(chunk if size else chunk.lstrip(b"\xef\xbb\xbf \r\n\t"))
        _drain(parser.read_events(), found)
        size += len(chunk)
        tail = (tail + chunk)[-_TAIL:]
    with suppress(etree.XMLSyntaxError):  # it is in the log of errors, with what else was wrong
        parser.close()
    errors = list(parser.feed_error_log)
    found.cut = bool(errors) and size < LARGEST and _END.search(tail) is None
    if not errors:  # else what the end closed may have half an address
        _drain(parser.read_events(), found)
    if size >= LARGEST:
        return (f"it is larger than {LARGEST >> 20} MB; the rest was not read",)
    return (f"not well-formed XML: {one_line(errors[0].message)[:120]} near line {errors[0].line}",) if errors else ()


def _drain(events: Iterable[tuple[str, _Element]], found: _Sitemap) -> None:
    """Take what is finished, and forget it: nothing of a long document is kept."""
    for event, element in events:
        if event == "start":
            found.root = found.root or _local(element)
        elif _local(element) in ("url", "sitemap"):
            found.take(element)
            element.clear()
            parent = element.getparent()
            while parent is not None and len(parent) > 1:
                del parent[0]


def _read_lines(body: bytes, found: _Sitemap) -> None:
    """A list of addresses, one a line: the protocol allows that too."""
    lines = b"".join(_unpacked(body)).decode("utf-8", "replace").split("\n")
    stated = [line.strip("\ufeff \t\r") for line in lines if line.strip()]
    if not stated or not all(_ADDRESS.fullmatch(line) for line in stated):
        return
    found.root, found.listed = "urlset", len(stated)
    addresses = (absolute_url(found.url, line) for line in stated[:MOST])
    found.entries = [Entry("", "", each) for each in addresses if each and fnmatchcase(each, _pattern(found.include))]


def _unpacked(body: bytes) -> Iterator[bytes]:
    """The bytes in pieces, unpacked if they are gzip; no more than LARGEST, and what there is of a broken stream."""
    size = 0
    for piece in _inflated(body) if body.startswith(_GZIP) else _pieces(body):
        yield piece[: LARGEST - size]
        size += len(piece)
        if size >= LARGEST:
            return


def _pieces(body: bytes) -> Iterator[bytes]:
    return (body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK))


def _inflated(body: bytes) -> Iterator[bytes]:
    """What is packed, all members of it (RFC 1952, 2.2), up to many."""
    stream = zlib.decompressobj(wbits=31)
    rest, members = body, 1
    while rest and members <= _MOST_MEMBERS:
        try:
            piece = stream.decompress(rest, _CHUNK)
        except zlib.error:
            return
        rest = stream.unconsumed_tail
        if stream.eof:
            rest, members = stream.unused_data, members + 1
            stream = zlib.decompressobj(wbits=31)
        if piece:
            yield piece


def _local(element: _Element) -> str:
    """The name of an element without its namespace: many sitemaps state a wrong one."""
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _told(element: _Element) -> dict[str, str]:
    """What an address says of itself, by name; the first of a name counts. Pictures on its page say nothing of it."""
    told: dict[str, str] = {}
    parts = list(element)
    for name in _WITHIN:
        parts += [part for within in element if _local(within) == name for part in within.iter()]
    for part in parts:
        text = (part.text or "").strip()
        if text:
            told.setdefault(_local(part), text)
    return told


def _entry(address: str, told: Mapping[str, str], dates: Dates) -> Entry:
    return Entry(
        key="",
        title=one_line(told.get("title", "")),
        url=address,
        published=dates.moment(told.get("publication_date", "")),
        updated=dates.moment(told.get("lastmod", "")),
        author=one_line(told.get("name", "")) or None,
        language=language_tag(told.get("language", "")),
        tags=names(told.get("keywords", "").split(",")),
    )


def _index(found: _Sitemap, parts: Sequence[Part]) -> str:
    """What an index is, in words."""
    if not parts:
        return "it is an index that names no sitemap"
    more = f"; the {len(parts)} newest are looked at" if len(found.maps) > len(parts) == MOST_PARTS else ""
    return f'it is an index of {len(found.maps)} sitemaps, the newest is "{parts[0].url}"{more}'


def _left_out(found: _Sitemap) -> tuple[str, ...]:
    if found.listed > MOST:
        return (f"it lists {found.listed} addresses; the first {MOST} are read",)
    if found.listed and not found.entries:
        return (f'none of its {found.listed} addresses is like include = "{found.include}"',)
    return ()


def _what(found: _Sitemap, body: bytes) -> str:
    from monitor.sources.feed.document import what_it_is

    if not body.strip():
        return "empty"
    return f"a document of <{found.root}>" if found.root else what_it_is(body, body[:4096].decode("utf-8", "replace"))
