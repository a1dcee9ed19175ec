"""SIGKILL around messages to the operator: each problem and its end is notified, and none of them twice."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.killpoints.conftest import RECIPIENTS, RULE, Driver, Point, around, configured, points_in
from tests.killpoints.test_kill import FUND, PLAN, SCHOOL, in_the_window, wrong_in_the_ledger
from tests.support import databases
from tests.support.world import START, World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

OPERATOR = f'{RULE}\n[operator]\nto = ["mail"]\n'

BEFORE, AFTER = 2, 9
"""Points before and after the one at which a message is queued: its commit, its claims, what was sent of it."""


@dataclass
class Bench:
    """Where passes are made and killed: a feed cannot be read at first, then it can."""

    world: World
    driver: Driver
    folder: Path
    postgres: bool

    def run(self, kill: tuple[str, int] | None) -> tuple[list[Point], list[str]]:
        """Make the two passes, be killed at a point, then go on to the end: the points, and what is wrong."""
        self.world.mails.clear()
        trace = self.folder / "trace"
        trace.unlink(missing_ok=True)
        url = databases.create_ready() if self.postgres else self._fresh_file()
        try:
            self._broken()
            killed = os.WIFSIGNALED(self._pass(url, 0, kill, trace))
            if killed:  # what a restart finds is the same world
                assert self._pass(url, 75, None, self.folder / "after") == 0
            else:
                self._repaired()
                rest = kill and (kill[0], kill[1] - sum(point.name == kill[0] for point in points_in(trace)))
                killed = os.WIFSIGNALED(self._pass(url, 70, rest, trace))
            points = points_in(trace)
            assert killed == (kill is not None)
            self._repaired()
            for minutes in (150, 230, 400):
                assert self._pass(url, minutes, None, self.folder / "after") == 0
            wrong = wrong_in_the_ledger(url, 3)
        finally:
            if self.postgres:
                databases.drop(url)
        return points, [*self._wrong(in_the_window(points) if kill else 0), *wrong]

    def _broken(self) -> None:
        self.world.feed("/one.xml", [FUND])
        self.world.feed("/two.xml", [SCHOOL])
        self.world.pages.pop("/three.xml", None)

    def _repaired(self) -> None:
        self.world.feed("/three.xml", [PLAN])

    def _fresh_file(self) -> str:
        for path in self.folder.glob("monitor.db*"):
            path.unlink()
        return databases.put_ready_file(self.folder / "monitor.db")

    def _pass(self, url: str, minutes: int, kill: tuple[str, int] | None, trace: Path) -> int:
        return self.driver.run(
            {
                "config": str(configured(self.world, self.folder, OPERATOR)),
                "environ": {"MONITOR_DATABASE_URL": url},
                "nows": [(START + timedelta(minutes=minutes)).isoformat()],
                "kill": kill,
                "mutant": None,
                "trace": str(trace),
            }
        )

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
    bench = Bench(world, driver, tmp_path, postgres)
    points, wrong = bench.run(None)
    assert wrong == []
    assert sum(point.name == "operator.notified" for point in points) == 2
    chosen = around(points, "operator.notified", before=BEFORE, after=AFTER)
    assert {name for name, _ in chosen} >= {"store.before_commit", "store.after_commit", "deliver.claimed"}
    notified = {f"{name} {number}": bench.run((name, number))[1] for name, number in chosen}
    assert {point: found for point, found in notified.items() if found} == {}
