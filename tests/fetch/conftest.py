"""Far ends for the gate: a scripted server on loopback, and a world of names that leads to it."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import trustme

from monitor.fetch import FetchSettings, Gate
from tests.support.scripted import Handler, Names, Server, Wires
from tests.support.waiting import SOON

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """`serve(handler)` starts a server that ends with the test."""
    started: list[Server] = []

    def start(handler: Handler, **options: Any) -> Server:
        started.append(Server(handler, **options))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def make_gate() -> Iterator[Callable[..., Gate]]:
    """`make_gate(seconds=…, resolver=…)` makes a gate that may dial loopback; it is closed with the test."""
    made: list[Gate] = []

    def make(**options: Any) -> Gate:
        seams = {name: options.pop(name) for name in ("resolver", "dialer", "clock", "tls", "rests") if name in options}
        settings = FetchSettings(**{"allow_private": LOOPBACK, "seconds": SOON, **options})
        made.append(Gate(settings, **seams))
        return made[-1]

    yield make
    for gate in made:
        gate.close()


@pytest.fixture
def gate(make_gate: Callable[..., Gate]) -> Gate:
    """Make a gate that may dial loopback."""
    return make_gate()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Make an authority that only a context made for it trusts."""
    return trustme.CA()


@pytest.fixture(scope="session")
def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    """Make the context of a server that is `secure.example` and 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("secure.example", "127.0.0.1").configure_cert(context)
    return context


@pytest.fixture(scope="session")
def client_tls(authority: trustme.CA) -> ssl.SSLContext:
    """Make a context that trusts the authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def names() -> Callable[[dict[str, Any]], Names]:
    """`names({"a.example": ["8.8.8.8"]})` is a resolver; a list of lists gives another answer at each question."""

    def make(known: dict[str, Any]) -> Names:
        return Names({host: list(at) if at and isinstance(at[0], list) else [at] for host, at in known.items()})

    return make


@pytest.fixture
def wires() -> Callable[..., Wires]:
    """`wires(port)` is a dialer that leads everywhere to this port of loopback."""
    return lambda port, dead=(): Wires(port, dead=frozenset(dead))


@pytest.fixture
def black_hole() -> Iterator[Callable[[], socket.socket]]:
    """`black_hole()` is a socket that never becomes connected: its far end has no room left for callers."""
    opened: list[socket.socket] = []

    def make() -> socket.socket:
        full = socket.socket()
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        opened.append(full)
        for _ in range(4):
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex(full.getsockname())
            opened.append(sock)
        return opened.pop()

    yield make
    for sock in opened:
        sock.close()
