"""What every kind of notice states about itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from monitor.model import Notice

Severity = Literal["problem", "information"]
"""A problem needs action: while one is open, the exit status of `monitor status` is 1. Information is only shown."""


NO_PROBLEM: Final = "no problem"
"""The judgement about an answer that closes the notice."""

Judgement = Notice | Literal["no problem"] | None
"""A notice to raise, `NO_PROBLEM` to close the one that is open, or None to leave things as they are."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The facts about a usable answer by which notices are decided.

    `listed` counts the entries of the answer and `new` those that are new; `last_entry_count` counts those of the poll
    before where there are none now; `empty_answers` counts the answers in a row that list nothing. `unchanged`: it is
    the answer of the poll before, and was not read again. `in_sitemaps`: the entries are in documents that it names.
    `last_new_at` is when a poll before this one last had something new.
    """

    source: str
    now: dt.datetime
    listed: int
    new: int
    last_entry_count: int = 0
    empty_answers: int = 0
    unchanged: bool = False
    in_sitemaps: bool = False
    last_new_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class NoticeType:
    """A kind of notice: its general texts. The functions below it write the text of one notice.

    `meaning`, `remedy` and `closed_when` are for the documents: what it means, what the operator can do, what closes
    it. It stays open for `shown_for` after that, so that it is seen. `ends_with_answer`: any usable answer of the
    source closes it. `outlives_subject`: it stays when what it is about leaves the configuration. `weight`: how bad it
    is among problems; messages to the operator have the heaviest first. `announced`: the operator hears of it once,
    although it is no problem. `after_answer` judges each usable answer of a source, for a kind that needs to know no
    more than Answer has.
    """

    kind: str
    severity: Severity
    meaning: str
    remedy: str
    closed_when: str
    shown_for: dt.timedelta = dt.timedelta()
    ends_with_answer: bool = False
    outlives_subject: bool = False
    weight: int = 1
    announced: bool = False
    after_answer: Callable[[Answer], Judgement] = lambda _: None

    def notice(self, subject: str, message: str, remedy: str) -> Notice:
        """Return a notice of this kind about `subject`."""
        return Notice(self.kind, subject, message, remedy)


def digest_subject(name: str) -> str:
    """Return the subject of notices about a digest, which differs from that of a source of the same name."""
    return f"digest {name}"


def advise_try(source: str) -> str:
    """Return the advice to look at what a source gives, with the command."""
    return f'see what it gives: monitor try "{source}"'


def channel_subject(name: str) -> str:
    """Return the subject of notices about a channel, which differs from that of a source of the same name."""
    return f"channel {name}"


def with_count(number: int, one: str, several: str) -> str:
    """Return a number with its noun, as in "2 deliveries"."""
    return f"{number:,} {one if number == 1 else several}"
