"""A digest left the configuration before all that it asked for was sent."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType, digest_subject

DROPPED = NoticeType(
    "dropped",
    "problem",
    meaning="a digest was taken out of the file while matches were pending for it; they are not sent",
    remedy="put its `[[digest]]` table back under its old name: it goes on where it was",
    cure="the digest is in the file again",
    outlives_subject=True,
    weight=3,
)


def unsent(digest: str, waiting: int) -> Notice:
    """Return the notice that `waiting` articles were pending for the digest when it was taken out."""
    articles = "1 article was" if waiting == 1 else f"{waiting} articles were"
    message = f"it is no longer in the configuration, and of what it asked for {articles} not sent"
    remedy = "put it back under its old name: it goes on where it was"
    return DROPPED.notice(digest_subject(digest), message, remedy)
