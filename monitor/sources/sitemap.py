"""Read sitemaps (https://www.sitemaps.org/protocol.html), also compressed ones, sitemaps of news and plain lists.

A sitemap may have 50,000 addresses in 50 MB, so the memory of each element is released as soon as it is read.
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
from monitor.sources.index import MAX_SITEMAPS_OF_INDEX, sitemaps_of
from monitor.sources.keys import assign_keys
from monitor.sources.listed import ADDRESS_PATTERN, MAX_ADDRESSES, Sitemap, fnmatch_pattern, read_elements
from monitor.sources.plain import one_line
from monitor.sources.xml import prepare_xml, repair_xml, seems_complete, xml_fault, xml_fault_of_bytes
from monitor.text.address import absolute_url, former_url
from monitor.text.dates import Dates
from monitor.text.decode import decode

MAX_SIZE: Final = 50 * 1024 * 1024
"""The greatest size that the protocol allows, in bytes after decompression."""

_CHUNK_SIZE: Final = 1 << 16
_HEAD_SIZE: Final = 1 << 12
_MIN_LARGE_SIZE: Final = 1 << 22
_GZIP_SIGNATURE: Final = b"\x1f\x8b"
_MAX_GZIP_MEMBERS: Final = 1000
_BARE_PARAMETER = re.compile(r"&[A-Za-z_][\w.-]*(?==)")


class SitemapOptions(BaseModel):
    """The options that select the addresses of a sitemap that are entries."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    include: str = Field("*", description="Only addresses like this; `*` stands for anything.")


class SitemapKind:
    """The kind for sitemaps. Entries have titles only if it is a sitemap of news."""

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
        """Return the addresses in the sitemap `body`. For an index, return no entries, but the sitemaps in it."""
        where = SitemapOptions.model_validate(options)
        found = Sitemap(url, Dates(now, timezone), where.include)
        problems = _read_into(body, content_type, found)
        if found.root == "sitemapindex":
            sitemaps = sitemaps_of(found.sitemaps[:MAX_ADDRESSES], now, timezone)
            left_out = len(found.sitemaps) > len(sitemaps) == MAX_SITEMAPS_OF_INDEX
            return Reading(
                "sitemap",
                problems=(_describe_index(found, sitemaps), *problems, *_describe_unread(found)),
                readable=bool(sitemaps),
                complete=not found.is_cut_off,
                parts=sitemaps,
                cuts=(f"only the {MAX_SITEMAPS_OF_INDEX} newest of {len(found.sitemaps)} sitemaps are read",)
                if left_out
                else (),
            )
        if found.root != "urlset":
            problem = f"not a sitemap: it is {_describe_document(found, body)}"
            return Reading("sitemap", problems=(problem,), readable=False)
        readable = bool(found.entries) or not problems
        cuts = (
            (f"it lists {found.address_count} addresses; the first {MAX_ADDRESSES} are read",)
            if found.address_count > MAX_ADDRESSES
            else ()
        )
        unmatched = f'none of its {found.address_count} addresses matches include = "{found.include}"'
        if not found.address_count or found.entries:
            unmatched = ""
        problems = (*problems, *_describe_unread(found), *cuts, *filter(None, (unmatched,)), *found.dates.problems())
        entries = map(_add_former_key, found.entries) if found.is_ill_formed else found.entries
        return Reading(
            "sitemap",
            assign_keys([*entries]),
            problems=problems,
            readable=readable,
            complete=not found.is_cut_off,
            cuts=cuts,
        )


def _read_into(body: bytes, content_type: str | None, sitemap: Sitemap) -> tuple[str, ...]:
    """Fill `sitemap` from the bytes of `body`. Return messages about faults in them."""
    unpacked = b"".join(_decompress(body, sitemap))
    if (
        len(unpacked) > _MIN_LARGE_SIZE
        and b"<!ENTITY" not in unpacked[:_HEAD_SIZE]
        and xml_fault_of_bytes(unpacked) is None
    ):
        _parse_xml(unpacked, sitemap)  # parse bytes: a text would need four times the memory
        return ()
    decoded = decode(unpacked, content_type)
    text = prepare_xml(decoded.text)
    if not text.lstrip().startswith("<"):
        _read_lines(text, sitemap)
        return decoded.problems
    slip = xml_fault(text)
    sitemap.is_ill_formed = xml_fault_of_bytes(unpacked) is not None
    own = "<!ENTITY" in text[:_HEAD_SIZE]  # the parser ignores declared entities, since they may name files
    _parse_xml((repair_xml(text, drop_open=True) if slip or own else text).encode("utf-8", "replace"), sitemap)
    if len(unpacked) >= MAX_SIZE:
        sitemap.is_cut_off = True
        return (*decoded.problems, f"it is larger than {MAX_SIZE >> 20} MB; the rest was not read")
    if slip is None:
        return decoded.problems
    sitemap.is_cut_off = sitemap.is_cut_off or not seems_complete(text, sitemap.element_count, sitemap=True)
    return (*decoded.problems, f"not well-formed XML: {slip}; repaired")


