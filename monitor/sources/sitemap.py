"""Sitemaps (https://www.sitemaps.org/protocol.html), also of news or compressed, and plain lists of addresses.

A sitemap may have 50,000 addresses in 50 MB, so its elements are forgotten as soon as they are read.
"""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field

from monitor.model import Entry, Reading, SitemapRef
from monitor.sources.index import MOST_SITEMAPS, sitemaps_of
from monitor.sources.keys import assign_keys
from monitor.sources.listed import ADDRESS, MOST, Sitemap, drain, pattern
from monitor.sources.plain import one_line
from monitor.sources.xml import fault, fault_of_bytes, prepare, repair, whole
from monitor.text.address import absolute_url, former_url
from monitor.text.dates import Dates
from monitor.text.decode import decode

LARGEST: Final = 50 * 1024 * 1024
"""What the protocol allows, in bytes when unpacked."""

_CHUNK: Final = 1 << 16
_HEAD: Final = 1 << 12
_LARGE: Final = 1 << 22
_GZIP: Final = b"\x1f\x8b"
_MOST_MEMBERS: Final = 1000
_PARAMETER = re.compile(r"&[A-Za-z_][\w.-]*(?==)")


class SitemapOptions(BaseModel):
    """Which addresses of a sitemap are entries."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    include: str = Field("*", description="Only addresses like this; `*` stands for anything.")


class SitemapKind:
    """A sitemap. Its entries have titles only if it is a sitemap of news."""

    kind: str = "sitemap"
    synonyms: tuple[str, ...] = ("sitemaps", "sitemap.xml", "urlset", "网站地图")
    accept: str = "application/xml, text/xml;q=0.9, application/gzip;q=0.8, text/plain;q=0.5, */*;q=0.1"
    Options: type[BaseModel] = SitemapOptions

    def read(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str | None,
        options: Mapping[str, object],
        now: dt.datetime,
        timezone: str,
    ) -> Reading:
        """Return the addresses of the sitemap `body`; for an index none, but its sitemaps."""
        where = SitemapOptions.model_validate(options)
        found = Sitemap(url, Dates(now, timezone), where.include)
        problems = _read(body, content_type, found)
        if found.root == "sitemapindex":
            sitemaps = sitemaps_of(found.maps[:MOST], now, timezone)
            left_out = len(found.maps) > len(sitemaps) == MOST_SITEMAPS
            return Reading(
                "sitemap",
                problems=(_describe_index(found, sitemaps), *problems, *_describe_unread(found)),
                readable=bool(sitemaps),
                complete=not found.cut,
                parts=sitemaps,
                cuts=(f"of {len(found.maps)} sitemaps the {MOST_SITEMAPS} newest are read",) if left_out else (),
            )
        if found.root != "urlset":
            problem = f"not a sitemap: it is {_describe(found, body)}"
            return Reading("sitemap", problems=(problem,), readable=False)
        readable = bool(found.entries) or not problems
        cuts = (f"it lists {found.listed} addresses; the first {MOST} are read",) if found.listed > MOST else ()
        unmatched = f'none of its {found.listed} addresses matches include = "{found.include}"'
        if not found.listed or found.entries:
            unmatched = ""
        problems = (*problems, *_describe_unread(found), *cuts, *filter(None, (unmatched,)), *found.dates.problems())
        entries = map(_known_before, found.entries) if found.ill_formed else found.entries
        return Reading(
            "sitemap",
            assign_keys([*entries]),
            problems=problems,
            readable=readable,
            complete=not found.cut,
            cuts=cuts,
        )


def _read(body: bytes, content_type: str | None, found: Sitemap) -> tuple[str, ...]:
    """Fill `found` from the bytes; return what is wrong with them."""
    unpacked = b"".join(_unpack(body, found))
    if len(unpacked) > _LARGE and b"<!ENTITY" not in unpacked[:_HEAD] and fault_of_bytes(unpacked) is None:
        _parse(unpacked, found)  # as text it would take four times the memory
        return ()
    decoded = decode(unpacked, content_type)
    text = prepare(decoded.text)
    if not text.lstrip().startswith("<"):
        _read_lines(text, found)
        return decoded.problems
    slip = fault(text)
    found.ill_formed = fault_of_bytes(unpacked) is not None
    own = "<!ENTITY" in text[:_HEAD]  # its own entities the parser leaves out, for they may name files
    _parse((repair(text, drop_open=True) if slip or own else text).encode("utf-8", "replace"), found)
    if len(unpacked) >= LARGEST:
        found.cut = True
        return (*decoded.problems, f"it is larger than {LARGEST >> 20} MB; the rest was not read")
    if slip is None:
        return decoded.problems
    found.cut = found.cut or not whole(text, found.elements, sitemap=True)
    return (*decoded.problems, f"not well-formed XML: {slip}; repaired")


def _known_before(entry: Entry) -> Entry:
    """Return `entry` also with the key that the first version gave it in an ill-formed sitemap.

    Its parser left out what it took for an entity, and each `&amp;` after the first error.
    """
    without = {entry.url.replace("&", ""), _PARAMETER.sub("", entry.url)} - {entry.url}
    return replace(entry, former_keys=tuple(map(former_url, sorted(without)))) if without else entry


def _parse(body: bytes, found: Sitemap) -> None:
    """Read the elements of well-formed XML one by one."""
    from lxml import etree

    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,  # the size is bounded already
    )
    for piece in _pieces(body):
        parser.feed(piece)
        drain(parser.read_events(), found)
    with suppress(etree.XMLSyntaxError):  # an empty document
        parser.close()
    drain(parser.read_events(), found)
    found.flush()


def _read_lines(text: str, found: Sitemap) -> None:
    """Read a list of addresses, one on each line, which the protocol also allows."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    stated = [line for line in lines if ADDRESS.fullmatch(line)]
    if len(stated) * 2 <= len(lines):
        return
    found.nameless += [line for line in lines if not ADDRESS.fullmatch(line) and not line.startswith("#")]
    found.root, found.listed = "urlset", len(stated)
    addresses = (absolute_url(found.url, line) for line in stated[:MOST])
    found.entries = [Entry("", "", each) for each in addresses if each and fnmatchcase(each, pattern(found.include))]


