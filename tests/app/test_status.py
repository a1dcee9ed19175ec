"""The state of the daemon."""

from __future__ import annotations

import datetime as dt
import os
import socket
import subprocess
import sys

import pytest

from monitor.app.status import DAEMON, STALE, Daemon, daemon_of
from monitor.model.reports import HolderReport

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(scope="module")
def dead() -> int:
    """Return the number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def holder(pid: int, host: str = "", **times: dt.datetime) -> HolderReport:
    return HolderReport(DAEMON, pid, host or socket.gethostname(), times.pop("since", NOW - HOUR), **times)


def test_nobody_began_it() -> None:
    assert daemon_of(None, NOW) == Daemon(running=False)


def test_it_runs_while_its_process_lives_and_its_heart_beats() -> None:
    assert daemon_of(holder(os.getpid(), beat_at=NOW - SECOND), NOW).running
    assert daemon_of(holder(1, beat_at=NOW - SECOND), NOW).running, "the process of another user lives as well"


def test_it_runs_before_its_first_heartbeat() -> None:
    assert daemon_of(holder(os.getpid(), since=NOW - SECOND), NOW).running


def test_it_died_when_its_process_is_gone_however_fresh_its_heartbeat(dead: int) -> None:
    found = daemon_of(holder(dead, beat_at=NOW - SECOND), NOW)
    assert (found.running, found.died, found.silent) == (False, True, None)


def test_it_died_when_its_heart_stopped() -> None:
    found = daemon_of(holder(os.getpid(), beat_at=NOW - STALE - SECOND), NOW)
    assert (found.running, found.died, found.silent) == (False, True, os.getpid())


@pytest.mark.parametrize(("age", "runs"), [(SECOND, True), (STALE + SECOND, False)])
def test_of_one_on_another_machine_only_the_heartbeat_tells(dead: int, age: dt.timedelta, runs: bool) -> None:
    assert daemon_of(holder(dead, "elsewhere", beat_at=NOW - age), NOW).running == runs


def test_one_that_was_stopped_did_not_die(dead: int) -> None:
    found = daemon_of(holder(dead, beat_at=NOW - HOUR, ended_at=NOW - HOUR), NOW)
    assert found == Daemon(False, NOW - HOUR, NOW - HOUR, died=False, ended_at=NOW - HOUR)
