"""Find the list of a redesigned page by its known entries, and show the operator how to select it.

If no list on the page has a known entry, there are two possibilities. Either all entries are new: then their addresses
or dates resemble those of the known entries. Or the page is something else: then the poll fails.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from monitor.collect.diff import all_keys
from monitor.collect.documents import Listing
from monitor.collect.locate import PollContext
from monitor.collect.ports import Memory, Readers
from monitor.fetch import Fetched
from monitor.model import Entry, Notice, Reading, Source
from monitor.notices.changed import better_selectors_notice, idle_selectors_notice, relocated_notice
from monitor.sources.base import SELECTS_NOTHING
from monitor.text.address import host_of
from monitor.text.fold import fold_text

if TYPE_CHECKING:
    from monitor.sources.page.recover import RecoveredList

MAX_KNOWN_ENTRIES: Final = 200
"""Maximum number of known entries that are looked for on a page. The latest ones are used."""

_SHOWN_TITLE: Final = 60
_MAX_LISTING_DELAY: Final = dt.timedelta(days=7)
_MIN_TITLE_LENGTH: Final = 6
_MIN_KNOWN: Final = 2
_MIN_KNOWN_SHARE: Final = 0.3


@dataclass(frozen=True, slots=True)
class RelocatedList:
    """The content of a document. It may come from another list on the page: `notice` then says so.

    `suppressed` are the keys of entries that are not sent, because their titles are known although all addresses are
    new.
    """

    listing: Listing
    notice: Notice | None = None
    suppressed: frozenset[str] = frozenset()


def relocate(
    context: PollContext, document: Fetched, listing: Listing, memory: Memory, readers: Readers
) -> RelocatedList:
    """Return `listing` if its entries fit the known entries of the source, else another list of the page that fits.

    If no list fits, return an unreadable listing. Raises ReaderFailed if reading the page again exceeds a limit.
    """
    source, state, reading = context.source, context.state, listing.reading
    idle = idle_selectors_in(source, reading)
    if state.first_poll:
        return RelocatedList(listing, idle)
    if memory.known_entries(state.id, all_keys(reading.entries)):
        return RelocatedList(listing, _add_selectors(idle, context, document, memory, readers))
    before = memory.last_entries(state.id, MAX_KNOWN_ENTRIES)
    selectors_are_new = (
        _has_selectors(source) and state.validators.body_hash is None
    )  # the operator has just configured where the list is
    known_titles = _keys_known_by_title(reading.entries, before)
    if not before or (reading.readable and (selectors_are_new or known_titles)):
        return RelocatedList(listing, idle, known_titles)
    recovered = _recover(context, document, before, readers)
    if recovered is not None:
        there = Listing.of(recovered.reading, source, document.url)
        entries = there.reading.entries
        known = memory.known_entries(state.id, all_keys(entries))
        selectors = recovered.selectors.lines() if recovered.selectors is not None else ()
        notice = relocated_notice(source.name, selectors, selected=_has_selectors(source))
        return RelocatedList(there, notice, frozenset() if known else _keys_known_by_title(entries, before))
    if not reading.readable or _may_be_news(reading.entries, before, source, state.last_success_at or context.now):
        return RelocatedList(listing, idle)
    return RelocatedList(Listing.of(_unreadable_reading(reading), source, document.url))


def _recover(
    context: PollContext, document: Fetched, before: Sequence[tuple[str, str]], readers: Readers
) -> RecoveredList | None:
    known, zone = tuple(before), context.source.timezone
    return readers.run(_recover_list, document.body, document.url, document.content_type, known, context.now, zone)


def _add_selectors(
    notice: Notice | None, context: PollContext, document: Fetched, memory: Memory, readers: Readers
) -> Notice | None:
    """Add working selectors to the notice that some selectors of a page select nothing, if they can be found."""
    if notice is None:
        return None
    recovered = _recover(context, document, memory.last_entries(context.state.id, MAX_KNOWN_ENTRIES), readers)
    if recovered is None or recovered.selectors is None:
        return notice
    return better_selectors_notice(context.source.name, notice.message, recovered.selectors.lines())


def idle_selectors_in(source: Source, reading: Reading) -> Notice | None:
    """Return the notice that some selectors of the source select nothing; None if all of them select something."""
    problems = "; ".join(problem for problem in reading.problems if SELECTS_NOTHING in problem)
    if not problems or not reading.readable:
        return None
    return idle_selectors_notice(source.name, problems)


def _recover_list(  # noqa: PLR0917 - the readers pass arguments on as they are
    body: bytes,
    url: str,
    content_type: str | None,
    before: Sequence[tuple[str, str]],
    now: dt.datetime,
    timezone: str,
) -> RecoveredList | None:
    """Recover the list. The reader is imported here, so that only the child process loads it."""
    from monitor.sources.page.recover import RememberedEntry, recover_list

    known = [RememberedEntry(title, address) for title, address in before]
    return recover_list(body, url=url, content_type=content_type, known=known, now=now, timezone=timezone)


def _keys_known_by_title(entries: Sequence[Entry], before: Sequence[tuple[str, str]]) -> frozenset[str]:
    """Return the keys of entries whose titles are known. If they are few, return none: some titles are often reused."""
    titles = {fold_text(title) for title, _ in before if len(title) >= _MIN_TITLE_LENGTH}
    known = frozenset(entry.key for entry in entries if fold_text(entry.title) in titles)
    return known if len(known) >= max(_MIN_KNOWN, len(entries) * _MIN_KNOWN_SHARE) else frozenset()


def _may_be_news(
    entries: Sequence[Entry], before: Sequence[tuple[str, str]], source: Source, last: dt.datetime
) -> bool:
    """Return whether entries, all of them unknown, may be new entries of the same list.

    Most of them must lead to the same hosts as the known entries. Besides, most must be dated after the last reading,
    or most addresses must have the same form as those of known entries.
    """
    hosts = {host_of(url) for _, url in before} | {host_of(source.url)}
    if not _is_majority(host_of(entry.url) in hosts for entry in entries):
        return False
    patterns = {_address_pattern(url) for _, url in before}
    dates = [entry.published.latest for entry in entries if entry.published is not None]
    recent = len(dates) * 2 >= len(entries) and _is_majority(at >= last - _MAX_LISTING_DELAY for at in dates)
    return recent or _is_majority(_address_pattern(entry.url) in patterns for entry in entries)


def _is_majority(conditions: Iterable[bool]) -> bool:
    results = list(conditions)
    return sum(results) * 2 > len(results)


def _address_pattern(url: str) -> str:
    """Return the form of an address: its host, its folders with numbers replaced, and its file ending."""
    *folders, last = urlsplit(url).path.split("/")
    named = ["0" if any(map(str.isdigit, folder)) else folder for folder in folders]
    ending = last.rpartition(".")[2] if "." in last else ""
    return f"{host_of(url)}{'/'.join(named)}/{'0' if any(map(str.isdigit, last)) else '*'}.{ending}"


def _has_selectors(source: Source) -> bool:
    return any(source.options.get(key) is not None for key in ("item", "link"))


def _unreadable_reading(reading: Reading) -> Reading:
    """Return an unreadable reading, which says that no row is known or similar to a known row."""
    title = reading.entries[0].title[:_SHOWN_TITLE] if reading.entries else ""
    why = f"none of its {len(reading.entries)} rows (“{title}” …) is known or similar to known ones"
    problem = (
        f"the page was changed: {why}, and no list on it has a known entry; say where the list is: item, title, link"
    )
    return Reading("page", title=reading.title, problems=(problem,), readable=False)