def _unpack(body: bytes, found: Sitemap) -> Iterator[bytes]:
    """Yield the bytes, decompressed if they are gzip: at most LARGEST, and the readable part of a broken stream."""
    size = 0
    for piece in _inflate(body, found) if body.startswith(_GZIP) else _pieces(body):
        yield piece[: LARGEST - size]
        size += len(piece)
        if size >= LARGEST:
            return


def _pieces(body: bytes) -> Iterator[bytes]:
    return (body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK))


def _inflate(body: bytes, found: Sitemap) -> Iterator[bytes]:
    """Yield the decompressed bytes of all members (RFC 1952, 2.2), up to a limit; note in `found` if one has no end."""
    stream = zlib.decompressobj(wbits=31)
    rest, members = body, 1
    while rest and members <= _MOST_MEMBERS:
        try:
            piece = stream.decompress(rest, _CHUNK)
        except zlib.error:
            found.cut = members == 1  # what comes after the first member may be padding
            return
        rest, ended = stream.unconsumed_tail, stream.eof
        if ended:
            rest, members = stream.unused_data, members + 1
            stream = zlib.decompressobj(wbits=31)
        elif not rest:
            found.cut = True
        if piece:
            yield piece
    found.cut = found.cut or bool(rest)


def _describe_index(found: Sitemap, sitemaps: Sequence[SitemapRef]) -> str:
    """Return a description of an index."""
    if not sitemaps:
        return "it is an index that names no sitemap"
    more = f"; the {len(sitemaps)} newest are read" if len(found.maps) > len(sitemaps) == MOST_SITEMAPS else ""
    return f'it is an index of {len(found.maps)} sitemaps, the newest is "{sitemaps[0].url}"{more}'


def _describe_unread(found: Sitemap) -> tuple[str, ...]:
    """Return messages about parts that were not read, or read otherwise than written."""
    problems = []
    if found.cut:
        problems.append("its end is missing, or some of its addresses could not be read")
    if found.nameless:
        count, first = len(found.nameless), one_line(found.nameless[0])[:60]
        problems.append(f'{count} of its elements name no address that can be read, for instance "{first}"')
    if found.crowded:
        problems.append(f"{found.crowded} of its elements name several addresses; each was read")
    if found.root == "urlset" and found.maps:
        problems.append(f"{len(found.maps)} sitemaps among its addresses were not read")
    if found.root == "sitemapindex" and found.listed:
        problems.append(f"{found.listed} addresses among its sitemaps were not read")
    return tuple(problems)


def _describe(found: Sitemap, body: bytes) -> str:
    from monitor.sources.feed.document import what_it_is

    if not body.strip():
        return "empty"
    known = found.root and found.root != "html"
    return f"a document of <{found.root}>" if known else what_it_is(body, body[:_HEAD].decode("utf-8", "replace"))
