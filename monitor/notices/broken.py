"""A source cannot be read, or can be read only in part."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.model import Notice
from monitor.notices.base import NoticeType, advise_try

BROKEN = NoticeType(
    "broken",
    "problem",
    meaning="the last polls got no usable answer, or only a part of it; the source is polled less often, at least"
    " daily",
    remedy="`monitor try NAME` shows what the source gives now",
    closed_when="the source answers again",
    ends_with_answer=True,
    weight=2,
)


def unreadable_notice(source: str, reason: str) -> Notice:
    """Return the notice that the source could not be read."""
    return BROKEN.notice(source, reason, f'see what it gives now: monitor try "{source}"')


def resting_notice(source: str, reason: str) -> Notice:
    """Return the notice that the source is not read because its host asked for a long wait."""
    return BROKEN.notice(source, reason, "do nothing: monitor status shows when it is polled again")


def incomplete_notice(source: str, problems: Sequence[str]) -> Notice:
    """Return the notice that only a part of an answer could be read. `problems` say why, if known."""
    message = f"entries may be missing: {'; '.join(problems) or 'the document is cut off'}"
    return BROKEN.notice(source, message, advise_try(source))
