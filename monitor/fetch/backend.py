"""The network as httpcore sees it: a guarded dialer, and streams that end at the deadline."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final, Protocol, TypeVar

import httpcore

from monitor.errors import Stopped
from monitor.fetch.deadline import READABLE, WRITABLE, Deadline
from monitor.fetch.dial import Connector
from monitor.fetch.handshake import explain_tls_error
from monitor.fetch.outcome import FetchFailed
from monitor.fetch.settings import MAX_HEADER_SIZE, MIB

_Result = TypeVar("_Result")
_SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]  # httpcore's own


_TLS_READ_SIZE: Final = 64 << 10  # bytes read at a time


class TlsContext(Protocol):
    """Returns the TLS context for a server when it is needed: loading the authorities is slow."""

    @property
    def allows_outdated(self) -> bool:
        """Whether it also speaks outdated versions of TLS."""
        ...

    def __call__(self) -> ssl.SSLContext:
        """Return the context, ready for use."""
        ...


class ReceiveMeter:
    """Counts received bytes, and ends connections that send too many headers, interim answers or chunk frames."""

    def __init__(self, max_bytes: int) -> None:
        self._limit = MAX_HEADER_SIZE
        self._limit_with_body = (
            MAX_HEADER_SIZE + 2 * max_bytes + MIB
        )  # room for the framing of chunks, which a body cap does not see
        self._count = 0
        self.in_body = False
        self.ended = False

    def begin_body(self) -> None:
        """Count towards the body from now on; the headers are complete."""
        self.in_body = True
        self._limit = self._limit_with_body

    def add(self, count: int) -> None:
        """Count the bytes of one read; 0 is the end of the connection. Raises FetchFailed when it is too much."""
        self.ended = count == 0
        self._count += count
        if self._count > self._limit:
            if self.in_body:
                raise FetchFailed("too_large", "sent more bytes of chunk framing than of the document")
            raise FetchFailed("protocol", f"sent more than {MAX_HEADER_SIZE >> 10} KiB of headers")


class GuardedBackend(httpcore.NetworkBackend):
    """Connects httpcore to checked addresses only.

    There is one for each hop: it has the deadline of the request and the hop's meter.
    """

    def __init__(
        self, connector: Connector, deadline: Deadline, meter: ReceiveMeter, tls: TlsContext, *, trusted: bool
    ) -> None:
        self._connector = connector
        self._deadline = deadline
        self._meter = meter
        self._tls = tls
        self._trusted = trusted

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the total deadline rules
        local_address: str | None = None,  # noqa: ARG002 - never set by us
        socket_options: Iterable[_SocketOption] | None = None,  # noqa: ARG002 - never set by us
    ) -> httpcore.NetworkStream:
        """Connect to a checked address of `host`."""
        sock = self._connector.connect(host, port, self._deadline, trusted=self._trusted)
        return DeadlineStream(sock, self._deadline, self._meter, self._tls)


class DeadlineStream(httpcore.NetworkStream):
    """A socket that never blocks longer than its request may last. httpcore's own timeouts are not used."""

    def __init__(self, sock: socket.socket, deadline: Deadline, meter: ReceiveMeter, tls: TlsContext) -> None:
        self._sock = sock
        self._deadline = deadline
        self._meter = meter
        self._tls = tls

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the total deadline rules
        """Return the received bytes, at most `max_bytes`; nothing at the end."""
        try:
            data = self._retry_when_ready(partial(self._sock.recv, max_bytes), READABLE)
        except OSError as error:
            raise httpcore.ReadError from error
        self._meter.add(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the total deadline rules
        """Send all bytes."""
        rest = memoryview(buffer)
        try:
            while rest:
                rest = rest[self._retry_when_ready(partial(self._sock.send, rest), WRITABLE) :]
        except OSError as error:
            raise httpcore.WriteError from error  # httpcore then looks whether the server has answered all the same

    def close(self) -> None:
        """Hang up."""
        self._sock.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,  # noqa: ARG002 - httpcore's is a stand-in, see `monitor.fetch.transport`
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the total deadline rules
    ) -> httpcore.NetworkStream:
        """Use TLS from here on; the certificate must be for `server_hostname`."""
        secured = TlsStream(self, self._tls(), server_hostname, self._meter)
        try:
            secured.do_handshake()
        except (OSError, httpcore.NetworkError) as error:
            self.close()
            reason = explain_tls_error(error, legacy=self._tls.allows_outdated)
            raise FetchFailed("tls", f"no secure connection to {server_hostname}: {reason}") from error
        except (FetchFailed, Stopped):
            self.close()
            raise
        return secured

    def _retry_when_ready(self, action: Callable[[], _Result], event: int) -> _Result:
        """Call `action`, waiting whenever the socket asks for it. Raises OSError, and FetchFailed at the deadline."""
        while True:
            self._deadline.remaining()
            try:
                return action()
            except BlockingIOError:
                self._deadline.wait(self._sock, event)


class TlsStream(httpcore.NetworkStream):
    """TLS over a watched stream, in memory. `ssl.SSLSocket` would take the socket, and lose it if wrapping fails.

    An end of the connection without TLS's own end is an error: otherwise an attacker on the network could cut a body
    that has no stated length.
    """

    def __init__(self, plain: DeadlineStream, context: ssl.SSLContext, name: str | None, meter: ReceiveMeter) -> None:
        self._plain_stream = plain
        self._meter = meter
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)

    def do_handshake(self) -> None:
        """Agree on keys and check the certificate. Raises OSError, and what the plain stream raises."""
        self._call_and_flush(self._tls.do_handshake)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the total deadline rules
        """Return the received bytes, at most `max_bytes`; nothing after TLS was closed."""
        try:
            data = self._call_and_flush(partial(self._tls.read, max_bytes))
        except OSError as error:
            raise httpcore.ReadError from error
        if not data:
            self._meter.add(0)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the total deadline rules
        """Send all bytes."""
        self._call_and_flush(partial(self._tls.write, buffer))

    def close(self) -> None:
        """Hang up."""
        self._plain_stream.close()

    def _call_and_flush(self, action: Callable[[], _Result]) -> _Result:
        while True:
            try:
                result = action()
            except ssl.SSLWantReadError:
                self._flush()
                data = self._plain_stream.read(_TLS_READ_SIZE)
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
            else:
                self._flush()
                return result

    def _flush(self) -> None:
        if self._outgoing.pending:
            self._plain_stream.write(self._outgoing.read())
