"""Deliveries are no longer tried until a person acts."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType, channel_subject, with_count

PARKED = NoticeType(
    "parked",
    "problem",
    meaning="the receiving server of the channel refused deliveries for good, or they failed for five days while others"
    " got through; they are not tried again",
    remedy="correct the `[channel]` table, then `monitor once --retry-parked`",
    closed_when="these deliveries are tried again, or dropped",
    weight=4,
)


def parked_notice(channel: str, number: int, reason: str) -> Notice:
    """Return the notice that `number` deliveries through the channel are parked. `reason` is why the last one is."""
    message = f"{with_count(number, 'delivery is', 'deliveries are')} parked: {reason}"
    remedy = "correct the channel or its recipients, then: monitor once --retry-parked"
    return PARKED.notice(channel_subject(channel), message, remedy)
