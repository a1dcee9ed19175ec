"""A poll under way, and how it went."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from monitor.collect.result import PagePostponed
from monitor.model import Find, FoundPlace, Source, SourceState

FOR_GOOD: Final = (404, 410)
"""Statuses by which a server says that there is nothing at an address (RFC 9110, 15.5.5 and 15.5.11)."""

PATIENCE: Final = 3
"""Polls in a row that fail before a place that was found, and cannot be read, is given up."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A poll under way: of which source, as it is known, at what time.

    `source` is read where and as what it is read; `configured` as the file has it, if that leaves this open. `lost` is
    why what was found before is given up, "" if nothing is; `looked`: the place was found in this very poll, instead of
    `before`.
    """

    source: Source
    state: SourceState
    now: dt.datetime
    configured: Source | None = None
    looked: bool = False
    lost: str = ""
    before: FoundPlace | None = None

    @classmethod
    def of(cls, source: Source, state: SourceState, now: dt.datetime) -> Visit:
        """A poll of `source` at the place that was found for it, if its kind is not stated and there is one."""
        if source.kind or state.found is None:
            return cls(source, state, now, source)
        return cls(placed(source, state.found), state, now, source)

    def at(self, found: FoundPlace, lost: str) -> Visit:
        """The same poll, gone on at a place that was just found."""
        source = self.configured or self.source
        state = replace(self.state, found=found)
        return replace(self, source=placed(source, found), state=state, looked=True, lost=lost, before=self.state.found)

    @property
    def stays_a_page(self) -> bool:
        """Whether the place that was just found is a page as before: then it must fit what is known of that one."""
        return self.before is not None and self.before.kind == self.source.kind == "page"

    def undone(self) -> Visit:
        """The same poll with what was found in it forgotten: it failed after all, and the next one is to find it."""
        return replace(self, state=replace(self.state, found=self.before)) if self.looked else self

    def begins(self, *, overlap: bool) -> tuple[bool, dt.datetime]:
        """Whether what is read is a baseline, and since when that was asked for.

        It is also one where the source is read from a new place that has nothing in common with the old one
        (`overlap`): what came out since the last answer of the old place is no old news.
        """
        state = self.state
        if self.looked and not overlap and state.last_success_at is not None:
            return True, min(state.last_success_at, self.now)
        return state.fresh, min(state.added_at or self.now, self.now)

    def given_up(self, failure: Failure) -> bool:
        """Whether the place that was found before fails for good, so that the source is looked at anew."""
        found, source = self.state.found, self.configured
        if found is None or source is None or source.kind or self.looked:
            return False
        if failure.status in FOR_GOOD:
            return found.url != ""
        return failure.unreadable and self.state.failures + 1 >= PATIENCE


def placed(source: Source, found: FoundPlace) -> Source:
    """`source`, of which no kind is stated, as it is read at the place that was found for it."""
    if not found.url:
        return replace(source, kind=found.kind)
    request = replace(source.request, home=source.request.home or source.url)  # headers are not for the place found
    return replace(source, kind=found.kind, url=found.url, shown_url=found.url, request=request)


@dataclass(frozen=True, slots=True)
class LatePages:
    """Pages of earlier polls that were tried again: what was read, and what is to be tried once more."""

    finds: tuple[Find, ...] = ()
    postponed: tuple[PagePostponed, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an answer is none, in words; `status` and `retry_after` where a server gave them, after `seconds`.

    `unreadable`: there was a complete answer, and nothing could be read in it.
    """

    reason: str
    status: int | None = None
    retry_after: dt.timedelta | None = None
    seconds: float = 0.0
    crash: bool = False
    unreadable: bool = False
