"""What a daemon does whose database fails, or whose file is taken away."""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from monitor import log
from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.daemon import Daemon
from monitor.errors import DatabaseFailed
from monitor.executor import InlineExecutor
from monitor.sandbox import InlineReaders
from monitor.store import Store
from tests.scenario.simulated import SimulatedClock, SimulatedTicker
from tests.support.configuration import Configure
from tests.support.world import START, Row, World

FUND = Row("City opens a Web3 fund", "/a/1", "For three years.", age=30)
MINUTE = dt.timedelta(minutes=1)
Logged = Callable[[], list[dict[str, object]]]
Event = tuple[dt.datetime, Callable[[], object]]


@pytest.fixture
def logged() -> Logged:
    """Return what the program has logged so far, line by line."""
    stream = io.StringIO()
    log.configure("info", "json", stream=stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.fixture
def config(world: World, configure: Configure) -> Config:
    world.feed("/one.xml", [FUND])
    return configure("one.xml", replace=("[fetch]", '[fetch]\nmin_every = "1m"\nmax_every = "1m"'))


def run(config: Config, *events: Event, minutes: float) -> int:
    clock = SimulatedClock(START)
    with open_program(
        config, clock, command="monitor run", readers=InlineReaders(), executor=InlineExecutor()
    ) as program:
        ticker = SimulatedTicker(clock, START + minutes * MINUTE, program.stop.set, events, stride=1)
        return Daemon(program, ticker=ticker, sends=InlineExecutor()).run()


@pytest.mark.slow
def test_a_database_that_cannot_be_read_is_one_line_a_minute_and_the_daemon_goes_on(
    world: World, config: Config, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(store: Store) -> None:
        raise DatabaseFailed(f"{store.shown_url}: the server cannot be used (connection refused); check that it runs")

    def fail() -> None:
        world.hits.clear()
        for part in ("_reading", "_transaction"):
            monkeypatch.setattr(Store, part, refuse)

    def recover() -> None:
        assert world.hits == []
        monkeypatch.undo()

    assert run(config, (START + 2 * MINUTE, fail), (START + 12 * MINUTE, recover), minutes=15) == 0
    lines = [line for line in logged() if line["level"] == "error"]
    assert [line["event"] for line in lines] == ["database"] * 10
    assert "connection refused" in str(lines[0]["reason"])
    assert world.hits


def path_of(config: Config) -> Path:
    return Path(config.database_url.reveal().removeprefix("sqlite:///"))


def remove(path: Path) -> None:
    path.unlink()


def replace(path: Path) -> None:
    """Put a copy in the place of the file, as a restore by hand does."""
    shutil.copy(path, path.with_name("copy"))
    path.with_name("copy").rename(path)


@pytest.mark.slow
@pytest.mark.parametrize(("take", "said"), [(remove, "it was deleted"), (replace, "it was replaced")])
def test_a_database_file_that_is_taken_away_ends_the_daemon_with_one_message(
    config: Config, logged: Logged, take: Callable[[Path], None], said: str
) -> None:
    assert run(config, (START + 2 * MINUTE, lambda: take(path_of(config))), minutes=15) == 1
    lines = [line for line in logged() if line["level"] in ("warning", "error")]
    assert [line["event"] for line in lines] == ["lost"]
    assert said in str(lines[0]["reason"])
    assert path_of(config).exists() == (take is replace)  # it is not created again: an empty one looks like a new one


def test_a_file_that_is_not_held_may_be_replaced(config: Config) -> None:
    with open_program(config, FixedClock(START), command="test", readers=InlineReaders()) as program:
        store = program.store
        store.check_file()
    replace(path_of(config))
    with closing(store):
        store.check_file()
