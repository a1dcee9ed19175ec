"""A source lists nothing any more."""

from __future__ import annotations

from typing import Final

from monitor.model import Notice
from monitor.notices.base import NO_PROBLEM, Answer, Judgement, NoticeType, advise_try

MIN_ENTRIES_BEFORE: Final = 5
"""If a source listed at least this many entries and now lists none, something is wrong."""

MIN_EMPTY_ANSWERS: Final = 3
"""This many empty answers in a row are no chance, even if there were few entries before."""


def _judge(answer: Answer) -> Judgement:
    """Return the notice that a source, which listed entries before, lists none now."""
    if answer.listed:
        return NO_PROBLEM
    is_sudden = answer.last_entry_count >= MIN_ENTRIES_BEFORE and not answer.unchanged and not answer.in_sitemaps
    if is_sudden or answer.empty_answers >= MIN_EMPTY_ANSWERS:
        return nothing_listed_notice(answer.source, answer.last_entry_count, answer.empty_answers)
    return None


EMPTY = NoticeType(
    "empty",
    "problem",
    meaning="the source lists nothing any more, and listed five entries before, or some before its last three answers",
    remedy="`monitor try NAME` shows what the source gives",
    closed_when="the source lists entries again",
    after_answer=_judge,
)


def nothing_listed_notice(source: str, before: int, answers: int) -> Notice:
    """Return the notice that a source lists nothing: `before` entries at the last poll, or none in `answers` polls."""
    since = f"after {before} entries at the poll before" if before else f"for {answers} polls in a row"
    message = f"it lists nothing any more, {since}"
    return EMPTY.notice(source, message, advise_try(source))
