"""Orders of commands, carried out by the process that holds the database: the same work, the same answers, once."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from monitor import failpoint
from monitor.app.orders import CLAIM_SECONDS, order_digest, order_pass
from monitor.app.passes import PassReport, make_pass
from monitor.app.program import Program
from monitor.app.wiring import open_program
from monitor.clock import SystemClock
from monitor.config import Config
from monitor.daemon.orders import Orders
from monitor.deliver import EditionBuilder, StoredEdition
from monitor.digest import Digest
from monitor.errors import LockHeld, OrderFailed, StoreError, UsageError
from monitor.executor import InlineExecutor, KeyedExecutor
from monitor.model.orders import OrderResult, PassRequest
from monitor.sandbox import InlineReaders
from monitor.secret import Secret
from tests.scenario.simulated import SimulatedClock
from tests.support.configuration import READER, Configure
from tests.support.scripted import Call, Server
from tests.support.waiting import SOON
from tests.support.world import START, Row, World

SCHOOL = Row("City plans metaverse classrooms", "/a/2", "Schools will test them.")
LEDGER = Row("Ministry lists blockchain pilots", "/a/5", "Twelve cities take part.", age=10)
HELD = LockHeld("monitor run (process 1 on here)")
LATER = "18:00"


class Bench:
    """A daemon whose orders are looked at while the command waits, and the command."""

    def __init__(self, config: Config, program: Program, clock: SimulatedClock) -> None:
        self.config, self.program, self.clock = config, program, clock
        self.orders = Orders(program, InlineExecutor(), executor=InlineExecutor())

    def pause(self, seconds: float) -> None:
        """Let time pass while a command waits."""
        self.clock.move_to(self.clock.now() + dt.timedelta(seconds=seconds))
        self.orders.tick()

    def order(self, *sources: str, retry: bool = False, send: bool = True) -> PassReport:
        request = PassRequest(sources, retry_parked=retry, send=send)
        return order_pass(self.config, self.clock, request, HELD, pause=self.pause)

    def states(self) -> list[str]:
        with self.program.store._reading() as connection:
            return list(connection.exec_driver_sql("SELECT state FROM work_order ORDER BY id").scalars())


Opened = Callable[..., Bench]


@pytest.fixture
def bench(world: World, configure: Configure) -> Iterator[Opened]:
    opened = []

    def open_(at: str = "now") -> Bench:
        config, clock = configure("one.xml", at=at), SimulatedClock(START)
        held = open_program(config, clock, command="monitor run", readers=InlineReaders(), executor=InlineExecutor())
        opened.append(held)
        return Bench(config, held.__enter__(), clock)

    world.feed("/one.xml", [SCHOOL])
    yield open_
    for held in opened:
        held.__exit__(None, None, None)


@pytest.fixture
def armed() -> Iterator[Callable[[Callable[[str], None]], None]]:
    yield failpoint.arm
    failpoint.arm(None)


def _reasons(report: PassReport) -> list[list[tuple[str, str]]]:
    """Return the decisions of each poll, without the time of the next one."""
    return [[(one.kind, one.reason.rpartition(": ")[2]) for one in poll.poll.decisions] for poll in report.polls]


def test_an_ordered_pass_answers_as_one_that_the_command_makes_itself(bench: Opened, world: World) -> None:
    b = bench()
    ordered = b.order("one.xml")
    assert len(world.texts(READER)) == 1
    elsewhere = replace(b.config, database_url=Secret(f"sqlite:///{b.config.path.parent / 'other.db'}", "other"))
    clock = SimulatedClock(b.clock.now())
    with open_program(elsewhere, clock, command="x", readers=InlineReaders(), executor=InlineExecutor()) as program:
        direct = make_pass(program, PassRequest(("one.xml",)))
    assert [(one.source, one.poll.outcome, one.poll.matches) for one in ordered.polls] == [("one.xml", "ok", 1)]
    # The time of the next poll is random within a tenth of the interval.
    assert _reasons(ordered) == _reasons(direct)
    editions = [[(one.digest, one.items, one.timezone) for one in report.editions] for report in (ordered, direct)]
    assert editions[0] == editions[1] == [("flash", 1, "Asia/Shanghai")]
    assert sorted(ordered.deliveries, key=str) == sorted(direct.deliveries, key=str)
    assert {one.outcome for one in ordered.deliveries} == {"sent"}
    assert not ordered.needs_attention


def test_a_source_is_polled_though_it_is_not_due_and_nothing_is_sent_again(bench: Opened, world: World) -> None:
    b = bench()
    b.order("one.xml")
    world.feed("/one.xml", [LEDGER, SCHOOL])
    second = b.order("one.xml")
    assert [(one.poll.new, one.poll.matches) for one in second.polls] == [(1, 1)]
    third = b.order("one.xml")
    assert [one.poll.outcome for one in third.polls] == ["not_modified"]
    assert (third.editions, third.deliveries) == ((), ())
    assert len(world.texts(READER)) == 2


def test_a_source_that_fails_needs_attention(bench: Opened, world: World) -> None:
    b = bench()
    world.pages.clear()
    report = b.order("one.xml")
    assert [one.failed for one in report.polls] == [True]
    assert report.needs_attention


def test_an_order_that_sends_nothing_only_polls(bench: Opened, world: World) -> None:
    b = bench()
    report = b.order("one.xml", send=False)
    assert [one.poll.matches for one in report.polls] == [1]
    assert (report.editions, world.texts(READER)) == ((), [])
    assert [one.items for one in b.order("one.xml").editions] == [1]


def test_what_the_running_configuration_does_not_know_is_refused(bench: Opened, world: World) -> None:
    b = bench()
    with pytest.raises(UsageError, match=r'the configuration of the daemon has no source "two\.xml"'):
        b.order("one.xml", "two.xml")
    with pytest.raises(UsageError, match='no digest "weekly"'):
        order_digest(b.config, b.clock, "weekly", HELD, pause=b.pause)
    assert world.hits == []
    assert b.states() == ["refused", "refused"]


def test_a_digest_is_sent_now_and_its_edition_comes_back(bench: Opened, world: World) -> None:
    b = bench(LATER)
    b.order("one.xml")
    assert world.texts(READER) == []
    sent = order_digest(b.config, b.clock, "flash", HELD, pause=b.pause)
    assert sent.edition is not None
    assert [item.title for item in sent.edition.items] == [SCHOOL.title]
    assert (sent.failed, len(world.texts(READER)), len(world.posts)) == ((), 1, 1)
    again = order_digest(b.config, b.clock, "flash", HELD, pause=b.pause)
    assert (again.edition, again.failed) == (None, ())
    assert len(world.texts(READER)) == 1


class ReloadBefore(contextlib.AbstractContextManager[None]):
    """A lock of a program that a reload had just before: its parts are other ones by then."""

    def __init__(self, program: Program, builder: EditionBuilder, digests: Sequence[Digest]) -> None:
        self.program, self.builder, self.digests = program, builder, digests

    def __enter__(self) -> None:
        self.program.builder, self.program.digests = self.builder, self.digests

    def __exit__(self, *_: object) -> None:
        """Release nothing."""


def test_an_edition_that_is_ordered_during_a_reload_is_built_with_parts_that_belong_together(
    bench: Opened, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    b = bench(LATER)
    b.order("one.xml")
    built: list[Digest] = []

    class Fresh(EditionBuilder):
        def build(self, digest: Digest, now: dt.datetime, *, forced: bool = False) -> StoredEdition | None:
            built.append(digest)
            return EditionBuilder.build(self, digest, now, forced=forced)

    fresh = Fresh(b.program.store, b.program.builder.channels)
    digests = tuple(replace(digest, send_empty=True) for digest in b.program.digests)
    monkeypatch.setattr(b.program, "switch_lock", ReloadBefore(b.program, fresh, digests))
    assert order_digest(b.config, b.clock, "flash", HELD, pause=b.pause).edition is not None
    assert built == [digest for digest in digests if digest.name == "flash"]


def test_an_order_whose_source_a_reload_takes_away_fails_and_does_not_say_that_nothing_was_done(
    bench: Opened, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    b = bench()
    gone = replace(b.program.sources["one.xml"], name="gone")
    b.program.sources = {**b.program.sources, "gone": gone}
    b.orders = Orders(b.program, InlineExecutor(), lambda: {"gone"}, executor=InlineExecutor())

    def reload(_: float) -> bool:
        b.program.sources = {name: source for name, source in b.program.sources.items() if name != "gone"}
        return False

    monkeypatch.setattr(b.program.stop, "wait", reload)
    with pytest.raises(OrderFailed, match="the configuration was changed meanwhile and no longer has: gone"):
        b.order("one.xml", "gone")
    assert (b.states(), world.hits) == (["failed"], [("/one.xml", None)])


def test_a_delivery_that_does_not_get_through_is_in_the_answer(bench: Opened, world: World) -> None:
    b = bench(LATER)
    b.order("one.xml")
    world.mail_refusal = "550 no such mailbox"
    (failed,) = order_digest(b.config, b.clock, "flash", HELD, pause=b.pause).failed
    assert (failed.channel, failed.outcome) == ("mail", "parked")
    assert "no such mailbox" in failed.reason


def test_parked_deliveries_are_tried_again_by_order(bench: Opened, world: World) -> None:
    b = bench()
    world.mail_refusal = "550 no such mailbox"
    assert b.order("one.xml").parked == 1
    world.mail_refusal = None
    report = b.order(retry=True)
    assert [(one.channel, one.outcome) for one in report.deliveries] == [("mail", "sent")]
    assert (report.parked, report.polls, len(world.texts(READER))) == (0, (), 1)


def test_an_order_that_nobody_takes_in_time_is_taken_back(bench: Opened, world: World) -> None:
    b = bench()
    begun = b.clock.monotonic()

    def pause(seconds: float) -> None:
        b.clock.move_to(b.clock.now() + dt.timedelta(seconds=seconds))

    with pytest.raises(OrderFailed, match=r"did not take the order within 10 s \(monitor run"):
        order_pass(b.config, b.clock, PassRequest(("one.xml",)), HELD, pause=pause)
    assert CLAIM_SECONDS <= b.clock.monotonic() - begun < CLAIM_SECONDS + 1
    b.orders.tick()
    assert (b.states(), world.hits) == (["withdrawn"], [])


def test_a_command_that_is_interrupted_takes_its_order_back(bench: Opened, world: World) -> None:
    b = bench()

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        order_pass(b.config, b.clock, PassRequest(("one.xml",)), HELD, pause=interrupted)
    b.orders.tick()
    assert (b.states(), world.hits) == (["withdrawn"], [])


@pytest.mark.parametrize("after_claim", [True, False])
def test_a_daemon_that_dies_is_reported(bench: Opened, after_claim: bool) -> None:
    b = bench()

    def die(_: float) -> None:
        store = b.program.store
        if after_claim:
            (waiting,) = store.waiting_orders(b.clock.now())
            store.claim_order(waiting, b.clock.now())
        with store._transaction() as connection:
            connection.exec_driver_sql("UPDATE holder SET pid = 999999999")

    words = "took the order and then died" if after_claim else "does not run any more"
    with pytest.raises(OrderFailed, match=words):
        order_pass(b.config, b.clock, PassRequest(("one.xml",)), HELD, pause=die)


def test_without_a_daemon_the_holder_is_named(bench: Opened) -> None:
    b = bench()
    with b.program.store._transaction() as connection:
        connection.exec_driver_sql("UPDATE holder SET command = 'monitor once'")
    with pytest.raises(LockHeld, match="in use by monitor run"):
        b.order("one.xml")


def test_a_surprise_ends_the_order_and_not_the_daemon(
    bench: Opened, world: World, armed: Callable[[Callable[[str], None]], None]
) -> None:
    b = bench(LATER)
    b.order("one.xml")

    def fail(name: str) -> None:
        if name == "deliver.bound":
            raise ZeroDivisionError("a bug")

    armed(fail)
    with pytest.raises(OrderFailed, match="the program failed: ZeroDivisionError"):
        order_digest(b.config, b.clock, "flash", HELD, pause=b.pause)
    failpoint.arm(None)
    assert order_digest(b.config, b.clock, "flash", HELD, pause=b.pause).edition is not None
    assert len(world.texts(READER)) == 1


def test_a_claim_that_nobody_knows_of_is_ended(bench: Opened) -> None:
    b = bench()

    def claim_without_hearing_of_it(_: float) -> None:
        for waiting in b.program.store.waiting_orders(b.clock.now()):
            b.program.store.claim_order(waiting, b.clock.now())
        b.orders.tick()

    with pytest.raises(OrderFailed, match="the database failed while the daemon took it"):
        order_pass(b.config, b.clock, PassRequest(("one.xml",)), HELD, pause=claim_without_hearing_of_it)


def test_a_daemon_that_stops_says_so(
    bench: Opened, world: World, armed: Callable[[Callable[[str], None]], None]
) -> None:
    b = bench()
    armed(lambda name: b.program.halt() if name == "order.claimed" else None)
    with pytest.raises(OrderFailed, match="the daemon was stopped before it was done"):
        b.order("one.xml")
    assert world.hits == []


def test_an_answer_that_cannot_be_written_is_written_later(
    bench: Opened, armed: Callable[[Callable[[str], None]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    b = bench()
    failures = [StoreError("locked"), StoreError("locked")]
    finish = b.program.store.finish_order

    def reluctant(order_id: int, ended: OrderResult, now: dt.datetime) -> None:
        if failures:
            raise failures.pop()
        finish(order_id, ended, now)

    monkeypatch.setattr(b.program.store, "finish_order", reluctant)
    monkeypatch.setattr(b.program.stop, "wait", lambda _: False)  # no real time passes
    assert [one.poll.matches for one in b.order("one.xml").polls] == [1]
    assert failures == []


@pytest.mark.real_clock
def test_a_source_that_is_being_polled_is_not_polled_twice_at_once(world: World, configure: Configure) -> None:
    most, lock, gate, begun = [0, 0], threading.Lock(), threading.Event(), threading.Event()

    def slow(call: Call) -> None:
        with lock:
            most[0] += 1
            most[1] = max(most)
        begun.set()
        gate.wait(SOON)
        with lock:
            most[0] -= 1
        call.answer(404)

    server = Server(slow)
    table = f'[[source]]\nname = "slow"\nkind = "feed"\nurl = "http://127.0.0.1:{server.port}/"\n'
    config, clock = configure(extra=table), SystemClock()
    executor = KeyedExecutor(4, 2, name="poll")
    try:
        with open_program(config, clock, command="monitor run", readers=InlineReaders(), executor=executor) as program:
            orders = Orders(program, InlineExecutor())
            assert program.polls.start(program.collector, program.sources["slow"])
            assert begun.wait(SOON)

            def pause(seconds: float) -> None:
                orders.tick()
                if program.store.claimed_orders():
                    gate.set()
                threading.Event().wait(seconds)

            report = order_pass(config, clock, PassRequest(("slow",)), HELD, pause=pause)
            orders.close()
    finally:
        gate.set()
        server.close()
    assert [one.failed for one in report.polls] == [True]
    assert (len(server.calls), most[1]) == (2, 1)


def test_an_order_that_is_stopped_while_it_sends_is_not_done(
    bench: Opened, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    b = bench()
    build = Program.build

    def build_and_stop(program: Program, *, immediate: bool = True) -> object:
        built = build(program, immediate=immediate)
        program.stop.set()
        return built

    monkeypatch.setattr(Program, "build", build_and_stop)
    with pytest.raises(OrderFailed, match="stopped before it was done"):
        b.order("one.xml")
    assert b.states() == ["failed"]


def test_a_digest_that_is_stopped_while_it_sends_is_not_done(
    bench: Opened, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    b = bench(LATER)
    b.order("one.xml")
    build = Program.build_now

    def build_and_stop(program: Program, name: str) -> object:
        built = build(program, name)
        program.stop.set()
        return built

    monkeypatch.setattr(Program, "build_now", build_and_stop)
    with pytest.raises(OrderFailed, match="stopped before it was done"):
        order_digest(b.config, b.clock, "flash", HELD, pause=b.pause)
    assert b.states() == ["done", "failed"]


def test_a_wrong_name_leaves_what_is_parked_as_it_is(bench: Opened, world: World) -> None:
    world.mail_refusal = "550 no such mailbox"
    b = bench()
    b.order("one.xml")
    before = b.program.store.status(b.clock.now()).outbox
    assert before
    with pytest.raises(UsageError, match="nope"):
        make_pass(b.program, PassRequest(("nope",), retry_parked=True))
    assert b.program.store.status(b.clock.now()).outbox == before


@pytest.mark.parametrize("send", [True, False])
def test_once_parked_deliveries_are_tried_again_their_notice_is_closed(
    bench: Opened, world: World, *, send: bool
) -> None:
    def kinds() -> list[str]:
        return [notice.kind for notice in b.program.store.status(b.clock.now()).notices]

    world.mail_refusal = "550 no such mailbox"
    b = bench()
    assert b.order("one.xml").parked
    assert "parked" in kinds()
    world.mail_refusal = None
    b.order(retry=True, send=send)
    assert "parked" not in kinds()
