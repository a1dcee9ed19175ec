"""Deliveries wait for a person."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType, channel_subject, counted

PARKED = NoticeType(
    "parked",
    "problem",
    meaning="the far end of the channel refused deliveries for good, or failed on them for five days while it took"
    " others; they are not tried again",
    remedy="correct the `[channel]` table, then `monitor once --retry-parked`",
    cure="they are tried again, or dropped",
    weight=4,
)


def refused_deliveries(channel: str, number: int, reason: str) -> Notice:
    """Return the notice that `number` deliveries through the channel are parked, the last of them for `reason`."""
    message = f"{counted(number, 'delivery is', 'deliveries are')} parked: {reason}"
    remedy = "correct the channel or its recipients, then: monitor once --retry-parked"
    return PARKED.notice(channel_subject(channel), message, remedy)
