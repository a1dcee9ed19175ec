"""An attempt to send has ended, but its result is not in the database."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType, channel_subject, with_count

STUCK = NoticeType(
    "stuck",
    "problem",
    meaning="an attempt to send has lasted longer than allowed: its result cannot be written to the database",
    remedy="stop the program that keeps the database locked, or make room on the disk; the log (`MONITOR_LOG`) has"
    " the reason",
    closed_when="the result of the attempt is written",
    weight=4,
)


def stuck_notice(channel: str, number: int, since: str) -> Notice:
    """Return the notice that `number` attempts to send through the channel have not ended.

    `since`: when the first of them began.
    """
    message = f"{with_count(number, 'attempt has', 'attempts have')} not ended since {since}"
    remedy = "stop the program that keeps the database locked, or make room on the disk; then the result is written"
    return STUCK.notice(channel_subject(channel), message, remedy)
