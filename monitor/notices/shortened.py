"""Texts of a source were longer than the limit and were shortened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from monitor.model import Notice
from monitor.notices.base import NoticeType

SHORTENED = NoticeType(
    "shortened",
    "information",
    meaning="some texts of the source were longer than the limit and were shortened; rules do not see the rest",
    remedy="where a rule must see the rest, set a `content` that selects less of the page",
    closed_when="the source answers, three days or more after the notice was last raised",
    shown_for=dt.timedelta(days=3),
    ends_with_answer=True,
    announced=True,
)


def shortened_notice(source: str, texts: Sequence[str]) -> Notice:
    """Return the notice that texts of the source were shortened. `texts` say which texts, and to what length."""
    return SHORTENED.notice(source, "; ".join(texts), "rules do not see the rest; the whole text is at its address")
