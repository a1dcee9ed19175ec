"""Nothing gets through a channel any more."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType, channel_subject, counted

CHANNEL = NoticeType(
    "channel",
    "problem",
    meaning="every attempt to send through the channel has failed for half an hour or longer; what waits for it is"
    " tried until it gets through, every four hours or as its far end asks",
    remedy="`monitor status` shows the reasons; repair the far end, or the `[channel]` table",
    cure="a delivery gets through it, or nothing waits for it any more",
    weight=5,
)


def failing(channel: str, since: str, reason: str, waiting: int) -> Notice:
    """Return the notice that every attempt since `since` has failed, the last for `reason`; `waiting` wait."""
    message = f"nothing has got through since {since}: {reason}; {counted(waiting, 'delivery', 'deliveries')} waiting"
    remedy = "nothing is lost: it is sent as soon as the far end takes it; see monitor status, and check the channel"
    return CHANNEL.notice(channel_subject(channel), message, remedy)
