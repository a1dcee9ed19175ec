"""The list of a redesigned page, found again by entries that are known from it.

Only a list with known entries is taken: whatever else is on a page that was redesigned, or that somebody else has
put in its place, is not news. The result comes with selectors, which are tried before they are offered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from monitor.model import Reading
from monitor.sources.keys import assign_keys
from monitor.sources.page.dated import Calendar
from monitor.sources.page.document import Page, parse, weight
from monitor.sources.page.found import find_rows
from monitor.sources.page.hidden import hidden_rows
from monitor.sources.page.lists import DATED, Found
from monitor.sources.page.next import next_page
from monitor.sources.page.options import PageOptions
from monitor.sources.page.rows import Row
from monitor.sources.page.wording import Selectors, selectors_of
from monitor.text.address import canonical_url
from monitor.text.decode import decode
from monitor.text.fold import folded

_TELLING: Final = 12  # a title that says less may be that of another thing
_SEVERAL: Final = 2


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry that a page listed before."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Anew:
    """The list that was found again, and the selectors that read it; None where no selector gives it."""

    reading: Reading
    selectors: Selectors | None = None


class Memory:
    """Entries that are known, by address and by title."""

    def __init__(self, known: Sequence[Listed]) -> None:
        self._addresses = {canonical_url(one.url) for one in known if one.url}
        self._titles = {folded(one.title) for one in known if weight(one.title) >= _TELLING}

    def has(self, title: str, url: str) -> bool:
        """Return whether an entry of this title or address is known."""
        return (bool(url) and canonical_url(url) in self._addresses) or folded(title) in self._titles

    def count(self, rows: Sequence[Row]) -> int:
        """Return how many of `rows` are known; rows of one address count once."""
        return len({row.url for row in rows if self.has(row.title, row.url)})


def read_anew(
    body: bytes, *, url: str, content_type: str | None, known: Sequence[Listed], now: dt.datetime, timezone: str
) -> Anew | None:
    """Find and read the list on the page `body` that has entries that are `known`; None if there is no such list."""
    text = decode(body, content_type).text
    page = parse(text, url)
    if page is None:
        return None
    calendar = Calendar(now, timezone, page.language or "")
    rows = _rows(text, page, calendar, Memory(known))
    if not rows:
        return None
    reading = Reading(
        "page", assign_keys([row.entry() for row in rows]), title=page.title, language=page.language,
        next_url=next_page(page, PageOptions.model_validate({}), text),
    )  # fmt: skip
    return Anew(reading, selectors_of(rows, page, calendar))


def _rows(text: str, page: Page, calendar: Calendar, memory: Memory) -> list[Row]:
    def fits(found: Found) -> bool:
        """Return whether a list has enough known entries: two, or one among dates. One may be in a menu or a ticker."""
        count = memory.count(found.rows)
        return count >= _SEVERAL or (count > 0 and found.dated >= DATED)

    if rows := find_rows(page, calendar, fits):
        return _once(rows)
    hidden = hidden_rows(text, page, calendar)
    return _once(hidden) if memory.count(hidden) else []


def _once(rows: Sequence[Row]) -> list[Row]:
    """Merge rows of one address into one, under the title that says most."""
    kept: dict[str, Row] = {}
    for row in rows:
        before = kept.setdefault(row.url, row)
        if weight(row.title) > weight(before.title):
            kept[row.url] = replace(before, title=row.title)
    return list(kept.values())
