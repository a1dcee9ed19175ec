"""What every kind of notice states about itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from monitor.model import Notice

Severity = Literal["problem", "information"]
"""A problem needs somebody: while one is open, `monitor status` ends 1. Information is only shown."""


@dataclass(frozen=True, slots=True)
class NoticeType:
    """A kind of notice: what it says in general. The functions below the type make the words of one notice.

    `meaning`, `remedy` and `cure` are for the documents: what it means, what the operator can do, what closes it. For
    `shown_for` it stays open after that, so that it is seen. `ends_with_answer`: any usable answer of the source closes
    it. `outlives_subject`: it stays when what it is about leaves the configuration.
    """

    kind: str
    severity: Severity
    meaning: str
    remedy: str
    cure: str
    shown_for: dt.timedelta = dt.timedelta()
    ends_with_answer: bool = False
    outlives_subject: bool = False

    def notice(self, subject: str, message: str, remedy: str) -> Notice:
        """Return a notice of this kind about `subject`."""
        return Notice(self.kind, subject, message, remedy)


def digest_subject(name: str) -> str:
    """Return what notices call a digest: a source may have the same name."""
    return f"digest {name}"


def see_what_it_gives(source: str) -> str:
    """Return the command that shows what a source gives."""
    return f'see what it gives: monitor try "{source}"'


def channel_subject(name: str) -> str:
    """Return what notices call a channel: a source may have the same name."""
    return f"channel {name}"


def counted(number: int, one: str, several: str) -> str:
    """Return a number with its noun, as in "2 deliveries"."""
    return f"{number:,} {one if number == 1 else several}"
