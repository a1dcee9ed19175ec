"""SIGKILL around messages to the operator: each problem and its end is notified, and none of them twice."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.killpoints.conftest import RECIPIENTS, RULE, Driver, Ground, Point, Stage, around, configured, points_in
from tests.killpoints.test_kill import FUND, PLAN, SCHOOL, in_the_window, times_in, wrong_in_the_ledger
from tests.support.world import World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

OPERATOR = f'{RULE}\n[operator]\nto = ["mail"]\n'

BEFORE, AFTER = 2, 9
"""Points before and after the one at which a message is queued: its commit, its claims, what was sent of it."""


@dataclass
class Bench:
    """Where passes are made and killed: a feed cannot be read at first, then it can."""

    ground: Ground
    driver: Driver
    _reached: tuple[Stage, bytes] | None = None

    @property
    def world(self) -> World:
        """The feeds and the mail server."""
        return self.ground.world

    @property
    def trace(self) -> Path:
        """Where the points up to the kill are written."""
        return self.ground.folder / "trace"

    def run(self, kill: tuple[str, int] | None) -> tuple[list[Point], list[str]]:
        """Make the two passes, be killed at a point, then go on to the end: the points, and what is wrong."""
        stage, before = self._first_pass()
        times = times_in(kill[0], before) if kill else 0
        in_first = kill is not None and kill[1] <= times
        self.trace.write_bytes(b"" if in_first else before)
        with self.ground.database(None if in_first else stage) as url:
            if in_first:
                self._broken()
                killed = os.WIFSIGNALED(self._pass(url, (0,), self.trace, kill))
                assert self._pass(url, (75,)) == 0  # what a restart finds is the same world
                self._repaired()
            else:
                self._repaired()
                rest = kill and (kill[0], kill[1] - times)
                killed = os.WIFSIGNALED(self._pass(url, (70,), self.trace, rest))
            points = points_in(self.trace)
            assert killed == (kill is not None)
            assert self._pass(url, (150, 230, 400)) == 0
            wrong = wrong_in_the_ledger(url, 3)
        return points, [*self._wrong(in_the_window(points) if kill else 0), *wrong]

    def _first_pass(self) -> tuple[Stage, bytes]:
        """Return the state after the first pass, and its points; both are the same for all kills in the second."""
        if self._reached is None:
            self.trace.write_bytes(b"")
            self._broken()
            with self.ground.database() as url:
                assert self._pass(url, (0,), self.trace) == 0
                self._reached = self.ground.keep(url), self.trace.read_bytes()
        return self._reached

    def _broken(self) -> None:
        self.world.feed("/one.xml", [FUND])
        self.world.feed("/two.xml", [SCHOOL])
        self.world.pages.pop("/three.xml", None)

    def _repaired(self) -> None:
        self.world.feed("/three.xml", [PLAN])

    def _pass(
        self, url: str, minutes: tuple[int, ...], trace: Path | None = None, kill: tuple[str, int] | None = None
    ) -> int:
        config = configured(self.world, self.ground.folder, OPERATOR)
        return self.driver.run(config, url, minutes, trace or self.ground.folder / "after", kill=kill)

    def _wrong(self, allowed: int) -> list[str]:
        wrong = []
        for recipient in RECIPIENTS:
            by_id = self.world.mails_by_id(recipient)
            texts = [found[0] for found in by_id.values() if "monitor status" in found[0]]
            times = {heading: sum(heading in text for text in texts) for heading in ("New problems", "Resolved")}
            wrong += [f"{recipient}: {heading} in {count} messages" for heading, count in times.items() if count != 1]
            wrong += [f"{recipient}: one id, several texts" for found in by_id.values() if len(set(found)) > 1]
        sent = Counter((to, str(mail["Message-ID"])) for to, mail in self.world.mails)
        if (repeats := sum(sent.values()) - len(sent)) > allowed:
            wrong.append(f"{repeats} repeats on the wire, {allowed} allowed")
        return wrong


@pytest.mark.parametrize("postgres", [False, True], ids=["sqlite", "postgresql"])
def test_a_kill_around_a_message_to_the_operator_loses_nothing_and_repeats_nothing(
    world: World, driver: Driver, tmp_path: Path, postgres: bool
) -> None:
    bench = Bench(Ground(world, tmp_path, postgres), driver)
    points, wrong = bench.run(None)
    assert wrong == []
    assert sum(point.name == "operator.notified" for point in points) == 2
    chosen = around(points, "operator.notified", before=BEFORE, after=AFTER)
    assert {name for name, _ in chosen} >= {"store.before_commit", "store.after_commit", "deliver.claimed"}
    notified = {f"{name} {number}": bench.run((name, number))[1] for name, number in chosen}
    assert {point: found for point, found in notified.items() if found} == {}
