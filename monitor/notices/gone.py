"""A server says that a source is gone for good."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType

GONE = NoticeType(
    "gone",
    "problem",
    meaning="the server says that the source is gone for good (410); it is no longer polled",
    remedy="remove the source, change its `url`, or poll it once more: `monitor once --source NAME`",
    closed_when="the source answers again",
    ends_with_answer=True,
    weight=2,
)


def paused_notice(source: str, reason: str) -> Notice:
    """Return the notice that the source is no longer polled, because its server said that it is gone for good."""
    remedy = f'remove it, fix its url, or poll it once more: monitor once --source "{source}"'
    return GONE.notice(source, f"polling is paused: {reason}", remedy)
