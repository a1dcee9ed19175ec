"""A channel delivers nothing any more."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType, channel_subject, with_count

CHANNEL = NoticeType(
    "channel",
    "problem",
    meaning="every attempt to send through the channel has failed for half an hour or longer; the program tries"
    " the waiting deliveries every four hours, or when the receiving server asks, until one gets through",
    remedy="`monitor status` shows the reasons; fix the receiving server, or the `[channel]` table",
    closed_when="a delivery gets through the channel, or no delivery waits for it any more",
    weight=5,
)


def channel_failing_notice(channel: str, since: str, reason: str, waiting: int) -> Notice:
    """Return the notice that every attempt to send since `since` has failed.

    `reason` is why the last attempt failed. `waiting` is the number of waiting deliveries.
    """
    message = (
        f"nothing has got through since {since}: {reason}; {with_count(waiting, 'delivery', 'deliveries')} waiting"
    )
    remedy = (
        "nothing is lost: all is sent once the receiving server accepts it; see monitor status, and check the channel"
    )
    return CHANNEL.notice(channel_subject(channel), message, remedy)