def _add_former_key(entry: Entry) -> Entry:
    """Return `entry` with a further former key: the one that the first version gave it if the sitemap was ill-formed.

    The parser of that version left out everything that looked like a reference (`&name`), and each `&amp;` after the
    first error.
    """
    without = {entry.url.replace("&", ""), _BARE_PARAMETER.sub("", entry.url)} - {entry.url}
    return replace(entry, former_keys=tuple(map(former_url, sorted(without)))) if without else entry


def _parse_xml(body: bytes, sitemap: Sitemap) -> None:
    """Read the elements of a well-formed document into `sitemap`, one by one."""
    from lxml import etree

    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,  # the size is already limited
    )
    for piece in _split_into_chunks(body):
        parser.feed(piece)
        read_elements(parser.read_events(), sitemap)
    with suppress(etree.XMLSyntaxError):  # an empty document
        parser.close()
    read_elements(parser.read_events(), sitemap)
    sitemap.finish_stray()


def _read_lines(text: str, sitemap: Sitemap) -> None:
    """Read a plain list with one address on each line. The protocol also allows such lists."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    stated = [line for line in lines if ADDRESS_PATTERN.fullmatch(line)]
    if len(stated) * 2 <= len(lines):
        return
    sitemap.unreadable_texts += [
        line for line in lines if not ADDRESS_PATTERN.fullmatch(line) and not line.startswith("#")
    ]
    sitemap.root, sitemap.address_count = "urlset", len(stated)
    addresses = (absolute_url(sitemap.url, line) for line in stated[:MAX_ADDRESSES])
    sitemap.entries = [
        Entry("", "", each) for each in addresses if each and fnmatchcase(each, fnmatch_pattern(sitemap.include))
    ]


def _decompress(body: bytes, sitemap: Sitemap) -> Iterator[bytes]:
    """Yield the bytes, decompressed if they are gzip. At most MAX_SIZE bytes; of a broken stream the readable part."""
    size = 0
    for piece in _decompress_members(body, sitemap) if body.startswith(_GZIP_SIGNATURE) else _split_into_chunks(body):
        yield piece[: MAX_SIZE - size]
        size += len(piece)
        if size >= MAX_SIZE:
            return


def _split_into_chunks(body: bytes) -> Iterator[bytes]:
    return (body[start : start + _CHUNK_SIZE] for start in range(0, len(body), _CHUNK_SIZE))


def _decompress_members(body: bytes, sitemap: Sitemap) -> Iterator[bytes]:
    """Yield the decompressed bytes of all gzip members (RFC 1952, 2.2), up to a limit.

    If a member has no end, `sitemap.cut` is set.
    """
    stream = zlib.decompressobj(wbits=31)
    rest, members = body, 1
    while rest and members <= _MAX_GZIP_MEMBERS:
        try:
            piece = stream.decompress(rest, _CHUNK_SIZE)
        except zlib.error:
            sitemap.is_cut_off = members == 1  # data after the first member may be padding
            return
        rest, ended = stream.unconsumed_tail, stream.eof
        if ended:
            rest, members = stream.unused_data, members + 1
            stream = zlib.decompressobj(wbits=31)
        elif not rest:
            sitemap.is_cut_off = True
        if piece:
            yield piece
    sitemap.is_cut_off = sitemap.is_cut_off or bool(rest)


def _describe_index(sitemap: Sitemap, sitemaps: Sequence[SitemapRef]) -> str:
    """Return a description of a sitemap index for the operator."""
    if not sitemaps:
        return "it is an index that names no sitemap"
    more = (
        f"; the {len(sitemaps)} newest are read"
        if len(sitemap.sitemaps) > len(sitemaps) == MAX_SITEMAPS_OF_INDEX
        else ""
    )
    return f'it is an index of {len(sitemap.sitemaps)} sitemaps, the newest is "{sitemaps[0].url}"{more}'


def _describe_unread(sitemap: Sitemap) -> tuple[str, ...]:
    """Return messages about parts that were not read, or that were changed before they were read."""
    problems = []
    if sitemap.is_cut_off:
        problems.append("its end is missing, or some of its addresses could not be read")
    if sitemap.unreadable_texts:
        count, first = len(sitemap.unreadable_texts), one_line(sitemap.unreadable_texts[0])[:60]
        problems.append(f'{count} of its elements have no readable address, for instance "{first}"')
    if sitemap.crowded_element_count:
        problems.append(f"{sitemap.crowded_element_count} of its elements have several addresses; all were read")
    if sitemap.root == "urlset" and sitemap.sitemaps:
        problems.append(f"{len(sitemap.sitemaps)} sitemaps among its addresses were not read")
    if sitemap.root == "sitemapindex" and sitemap.address_count:
        problems.append(f"{sitemap.address_count} addresses among its sitemaps were not read")
    return tuple(problems)


def _describe_document(sitemap: Sitemap, body: bytes) -> str:
    from monitor.sources.feed.document import describe_document

    if not body.strip():
        return "empty"
    known = sitemap.root and sitemap.root != "html"
    return (
        f"a document of <{sitemap.root}>"
        if known
        else describe_document(body, body[:_HEAD_SIZE].decode("utf-8", "replace"))
    )
