"""A configuration that changes while the program runs: what comes into force, when, and what a bad one leaves alone."""

from __future__ import annotations

import datetime as dt
import io
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from monitor import config, failpoint, log
from monitor.app.program import Program
from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.config.watch import MISSING_FILE_SECONDS, ConfigWatch
from monitor.daemon import Daemon, ServiceManager
from monitor.daemon.changes import describe_changes
from monitor.daemon.reload import RETRY_SECONDS, Reload
from monitor.errors import StoreError
from monitor.model import Notice
from monitor.model.polling import CONFIGURATION_SUBJECT
from monitor.sandbox import InlineReaders
from tests.support.configuration import Configure
from tests.support.waiting import SOON
from tests.support.world import START, Row, World, squeeze

SCHOOL = Row("City plans metaverse classrooms", "/a/2", "Schools will test them.")
ROCKET = Row("Firms launch satellite terminals", "/a/7", "They reach the villages.", age=20)
LEDGER = Row("Ministry lists blockchain pilots", "/a/5", "Twelve cities take part.", age=10)
MINUTE = dt.timedelta(minutes=1)
NOBODY = frozenset[str]()


class TickingClock(FixedClock):
    """A clock whose monotonic seconds move when a test says so, too."""

    def __init__(self) -> None:
        super().__init__(START)
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds


class Bench:
    """A running program and its file."""

    def __init__(self, program: Program, loaded: Config, clock: TickingClock) -> None:
        self.program, self.path, self.clock = program, loaded.path, clock
        self.polling = NOBODY
        self.reload = Reload(program, loaded, ConfigWatch(loaded.path), {})

    def replace(self, old: str, new: str) -> None:
        text = self.path.read_text("utf-8")
        assert old in text
        self.path.write_text(text.replace(old, new), "utf-8")

    def tick(self, seconds: float = 1) -> None:
        """Look once after so many seconds."""
        self.clock.seconds += seconds
        self.reload.tick(lambda: self.polling)

    def settle(self) -> None:
        """Look so often that a change counts."""
        self.tick()
        self.tick()

    def turn(self, minutes: int = 60) -> None:
        """Make a pass later."""
        self.clock.advance(minutes * MINUTE)
        self.program.once()

    def notices(self) -> list[Notice]:
        found = self.program.store.status(self.clock.now()).notices
        return [notice for notice in found if notice.kind == "config"]


Begin = Callable[..., Bench]
Logged = Callable[[], list[dict[str, str]]]


@pytest.fixture
def begin(world: World, configure: Configure) -> Iterator[Begin]:
    world.feed("/one.xml", [SCHOOL])
    world.feed("/two.xml", [LEDGER])
    opened = []

    @contextmanager
    def running(**how: object) -> Iterator[Bench]:
        clock = TickingClock()
        loaded = configure("one.xml", **how)
        with open_program(loaded, clock, command="test", readers=InlineReaders()) as program:
            yield Bench(program, loaded, clock)

    def start(**how: object) -> Bench:
        opened.append(running(**how))
        return opened[-1].__enter__()

    yield start
    for context in opened:
        context.__exit__(None, None, None)


def mails(world: World, row: Row) -> int:
    return sum(squeeze(row.title) in squeeze(text) for text in world.texts("reader@example.org"))


@pytest.fixture
def logged() -> Logged:
    """Return what reloading has logged so far, but for the warning of a secret in these tests' file."""
    stream = io.StringIO()
    log.configure("info", "json", stream=stream)

    def lines() -> list[dict[str, str]]:
        shown = [json.loads(line) for line in stream.getvalue().splitlines()]
        return [line for line in shown if line["part"] == "reload" and "[channel.hook]" not in line.get("place", "")]

    return lines


# --- what comes into force


def test_a_rule_that_changed_works_from_the_next_poll_on(begin: Begin, world: World) -> None:
    bench = begin()
    bench.turn()
    bench.replace("OR blockchain", "OR blockchain OR satellite")
    bench.settle()
    world.feed("/one.xml", [ROCKET, SCHOOL])
    bench.turn()
    assert (mails(world, SCHOOL), mails(world, ROCKET)) == (1, 1)


def test_a_concept_that_changed_works_too(begin: Begin, world: World) -> None:
    bench = begin()
    bench.replace('"第三代互联网"]', '"第三代互联网", "satellite"]')
    bench.settle()
    world.feed("/one.xml", [ROCKET])
    bench.turn()
    assert mails(world, ROCKET) == 1


