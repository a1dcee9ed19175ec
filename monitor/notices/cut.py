"""A source lists more entries than the program reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from monitor.model import Notice
from monitor.notices.base import NoticeType, advise_try

CUT = NoticeType(
    "cut",
    "problem",
    meaning="a limit left out entries of the source: it lists more than the program reads of one answer",
    remedy="give the source a smaller list: a narrower address or selectors; `monitor try NAME` says what was left out",
    closed_when="all entries of the source are read again, three days or more after the notice was last raised",
    shown_for=dt.timedelta(days=3),
)


def left_out_notice(source: str, limits: Sequence[str]) -> Notice:
    """Return the notice that entries of the source were left out. `limits` say which limits were exceeded."""
    remedy = f"give it a smaller list, by a narrower address or selectors; {advise_try(source)}"
    return CUT.notice(source, f"entries were left out: {'; '.join(limits)}", remedy)
