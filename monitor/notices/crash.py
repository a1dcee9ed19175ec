"""An error in this program ended the work on a source or a digest."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType, digest_subject

CRASH = NoticeType(
    "crash",
    "problem",
    meaning="an error in the program stopped a poll or an edition; nothing is lost, and the program tries again",
    remedy="please report it with the trace from the log (`MONITOR_LOG`)",
    closed_when="the source is read again, or the digest's next edition is built",
    ends_with_answer=True,
    weight=3,
)


def poll_crashed_notice(source: str, reason: str) -> Notice:
    """Return the notice that the poll of a source ended in an unexpected error."""
    return CRASH.notice(source, reason, "please report it with the trace from the log")


def edition_crashed_notice(digest: str, reason: str) -> Notice:
    """Return the notice that building an edition ended in an unexpected error. The digest's matches stay pending."""
    remedy = "nothing is lost and it is tried again; please report it with the trace from the log"
    return CRASH.notice(digest_subject(digest), reason, remedy)
