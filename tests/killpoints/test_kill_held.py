"""SIGKILL while deliveries are held and let go: who is gone gets nothing, who came or is back gets it once."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.killpoints.conftest import RULE, Driver, Ground, Point, Stage, around, points_in
from tests.killpoints.test_kill import SCHOOL, in_the_window, wrong_in_the_ledger
from tests.support.configuration import feed, sources_toml, write
from tests.support.world import World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

FIRST = ("one@example.org", "two@example.org")
CHANGED = ("two@example.org", "three@example.org")
ALL = ("one@example.org", "two@example.org", "three@example.org")


PASSES = ((0, FIRST), (60, CHANGED), (180, ALL))


@dataclass
class Bench:
    """Where passes are made and killed: nothing can be sent at first, then a recipient is exchanged, and comes back."""

    ground: Ground
    driver: Driver
    killed: int
    """The number of the pass that is killed."""
    _reached: Stage | None = None

    @property
    def world(self) -> World:
        """The feed and the mail server."""
        return self.ground.world

    def run(self, kill: tuple[str, int] | None) -> tuple[list[Point], list[str]]:
        """Make the pass that is killed and go on to the end: its points, and what is wrong."""
        trace = self.ground.folder / "trace"
        trace.unlink(missing_ok=True)
        wrong: list[str] = []
        reached = self._before()
        with self.ground.database(reached) as url:
            for number in range(self.killed, len(PASSES)):
                self._make(url, number, kill if number == self.killed else None, trace)
                if number == 1 and self.world.texts("one@example.org"):
                    wrong.append("who is gone got it")
            assert self._pass(url, (600,), ALL) == 0
            wrong += wrong_in_the_ledger(url, 1)
        points = points_in(trace)
        return points, [*wrong, *self._wrong(in_the_window(points) if kill else 0)]

    def _before(self) -> Stage:
        """Return the state before the pass that is killed; it is the same for all kills."""
        if self._reached is None:
            with self.ground.database() as url:
                for number in range(self.killed):
                    self.world.mail_refusal = "451 later" if number == 0 else None
                    assert self._pass(url, (PASSES[number][0],), PASSES[number][1]) == 0
                self._reached = self.ground.keep(url)
            self.world.mail_refusal = None
        return self._reached

    def _make(self, url: str, number: int, kill: tuple[str, int] | None, trace: Path) -> None:
        """Make a pass. If it is killed, what comes after it finds the same configuration twice."""
        minutes, recipients = PASSES[number]
        status = self._pass(url, (minutes,), recipients, kill, trace if number == self.killed else None)
        assert os.WIFSIGNALED(status) == (kill is not None)
        if kill is not None:
            assert self._pass(url, (minutes + 5, minutes + 30), recipients) == 0

    def _pass(
        self,
        url: str,
        minutes: tuple[int, ...],
        recipients: tuple[str, ...],
        kill: tuple[str, int] | None = None,
        trace: Path | None = None,
    ) -> int:
        text = sources_toml(self.world, feed(self.world, "one.xml"), rules=RULE, recipients=recipients)
        folder = self.ground.folder
        return self.driver.run(write(folder, text), url, minutes, trace or folder / "other", kill=kill)

    def _wrong(self, allowed: int) -> list[str]:
        wrong = [
            f"{recipient} got {len(self.world.mails_by_id(recipient))} messages"
            for recipient in ALL
            if len(self.world.mails_by_id(recipient)) != 1
        ]
        sent = Counter((to, str(mail["Message-ID"])) for to, mail in self.world.mails)
        if (repeats := sum(sent.values()) - len(sent)) > allowed:
            wrong.append(f"{repeats} repeats on the wire, {allowed} allowed")
        return wrong


@pytest.mark.parametrize("killed", [1, 2], ids=["held", "released"])
@pytest.mark.parametrize("postgres", [False, True], ids=["sqlite", "postgresql"])
def test_a_kill_while_deliveries_are_held_or_let_go_loses_nothing_and_repeats_nothing(
    world: World, driver: Driver, tmp_path: Path, postgres: bool, killed: int
) -> None:
    world.feed("/one.xml", [SCHOOL])
    bench = Bench(Ground(world, tmp_path, postgres), driver, killed)
    points, wrong = bench.run(None)
    assert wrong == []
    assert [point.name for point in points].count("deliver.held") == 1
    chosen = around(points, "deliver.held", before=2, after=8)
    assert {name for name, _ in chosen} >= {"store.before_commit", "store.after_commit"}
    notified = {f"{name} {number}": bench.run((name, number))[1] for name, number in chosen}
    assert {point: found for point, found in notified.items() if found} == {}
