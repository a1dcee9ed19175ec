"""A source listed far more new entries at once than ever before."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType, advise_try, with_count

STORM = NoticeType(
    "storm",
    "information",
    meaning="one poll found far more new entries than any recorded poll before: at least 50, and at least five times as"
    " many; the program does not send them yet",
    remedy="nothing, if the entries are right; if they are wrong, remove the source from the file within a day, so that"
    " they are not sent; `monitor try NAME` shows what the source gives",
    closed_when="the next complete answer lists the entries again, or a day has passed; then they are sent",
    announced=True,
)


def storm_notice(source: str, entries: int, max_before: int) -> Notice:
    """Return the notice that `entries` new entries are held. No earlier poll had more than `max_before` new entries."""
    usual = f"no poll before found more than {max_before}" if max_before else "no poll before found any"
    message = f"{with_count(entries, 'entry', 'entries')} were new at once; {usual}; they are not sent yet"
    remedy = f"they are sent when the source lists them again, or after a day; {advise_try(source)}"
    return STORM.notice(source, message, remedy)
