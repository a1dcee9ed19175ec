"""The daemon as a process: it polls and delivers by itself, ends on SIGTERM, and is alone on its database."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from monitor.app.wiring import open_program
from monitor.clock import SystemClock
from monitor.daemon import Daemon
from monitor.daemon.ticker import Tick
from monitor.sandbox import InlineReaders
from tests.support.configuration import Configure
from tests.support.scripted import Call, Server
from tests.support.waiting import SOON
from tests.support.world import FarEnds, Row, World, squeeze

pytestmark = [pytest.mark.slow, pytest.mark.real_clock]

SCHOOL = Row("City plans metaverse classrooms", "/a/2", "Schools will test them.", age=-5)
ROCKET = Row("Firms launch satellite terminals", "/a/7", "They reach the villages.", age=-5)
LEDGER = Row("Ministry lists blockchain pilots", "/a/5", "Twelve cities take part.", age=-5)
QUICK = ('allow_private = ["127.0.0.0/8"]', 'allow_private = ["127.0.0.0/8"]\nmin_every = "1s"\nmax_every = "1s"')

Start = Callable[[Path], "subprocess.Popen[str]"]


@pytest.fixture
def world(far_ends: FarEnds) -> World:
    """Return a world of today: the daemon runs on the real clock."""
    return far_ends.world(SystemClock().now())


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def run(config: Path) -> subprocess.Popen[str]:
        words = [sys.executable, "-m", "monitor", "run", "--config", str(config)]
        started.append(subprocess.Popen(words, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def until(what: Callable[[], bool], seconds: float = SOON) -> bool:
    """Wait for something that the daemon does by itself."""
    waiting = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if what():
            return True
        waiting.wait(0.05)
    return False


def in_mails(world: World, row: Row) -> int:
    return sum(squeeze(row.title) in squeeze(text) for text in world.texts("reader@example.org"))


def test_it_polls_delivers_ends_and_starts_again_without_repeating(
    world: World, configure: Configure, start: Start
) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml", replace=QUICK).path
    daemon = start(config)
    assert until(lambda: in_mails(world, SCHOOL) == 1)
    world.feed("/one.xml", [LEDGER, SCHOOL])
    assert until(lambda: in_mails(world, LEDGER) == 1)
    daemon.send_signal(signal.SIGTERM)
    _, log = daemon.communicate(timeout=SOON)
    assert daemon.returncode == 0
    assert "Traceback" not in log
    assert "CANARY" not in log
    polls = len(world.hits)
    again = start(config)
    assert until(lambda: len(world.hits) > polls + 1)
    again.send_signal(signal.SIGTERM)
    again.communicate(timeout=SOON)
    assert (in_mails(world, SCHOOL), in_mails(world, LEDGER)) == (1, 1)


def test_a_second_one_on_the_same_database_is_refused_naming_the_holder(
    world: World, configure: Configure, start: Start
) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml", replace=QUICK).path
    first = start(config)
    assert until(lambda: len(world.hits) > 0)
    second = start(config)
    _, shown = second.communicate(timeout=SOON)
    assert second.returncode == 1
    assert "monitor run" in shown
    assert str(first.pid) in shown
    assert first.poll() is None


def test_sigterm_ends_it_in_time_while_a_server_drips(world: World, configure: Configure, start: Start) -> None:
    asked = threading.Event()

    def drip(call: Call) -> None:
        asked.set()
        call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        call.gone.wait()

    server = Server(drip)
    try:
        slow = f'[[source]]\nname = "slow"\nurl = "http://127.0.0.1:{server.port}/"\n'
        daemon = start(configure(extra=slow, replace=QUICK).path)
        assert asked.wait(SOON)
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=25)  # the get would end after 30 seconds
        assert daemon.returncode == 0
    finally:
        server.close()


def hanging(port: int, world: World) -> tuple[str, str]:
    """Mail goes to this port instead of the world's mail server."""
    return f"smtp://127.0.0.1:{world.smtp_port}", f"smtp://127.0.0.1:{port}"


def quick(config: Path) -> Path:
    """Let the sources of this file be polled every second."""
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(*QUICK), encoding="utf-8")
    return config


class Reluctant:
    """A mail server that takes a message and answers only when it is let go. Remembers what it took."""

    def __init__(self) -> None:
        self.taken = threading.Semaphore(0)
        self.go = threading.Event()
        self.mails = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as said, suppress(OSError):
            connection.sendall(b"220 reluctant\r\n")
            for line in said:
                if line.upper().startswith(b"DATA"):
                    connection.sendall(b"354 go on\r\n")
                    while said.readline() not in (b".\r\n", b""):
                        pass
                    self.mails += 1
                    self.taken.release()
                    self.go.wait()
                connection.sendall(b"250 ok\r\n")

    def close(self) -> None:
        self.go.set()
        self._listener.close()


