"""Pages of sent articles cannot be read again, or are gone all at once."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType

REREAD = NoticeType(
    "reread",
    "problem",
    meaning="pages of sent articles could not be read again, or most of those of a site are gone at once: digests with"
    " `changes = true` are not sent what the publisher changes of these articles, nor that they were withdrawn",
    remedy="open such a page: if the site was rebuilt, do nothing; if it refuses the"
    " program, `monitor try --kind article URL` shows the answer",
    closed_when="the page of a sent article of this source is read again",
)


def not_read_again_notice(source: str, pages: int, reason: str, address: str) -> Notice:
    """Return the notice that none of the last `pages` pages could be read again, the last at `address` for `reason`."""
    message = f"the last {pages} pages of sent articles could not be read again ({reason}): their edits are not seen"
    return REREAD.notice(source, message, f"see what a page gives: monitor try --kind article {address}")


def gone_at_once_notice(source: str, gone: int, pages: int, address: str) -> Notice:
    """Return the notice that `gone` of `pages` pages of a site are gone, one at `address`: none counts as withdrawn."""
    message = f"{gone} of {pages} pages of sent articles are gone at once: no article is reported as withdrawn"
    return REREAD.notice(source, message, f"see whether the site was rebuilt: open {address}")
