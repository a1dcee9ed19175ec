"""The network for httpcore: it connects only to checked addresses, and its streams end at the deadline."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final, Protocol, TypeVar

import httpcore

from monitor.fetch.deadline import READABLE, WRITABLE, Deadline
from monitor.fetch.dial import Connector
from monitor.fetch.handshake import explain_tls_error
from monitor.fetch.outcome import FetchFailed
from monitor.fetch.settings import MAX_HEADER_SIZE, MIB

_Result = TypeVar("_Result")
_SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]  # httpcore's own


_TLS_READ_SIZE: Final = 64 << 10  # bytes read at a time


class TlsContext(Protocol):
    """Returns the TLS context for a server. It is made only when it is needed, because loading authorities is slow."""

    @property
    def allows_outdated(self) -> bool:
        """Whether the context also allows outdated versions of TLS."""
        ...

    def __call__(self) -> ssl.SSLContext:
        """Return the context, ready for use."""
        ...


class ReceiveMeter:
    """Counts received bytes. It ends a connection that sends too many bytes of headers, interim answers or framing."""

    def __init__(self, max_bytes: int) -> None:
        self._limit = MAX_HEADER_SIZE
        self._limit_with_body = (
            MAX_HEADER_SIZE + 2 * max_bytes + MIB
        )  # with room for the framing of chunks, which does not count towards a body's `max_bytes`
        self._count = 0
        self.in_body = False
        self.ended = False

    def begin_body(self) -> None:
        """Use the limit for a body from now on, because the headers are complete."""
        self.in_body = True
        self._limit = self._limit_with_body

    def add(self, count: int) -> None:
        """Count the bytes of one read; 0 means the end of the connection. Raises FetchFailed above the limit."""
        self.ended = count == 0
        self._count += count
        if self._count > self._limit:
            if self.in_body:
                raise FetchFailed("too_large", "sent more bytes of chunk framing than of the document")
            raise FetchFailed("protocol", f"sent more than {MAX_HEADER_SIZE >> 10} KiB of headers")


class GuardedBackend(httpcore.NetworkBackend):
    """Connects httpcore to checked addresses only.

    Each hop of a request has its own backend, with the deadline of the request and the meter of the hop.
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
        return self._dial(host, port)

    def connect(self, origin: httpcore.Origin) -> httpcore.NetworkStream:
        """Connect to a checked address of `origin`, with TLS if its scheme is https."""
        host = origin.host.decode("ascii")
        stream = self._dial(host, origin.port)
        return stream.secure(host) if origin.scheme == b"https" else stream

    def _dial(self, host: str, port: int) -> DeadlineStream:
        sock = self._connector.connect(host, port, self._deadline, trusted=self._trusted)
        return DeadlineStream(sock, self._deadline, self._meter, self._tls)


class DeadlineStream(httpcore.NetworkStream):
    """A socket on which no call blocks beyond the deadline of the request. httpcore's own timeouts are not used."""

    def __init__(self, sock: socket.socket, deadline: Deadline, meter: ReceiveMeter, tls: TlsContext) -> None:
        self._sock = sock
        self._deadline = deadline
        self._meter = meter
        self._tls = tls

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the total deadline rules
        """Return the next received bytes, at most `max_bytes`; b"" at the end of the connection."""
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
            raise httpcore.WriteError from error  # httpcore then checks whether the server has answered anyway

    def close(self) -> None:
        """Hang up."""
        self._sock.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,  # noqa: ARG002 - httpcore's is a stand-in, see `monitor.fetch.transport`
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the total deadline rules
    ) -> httpcore.NetworkStream:
        """Return this connection with TLS. The certificate must be for `server_hostname`."""
        return self.secure(server_hostname)

    def secure(self, server_hostname: str | None) -> httpcore.NetworkStream:
        """Return this connection with TLS. The certificate must be for `server_hostname`. Hang up if that fails."""
        try:
            secured = TlsStream(self, self._tls(), server_hostname, self._meter)
            self._agree(secured, server_hostname)
        except BaseException:
            self.close()
            raise
        return secured

    def _agree(self, secured: TlsStream, server_hostname: str | None) -> None:
        """Do the handshake of `secured`. Raises FetchFailed if it fails, and Stopped after a stop."""
        try:
            secured.do_handshake()
        except (OSError, httpcore.NetworkError) as error:
            reason = explain_tls_error(error, legacy=self._tls.allows_outdated)
            raise FetchFailed("tls", f"no secure connection to {server_hostname}: {reason}") from error

    def _retry_when_ready(self, action: Callable[[], _Result], event: int) -> _Result:
        """Call `action` again whenever the socket is ready, until it succeeds, and return its result.

        Raises OSError, and FetchFailed at the deadline.
        """
        while True:
            self._deadline.remaining()
            try:
                return action()
            except BlockingIOError:
                self._deadline.wait(self._sock, event)


class TlsStream(httpcore.NetworkStream):
    """TLS over a plain stream, with its buffers in memory.

    `ssl.SSLSocket` is not used: it takes over the socket, and the socket is lost if the handshake fails. If the
    connection ends without TLS's closing message, that is an error. Otherwise an attacker on the network could shorten
    a body without a stated length.
    """

    def __init__(self, plain: DeadlineStream, context: ssl.SSLContext, name: str | None, meter: ReceiveMeter) -> None:
        self._plain_stream = plain
        self._meter = meter
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)

    def do_handshake(self) -> None:
        """Agree on keys and check the certificate. Raises OSError, and whatever the plain stream raises."""
        self._call_and_flush(self._tls.do_handshake)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the total deadline rules
        """Return the next received bytes, at most `max_bytes`; b"" after TLS was closed."""
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
