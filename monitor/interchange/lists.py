"""Read lists of addresses: CSV with a column of feeds, or plain or Markdown lines with an address in each line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Final

from monitor.interchange.base import ParsedFile, SourceCandidate, Unmapped, UnreadableFile

_WEB_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'|()\[\]]+", re.IGNORECASE)
_FEED_COLUMN: Final = re.compile(r"\b(?:rss|feed|xml ?url|atom)\b", re.IGNORECASE)
_NAME_COLUMN: Final = re.compile(r"\b(?:name|title|introduction)\b|名称|标题", re.IGNORECASE)
_TAG_COLUMN: Final = re.compile(r"\b(?:tags?|categor(?:y|ies)|folder)\b|标签|分类", re.IGNORECASE)
MIN_FEED_ADDRESSES: Final = 6
"""A text with at least so many feed addresses is a list, even if most of its lines have no address."""

_TAG_SEPARATOR: Final = re.compile(r"[;,，；]")
_TABLE_SIGNS: Final = re.compile(r"[|*#<>\[\]()`]+|^\s*[-+]\s")
_FEED_ADDRESS: Final = re.compile(r"(?:rss|feed|atom)|\.(?:xml|rdf)\b", re.IGNORECASE)


def is_feed_address(url: str) -> bool:
    """Return whether an address looks like that of a feed."""
    return _FEED_ADDRESS.search(url) is not None


def is_table(text: str) -> bool:
    """Return whether the first line names columns, and one of the columns is for feeds."""
    header = next(csv.reader([text.lstrip().partition("\n")[0][:2000]]), [])
    return len(header) > 1 and any(_FEED_COLUMN.search(name) and "://" not in name for name in header)


def parse_table(text: str) -> ParsedFile:
    """Return the sources in a CSV table with a header, one for each row."""
    rows = csv.reader(io.StringIO(text.lstrip()), skipinitialspace=True)
    try:
        table = [(rows.line_num, row) for row in rows if any(cell.strip() for cell in row)]
    except csv.Error as wrong:
        raise UnreadableFile(
            rows.line_num, 1, f"this table cannot be read: {wrong}", "close the quotes there"
        ) from None
    if not is_table(text):
        raise UnreadableFile(1, 1, "the first line has no column for feeds", "name one of the columns feed")
    header = table[0][1]
    feeds = next(index for index, name in enumerate(header) if _FEED_COLUMN.search(name))
    names = next((index for index, name in enumerate(header) if _NAME_COLUMN.search(name)), 0)
    tags = next((index for index, name in enumerate(header) if _TAG_COLUMN.search(name)), len(header))
    candidates: list[SourceCandidate] = []
    unmapped: list[Unmapped] = []
    for line, row in table[1:]:
        where, url = f"line {line}", _cell(row, feeds)
        if not _WEB_ADDRESS.match(url):
            unmapped.append(Unmapped(where, f'"{_cell(row, names)}"', "it has no feed"))
            continue
        columns = (
            {"tags": found}
            if (found := [tag.strip() for tag in _TAG_SEPARATOR.split(_cell(row, tags)) if tag.strip()])
            else {}
        )
        candidates.append(SourceCandidate(where, {"name": _cell(row, names), "url": url, "kind": "feed", **columns}))
    return ParsedFile(tuple(candidates), tuple(unmapped))


def _cell(row: Sequence[str], index: int) -> str:
    return row[index].strip() if index < len(row) else ""


def is_address_list(text: str) -> bool:
    """Return whether most lines have an address, or at least `MIN_FEED_ADDRESSES` lines have the address of a feed."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", ";"))]
    return not text.lstrip().startswith("<") and (
        sum(_WEB_ADDRESS.search(line) is not None for line in lines) * 2 > len(lines)
        or sum(found is not None and is_feed_address(found[0]) for found in map(_WEB_ADDRESS.search, lines))
        >= MIN_FEED_ADDRESSES
    )


def parse_lines(text: str) -> ParsedFile:
    """Return a source for the first address of each line. Its name is the text before the address.

    An address that does not look like a feed is used only if the line has nothing else; it gets no kind.
    """
    candidates: list[SourceCandidate] = []
    unmapped: list[Unmapped] = []
    for number, line in enumerate(text.splitlines(), start=1):
        found = _WEB_ADDRESS.search(line)
        if line.lstrip().startswith(("#", ";")):
            continue
        if found is None:
            if line.startswith("|") and "|" not in line[1:]:
                unmapped.append(Unmapped(f"line {number}", line[:80], "it runs a command; commands are not run"))
            continue
        where, url = f"line {number}", found[0].rstrip(".,;，。；")
        name = " ".join(_TABLE_SIGNS.sub(" ", line[: found.start()]).split())
        if is_feed_address(url):
            candidates.append(SourceCandidate(where, {"name": name, "url": url, "kind": "feed"}))
        elif _TABLE_SIGNS.sub("", line).strip(" \t\"'") == url:
            candidates.append(SourceCandidate(where, {"name": "", "url": url}))
        else:
            reason = "it does not look like a feed; test it with monitor try"
            unmapped.append(Unmapped(where, url[:200], reason))
    return ParsedFile(tuple(candidates), tuple(unmapped))
