"""A digest was removed from the configuration while articles were still pending for it."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType, digest_subject

DROPPED = NoticeType(
    "dropped",
    "problem",
    meaning="a digest was removed from the file while articles were pending for it; these articles are not sent",
    remedy="put its `[[digest]]` table back under its old name: the digest continues where it stopped",
    closed_when="the digest is in the file again",
    outlives_subject=True,
    weight=3,
)


def unsent_notice(digest: str, waiting: int) -> Notice:
    """Return the notice that `waiting` articles were pending for the digest when it was removed."""
    articles = "1 article that was" if waiting == 1 else f"{waiting} articles that were"
    message = f"the digest is no longer in the configuration; {articles} pending for it will not be sent"
    remedy = "put it back under its old name: the digest continues where it stopped"
    return DROPPED.notice(digest_subject(digest), message, remedy)
