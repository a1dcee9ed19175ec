"""The command line in this process: arguments in, exit status and output out."""

from __future__ import annotations

import datetime as dt
import sys
import time
from pathlib import Path

import pytest

from monitor.cli import main
from monitor.clock import SystemClock
from tests.support import configuration
from tests.support.commands import Ended, Monitor
from tests.support.configuration import Write, feed, sources_toml
from tests.support.world import World

BEGUN = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
"""When the commands of these tests run: the day of the world's feeds, hours after their last item."""

RULES = """
[[rule]]
name = "themes"
match = 'metaverse OR blockchain'
must_match = ["Metaverse plan"]
[[rule]]
name = "satellites"
match = 'tag:press AND satellite'
"""


@pytest.fixture
def monitor(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kept_readers: None
) -> Monitor:
    """`monitor("check", "--json")` runs the command in an empty folder with no settings in the environment.

    Its machine's clock begins at `BEGUN`: what a command prints does not depend on the day on which the test runs.
    """
    started = time.monotonic()
    monkeypatch.setattr(SystemClock, "now", lambda _: BEGUN + dt.timedelta(seconds=time.monotonic() - started))
    monkeypatch.chdir(tmp_path)
    for name in ("MONITOR_CONFIG", "MONITOR_DATABASE_URL", "MONITOR_LOG"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["monitor", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Ended(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def write(world: World, tmp_path: Path) -> Write:
    """`write(at="now")` writes a sources.toml for the world into the folder."""

    def make(*, at: str = "now", replace: tuple[str, str] = ("", "")) -> Path:
        one = feed(world, "one.xml", 'tags = ["press"]\n').replace('name = "one.xml"', 'name = "one"')
        text = sources_toml(world, one, rules=RULES, asked="*", at=at)
        return configuration.write(tmp_path, text, replace)

    return make
