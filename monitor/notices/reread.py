"""Pages of sent articles cannot be read again, or are gone all at once."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType

REREAD = NoticeType(
    "reread",
    "problem",
    meaning="pages of sent articles could not be read again, or most pages of a site are gone at once: digests with"
    " `changes = true` do not report edits of these articles, or that they were withdrawn",
    remedy="open such a page: if the site was rebuilt, do nothing; if it refuses the"
    " program, `monitor try --kind article URL` shows the answer",
    closed_when="the page of a sent article of this source is read again",
)


def not_read_again_notice(source: str, pages: int, reason: str, address: str) -> Notice:
    """Return the notice that the last `pages` pages could not be read again.

    `address` and `reason` are those of the last failure.
    """
    unread = f"the last {pages} pages of sent articles could not be read again ({reason})"
    message = f"{unread}: the program cannot see edits of these articles"
    return REREAD.notice(source, message, f"see what a page gives: monitor try --kind article {address}")


def gone_at_once_notice(source: str, gone: int, pages: int, address: str) -> Notice:
    """Return the notice that `gone` of `pages` pages of a site are gone, so that no article counts as withdrawn.

    `address` is that of one of these pages.
    """
    message = f"{gone} of {pages} pages of sent articles are gone at once: no article is reported as withdrawn"
    return REREAD.notice(source, message, f"see whether the site was rebuilt: open {address}")
