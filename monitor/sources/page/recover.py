"""Find the list of a redesigned page again by its known entries.

Only a list with known entries counts: other content of a redesigned or replaced page is not news. The result has
selectors for the list; they are tested before they are suggested.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from monitor.model import Reading
from monitor.sources.keys import assign_keys
from monitor.sources.page.dated import Calendar
from monitor.sources.page.document import ParsedPage, parse, text_width
from monitor.sources.page.find import find_rows
from monitor.sources.page.hidden import hidden_rows
from monitor.sources.page.lists import MIN_DATED_SHARE, CandidateList
from monitor.sources.page.next import next_page
from monitor.sources.page.options import PageOptions
from monitor.sources.page.rows import Row
from monitor.sources.page.suggest import Selectors, suggest_selectors
from monitor.text.address import canonical_url
from monitor.text.decode import decode
from monitor.text.fold import fold_text

_MIN_DISTINCTIVE_LENGTH: Final = 12  # characters; a shorter title may be that of another entry
_MIN_KNOWN: Final = 2


@dataclass(frozen=True, slots=True)
class RememberedEntry:
    """An entry that the page listed earlier."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class RecoveredList:
    """The list that was found again, and selectors that read it (None if no selectors were found)."""

    reading: Reading
    selectors: Selectors | None = None


class KnownEntries:
    """The known entries, by address and by title."""

    def __init__(self, entries: Sequence[RememberedEntry]) -> None:
        self._addresses = {canonical_url(one.url) for one in entries if one.url}
        self._titles = {fold_text(one.title) for one in entries if text_width(one.title) >= _MIN_DISTINCTIVE_LENGTH}

    def is_known(self, title: str, url: str) -> bool:
        """Return whether an entry with this title or address is known."""
        return (bool(url) and canonical_url(url) in self._addresses) or fold_text(title) in self._titles

    def count(self, rows: Sequence[Row]) -> int:
        """Return how many of `rows` are known. Rows with the same address count once."""
        return len({row.url for row in rows if self.is_known(row.title, row.url)})


def recover_list(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    known: Sequence[RememberedEntry],
    now: dt.datetime,
    timezone: str,
) -> RecoveredList | None:
    """Find the list with `known` entries on the page `body`, and read it; None if there is no such list."""
    text = decode(body, content_type).text
    page = parse(text, url)
    if page is None:
        return None
    calendar = Calendar(now, timezone, page.language or "")
    rows = _rows_with_known(text, page, calendar, KnownEntries(known))
    if not rows:
        return None
    reading = Reading(
        "page",
        assign_keys([row.entry() for row in rows]),
        title=page.title,
        language=page.language,
        next_url=next_page(page, PageOptions.model_validate({}), text),
    )
    return RecoveredList(reading, suggest_selectors(rows, page, calendar))


def _rows_with_known(text: str, page: ParsedPage, calendar: Calendar, known: KnownEntries) -> list[Row]:
    def fits(candidate: CandidateList) -> bool:
        """Return whether a list has enough known entries: two, or one if it is a list with dates."""
        count = known.count(candidate.rows)
        return count >= _MIN_KNOWN or (count > 0 and candidate.dated_share >= MIN_DATED_SHARE)

    if rows := find_rows(page, calendar, fits):
        return _merge_same_address(rows)
    hidden = hidden_rows(text, page, calendar)
    return _merge_same_address(hidden) if known.count(hidden) else []


def _merge_same_address(rows: Sequence[Row]) -> list[Row]:
    """Merge rows with the same address. The longest title is kept."""
    kept: dict[str, Row] = {}
    for row in rows:
        before = kept.setdefault(row.url, row)
        if text_width(row.title) > text_width(before.title):
            kept[row.url] = replace(before, title=row.title)
    return list(kept.values())
