"""The daemon as a process: it polls and delivers by itself, ends on SIGTERM, and is alone on its database."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fetch.conftest import Call, Server
from tests.scenario.conftest import Configure
from tests.scenario.world import Row, World, squeeze

pytestmark = pytest.mark.slow

SCHOOL = Row("City plans metaverse classrooms", "/a/2", "Schools will test them.", age=-5)
LEDGER = Row("Ministry lists blockchain pilots", "/a/5", "Twelve cities take part.", age=-5)
QUICK = ('allow_private = ["127.0.0.0/8"]', 'allow_private = ["127.0.0.0/8"]\nmin_every = "1s"\nmax_every = "1s"')

Start = Callable[[Path], "subprocess.Popen[str]"]


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


def until(what: Callable[[], bool], seconds: float = 30) -> bool:
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
    _, log = daemon.communicate(timeout=10)
    assert daemon.returncode == 0
    assert "Traceback" not in log
    assert "CANARY" not in log
    polls = len(world.hits)
    again = start(config)
    assert until(lambda: len(world.hits) > polls + 1)
    again.send_signal(signal.SIGTERM)
    again.communicate(timeout=10)
    assert (in_mails(world, SCHOOL), in_mails(world, LEDGER)) == (1, 1)


def test_a_second_one_on_the_same_database_is_refused_naming_the_holder(
    world: World, configure: Configure, start: Start
) -> None:
    world.feed("/one.xml", [SCHOOL])
    config = configure("one.xml", replace=QUICK).path
    first = start(config)
    assert until(lambda: len(world.hits) > 0)
    second = start(config)
    _, told = second.communicate(timeout=30)
    assert second.returncode == 1
    assert "monitor run" in told
    assert str(first.pid) in told
    assert first.poll() is None


def test_sigterm_ends_it_in_time_while_a_server_drips(world: World, configure: Configure, start: Start) -> None:
    asked = threading.Event()

    def drip(call: Call) -> None:
        asked.set()
        call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        call.gone.wait(60)

    server = Server(drip)
    try:
        slow = f'[[source]]\nname = "slow"\nurl = "http://127.0.0.1:{server.port}/"\n'
        daemon = start(configure(extra=slow, replace=QUICK).path)
        assert asked.wait(30)
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=10)
        assert daemon.returncode == 0
    finally:
        server.close()


def test_a_second_signal_ends_it_at_once(world: World, configure: Configure, start: Start) -> None:
    """The mail server never answers: the first signal waits for it, the second does not."""
    import socket

    world.feed("/one.xml", [SCHOOL])
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        mute = (f"smtp://127.0.0.1:{world.smtp_port}", f"smtp://127.0.0.1:{port}")
        daemon = start(configure("one.xml", replace=mute).path)
        silent.settimeout(30)
        connection, _ = silent.accept()
        with connection:
            daemon.send_signal(signal.SIGTERM)
            assert daemon.stderr is not None
            for line in daemon.stderr:
                if "stopping" in line:
                    break
            daemon.send_signal(signal.SIGTERM)
            daemon.communicate(timeout=2)
    assert daemon.returncode in (0, 128 + signal.SIGTERM)
