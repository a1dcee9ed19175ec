"""The database cannot be written."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType

DATABASE = NoticeType(
    "database",
    "problem",
    meaning="the database accepted no writes for five minutes or longer: nothing could be recorded or sent",
    remedy="make room on the disk, or stop the program that keeps the database locked; the log (`MONITOR_LOG`) has the"
    " reason",
    closed_when="the database accepts writes again; you were notified directly before, and this notice was recorded"
    " afterwards",
    weight=6,
)


def unwritable_notice(reason: str) -> Notice:
    """Return the notice that the database cannot be written, for this reason."""
    remedy = (
        "make room on the disk, or stop the program that keeps it locked; then everything continues without a restart"
    )
    return DATABASE.notice("database", f"it accepts no writes: {reason}", remedy)
