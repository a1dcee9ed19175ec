"""Messages to the operator, made of notices."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from monitor.model.polling import Notice


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One problem or fact for the operator, and what the operator can do about it."""

    text: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class MessageSection:
    """Lines under a heading."""

    heading: str
    lines: tuple[MessageLine, ...]


@dataclass(frozen=True, slots=True)
class OperatorMessage:
    """A message to the operator. `at` is its date, `timezone` the operator's timezone.

    `prefix` comes before its subject, so that readers can filter these messages.
    """

    subject: str
    at: dt.datetime
    timezone: str
    sections: tuple[MessageSection, ...]
    closing: str = ""
    prefix: str = "[monitor] "


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A notice. `notified_at` is when the operator was last notified of it, `resolved_at` when it was resolved."""

    id: int
    notice: Notice
    notified_at: dt.datetime | None = None
    resolved_at: dt.datetime | None = None
