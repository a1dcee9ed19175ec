"""SIGKILL at every commit while a rule that is new looks through the archive: all of it comes, once.

Up to the first poll, and as the edition is bound; other points are a matter of `test_kill`.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.killpoints.conftest import RULE, Driver, Ground, Stage, configured, points_in
from tests.killpoints.test_kill import LEDGER, PARK, SCHOOL
from tests.support.world import World, squeeze

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

BEFORE = RULE.replace("Web3 OR metaverse OR 元宇宙 OR blockchain OR 第三代互联网", "metaverse")
AFTER = RULE.replace(" OR 第三代互联网'", ' OR 第三代互联网\'\nbackfill = "7d"')
ARCHIVED = (LEDGER, PARK)
DAY = 24 * 60


@pytest.fixture
def world(world: World) -> World:
    """Return a world with articles of which one matches before the rule is changed."""
    world.feed("/one.xml", [SCHOOL, LEDGER])
    world.feed("/two.xml", [LEDGER])
    world.feed("/three.xml", [PARK])
    return world


@dataclass
class Bench:
    """Where passes are made and killed."""

    ground: Ground
    driver: Driver
    _reached: Stage | None = None

    @property
    def world(self) -> World:
        """The feeds and the mail server."""
        return self.ground.world

    def run(self, kill: tuple[str, int] | None) -> tuple[list[str], list[str]]:
        """Read everything, change the rule, and be killed at a point; then go on: the points, and what is wrong."""
        trace = self.ground.folder / "trace"
        trace.unlink(missing_ok=True)
        reached = self._all_read()
        with self.ground.database(reached) as url:
            status = self._pass(url, AFTER, DAY, trace, kill)
            assert os.WIFSIGNALED(status) == (kill is not None)
            assert self._pass(url, AFTER, 2 * DAY, self.ground.folder / "after") == 0
        return [point.name for point in points_in(trace)], self._wrong()

    def _all_read(self) -> Stage:
        """Return the state in which everything has been read; it is the same for all kills."""
        if self._reached is None:
            with self.ground.database() as url:
                assert self._pass(url, BEFORE, 0, self.ground.folder / "before") == 0
                self._reached = self.ground.keep(url)
        return self._reached

    def _pass(self, url: str, rule: str, minutes: int, trace: Path, kill: tuple[str, int] | None = None) -> int:
        config = configured(self.world, self.ground.folder, rule)
        return self.driver.run(config, url, [minutes], trace, kill=kill)

    def _wrong(self) -> list[str]:
        by_id = self.world.mails_by_id("one@example.org")
        texts = [squeeze(said[0]) for said in by_id.values()]
        wrong = [
            f"{row.title!r} in {sum(squeeze(row.title) in text for text in texts)} mails"
            for row in (*ARCHIVED, SCHOOL)
            if sum(squeeze(row.title) in text for text in texts) != 1
        ]
        if len(texts) != 2:
            wrong.append(f"{len(texts)} editions: what the archive gives is one")
        if any(len(said) > 1 for said in by_id.values()):
            wrong.append("a repeat on the wire")
        return wrong


@pytest.mark.parametrize("postgres", [False, True], ids=["sqlite", "postgresql"])
def test_a_kill_at_any_point_of_a_backfill_loses_nothing_and_repeats_nothing(
    world: World, driver: Driver, tmp_path: Path, postgres: bool
) -> None:
    bench = Bench(Ground(world, tmp_path, postgres), driver)
    points, wrong = bench.run(None)
    assert wrong == []
    counted = Counter(points[: points.index("collect.fetched")])
    assert counted["store.after_commit"] >= 4, "the holder, the rules, each step of the look"
    every = [(name, number) for name, count in counted.items() for number in range(1, count + 1)]
    every.append(("deliver.bound", 1))
    said = {f"{name} {number}": bench.run((name, number))[1] for name, number in every}
    assert {point: found for point, found in said.items() if found} == {}
