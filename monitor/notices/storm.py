"""A source listed far more new entries at once than ever before."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType, advise_try, with_count

STORM = NoticeType(
    "storm",
    "information",
    meaning="the source listed far more new entries at once than in any poll on record: 50 or more, and five times as"
    " many; they are held",
    remedy="nothing, if they are right; else take the source out of the file within a day, and they are not sent;"
    " `monitor try NAME` shows what the source gives",
    closed_when="the next complete answer lists them again, or a day has passed; then they are sent",
    announced=True,
)


def storm_notice(source: str, entries: int, max_before: int) -> Notice:
    """Return the notice that `entries` new entries are held. No earlier poll had more than `max_before` new entries."""
    usual = f"no poll on record had more than {max_before}" if max_before else "no poll on record had any"
    message = f"{with_count(entries, 'entry', 'entries')} were new at once, and {usual}: they are held for now"
    remedy = f"they are sent once they are listed again, or after a day; {advise_try(source)}"
    return STORM.notice(source, message, remedy)
