"""The guard of tests/conftest.py: nothing but this machine can be reached from a test."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest


def _udp(host: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"x", (host, 9))


def _dial(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.settimeout(0.2)
        sock.connect_ex((host, 9))


def _asyncio_dial(host: str) -> None:
    async def go() -> None:
        await asyncio.get_running_loop().getaddrinfo(host, 80)

    asyncio.run(go())


@pytest.mark.parametrize(
    ("reach", "host"),
    [
        (_dial, "192.0.2.1"),
        (_dial, "10.0.0.1"),
        (_dial, "2001:db8::1"),
        (_dial, "::ffff:192.0.2.1"),
        (_udp, "192.0.2.1"),
        (_asyncio_dial, "example.org"),
        (lambda host: socket.getaddrinfo(host, 80), "example.org"),
        (lambda host: socket.create_connection((host, 80)), "example.org"),
        (socket.gethostbyname, "example.org"),
        (socket.gethostbyaddr, "192.0.2.1"),
        (lambda host: socket.getnameinfo((host, 80), 0), "192.0.2.1"),
    ],
)
def test_another_machine_is_out_of_reach(reach: Callable[[str], object], host: str, touched_network: list[str]) -> None:
    with pytest.raises(AssertionError, match="no network but loopback"):
        reach(host)
    assert host in touched_network[0], "and it is remembered, in case the program swallows the refusal"
    touched_network.clear()


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        _, port = server.getsockname()
        for host in ("127.0.0.1", "localhost"):
            with socket.create_connection((host, port), timeout=5) as client:
                accepted, _ = server.accept()
                accepted.close()
                assert client.getpeername()[1] == port


def test_unix_sockets_are_open() -> None:
    one, other = socket.socketpair()
    with one, other:
        one.sendall(b"x")
        assert other.recv(1) == b"x"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "192.0.2.7"])
def test_a_literal_address_is_parsed_without_a_lookup(host: str) -> None:
    assert socket.getaddrinfo(host, 80)[0][4][0] == host