def test_sources_come_and_go(begin: Begin, world: World) -> None:
    bench = begin()
    bench.turn()
    bench.replace('"one.xml"', '"two.xml"')
    bench.replace("/one.xml", "/two.xml")
    bench.settle()
    hits = len(world.hits)
    bench.turn(24 * 60)
    assert [path for path, _ in world.hits[hits:]] == ["/two.xml"]
    assert mails(world, LEDGER) == 1


def test_digests_and_channels_come_and_go(begin: Begin, world: World, tmp_path: Path) -> None:
    bench = begin()
    digest = '[[digest]]\nname = "desk"\nrules = ["*"]\nat = "now"\nto = ["shelf"]\n'
    channel = '[channel.shelf]\nkind = "file"\nfolder = "out"\n'
    bench.path.write_text(bench.path.read_text("utf-8") + digest + channel, "utf-8")
    bench.settle()
    bench.turn()
    assert mails(world, SCHOOL) == 1
    assert len(list((tmp_path / "out").iterdir())) == 1
    assert bench.program.outbox.channels.keys() == {"mail", "hook", "shelf"}


def test_a_digest_that_leaves_is_built_no_more(begin: Begin, world: World) -> None:
    bench = begin()
    bench.replace('name = "flash"', 'name = "other"')
    bench.settle()
    assert [digest.name for digest in bench.program.digests] == ["other"]
    bench.turn()
    assert mails(world, SCHOOL) == 1


def test_a_shorter_interval_holds_for_the_next_poll_already(begin: Begin, world: World) -> None:
    bench = begin(replace=("[concept]", 'every = "12h"\n[concept]'))
    bench.turn()
    bench.replace('every = "12h"', 'every = "10m"')
    bench.settle()
    hits = len(world.hits)
    bench.turn(11)
    assert len(world.hits) == hits + 1


def test_a_secret_in_a_file_that_changed_is_used_and_hidden(
    begin: Begin, world: World, tmp_path: Path, logged: Logged
) -> None:
    (tmp_path / "hook").write_text(f"{world.base}/services/T0/B0/OLDCANARY")
    bench = begin(replace=(f"{world.base}/services/T0/B0/CANARY", "file:hook"))
    (tmp_path / "hook").write_text(f"{world.base}/services/T0/B0/NEWCANARY")
    bench.settle()
    log.logger("reload").info("said", what=f"to {world.base}/services/T0/B0/NEWCANARY")
    assert logged()[-1]["what"] == "to ***"
    bench.turn()
    assert len(world.posts) == 1


def test_what_a_far_end_asked_for_still_holds(begin: Begin, world: World) -> None:
    bench = begin()
    world.hook_status.append((429, {"Retry-After": "3600"}))
    bench.turn()
    bench.replace("OR blockchain", "OR blockchain OR satellite")
    bench.settle()
    world.feed("/one.xml", [ROCKET, SCHOOL])
    bench.turn(35)
    assert world.posts == []
    bench.turn(60)
    assert len(world.posts) == 2


def test_settings_of_fetching_get_a_gate_of_their_own(begin: Begin, world: World) -> None:
    bench = begin()
    before = bench.program.gate
    bench.replace('"127.0.0.0/8"]', '"10.0.0.0/8"]')
    bench.settle()
    bench.program.once()
    (source,) = bench.program.store.status(bench.clock.now()).sources
    assert source.health == "failing"
    bench.tick()
    assert bench.program.gate is not before
    assert bench.program.retired_gates == []


def test_a_gate_is_kept_for_the_polls_that_began_with_it(begin: Begin) -> None:
    bench = begin()
    before = bench.program.gate
    bench.polling = frozenset({"one.xml"})
    bench.replace('"127.0.0.0/8"]', '"127.0.0.0/8", "10.0.0.0/8"]')
    bench.settle()
    bench.tick()
    assert bench.program.retired_gates == [before]
    bench.polling = NOBODY
    bench.tick()
    assert bench.program.retired_gates == []


def test_the_log_says_what_changed(begin: Begin, logged: Logged) -> None:
    bench = begin()
    bench.replace("OR blockchain", "or satellite")
    bench.settle()
    shown = {line["event"]: line for line in logged()}
    assert shown["reloaded"]["rules"] == "changed themes"
    assert "sources" not in shown["reloaded"]
    assert "the operator is OR" in shown["warning"]["place"]


