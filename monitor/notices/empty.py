"""A source lists nothing any more."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType, see_what_it_gives

EMPTY = NoticeType(
    "empty",
    "problem",
    meaning="the source lists nothing any more, and listed five entries before, or some before its last three answers",
    remedy="`monitor try NAME` shows what it gives",
    cure="it lists entries again",
)


def nothing_listed(source: str, before: int, answers: int) -> Notice:
    """Return the notice that a source lists nothing: `before` entries at the last poll, or none in `answers` polls."""
    since = f"after {before} entries at the poll before" if before else f"for {answers} polls in a row"
    message = f"it lists nothing any more, {since}"
    return EMPTY.notice(source, message, see_what_it_gives(source))
