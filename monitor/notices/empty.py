"""A source lists nothing any more."""

from __future__ import annotations

from typing import Final

from monitor.model import Notice
from monitor.notices.base import NO_PROBLEM, Answer, Judgement, NoticeType, advise_try

MIN_ENTRIES_BEFORE: Final = 5
"""If a source listed at least this many entries at the last poll and none now, something is wrong."""

MIN_EMPTY_ANSWERS: Final = 3
"""If this many answers in a row are empty, something is wrong, even if there were only few entries before."""


def _judge(answer: Answer) -> Judgement:
    """Judge an answer: return the notice that the source listed entries before and lists none now, if that is so."""
    if answer.listed:
        return NO_PROBLEM
    is_sudden = answer.last_entry_count >= MIN_ENTRIES_BEFORE and not answer.unchanged and not answer.in_sitemaps
    if is_sudden or answer.empty_answers >= MIN_EMPTY_ANSWERS:
        return nothing_listed_notice(answer.source, answer.last_entry_count, answer.empty_answers)
    return None


EMPTY = NoticeType(
    "empty",
    "problem",
    meaning="the source lists no entries now: it listed at least five at the poll before, or its last three answers"
    " were empty",
    remedy="`monitor try NAME` shows what the source gives",
    closed_when="the source lists entries again",
    after_answer=_judge,
)


def nothing_listed_notice(source: str, before: int, answers: int) -> Notice:
    """Return the notice that a source lists no entries now.

    `before`: the number of entries at the last poll. If it is 0, `answers` is the number of empty answers in a row.
    """
    since = f"the poll before found {before}" if before else f"the last {answers} answers were empty"
    message = f"it lists no entries any more; {since}"
    return EMPTY.notice(source, message, advise_try(source))