@pytest.fixture
def reluctant() -> Iterator[Reluctant]:
    server = Reluctant()
    yield server
    server.close()


def test_a_second_signal_ends_it_at_once(
    world: World, configure: Configure, start: Start, reluctant: Reluctant
) -> None:
    """The first one waits for the mail server's answer, which does not come."""
    world.feed("/one.xml", [SCHOOL])
    daemon = start(configure("one.xml", replace=hanging(reluctant.port, world)).path)
    assert reluctant.taken.acquire(timeout=SOON)
    daemon.send_signal(signal.SIGTERM)
    assert daemon.stderr is not None
    assert any("stopping" in line for line in daemon.stderr)
    assert daemon.poll() is None
    daemon.send_signal(signal.SIGTERM)
    daemon.communicate(timeout=SOON)
    assert daemon.returncode == 128 + signal.SIGTERM


def test_a_mail_that_is_being_handed_over_at_sigterm_is_not_sent_again(
    world: World, configure: Configure, start: Start, reluctant: Reluctant
) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml", replace=hanging(reluctant.port, world)).path
    daemon = start(config)
    assert reluctant.taken.acquire(timeout=SOON)
    daemon.send_signal(signal.SIGTERM)
    assert daemon.stderr is not None
    assert any("stopping" in line for line in daemon.stderr)
    reluctant.go.set()
    daemon.communicate(timeout=SOON)
    assert daemon.returncode == 0
    again = subprocess.run([sys.executable, "-m", "monitor", "once", "--config", str(config)], check=False)
    assert again.returncode == 0
    assert reluctant.mails == 1


def test_a_mail_server_that_hangs_delays_neither_polls_nor_other_channels(
    world: World, configure: Configure, start: Start, reluctant: Reluctant
) -> None:
    world.feed("/one.xml", [SCHOOL])
    start(quick(configure("one.xml", replace=hanging(reluctant.port, world)).path))
    assert reluctant.taken.acquire(timeout=SOON)
    world.feed("/one.xml", [LEDGER, SCHOOL])
    assert until(lambda: len(world.posts) == 2, 30), "the attempt would end after 60 seconds"


def test_a_source_that_drips_delays_neither_other_sources_nor_their_news(
    world: World, configure: Configure, start: Start
) -> None:
    def drip(call: Call) -> None:
        call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        call.gone.wait()

    server = Server(drip)
    try:
        world.feed("/one.xml", [SCHOOL])
        slow = f'[[source]]\nname = "slow"\nurl = "http://localhost:{server.port}/"\n'
        start(configure("one.xml", extra=slow, replace=QUICK).path)
        assert until(lambda: len(server.calls) > 0)
        polls = len(world.hits)
        assert until(lambda: len(world.hits) > polls + 3, 25), "the get would end after 30 seconds"
        assert until(lambda: in_mails(world, SCHOOL) == 1)
    finally:
        server.close()


