"""From a host name to a connected socket: resolve the name once, check every address, connect to a checked one."""

from __future__ import annotations

import errno
import os
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from monitor.fetch.deadline import READABLE, WRITABLE, Deadline
from monitor.fetch.guard import check_addresses, is_loopback_name, parse_ip_literal
from monitor.fetch.outcome import FetchFailed
from monitor.fetch.settings import MAX_ADDRESSES, Network

_MAX_SECONDS_PER_ADDRESS: Final = 10.0  # for each address but the last, so that the next one is tried in time


class Resolver(Protocol):
    """Looks up the addresses of host names."""

    def resolve(self, host: str, port: int, timeout: float) -> list[str]:
        """Return the addresses of `host`, best first. Raises OSError or UnicodeError if there are none.

        This method may block: it is called in its own thread, and the caller waits at most `timeout` seconds.
        """
        ...


class Dialer(Protocol):
    """Opens connections."""

    def dial(self, address: str, port: int) -> socket.socket:
        """Return a TCP socket that begins to connect, without waiting for it. Raises OSError if that fails at once."""
        ...


class SystemResolver:
    """Looks up names with the resolver of the operating system."""

    def resolve(self, host: str, port: int, timeout: float) -> list[str]:  # noqa: ARG002 - getaddrinfo takes none
        """Return the addresses in the order of RFC 6724, as the system gives them."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        return [str(where[0]) for *_, where in found]


class SystemDialer:
    """Opens TCP connections over the machine's network."""

    def dial(self, address: str, port: int) -> socket.socket:
        """Return a TCP socket that begins to connect to an IP address. Raises OSError if that fails at once."""
        sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _raise_connect_error(sock.connect_ex((address, port)))
        except BaseException:
            sock.close()
            raise
        return sock


@dataclass(frozen=True, slots=True)
class Connector:
    """Connects to hosts, with a resolver, a dialer and a list of special-purpose networks that are allowed.

    A `trusted` host (the configured proxy) may be in any network.
    """

    resolver: Resolver
    dialer: Dialer
    allow_private: Sequence[Network]

    def connect(self, host: str, port: int, deadline: Deadline, *, trusted: bool = False) -> socket.socket:
        """Return a connected, non-blocking socket. Raises FetchFailed."""
        addresses = self.look_up(host, port, deadline, trusted=trusted)
        error_text = ""
        for addresses_left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            seconds = (
                deadline.remaining()
                if addresses_left == 1
                else min(_MAX_SECONDS_PER_ADDRESS, deadline.remaining() / addresses_left)
            )
            try:
                return _connect(self.dialer, address, port, deadline, seconds)
            except OSError as error:
                error_text = (error.strerror or type(error).__name__).lower()
        raise FetchFailed("connect", f"cannot connect to {host} port {port}: {error_text}")

    def look_up(self, host: str, port: int, deadline: Deadline, *, trusted: bool = False) -> list[str]:
        """Return the addresses of a host that may be dialled, best first. Raises FetchFailed if there are none."""
        found = self._addresses(host, port, deadline)
        return found if trusted else self._dialable_addresses(host, found)

    def refuse_literal(self, host: str) -> None:
        """Raise FetchFailed if `host` is an IP address that must not be dialled. A name is not looked up."""
        if (address := "127.0.0.1" if is_loopback_name(host) else _literal_text(host)) is not None:
            self._dialable_addresses(host, [address])

    def _addresses(self, host: str, port: int, deadline: Deadline) -> list[str]:
        literal_address = _literal_text(host)
        if literal_address is not None:
            return [literal_address]
        try:
            found = _resolve_in_thread(self.resolver, host, port, deadline)
        except socket.gaierror as error:
            raise FetchFailed("dns", f"cannot find the address of {host} ({error.strerror})") from error
        except (OSError, UnicodeError) as error:
            raise FetchFailed("dns", f"cannot find the address of {host}") from error
        if not found:
            raise FetchFailed("dns", f"{host} has no address")
        return found

    def _dialable_addresses(self, host: str, addresses: Sequence[str]) -> list[str]:
        verdict = check_addresses(addresses, self.allow_private)
        if verdict.allowed:
            return list(verdict.allowed[:MAX_ADDRESSES])
        if not verdict.refused:
            raise FetchFailed("dns", f"{host} has no address that can be read")
        address, network = verdict.refused[0]
        subject = host if host == address else f"{host} leads to {address}, which"
        raise FetchFailed(
            "blocked",
            f'{subject} is in the special-purpose network {network}; only if that is meant, add "{network}" to '
            "allow_private under [fetch]",
        )


def _literal_text(host: str) -> str | None:
    address = parse_ip_literal(host)
    return None if address is None else str(address)


def _resolve_in_thread(resolver: Resolver, host: str, port: int, deadline: Deadline) -> list[str]:
    """Look up a name in a thread of its own, because the system's resolver has no timeout.

    At the deadline the thread is abandoned.
    """
    box: list[list[str] | BaseException] = []
    receiver, sender = socket.socketpair()
    timeout = deadline.remaining()

    def look_up() -> None:
        with sender:  # closing it wakes the thread that waits at the other end
            try:
                box.append(resolver.resolve(host, port, timeout))
            except BaseException as error:  # noqa: BLE001 - passed to the calling thread and raised there
                box.append(error)

    threading.Thread(target=look_up, name="resolve", daemon=True).start()
    with receiver:
        deadline.wait(receiver, READABLE)
    if isinstance(box[0], BaseException):
        raise box[0]
    return box[0]


def _connect(dialer: Dialer, address: str, port: int, deadline: Deadline, seconds: float) -> socket.socket:
    sock = dialer.dial(address, port)
    try:
        sock.setblocking(False)
        if not deadline.wait(sock, WRITABLE, seconds):
            raise TimeoutError(errno.ETIMEDOUT, "no answer")
        _raise_connect_error(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
    except BaseException:
        sock.close()
        raise
    return sock


def _raise_connect_error(code: int) -> None:
    if code not in {0, errno.EINPROGRESS}:
        raise OSError(code, os.strerror(code))
