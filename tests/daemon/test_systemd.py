"""The service manager hears the state of the daemon; without one, or with a broken one, nothing happens."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.clock import FixedClock
from monitor.daemon.systemd import ServiceManager
from tests.support.waiting import SOON
from tests.support.world import START


class Manager:
    """A service manager: the socket at which it listens, and what it was sent."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.socket.settimeout(SOON)

    def heard(self) -> str:
        return self.socket.recv(4096).decode()

    def hears_nothing(self) -> bool:
        self.socket.setblocking(False)
        try:
            self.socket.recv(4096)
        except BlockingIOError:
            return True
        return False


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Manager, str]]:
    """Yield a manager, and the address in the form in which the environment has it."""
    path = str(tmp_path / "notify")
    found = Manager(path if request.param == "path" else f"\0{path}")
    yield found, path if request.param == "path" else f"@{path}"
    found.socket.close()


def service(address: str, **more: str) -> ServiceManager:
    return ServiceManager({"NOTIFY_SOCKET": address, **more}, FixedClock(START))


def test_it_hears_the_life_of_a_daemon(manager: tuple[Manager, str]) -> None:
    listening, address = manager
    daemon = service(address)
    daemon.ready()
    daemon.keep_alive()
    daemon.reloading()
    daemon.ready()
    daemon.stopping()
    assert listening.heard() == "READY=1"
    assert listening.heard() == "WATCHDOG=1"
    reloading, since = listening.heard().split("\n")
    assert reloading == "RELOADING=1"
    assert since.removeprefix("MONOTONIC_USEC=").isdigit()
    assert [listening.heard(), listening.heard()] == ["READY=1", "STOPPING=1"]


def test_ready_is_said_once_and_not_after_stopping(manager: tuple[Manager, str]) -> None:
    listening, address = manager
    daemon = service(address)
    daemon.ready()
    daemon.ready()
    daemon.stopping()
    daemon.reloading()
    daemon.ready()
    assert [listening.heard(), listening.heard()] == ["READY=1", "STOPPING=1"]
    assert listening.hears_nothing()


@pytest.mark.parametrize("address", ["", "notify", "/no/such/socket", "@no-such-socket", "/" + "x" * 200, "vsock:2:1"])
def test_without_a_manager_nothing_happens(address: str) -> None:
    daemon = service(address)
    daemon.ready()
    daemon.keep_alive()
    daemon.stopping()


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, 20),
        ({"WATCHDOG_USEC": "1800000000"}, 20),
        ({"WATCHDOG_USEC": "6000000"}, 3),
        ({"WATCHDOG_USEC": "6000000", "WATCHDOG_PID": str(os.getpid())}, 3),
        ({"WATCHDOG_USEC": "6000000", "WATCHDOG_PID": "1"}, 20),
        ({"WATCHDOG_USEC": "soon"}, 20),
        ({"WATCHDOG_USEC": "0"}, 20),
    ],
)
def test_it_is_kept_alive_twice_within_the_time_of_the_watchdog(environ: dict[str, str], seconds: float) -> None:
    assert ServiceManager(environ).beat_seconds(20) == seconds
