"""SIGKILL at every point while the daemon carries out orders: nothing lost, nothing twice, no order carried out again.

Two orders: a pass over one source that sends nothing, and an edition on demand of what it listed. What the other
sources list comes by the passes that follow.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.killpoints.conftest import RECIPIENTS, Driver, Ground, Point, Stage, configured, points_in
from tests.killpoints.test_kill import FUND, LEDGER, MUSEUM, PARK, PLAN, in_the_window, wrong_in_the_ledger
from tests.support.world import World, squeeze

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

NEWS = (FUND, LEDGER, PARK, PLAN)


@dataclass
class Bench:
    """Where the orders are carried out."""

    ground: Ground
    driver: Driver
    _reached: Stage | None = None

    @property
    def world(self) -> World:
        """The feeds and the mail server."""
        return self.ground.world

    def run(self, kill: tuple[str, int] | None) -> tuple[list[Point], list[str]]:
        """Carry out the orders with a kill, then go on: the failpoints up to the kill, and what is wrong."""
        trace, after = self.ground.folder / "trace", self.ground.folder / "after"
        trace.unlink(missing_ok=True)
        reached = self._all_polled()
        with self.ground.database(reached) as url:
            self.world.feed("/one.xml", [LEDGER, FUND, MUSEUM])
            self.world.feed("/three.xml", [PARK, MUSEUM])
            self.world.feed("/two.xml", [PLAN, MUSEUM])
            status = self._child(url, "orders", 5, trace, kill)
            assert os.WIFSIGNALED(status) == (kill is not None)
            points = points_in(trace)
            assert self._child(url, "poll", 6, after) == 0
            wrong = self._wrong_orders(url, killed=kill is not None)
            assert self._child(url, "pass", 1500, after) == 0
            return points, [*wrong, *self._wrong_on_the_wire(points, kill), *wrong_in_the_ledger(url, len(NEWS))]

    def _all_polled(self) -> Stage:
        """Return the state in which all sources have been polled; it is the same for all kills."""
        if self._reached is None:
            for path in ("/one.xml", "/two.xml", "/three.xml"):
                self.world.feed(path, [MUSEUM])
            with self.ground.database() as url:
                assert self._child(url, "poll", 0, self.ground.folder / "before") == 0
                self._reached = self.ground.keep(url)
        return self._reached

    def _child(self, url: str, work: str, minutes: int, trace: Path, kill: tuple[str, int] | None = None) -> int:
        config = configured(self.world, self.ground.folder)
        return self.driver.run(config, url, [minutes], trace, kill=kill, work=work)

    @staticmethod
    def _wrong_orders(url: str, *, killed: bool) -> list[str]:
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        try:
            with engine.connect() as connection:
                states = connection.execute(text("SELECT state FROM work_order ORDER BY id")).scalars().all()
        finally:
            engine.dispose()
        if not killed:
            return [] if states == ["done"] * 2 else [f"the orders ended {states}"]
        wrong = [f"an order is {state}" for state in states if state not in ("done", "lost", "withdrawn")]
        return wrong + (["several were lost"] if states.count("lost") > 1 else [])

    def _wrong_on_the_wire(self, points: list[Point], kill: tuple[str, int] | None) -> list[str]:
        wrong, repeats = [], 0
        for recipient in RECIPIENTS:
            by_id = self.world.mails_by_id(recipient)
            repeats += sum(len(texts) - 1 for texts in by_id.values())
            for row in NEWS:
                times = sum(squeeze(row.title) in squeeze(texts[0]) for texts in by_id.values())
                wrong += [f"{recipient}: {row.title!r} in {times} messages"] if times != 1 else []
        if repeats > (in_the_window(points) if kill else 0):
            wrong.append(f"{repeats} mails were repeated")
        return wrong


@pytest.mark.parametrize("postgres", [False, True], ids=["sqlite", "postgresql"])
def test_a_daemon_that_is_killed_while_it_carries_out_orders_loses_and_repeats_nothing(
    world: World, driver: Driver, tmp_path: Path, postgres: bool
) -> None:
    bench = Bench(Ground(world, tmp_path, postgres), driver)
    points, wrong = bench.run(None)
    assert wrong == []
    names = [point.name for point in points]
    assert {"order.claimed", "order.done", "deliver.bound", "deliver.claimed", "deliver.sent"} <= set(names)
    placed = names.index("order.claimed") - 4  # before the commits of two orders: the start is a matter of `test_kill`
    kills = [(name, names[: index + 1].count(name)) for index, name in enumerate(names) if index >= placed]
    failed = {kill: said for kill in kills if (said := bench.run(kill)[1])}
    assert failed == {}