def test_examples_that_fail_are_reported_and_keep_nothing_up(begin: Begin, logged: Logged) -> None:
    bench = begin()
    bench.replace("[[digest]]", 'must_match = ["Museum"]\n[[digest]]')
    bench.settle()
    events = [line["event"] for line in logged()]
    assert events == ["warning", "reloaded"]


def test_another_database_takes_effect_after_a_restart(begin: Begin, tmp_path: Path, logged: Logged) -> None:
    bench = begin()
    bench.reload.environ = {"MONITOR_DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}"}
    bench.reload.request()
    bench.tick()
    (shown,) = [line for line in logged() if line["event"] == "restart"]
    assert (shown["setting"], shown["reason"]) == ("MONITOR_DATABASE_URL", "it takes effect after a restart")
    assert not (tmp_path / "other.db").exists()


def test_asked_for_it_reads_at_once_and_says_that_nothing_changed(begin: Begin, logged: Logged) -> None:
    bench = begin()
    bench.reload.request()
    bench.tick()
    bench.tick()
    assert [(line["event"], line["changes"]) for line in logged()] == [("reloaded", "none")]


def test_many_changes_are_logged_in_short(configure: Configure, world: World) -> None:
    rules = "".join(f'[[rule]]\nname = "r{number}"\nmatch = "x{number}"\n' for number in range(9))
    old, new = configure("one.xml"), configure("one.xml", replace=("[[digest]]", f"{rules}[[digest]]"))
    assert describe_changes(old, new) == {"rules": "added r0, r1, r2, r3, r4 and 4 more"}
    assert describe_changes(new, old)["rules"].startswith("removed r0")


# --- when


def test_a_source_at_another_address_waits_for_its_poll_to_end(begin: Begin, world: World, logged: Logged) -> None:
    """The poll's validators and times would be written as if they were of the new address."""
    bench = begin()
    bench.polling = frozenset({"one.xml", "other"})
    bench.replace("/one.xml", "/two.xml")
    bench.settle()
    bench.tick()
    assert bench.reload.waiting == {"one.xml"}
    assert bench.program.sources["one.xml"].url.endswith("/one.xml")
    bench.polling = frozenset({"other"})
    bench.tick()
    assert bench.reload.waiting == NOBODY
    assert bench.program.sources["one.xml"].url.endswith("/two.xml")
    assert [line["event"] for line in logged()] == ["waits", "reloaded"]


def test_a_change_that_is_overtaken_while_it_waits_is_dropped(begin: Begin) -> None:
    bench = begin()
    bench.polling = frozenset({"one.xml"})
    bench.replace("/one.xml", "/two.xml")
    bench.settle()
    bench.replace("/two.xml", "/one.xml")
    bench.settle()
    assert bench.reload.waiting == NOBODY
    bench.polling = NOBODY
    bench.tick()
    assert bench.program.sources["one.xml"].url.endswith("/one.xml")


def test_what_a_poll_brings_that_began_before_a_rule_changed_is_not_lost(begin: Begin, world: World) -> None:
    """It knows the rule under its old name only, which no digest asks for when it ends."""
    bench = begin()
    bench.turn()
    elder, source = bench.program.collector, bench.program.sources["one.xml"]
    daemon = Daemon(bench.program, bench.reload)
    bench.polling = frozenset({"one.xml"})
    bench.replace("OR blockchain", "OR satellite")
    bench.replace('name = "themes"', 'name = "subjects"')
    bench.replace('rules = ["themes"]', 'rules = ["subjects"]')
    bench.settle()
    world.feed("/one.xml", [LEDGER, ROCKET, SCHOOL])
    elder.collect(source, bench.clock.now() + MINUTE)
    daemon.backfill_tick()
    assert len(bench.program.store.backfill_jobs()) == 1
    bench.polling = NOBODY
    bench.tick()
    daemon.backfill_tick()
    assert bench.program.store.backfill_jobs() == ()
    bench.turn()
    assert (mails(world, SCHOOL), mails(world, ROCKET)) == (1, 1)
    assert not any("from the archive" in text for text in world.texts("reader@example.org"))


class RacingReload(Reload):
    """Starts `race` in another thread, once, when it has said which polls are in flight."""

    race: Callable[[], object] | None = None
    racer: threading.Thread

    def __getattribute__(self, name: str) -> object:
        value = super().__getattribute__(name)
        if name == "inflight" and (race := self.race) is not None:
            self.race, self.racer = None, threading.Thread(target=race)
            self.racer.start()
            self.racer.join(1)  # it is done by then, unless a lock keeps it waiting
        return value


