"""What every kind of notice states about itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from monitor.model import Notice

Severity = Literal["problem", "information"]
"""How bad a notice is. A problem needs action: while it is open, the exit status of `monitor status` is 1. Information
is only shown.
"""


NO_PROBLEM: Final = "no problem"
"""The judgement that an answer shows no problem, so that an open notice is closed."""

Judgement = Notice | Literal["no problem"] | None
"""A notice to raise; or `NO_PROBLEM`, to close an open notice; or None, to change nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The facts about a usable answer from which it is decided whether to raise a notice.

    `listed`: the number of entries in the answer. `new`: the number of new entries among them. `last_entry_count`: if
    the answer has no entries, the number of entries at the poll before. `empty_answers`: the number of answers in a row
    that have no entries. `unchanged`: the answer is the same as at the poll before, and was not read again.
    `in_sitemaps`: the answer names other documents, which contain the entries. `last_new_at`: when an earlier poll last
    had new entries.
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
    """A kind of notice. Other functions in the file of the kind write the text of a single notice.

    `meaning`, `remedy` and `closed_when` are for the documentation: what such a notice means, what the operator can do,
    and what closes the notice. It stays open for at least `shown_for` after it was last raised, so that it is seen.
    `ends_with_answer`: any usable answer of the source closes the notice. `outlives_subject`: the notice stays open
    when its subject is removed from the configuration. `weight`: how bad a problem is compared with others. Messages to
    the operator list problems with the highest weight first. `announced`: the operator is notified once, although the
    notice is not a problem. `after_answer` judges each usable answer of a source, for kinds that depend only on the
    facts in Answer.
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
    """Return the subject of notices about a digest. It differs from the subject for a source of the same name."""
    return f"digest {name}"


def advise_try(source: str) -> str:
    """Return the advice to look at what a source gives, with the command for it."""
    return f'see what it gives: monitor try "{source}"'


def channel_subject(name: str) -> str:
    """Return the subject of notices about a channel. It differs from the subject for a source of the same name."""
    return f"channel {name}"


def rule_subject(name: str) -> str:
    """Return the subject of notices about a rule. It differs from the subject for a source of the same name."""
    return f"rule {name}"


def with_count(number: int, one: str, several: str) -> str:
    """Return a number and its noun: "1 delivery", "2 deliveries"."""
    return f"{number:,} {one if number == 1 else several}"
