"""The pages of a source's articles repeatedly cannot be read."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType

PAGES = NoticeType(
    "pages",
    "problem",
    meaning="five article pages in a row could not be read: articles have only what the source lists",
    remedy="`monitor try --kind article URL` shows what a page gives; set `content` where its text is not found, or"
    " remove `full_text`",
    closed_when="an article page can be read, or `full_text` is removed",
)


def unread_pages_notice(source: str, failures: int, reason: str, address: str) -> Notice:
    """Return the notice that the last `failures` article pages could not be read.

    `address` and `reason` are those of the last failure.
    """
    message = f"the last {failures} article pages could not be read ({reason}): articles have only what it lists"
    remedy = (
        f"see what a page gives: monitor try --kind article {address}; if there is a text on it, say"
        " where: set `content` in its table; if the site refuses it, remove `full_text`"
    )
    return PAGES.notice(source, message, remedy)
