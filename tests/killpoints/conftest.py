"""The process whose children are killed, and the three feeds that they poll."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.support import databases
from tests.support.configuration import feed, sources_toml, write
from tests.support.waiting import SOON
from tests.support.world import START, Row, World

RECIPIENTS = ("one@example.org", "two@example.org")
SCHOOLS = Row("City plans metaverse classrooms", "/w/1", "Schools will test them.")
PLAN = Row("两江新区发布元宇宙行动计划", "/w/2", "三年内建设五个应用场景。")
RULE = """
[[rule]]
name = "themes"
match = 'Web3 OR metaverse OR 元宇宙 OR blockchain OR 第三代互联网'
"""


def configured(world: World, folder: Path, rule: str = RULE) -> Path:
    """Write a configuration with three feeds, this rule and three recipients."""
    sources = "".join(feed(world, f"{name}.xml") for name in ("one", "two", "three"))
    return write(folder, sources_toml(world, sources, rules=rule, recipients=RECIPIENTS))


@dataclass(frozen=True, slots=True)
class Point:
    """A failpoint that was come to, and in which thread."""

    name: str
    thread: str


def around(points: Sequence[Point], name: str, *, before: int, after: int) -> list[tuple[str, int]]:
    """Return the points around each point of this name, in order: their names, and how many of that name went before.

    A point counts itself, so that the first one of a name is number 1.
    """
    seen: Counter[str] = Counter()
    numbered = []
    for point in points:
        seen[point.name] += 1
        numbered.append((point.name, seen[point.name]))
    wanted = {at + step for at, point in enumerate(points) if point.name == name for step in range(-before, after)}
    return [numbered[at] for at in sorted(wanted) if 0 <= at < len(points)]


def points_in(trace: Path) -> list[Point]:
    """Return the failpoints that a child came to."""
    return [Point(*line.split()) for line in trace.read_text().splitlines()]


@dataclass(frozen=True, slots=True)
class Stage:
    """A state from which runs can begin any number of times: a copy of a database, and what had been sent."""

    database: str
    """The file of SQLite, or the name on the server."""
    mails: tuple[tuple[str, EmailMessage], ...]
    posts: tuple[Any, ...]


@dataclass
class Ground:
    """Gives each run its database, so that what comes before a kill need not be repeated for each kill."""

    world: World
    folder: Path
    postgres: bool
    _stages: int = 0

    @contextmanager
    def database(self, stage: Stage | None = None) -> Iterator[str]:
        """Yield the address of a fresh database, or of a copy of a stage's. The world forgets what was sent since."""
        self.world.mails[:] = stage.mails if stage else ()
        self.world.posts[:] = stage.posts if stage else ()
        if not self.postgres:
            for path in self.folder.glob("monitor.db*"):
                path.unlink()
            address = databases.put_ready_file(self.folder / "monitor.db")
            if stage is not None:
                shutil.copy(stage.database, self.folder / "monitor.db")
            yield address
            return
        address = databases.create(stage.database) if stage else databases.create_ready()
        try:
            yield address
        finally:
            databases.drop(address)

    def keep(self, url: str) -> Stage:
        """Return the present state as a stage. Nothing may be using the database at `url`."""
        if self.postgres:
            database = databases.name_of(databases.create(databases.name_of(url)))
        else:
            self._stages += 1
            database = str(shutil.copy(self.folder / "monitor.db", self.folder / f"stage{self._stages}.db"))
        return Stage(database, tuple(self.world.mails), tuple(self.world.posts))


class Driver:
    """The process that forks the children."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.killpoints.driver"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.is_warm = False

    def warm_up(self, config: Path, url: str, minutes: int) -> None:
        """Make a pass in the process itself, so that its children find everything imported and compiled."""
        now = (START + timedelta(minutes=minutes)).isoformat()
        order = {"config": str(config), "environ": {"MONITOR_DATABASE_URL": url}, "nows": [now]}
        assert self._answer({**order, "fork": False}) == 0

    def run(
        self,
        config: Path,
        url: str,
        minutes: Sequence[int],
        trace: Path,
        *,
        kill: tuple[str, int] | None = None,
        mutant: str | None = None,
        work: str = "pass",
    ) -> int:
        """Do the work at each of these minutes after `START` in a child; its wait status."""
        return self._answer(
            {
                "fork": True,
                "config": str(config),
                "environ": {"MONITOR_DATABASE_URL": url},
                "nows": [(START + timedelta(minutes=at)).isoformat() for at in minutes],
                "kill": kill,
                "mutant": mutant,
                "trace": str(trace),
                "work": work,
            }
        )

    def _answer(self, order: dict[str, Any]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(json.loads(self._process.stdout.readline())["status"])

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(SOON)
        self._process.stdout.close()


@pytest.fixture(scope="session")
def process() -> Iterator[Driver]:
    """Yield the process, as it starts."""
    driver = Driver()
    yield driver
    driver.close()


@pytest.fixture
def driver(process: Driver, world: World, tmp_path: Path) -> Driver:
    """Return the process after passes with both kinds of databases; of these the world keeps nothing."""
    if not process.is_warm:
        pages = dict(world.pages)
        address = databases.create_ready()
        for url in (databases.put_ready_file(tmp_path / "warm.db"), address):
            _warm_up(process, world, configured(world, tmp_path), url)
        databases.drop(address)
        world.pages = pages
        world.mails.clear()
        world.posts.clear()
        process.is_warm = True
    return process


def _warm_up(process: Driver, world: World, config: Path, url: str) -> None:
    for minutes, row in ((0, SCHOOLS), (60, PLAN)):
        for name in ("one", "two", "three"):
            world.feed(f"/{name}.xml", [row])
        process.warm_up(config, url, minutes)
