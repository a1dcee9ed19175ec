"""A test that runs a program on the real clock is found out, so that its dates are tried on another day."""

from __future__ import annotations

import subprocess
import sys

import pytest

from monitor.app.wiring import open_program
from monitor.clock import FixedClock, SystemClock
from monitor.sandbox import InlineReaders
from tests.support.configuration import Configure
from tests.support.programs import runs_on_the_real_clock
from tests.support.world import START

PYTHON = [sys.executable, "-m", "monitor"]


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ([*PYTHON, "run", "--config", "sources.toml"], True),
        ([*PYTHON, "once"], True),
        (["/home/me/.venv/bin/monitor", "once", "--json"], True),
        ([b"monitor", b"run"], True),
        ([*PYTHON, "once", "--now", "2026-11-21T08:00+08:00"], False),
        ([*PYTHON, "status", "--json"], False),
        ([*PYTHON, "demo"], False),
        ([sys.executable, "-c", "print('monitor run')"], False),
        (["just", "run", "once"], False),
    ],
)
def test_it_is_the_program_and_no_moment_is_given(command: list[str], found: bool) -> None:
    assert runs_on_the_real_clock(command) is found


def test_a_child_process_is_noticed(started_programs: list[str]) -> None:
    subprocess.run([sys.executable, "-c", "pass", "-m", "monitor", "run"], check=True)
    assert len(started_programs) == 1
    started_programs.clear()


def test_a_program_in_this_process_is_noticed(configure: Configure, started_programs: list[str]) -> None:
    for clock, noticed in ((FixedClock(START), 0), (SystemClock(), 1)):
        with open_program(configure("one.xml"), clock, command="test", readers=InlineReaders()):
            assert len(started_programs) == noticed
    started_programs.clear()
