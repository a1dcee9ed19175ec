"""What the operator is notified of: messages of notices, which are no editions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from monitor.model.polling import Notice


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One thing that the operator should know, and what can be done about it."""

    text: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class MessageSection:
    """Lines under a heading."""

    heading: str
    lines: tuple[MessageLine, ...]


@dataclass(frozen=True, slots=True)
class OperatorMessage:
    """A message to the operator. `at` dates it; `timezone` is the operator's."""

    subject: str
    at: dt.datetime
    timezone: str
    sections: tuple[MessageSection, ...]
    closing: str = ""


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A notice. `notified_at` is when the operator last heard that it is open, `resolved_at` when it was closed."""

    id: int
    notice: Notice
    notified_at: dt.datetime | None = None
    resolved_at: dt.datetime | None = None
