"""What a date that is not exact may mean. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Final

from monitor.model import Moment

_COARSE: Final = {"day": dt.timedelta(days=1), "month": dt.timedelta(days=31), "year": dt.timedelta(days=366)}


def latest(moment: Moment) -> dt.datetime:
    """The last instant that the moment can mean: a day without a time may be its evening."""
    try:
        return moment.at + _COARSE.get(moment.precision, dt.timedelta())
    except OverflowError:
        return moment.at
