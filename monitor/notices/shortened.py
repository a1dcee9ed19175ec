"""Texts of a source are longer than what is kept of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from monitor.model import Notice
from monitor.notices.base import NoticeType

SHORTENED = NoticeType(
    "shortened",
    "information",
    meaning="texts of the source are longer than what is kept of one; rules do not see the rest",
    remedy="where a rule must see the rest, set a `content` that selects less of the page",
    closed_when="the source answers, three days or more after the notice was last raised",
    shown_for=dt.timedelta(days=3),
    ends_with_answer=True,
    announced=True,
)


def shortened_notice(source: str, texts: Sequence[str]) -> Notice:
    """Return the notice that texts of the source were shortened; `texts` say which, and to what."""
    return SHORTENED.notice(source, "; ".join(texts), "rules do not see the rest; the whole text is at its address")
