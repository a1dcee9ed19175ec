"""SIGKILL while deliveries are held and let go: who is gone gets nothing, who came or is back gets it once."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.killpoints.conftest import RULE, Driver, Point, around, points_in
from tests.killpoints.test_kill import SCHOOL, in_the_window, wrong_in_the_ledger
from tests.support import databases
from tests.support.configuration import feed, sources_toml, write
from tests.support.world import START, World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

FIRST = ("one@example.org", "two@example.org")
CHANGED = ("two@example.org", "three@example.org")
ALL = ("one@example.org", "two@example.org", "three@example.org")


@dataclass
class Bench:
    """Where passes are made and killed: nothing can be sent at first, then a recipient is exchanged, and comes back."""

    world: World
    driver: Driver
    folder: Path
    postgres: bool

    def run(self, kill: tuple[str, int] | None, killed: int = 1) -> tuple[list[Point], list[str]]:
        """Make three passes, be killed at a point of one, then go on to the end: its points, and what is wrong."""
        self.world.mails.clear()
        trace = self.folder / "trace"
        trace.unlink(missing_ok=True)
        url = databases.create_ready() if self.postgres else self._fresh_file()
        wrong: list[str] = []
        try:
            for number, (minutes, recipients) in enumerate(((0, FIRST), (60, CHANGED), (180, ALL))):
                self.world.mail_refusal = "451 later" if number == 0 else None
                here = kill if number == killed else None
                status = self._pass(url, minutes, recipients, here, trace if number == killed else None)
                assert os.WIFSIGNALED(status) == (here is not None)
                if here is not None:
                    assert self._pass(url, minutes + 5, recipients) == 0
                    assert self._pass(url, minutes + 30, recipients) == 0
                if number == 1 and self.world.texts("one@example.org"):
                    wrong.append("who is gone got it")
            assert self._pass(url, 600, ALL) == 0
            wrong += wrong_in_the_ledger(url, 1)
        finally:
            if self.postgres:
                databases.drop(url)
        points = points_in(trace)
        return points, [*wrong, *self._wrong(in_the_window(points) if kill else 0)]

    def _fresh_file(self) -> str:
        for path in self.folder.glob("monitor.db*"):
            path.unlink()
        return databases.put_ready_file(self.folder / "monitor.db")

    def _pass(
        self,
        url: str,
        minutes: int,
        recipients: tuple[str, ...],
        kill: tuple[str, int] | None = None,
        trace: Path | None = None,
    ) -> int:
        text = sources_toml(self.world, feed(self.world, "one.xml"), rules=RULE, recipients=recipients)
        return self.driver.run(
            {
                "config": str(write(self.folder, text)),
                "environ": {"MONITOR_DATABASE_URL": url},
                "nows": [(START + timedelta(minutes=minutes)).isoformat()],
                "kill": kill,
                "mutant": None,
                "trace": str(trace or self.folder / "other"),
            }
        )

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
    bench = Bench(world, driver, tmp_path, postgres)
    points, wrong = bench.run(None, killed)
    assert wrong == []
    assert [point.name for point in points].count("deliver.held") == 1
    chosen = around(points, "deliver.held", before=2, after=8)
    assert {name for name, _ in chosen} >= {"store.before_commit", "store.after_commit"}
    notified = {f"{name} {number}": bench.run((name, number), killed)[1] for name, number in chosen}
    assert {point: found for point, found in notified.items() if found} == {}
