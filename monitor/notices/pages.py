"""The pages of a source's articles repeatedly cannot be read."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType

PAGES = NoticeType(
    "pages",
    "problem",
    meaning="five article pages in a row could not be read: articles have only the text that the source lists",
    remedy="`monitor try --kind article URL` shows what a page gives; set `content` if its text is not found, or"
    " remove `full_text`",
    closed_when="an article page can be read, or `full_text` is removed",
)


def unread_pages_notice(source: str, failures: int, reason: str, address: str) -> Notice:
    """Return the notice that the last `failures` article pages could not be read.

    `address` and `reason` are those of the last failure.
    """
    unread = f"the last {failures} article pages could not be read ({reason})"
    message = f"{unread}: articles have only the text that the source lists"
    remedy = (
        f"see what a page gives: monitor try --kind article {address}; if its text is not found, set"
        " `content` in the table of the source; if the site refuses the program, remove `full_text`"
    )
    return PAGES.notice(source, message, remedy)
