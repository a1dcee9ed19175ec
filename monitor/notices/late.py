"""Deliveries went out late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from monitor.model import Notice
from monitor.notices.base import NoticeType, channel_subject, with_count

MAX_DIGESTS: Final = 5
"""Maximum number of digests that a notice names."""

LATE = NoticeType(
    "late",
    "information",
    meaning="the channel sent deliveries an hour or longer after they were due; each has the content of the time when"
    " it was due",
    remedy="nothing; `monitor why URL` shows when each delivery was sent",
    closed_when="three days have passed since the last late delivery",
    shown_for=dt.timedelta(days=3),
    announced=True,
)


def sent_late_notice(channel: str, number: int, oldest: str, last: str, digests: Sequence[str]) -> Notice:
    """Return the notice that `number` deliveries were sent late.

    The first of them was due at `oldest`, and the last one was sent at `last`.
    """
    more = f" and {len(digests) - MAX_DIGESTS} more" if len(digests) > MAX_DIGESTS else ""
    of = f" of {', '.join(digests[:MAX_DIGESTS])}{more}" if digests else ""
    late = f"{with_count(number, 'delivery', 'deliveries')}{of} sent late"
    message = f"{late}: the first was due at {oldest}, the last was sent at {last}"
    return LATE.notice(
        channel_subject(channel), message, "nothing is missing; each has the content of the time when it was built"
    )