def test_no_reload_comes_between_the_polls_in_flight_and_the_rules_that_are_matched(begin: Begin, world: World) -> None:
    """Else a changed rule is done with the archive while a poll is under way that does not know it."""
    bench = begin()
    bench.turn()
    bench.replace("OR blockchain", "OR blockchain OR satellite")
    old, source = bench.program.collector, bench.program.sources["one.xml"]
    world.feed("/one.xml", [ROCKET, SCHOOL])
    bench.polling = frozenset({"one.xml"})
    bench.reload = racing = RacingReload(bench.program, bench.reload.config, bench.reload.watch, {})
    racing.race = bench.settle
    daemon = Daemon(bench.program, racing)
    daemon.backfill_tick()
    racing.racer.join()
    assert racing.inflight == {"one.xml"}
    old.collect(source, bench.clock.now() + MINUTE)
    bench.polling = NOBODY
    bench.tick()
    daemon.backfill_tick()
    bench.turn()
    assert mails(world, ROCKET) == 1


def test_a_rule_that_comes_at_a_reload_looks_back_if_it_is_to(begin: Begin, world: World) -> None:
    bench = begin()
    world.feed("/one.xml", [ROCKET, SCHOOL])
    bench.turn()
    bench.replace("OR blockchain'", 'OR satellite\'\nbackfill = "7d"')
    bench.settle()
    Daemon(bench.program, bench.reload).backfill_tick()
    bench.program.build()
    bench.program.outbox.send_due()
    assert mails(world, ROCKET) == 1
    assert "from the archive" in world.texts("reader@example.org")[-1]


# --- what changes nothing


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("[[rule]]", "[[rul]]", 'unknown'),
        ("@web3 OR", "@web4 OR", "there is no concept @web4"),
        ('name = "flash"', "name = flash", "this is not valid TOML"),
        ('"hook"]', '"hok"]', 'did you mean "hook"?'),
    ],
)  # fmt: skip
def test_a_bad_file_changes_nothing_and_is_a_notice_until_it_is_corrected(
    begin: Begin, world: World, old: str, new: str, shown: str
) -> None:
    bench = begin()
    bench.replace(old, new)
    bench.settle()
    bench.settle()
    (notice,) = bench.notices()
    assert shown in notice.message
    assert str(bench.path) in notice.message
    assert f"monitor check --config {bench.path}" in notice.remedy
    assert (notice.subject, notice.count) == (CONFIGURATION_SUBJECT, 1)
    bench.turn()
    assert mails(world, SCHOOL) == 1
    bench.replace(new, old)
    bench.settle()
    assert bench.notices() == []


def test_a_notice_names_the_first_errors_and_the_log_all(begin: Begin, logged: Logged) -> None:
    bench = begin()
    bench.replace("[concept]", "".join(f"[[rule]]\nname = 'r{n}'\nmatch = 'NOT x'\n" for n in range(5)) + "[concept]")
    bench.settle()
    assert bench.notices()[0].message.endswith("; and 2 more")
    assert [line["event"] for line in logged()] == ["refused"] * 5


@pytest.mark.parametrize("how", ["gone", "empty"])
def test_a_file_that_is_gone_for_a_moment_is_no_error_one_that_stays_away_is(begin: Begin, how: str) -> None:
    bench = begin()
    text = bench.path.read_text("utf-8")
    bench.path.unlink() if how == "gone" else bench.path.write_text("")
    bench.settle()
    assert bench.notices() == []
    bench.tick(MISSING_FILE_SECONDS)
    (notice,) = bench.notices()
    assert ("there is no such file" if how == "gone" else "the file is empty") in notice.message
    assert bench.program.sources
    bench.path.write_text(text)
    bench.settle()
    assert bench.notices() == []


def test_a_restart_with_a_right_file_ends_the_notice(begin: Begin, configure: Configure) -> None:
    bench = begin()
    bench.replace("[[rule]]", "[[rul]]")
    bench.settle()
    bench.program.store.sync([], {}, bench.clock.now())
    assert bench.notices() == []


# --- what can fail on the way


def arm(name: str, error: BaseException) -> None:
    def act(point: str) -> None:
        if point == name:
            failpoint.arm(None)
            raise error

    failpoint.arm(act)


@pytest.mark.slow
def test_a_database_that_is_busy_is_tried_again_later(begin: Begin, logged: Logged) -> None:
    bench = begin()
    bench.replace("OR blockchain", "OR satellite")
    bench.replace('"127.0.0.0/8"]', '"127.0.0.0/8", "10.0.0.0/8"]')
    bench.tick()
    arm("store.before_commit", StoreError("the disk is full"))
    bench.tick()
    bench.tick()
    before = bench.program.collector
    bench.tick(RETRY_SECONDS)
    assert bench.program.collector is not before
    assert [line["event"] for line in logged()] == ["postponed", "reloaded"]


