"""The address from which a source was read is gone, and the source is now read from another address."""

from __future__ import annotations

import datetime as dt

from monitor.model import Endpoint, Notice
from monitor.notices.base import NoticeType

FOUND = NoticeType(
    "found",
    "problem",
    meaning="the feed or list that was found for the source is gone; the program searched its address again, and reads"
    " the feed or list that it found there",
    remedy="`monitor try NAME` shows whether that is what you want; if not, write `kind` and `url` into its table",
    closed_when="the source answers, three days or more after the notice was last raised",
    ends_with_answer=True,
    shown_for=dt.timedelta(days=3),
)


def found_elsewhere_notice(source: str, found: Endpoint, lost: str) -> Notice:
    """Return the notice that the source's endpoint is gone, and that the endpoint `found` replaces it.

    `lost` says why the old endpoint counts as gone.
    """
    where = found.url or "its own address"
    message = f"its feed or list is gone ({lost}); the program now reads the {found.kind} at {where}: {found.reason}"
    remedy = f'see whether that is what you want: monitor try "{source}"; if not, write kind and url into its table'
    return FOUND.notice(source, message, remedy)
