"""What `monitor once` says of its polls."""

from __future__ import annotations

import datetime as dt

from monitor.app.passes import PassReport, PollReport
from monitor.cli.run import _lines
from monitor.model import PollRecord

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def test_a_source_whose_server_asked_to_wait_was_not_polled() -> None:
    busy = PollReport("busy", False, PollRecord(NOON, "postponed", "not requested: its host asked to wait"))
    read = PollReport("read", False, PollRecord(NOON, "ok", "", new=2, matches=1))
    assert _lines(PassReport((busy, read))) == [
        "1 source polled: 2 new entries, 1 match",
        "  POSTPONED busy: not requested: its host asked to wait",
    ]
