"""The database takes no writes."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType

DATABASE = NoticeType(
    "database",
    "problem",
    meaning="the database took no writes for five minutes or longer: nothing could be recorded or sent",
    remedy="make room on the disk, or end what keeps the database locked; the log (`MONITOR_LOG`) has the reason",
    cure="it takes writes again; the operator was notified directly meanwhile, and this is recorded when it is over",
    weight=6,
)


def unwritable(reason: str) -> Notice:
    """Return the notice of a database that takes no writes, for this reason."""
    remedy = "make room on the disk, or end what keeps the database locked; it goes on by itself then"
    return DATABASE.notice("database", f"it takes no writes: {reason}", remedy)
