"""What an operator should know after a poll, as values. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Final, Protocol

from monitor.collect.result import Cure, Raise
from monitor.model import FoundPlace, Notice, Source, SourceState

GONE: Final = 410
"""The status by which a server says that a resource is gone for good (RFC 9110, 15.5.11)."""

GAP_SHOWN: Final = dt.timedelta(days=3)
"""For how long a gap stays a notice: it is over when it is seen, but an operator must have time to see it."""

PAGES_IN_VAIN: Final = 5
"""Article pages in a row that could not be read: then it is the site, or how it is asked, and no single page."""


class Pages(Protocol):
    """What is to be known of a source's article pages: how many failed in a row, the last one and why."""

    @property
    def failures(self) -> int:
        """How many pages in a row could not be read, over all polls."""
        ...

    @property
    def last_failed(self) -> str:
        """The address of the last one that this poll tried in vain; "" if it tried none."""
        ...

    @property
    def why(self) -> str:
        """Why that failed."""
        ...


def after_reading(
    source: Source,
    state: SourceState,
    *,
    moved_to: str | None,
    overlap: bool,
    new: int,
    unread: str = "",
) -> tuple[Raise | Cure, ...]:
    """A source was read: say where it moved to, and whether entries may have passed between two polls.

    `unread` says why a further page, on which they may be, could not be read.
    """
    moved = Cure("moved", source.name) if moved_to is None else Raise(_moved(source, moved_to))
    if unread:
        message = f"entries may be missing: {unread}"
        remedy = f'the next polls try again; see what it gives: monitor try "{source.name}"'
        return *after_success(source), moved, Raise(Notice("gap", source.name, message, remedy))
    if new and not overlap and state.last_new_at is not None:
        message = (
            f"all {new} entries were new: others may have come and gone since {state.last_success_at:%F %H:%M} UTC"
        )
        remedy = "poll it more often: set `every` in its table"
        return *after_success(source), moved, Raise(Notice("gap", source.name, message, remedy))
    return *after_success(source), moved


def _moved(source: Source, moved_to: str) -> Notice:
    if source.shown_url not in ("", source.url):  # its address is a secret, and so may be the new one
        return Notice(
            "moved", source.name, "it moved for good", f"ask for its new address, and change {source.shown_url}"
        )
    return Notice("moved", source.name, f"it moved for good to {moved_to}", f'put url = "{moved_to}" into its table')


def found_anew(source: Source, found: FoundPlace, lost: str) -> Notice:
    """What a source was read from is gone (`lost`), and it was looked at anew."""
    where = found.url or "its own address"
    told = f"what it was read from is gone ({lost}); it is read as {found.kind} at {where} now: {found.reason}"
    remedy = (
        f'see whether that is what you want: monitor try "{source.name}"; if not, write kind and url into its table'
    )
    return Notice("found", source.name, told, remedy)


def after_success(source: Source) -> tuple[Cure, ...]:
    """A source answered: what was said of its being broken holds no longer."""
    return (
        Cure("gap", source.name, GAP_SHOWN),
        Cure("found", source.name, GAP_SHOWN),
        Cure("broken", source.name),
        Cure("gone", source.name),
        Cure("crash", source.name),
    )


def after_pages(source: Source, pages: Pages) -> tuple[Raise | Cure, ...]:
    """The article pages of a poll were tried: say so when they keep failing, until one can be read again."""
    if not source.full_text or pages.failures < PAGES_IN_VAIN:
        return (Cure("pages", source.name),)
    if not pages.last_failed:
        return ()
    message = f"the last {pages.failures} article pages could not be read ({pages.why}): articles are what it lists"
    remedy = (
        f"see what one gives: monitor try --kind article {pages.last_failed}; if there is a text on it, say"
        " where: set `content` in its table; if the site refuses it, take `full_text` out"
    )
    return (Raise(Notice("pages", source.name, message, remedy)),)


def incomplete(source: Source, problems: str) -> Raise:
    """An answer was read in part: entries may be missing."""
    message = f"entries may be missing: {problems or 'the document ends before its end'}"
    return Raise(Notice("broken", source.name, message, f'see what it gives: monitor try "{source.name}"'))


def after_failure(source: Source, reason: str, *, gone: bool, crash: bool) -> Raise:
    """A source failed: say why, and what to do. `gone`: it said so itself; `crash`: the fault is the program's."""
    if gone:
        remedy = f'remove it, mend its url, or poll it once more: monitor once --source "{source.name}"'
        return Raise(Notice("gone", source.name, f"polling is paused: {reason}", remedy))
    if crash:
        return Raise(Notice("crash", source.name, reason, "please report it with the trace in the log"))
    return Raise(Notice("broken", source.name, reason, f'see what it gives now: monitor try "{source.name}"'))
