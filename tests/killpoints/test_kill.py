"""SIGKILL at every failpoint and every commit: nothing lost, nothing twice.

The scenario: three feeds (with a copy among them), two channels, three recipients; a first pass, then new items at two
of the feeds and a second pass. It is run once to learn every point that it comes to, then once for each of them with a
kill there, and then to its end. A kill in the second pass begins with a copy of what a first pass left. A repeat on the
wire is allowed only where the kill fell between the last byte and our commit; it carries the same Message-ID.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.killpoints.conftest import RECIPIENTS, Driver, Ground, Point, Stage, configured, points_in
from tests.support.world import Row, World, squeeze

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

BODY = (
    "The programme runs for three years and names the agencies in charge of each of its parts. Applications open soon."
)
FUND = Row("Harbour district opens a Web3 fund", "/a/1?utm_source=one", BODY)
COPY = Row("Harbour district opens a Web3 fund", "/a/1?utm_source=two", BODY, guid="copy")
SCHOOL = Row("City plans metaverse classrooms", "/a/2", "Schools will test them.")
MUSEUM = Row("Museum extends opening hours", "/a/3", "Nothing to see here.")
PLAN = Row("两江新区发布元宇宙行动计划", "/a/4", "三年内建设五个应用场景。")
LEDGER = Row("Ministry lists blockchain pilots", "/a/5", "Twelve cities take part.")
PARK = Row("第三代互联网产业园开园", "/a/6", "首批企业入驻。")

FIRST = (FUND, SCHOOL, PLAN)
SECOND = (LEDGER, PARK)
PARTS = 4
"""Tests that share the points, so that several processes can."""
TRIES = 5
MISSED = 2
"""Of the points of a part: those of transactions that a run needs only when each takes one result."""


class NotReached(Exception):
    """The run ended without coming to the point: how many results a transaction takes is a matter of time."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What there is after a first pass that nothing killed: a second one can begin with it any number of times."""

    stage: Stage
    trace: bytes


@dataclass
class Bench:
    """Where the scenario runs."""

    ground: Ground
    driver: Driver
    reached: dict[str | None, Reached] = field(default_factory=dict)
    """For each mutant."""

    @property
    def world(self) -> World:
        """The feeds and receivers."""
        return self.ground.world

    @property
    def trace(self) -> Path:
        """Where the points up to the kill are written."""
        return self.ground.folder / "trace"

    def run(self, kill: tuple[str, int] | None, mutant: str | None = None) -> tuple[list[Point], list[str]]:
        """Run the scenario with a kill, then to its end; return the failpoints up to the kill, and what is wrong.

        Raises NotReached when this run did not come to the point.
        """
        reached: Reached | None = self._first_pass(mutant)
        if kill is not None and reached is not None and kill[1] <= times_in(kill[0], reached.trace):
            reached = None
        self.trace.write_bytes(reached.trace if reached else b"")
        with self.ground.database(reached.stage if reached else None) as url:
            status = 0
            if reached is None:
                self._first_state()
                status = self._pass(url, [0], self.trace, kill, mutant)
            in_first = os.WIFSIGNALED(status)
            if not in_first:
                self._second_state()
                rest = kill and (kill[0], kill[1] - times_in(kill[0], self.trace.read_bytes()))
                status = self._pass(url, [60], self.trace, rest, mutant)
            points = points_in(self.trace)
            if kill is not None and status == 0:
                raise NotReached(kill)
            assert os.WIFSIGNALED(status) == (kill is not None), f"{kill}: the child ended with {status}"
            self._restart(url, mutant, in_first=in_first)
            return points, [*self._wrong_on_the_wire(kill, points), *wrong_in_the_ledger(url)]

    def _restart(self, url: str, mutant: str | None, *, in_first: bool) -> None:
        """Go on after a kill: first with the same world, then with what came since, after the time of every retry."""
        after = self.ground.folder / "after"
        if in_first:
            self._pass(url, [90], after, None, mutant)
            self._second_state()
            self._pass(url, [1500], after, None, mutant)
        else:
            self._pass(url, [90, 1500], after, None, mutant)

    def _first_pass(self, mutant: str | None) -> Reached:
        """Make the first pass to its end; once."""
        if mutant not in self.reached:
            self.trace.write_bytes(b"")
            self._first_state()
            with self.ground.database() as url:
                assert self._pass(url, [0], self.trace, None, mutant) == 0
                self.reached[mutant] = Reached(self.ground.keep(url), self.trace.read_bytes())
        return self.reached[mutant]

    def _pass(self, url: str, minutes: list[int], trace: Path, kill: tuple[str, int] | None, mutant: str | None) -> int:
        config = configured(self.world, self.ground.folder)
        return self.driver.run(config, url, minutes, trace, kill=kill, mutant=mutant)

    def _first_state(self) -> None:
        self.world.feed("/one.xml", [FUND, MUSEUM])
        self.world.feed("/two.xml", [COPY, SCHOOL])
        self.world.feed("/three.xml", [PLAN])

    def _second_state(self) -> None:
        self.world.feed("/one.xml", [LEDGER, FUND, MUSEUM])
        self.world.feed("/three.xml", [PARK, PLAN])

    def _wrong_on_the_wire(self, kill: tuple[str, int] | None, points: list[Point]) -> list[str]:
        wrong = []
        for recipient in RECIPIENTS:
            by_id = self.world.mails_by_id(recipient)
            wrong += [f"{recipient}: {said}" for said in counted([texts[0] for texts in by_id.values()])]
            wrong += [f"{recipient}: one id, several texts" for texts in by_id.values() if len(set(texts)) > 1]
        posts = [json.dumps(post, sort_keys=True, ensure_ascii=False) for post in self.world.posts]
        wrong += [f"hook: {said}" for said in counted(sorted(set(posts)))]
        sent = [(to, str(mail["Message-ID"])) for to, mail in self.world.mails] + [("hook", post) for post in posts]
        repeats = sum(Counter(sent).values()) - len(set(sent))
        allowed = in_the_window(points) if kill is not None else 0
        if repeats > allowed:
            wrong.append(f"{repeats} repeats on the wire, {allowed} allowed")
        return wrong


