"""A poll under way, and how it went."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from monitor.collect.fulltext import Page
from monitor.model import Find, PollRecord, Source, SourceState


@dataclass(frozen=True, slots=True)
class Collected:
    """How a poll of a source went: its record, and whether it was cut short by the end of the program."""

    source: str
    poll: PollRecord
    stopped: bool = False

    @property
    def failed(self) -> bool:
        """The source could not be read."""
        return self.poll.outcome == "failed" and not self.stopped


@dataclass(frozen=True, slots=True)
class Visit:
    """A poll under way: of which source, as it is known, at what time."""

    source: Source
    state: SourceState
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class LatePages:
    """Pages of earlier polls that were tried again: what was read, and what is to be tried once more."""

    finds: tuple[Find, ...] = ()
    postponed: tuple[tuple[str, Page], ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an answer is none, in words; `status` and `retry_after` where a server gave them, after `seconds`."""

    reason: str
    status: int | None = None
    retry_after: dt.timedelta | None = None
    seconds: float = 0.0
    crash: bool = False
