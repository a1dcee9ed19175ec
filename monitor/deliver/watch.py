"""Make notices from the state of channels: failing, parked, stuck or late deliveries. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final
from zoneinfo import ZoneInfo

from monitor.model import ChannelReport, Notice
from monitor.model.times import local_time
from monitor.notices.channel import CHANNEL, channel_failing_notice
from monitor.notices.late import LATE, sent_late_notice
from monitor.notices.parked import PARKED, parked_notice
from monitor.notices.stuck import STUCK, stuck_notice

FAILING_AFTER: Final = dt.timedelta(minutes=30)
"""A channel that fails is a problem only after this time, because its server may just be restarting."""

SETTLED_AFTER: Final = dt.timedelta(minutes=10)
"""Late deliveries are reported together, after no further late delivery was sent for this time."""

OUTBOX_KINDS: Final = (CHANNEL.kind, LATE.kind, PARKED.kind, STUCK.kind)
"""The kinds of notices that only this module makes."""


def outbox_notices(reports: Iterable[ChannelReport], zone: ZoneInfo, now: dt.datetime) -> Iterator[Notice]:
    """Yield the notices about each channel, with times in `zone`."""
    for report in reports:
        name, since = report.channel, report.failing_since
        if since is not None and now - since >= FAILING_AFTER:
            yield channel_failing_notice(name, local_time(since, zone), report.reason, report.waiting)
        if report.stuck_since is not None:
            yield stuck_notice(name, report.stuck, local_time(report.stuck_since, zone))
        if report.parked:
            yield parked_notice(name, report.parked, report.parked_reason)
        late = report.late
        if late is not None and now - late.last >= SETTLED_AFTER:
            yield sent_late_notice(
                name, late.number, local_time(late.oldest, zone), local_time(late.last, zone), late.digests
            )