def times_in(name: str, trace: bytes) -> int:
    """Return how often a failpoint was come to."""
    return sum(line.split()[0] == name.encode() for line in trace.splitlines())


def in_the_window(points: list[Point]) -> int:
    """Return how many messages may have been between their last byte and the commit that marks them at the kill.

    In the thread that was killed at a point, that is known; in another one that had claimed its delivery, the message
    may have been anywhere on its way.
    """
    by_thread: dict[str, list[str]] = {}
    for point in points:
        by_thread.setdefault(point.thread, []).append(point.name)
    killed = points[-1].thread
    return sum(
        names[-1] == "deliver.sent"
        or names[-2:] == ["deliver.sent", "store.before_commit"]
        or (thread != killed and names[-1] == "deliver.claimed")
        for thread, names in by_thread.items()
    )


def counted(messages: list[str]) -> list[str]:
    """Return which stories are not in exactly one of the messages."""
    wrong = []
    for row in (*FIRST, *SECOND):
        times = sum(squeeze(message).count(squeeze(row.title)) > 0 for message in messages)
        if times != 1:
            wrong.append(f"{row.title!r} in {times} messages")
    if any(squeeze(MUSEUM.title) in squeeze(message) for message in messages):
        wrong.append("something that no rule asked for")
    return wrong


def wrong_in_the_ledger(url: str, expected: int = len(FIRST) + len(SECOND)) -> list[str]:
    """Return what the database says against the promise."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        with engine.connect() as connection:
            states = connection.execute(text("SELECT state, count(*) FROM delivery GROUP BY state")).all()
            sent_twice = connection.execute(
                text("SELECT delivery_id FROM attempt WHERE outcome = 'sent' GROUP BY delivery_id HAVING count(*) > 1")
            ).all()
            unsent = connection.execute(
                text("SELECT id FROM delivery WHERE id NOT IN (SELECT delivery_id FROM attempt WHERE outcome = 'sent')")
            ).all()
            stories = connection.execute(text("SELECT count(*) FROM edition_item")).scalar_one()
    finally:
        engine.dispose()
    wrong = [f"{count} deliveries are {state}" for state, count in states if state != "sent"]
    wrong += [f"delivery {row[0]} was sent twice" for row in sent_twice]
    wrong += [f"delivery {row[0]} has no attempt that sent it" for row in unsent]
    if stories != expected:
        wrong.append(f"{stories} stories are bound")
    return wrong


@pytest.fixture(params=["sqlite", "postgresql"])
def bench(request: pytest.FixtureRequest, world: World, driver: Driver, tmp_path: Path) -> Bench:
    return Bench(Ground(world, tmp_path, request.param == "postgresql"), driver)


def every_point(bench: Bench, mutant: str | None = None) -> list[tuple[str, int]]:
    """Return every (failpoint, occurrence) of the scenario, which without a kill must be without fault."""
    points, wrong = bench.run(None, mutant)
    assert wrong == []
    return [
        (name, number)
        for name, count in sorted(Counter(point.name for point in points).items())
        for number in range(1, count + 1)
    ]


def killed_at(bench: Bench, point: tuple[str, int], mutant: str | None = None) -> list[str] | None:
    """Return what is wrong after a kill at this point; None: several runs did not come to it."""
    for _ in range(TRIES):
        with suppress(NotReached):
            return bench.run(point, mutant)[1]
    return None


@pytest.mark.parametrize("part", range(PARTS))
def test_a_kill_at_any_point_loses_nothing_and_repeats_nothing(bench: Bench, part: int) -> None:
    points = every_point(bench)
    names = {name for name, _ in points}
    assert names >= {"collect.fetched", "collect.read", "collect.matched", "collect.recorded", "deliver.bound"}
    assert names >= {"deliver.claimed", "deliver.sent", "store.before_commit", "store.after_commit"}
    wrong = {f"{name} {number}": killed_at(bench, (name, number)) for name, number in points[part::PARTS]}
    assert {point: said for point, said in wrong.items() if said} == {}
    missed = [point for point, said in wrong.items() if said is None]
    assert len(missed) <= MISSED, missed


@pytest.mark.parametrize(
    ("mutant", "kill_at"),
    [
        ("commit before send", "deliver.sent"),
        ("validators early", "mutant.early"),
        ("random message id", "deliver.sent"),
    ],
)
def test_a_program_that_breaks_the_promise_is_caught(bench: Bench, mutant: str, kill_at: str) -> None:
    points = [point for point in every_point(bench, mutant) if point[0] == kill_at]
    assert any(killed_at(bench, point, mutant) for point in points)