def test_a_daemon_whose_lock_is_gone_ends_instead_of_pretending(
    world: World, configure: Configure, start: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml", replace=QUICK)
    clock = SystemClock()
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        (tmp_path / "monitor.db.lock").unlink()
        monkeypatch.setattr("monitor.daemon.ticks.BEAT_TICK", 0.05)
        assert Daemon(program).run() == 1


class ToAnotherThread:
    """A ticker that only sends this process a signal, once the main thread waits, in such a way that the wait goes on.

    So it goes by chance when a signal arrives just before the wait.
    """

    def start(self, _ticks: Sequence[Tick]) -> None:
        threading.Thread(target=self._send, daemon=True).start()

    def _send(self) -> None:
        main = threading.main_thread().ident
        assert main is not None
        assert until(lambda: "in wait" in "".join(traceback.format_stack(sys._current_frames()[main])))
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

    def stop(self) -> None:
        pass


def test_a_signal_that_does_not_end_the_wait_of_the_main_thread_is_handled(
    world: World, configure: Configure, request: pytest.FixtureRequest
) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        request.addfinalizer(partial(signal.signal, number, signal.getsignal(number)))
    config = configure("one.xml")
    with open_program(config, SystemClock(), command="test", readers=InlineReaders()) as program:
        daemon = Daemon(program, ticker=ToAnotherThread())
        daemon.handle_signals()
        assert daemon.run() == 0


def test_a_rule_that_changes_in_the_file_works_without_a_restart(
    world: World, configure: Configure, start: Start
) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml", replace=QUICK).path
    daemon = start(config)
    assert until(lambda: in_mails(world, SCHOOL) == 1)
    text = config.read_text("utf-8")
    config.write_text(text.replace("[[rule]]", "[[rul]]"), "utf-8")
    assert until(lambda: config_notices(config) == 1)
    other = config.with_name("sources.toml~")
    other.write_text(text.replace("OR blockchain", "OR satellite"), "utf-8")
    other.rename(config)
    assert until(lambda: config_notices(config) == 0)
    world.feed("/one.xml", [ROCKET, SCHOOL])
    assert until(lambda: in_mails(world, ROCKET) == 1)
    daemon.send_signal(signal.SIGTERM)
    _, log = daemon.communicate(timeout=SOON)
    assert daemon.returncode == 0
    assert "Traceback" not in log


def config_notices(path: Path) -> int:
    """Return how many notices there are of a configuration that cannot be used, whatever the file holds at present."""
    words = [sys.executable, "-m", "monitor", "status", "--json", "--config", str(path)]
    shown = subprocess.run(words, capture_output=True, text=True, check=False)
    return sum(notice["kind"] == "config" for notice in json.loads(shown.stdout)["notices"])


def test_sighup_has_the_file_read_again(world: World, configure: Configure, start: Start) -> None:
    world.feed("/one.xml", [SCHOOL])
    daemon = start(configure("one.xml", replace=QUICK).path)
    assert until(lambda: len(world.hits) > 0)
    daemon.send_signal(signal.SIGHUP)
    assert daemon.stderr is not None
    assert any("reload.reloaded changes=none" in line for line in daemon.stderr)
    assert daemon.poll() is None


def test_a_daemon_ends_with_the_terminal_that_it_was_started_in(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml", replace=QUICK).path
    ours, its = pty.openpty()
    daemon = subprocess.Popen([sys.executable, "-m", "monitor", "run", "--config", str(config)], stderr=its)
    try:
        os.close(its)
        assert until(lambda: len(world.hits) > 2)
        os.close(ours)
        daemon.send_signal(signal.SIGHUP)
        assert daemon.wait(timeout=SOON) == 0
    finally:
        daemon.kill()
        daemon.wait()


def command(config: Path, *words: str) -> subprocess.Popen[str]:
    words = (sys.executable, "-m", "monitor", *words, "--config", str(config))
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=SOON)
    return process.returncode, out, err


def test_while_it_runs_commands_have_it_do_what_they_ask(world: World, configure: Configure, start: Start) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml", at="0 0 29 2 *").path
    daemon = start(config)
    assert until(lambda: len(world.hits) == 1)
    world.feed("/one.xml", [LEDGER, SCHOOL])
    status, out, err = ended(command(config, "once", "--source", "one.xml", "--json"))
    assert (status, err) == (0, "")
    (polled,) = json.loads(out)["sources"]
    assert (polled["source"], polled["poll"]["new"], polled["poll"]["matches"]) == ("one.xml", 1, 1)
    assert len(world.hits) == 2
    status, out, err = ended(command(config, "digest", "flash"))
    assert (status, err) == (0, "")
    assert squeeze(LEDGER.title) in squeeze(out)
    assert squeeze(SCHOOL.title) in squeeze(out)
    assert (in_mails(world, SCHOOL), in_mails(world, LEDGER)) == (1, 1)
    assert ended(command(config, "digest", "flash")) == (0, "", 'digest "flash": nothing is pending\n')
    status, out, err = ended(command(config, "once", "--source", "nosuch"))
    assert (status, out) == (2, "")
    assert 'no source "nosuch"' in err
    assert ended(command(config, "once", "--retry-parked"))[0] == 0
    status, out, err = ended(command(config, "once"))
    assert (status, out) == (1, "")
    assert str(daemon.pid) in err
    daemon.send_signal(signal.SIGTERM)
    _, log = daemon.communicate(timeout=SOON)
    assert daemon.returncode == 0
    assert "Traceback" not in log


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_command_hears_that_the_daemon_ended_while_it_did_what_was_asked(
    configure: Configure, start: Start, how: signal.Signals
) -> None:
    asked = threading.Semaphore(0)

    def answer(call: Call) -> None:
        asked.release()
        if len(server.calls) > 1:
            call.gone.wait()
        call.answer(404)

    server = Server(answer)
    try:
        slow = f'[[source]]\nname = "slow"\nkind = "feed"\nurl = "http://127.0.0.1:{server.port}/"\n'
        config = configure(extra=slow).path
        daemon = start(config)
        assert asked.acquire(timeout=SOON)
        waiting = command(config, "once", "--source", "slow")
        assert asked.acquire(timeout=SOON)
        daemon.send_signal(how)
        daemon.communicate(timeout=25)  # the get would end after 30 seconds
        status, out, err = ended(waiting)
    finally:
        server.close()
    assert (status, out) == (1, "")
    assert ("then died" if how == signal.SIGKILL else "the daemon was stopped before it was done") in err
