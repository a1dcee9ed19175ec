"""A source gave known entries other ids or addresses."""

from __future__ import annotations

import datetime as dt

from monitor.model import Notice
from monitor.notices.base import NoticeType, advise_try, with_count

REKEYED = NoticeType(
    "rekeyed",
    "information",
    meaning="most entries of the source have another id or address now; the program recognised them by their titles,"
    " and sent nothing again",
    remedy="nothing, if the site was moved or rebuilt; `monitor try NAME` shows what the source gives",
    closed_when="the source answers, three days or more after the notice was last raised",
    ends_with_answer=True,
    shown_for=dt.timedelta(days=3),
    announced=True,
)


def rekeyed_notice(source: str, entries: int) -> Notice:
    """Return the notice that `entries` known entries have other ids or addresses than before."""
    message = f"{with_count(entries, 'known entry', 'known entries')} got another id or address; nothing is sent again"
    return REKEYED.notice(source, message, advise_try(source))