def test_a_file_on_which_the_program_fails_is_a_notice_and_changes_nothing(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Config:
        raise RecursionError

    bench = begin()
    before = bench.program.collector
    with monkeypatch.context() as patched:
        patched.setattr("monitor.daemon.reload.load", fail)
        bench.replace("OR blockchain", "OR satellite")
        with pytest.raises(RecursionError):
            bench.settle()
        bench.settle()
    (notice,) = bench.notices()
    assert "the program failed on this file: RecursionError" in notice.message
    assert bench.program.collector is before
    bench.replace("OR satellite", "OR rocket")
    bench.settle()
    assert bench.notices() == []
    assert bench.program.collector is not before


def test_a_notice_that_the_database_does_not_take_is_written_later(begin: Begin) -> None:
    bench = begin()
    bench.replace("[[rule]]", "[[rul]]")
    bench.tick()
    arm("store.before_commit", StoreError("the disk is full"))
    bench.tick()
    assert bench.notices() == []
    bench.tick()
    assert len(bench.notices()) == 1


@pytest.mark.parametrize("point", ["store.before_commit", "store.after_commit"])
def test_a_process_that_dies_on_the_way_finds_the_new_file_at_its_next_start(
    world: World, configure: Configure, point: str
) -> None:
    world.feed("/one.xml", [SCHOOL])
    clock = TickingClock()
    loaded = configure("one.xml")
    with open_program(loaded, clock, command="test", readers=InlineReaders()) as program:
        bench = Bench(program, loaded, clock)
        bench.replace("OR blockchain", "OR satellite")
        bench.replace('name = "themes"', 'name = "subjects"')
        bench.replace('rules = ["themes"]', 'rules = ["subjects"]')
        bench.tick()
        arm(point, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            bench.tick()
    world.feed("/one.xml", [ROCKET, SCHOOL])
    with open_program(config.load(loaded.path, {}), clock, command="test", readers=InlineReaders()) as program:
        program.once()
    assert (mails(world, SCHOOL), mails(world, ROCKET)) == (1, 1)


def test_gates_of_former_configurations_do_not_pile_up(begin: Begin) -> None:
    bench = begin()
    for number in range(3):
        bench.replace("allow_private = [", f'allow_private = ["10.{number}.0.0/16", ')
        bench.settle()
        bench.tick()
        assert bench.program.retired_gates == []
    assert len(bench.reload.config.fetch.allow_private) == 4


# --- what others hear of it


def test_the_service_manager_hears_when_a_change_is_read_and_when_that_is_over(begin: Begin, tmp_path: Path) -> None:
    bench = begin()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.setblocking(False)

        def heard() -> list[str]:
            found = []
            with suppress(BlockingIOError):
                while True:
                    found.append(manager.recv(1000).decode().partition("=")[0])
            return found

        bench.reload.service = ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "notify")}, bench.clock)
        bench.reload.service.ready()
        assert heard() == ["READY"]
        bench.replace("OR blockchain", "OR satellite")
        bench.settle()
        assert heard() == ["RELOADING", "READY"]
        bench.replace("[[rule]]", "[[rul]]")
        bench.settle()
        assert heard() == ["RELOADING", "READY"], "an invalid file is read, too"
        bench.replace("[[rul]]", "[[rule]]")
        bench.replace("/one.xml", "/two.xml")
        bench.polling = frozenset({"one.xml"})
        bench.settle()
        bench.tick()
        assert heard() == ["RELOADING"], "the change waits for a poll"
        bench.polling = NOBODY
        bench.tick()
        assert heard() == ["READY"]


def test_the_pages_for_monitoring_follow_the_file(begin: Begin) -> None:
    bench = begin()
    daemon = Daemon(bench.program, bench.reload)
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    daemon.web_tick()
    bench.replace("[fetch]", f'[web]\nlisten = "127.0.0.1:{port}"\n[fetch]')
    bench.settle()
    daemon.web_tick()
    with urlopen(f"http://127.0.0.1:{port}/livez", timeout=SOON) as answer:
        assert answer.read() == b"ok\n"
    bench.replace(f'[web]\nlisten = "127.0.0.1:{port}"\n', "")
    bench.settle()
    daemon.web_tick()
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        pass
