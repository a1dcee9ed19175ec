"""Sources that hang do not keep the others waiting, on hosts of their own and on one host."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from monitor.executor import Job, KeyedExecutor, SpareThreads
from monitor.fetch import Fetched, FetchError, FetchSettings, Gate
from tests.support.scripted import Call, Server
from tests.support.waiting import SOON

HALF = 10
HANGS_AFTER = 0.02
BRIDGE = 3
"""Requests at the same time to one host: more than usual."""


class Bridge:
    """A server whose paths below `/hang` do not answer before all the others have."""

    def __init__(self) -> None:
        self.served = threading.Semaphore(0)
        self.release = threading.Event()

    def __call__(self, call: Call) -> None:
        if call.path.startswith("/hang"):
            self.release.wait(SOON)
            return
        call.answer(200, b"ok")
        self.served.release()


@pytest.fixture
def bridge() -> Iterator[tuple[Bridge, Server]]:
    handler = Bridge()
    server = Server(handler)
    yield handler, server
    handler.release.set()
    server.close()


@pytest.mark.parametrize(
    "host_of", [lambda _: "127.0.0.1", lambda number: f"127.0.0.{number + 1}"], ids=["one host", "many hosts"]
)
def test_the_sources_that_answer_are_read_while_the_others_hang(
    bridge: tuple[Bridge, Server], host_of: Callable[[int], str]
) -> None:
    handler, server = bridge
    networks = (ipaddress.ip_network("127.0.0.0/8"),)
    gate = Gate(FetchSettings(networks, seconds=2 * SOON, per_host=BRIDGE, hangs_after=HANGS_AFTER), dialer=ToPort())
    executor = KeyedExecutor(4, 2, name="poll", spare=SpareThreads(2 * HALF, HALF, HANGS_AFTER, SOON))
    answers: dict[str, object] = {}

    def read(path: str, host: str) -> None:
        answers[path] = gate.get(server.url(path, host))

    paths = [f"/{kind}/{number}" for kind in ("hang", "answer") for number in range(HALF)]
    hosts = [host_of(number) for number in range(len(paths))]
    jobs = [Job(path, host, partial(read, path, host), BRIDGE) for path, host in zip(paths, hosts, strict=True)]
    running = threading.Thread(target=executor.run, args=(jobs,))
    running.start()
    assert all(handler.served.acquire(timeout=SOON) for _ in range(HALF)), "these waited for the sources that hang"
    assert not any(path.startswith("/hang") for path in answers)
    handler.release.set()
    running.join(SOON)
    executor.close()
    gate.close()
    kinds = {path: type(answer) for path, answer in answers.items()}
    assert kinds == {path: FetchError if path.startswith("/hang") else Fetched for path in paths}


class ToPort:
    """A dialer that leads every address of this machine to the first one, where the server listens."""

    def dial(self, address: str, port: int) -> socket.socket:
        return socket.create_connection(("127.0.0.1", port), timeout=SOON)
