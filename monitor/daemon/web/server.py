"""A small HTTP server for pages without input. Whatever a client sends or does not send, it costs little.

A connection has one request and a few seconds. Only a few connections are open at the same time, further ones are
closed at once. `http.server` is not used, because it limits neither threads nor the duration of a request.
"""

from __future__ import annotations

import ipaddress
import select
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from monitor.log import logger

MAX_CONNECTIONS: Final = 8
"""Maximum number of open connections."""

MAX_HEAD: Final = 16 << 10
"""Maximum bytes of a request before its body."""

MAX_SECONDS: Final = 5.0
"""Maximum seconds for receiving a request, and again for sending the page."""

PAUSE_SECONDS: Final = 1.0
"""Seconds without new connections after the system refused one, as when there are no free file descriptors."""

Address = tuple[str, int]

_log = logger("web")


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its status, its media type, and its content."""

    status: int
    media_type: str
    content: bytes


class BadRequest(Exception):
    """Raised for a request that gets an error page."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class PageServer:
    """Serves `pages`, functions by their paths, at an address of this machine. `close` ends it.

    Raises OSError if the address cannot be used. `on_close` is called at the end.
    """

    def __init__(
        self, address: Address, pages: Mapping[str, Callable[[], Page]], on_close: Callable[[], object] = lambda: None
    ) -> None:
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self._listener = socket.create_server(address, family=family, backlog=MAX_CONNECTIONS)
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._pages = pages
        self._on_close = on_close
        self._free = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._wake, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._accept, name="web", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Accept no more connections. Requests that are being answered end within seconds."""
        self._wake.close()
        self._thread.join()
        self._listener.close()
        self._woken.close()
        self._on_close()

    def _accept(self) -> None:
        while True:
            readable, _, _ = select.select([self._listener, self._woken], [], [])
            if self._woken in readable:
                return
            try:
                connection, _ = self._listener.accept()
            except (BlockingIOError, ConnectionError):  # the client is gone again
                continue
            except OSError:  # there are no file descriptors or no memory
                select.select([self._woken], [], [], PAUSE_SECONDS)
                continue
            self._start(connection)

    def _start(self, connection: socket.socket) -> None:
        if not self._free.acquire(blocking=False):
            connection.close()
            return
        try:
            threading.Thread(target=self._serve, args=(connection,), name="web", daemon=True).start()
        except RuntimeError:  # the system has no more threads
            connection.close()
            self._free.release()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, suppress(OSError):
                answer = self._answer(connection)
                connection.settimeout(MAX_SECONDS)
                connection.sendall(answer)
                connection.shutdown(socket.SHUT_WR)
        finally:
            self._free.release()

    def _answer(self, connection: socket.socket) -> bytes:
        """Return the whole answer to the request of a connection. Raises OSError if the client is gone."""
        method = "GET"
        try:
            method, path = parse_head(_receive_head(connection))
            page = self._page(path)
        except BadRequest as refused:
            page = Page(refused.status, "text/plain; charset=utf-8", f"{refused}\n".encode())
        return encode(page, with_content=method != "HEAD")

    def _page(self, path: str) -> Page:
        make = self._pages.get(path)
        if make is None:
            raise BadRequest(HTTPStatus.NOT_FOUND)
        try:
            return make()
        except Exception as error:  # the boundary of a request: the next one must be answered
            _log.exception("crash", path=path, reason=type(error).__name__)
            raise BadRequest(HTTPStatus.INTERNAL_SERVER_ERROR) from error


def _receive_head(connection: socket.socket) -> bytes:
    """Return the bytes up to the empty line after the headers. Raises BadRequest if they do not come in time."""
    until = time.monotonic() + MAX_SECONDS
    head = bytearray()
    while (end := head.find(b"\r\n\r\n")) < 0:
        left = until - time.monotonic()
        if len(head) > MAX_HEAD:
            raise BadRequest(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if left <= 0:
            raise BadRequest(HTTPStatus.REQUEST_TIMEOUT)
        connection.settimeout(left)
        try:
            piece = connection.recv(4096)
        except TimeoutError:
            raise BadRequest(HTTPStatus.REQUEST_TIMEOUT) from None
        if not piece:
            raise BadRequest(HTTPStatus.BAD_REQUEST)
        head += piece
    return bytes(head[:end])


def parse_head(head: bytes) -> tuple[str, str]:
    """Return the method and the path of a request (RFC 9112, 3). Raises BadRequest."""
    request, *fields = head.decode("latin-1").split("\r\n")
    words = request.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):  # noqa: PLR2004 - method, target, version
        raise BadRequest(HTTPStatus.BAD_REQUEST)
    method, target, _ = words
    if method not in ("GET", "HEAD"):
        raise BadRequest(HTTPStatus.METHOD_NOT_ALLOWED)
    hosts = [value.strip() for name, _, value in (field.partition(":") for field in fields) if name.lower() == "host"]
    # A page of a web site can send requests to this machine under the site's own name (DNS rebinding).
    if not all(map(_is_this_machine, hosts)):
        raise BadRequest(HTTPStatus.MISDIRECTED_REQUEST)
    return method, target.partition("?")[0]


def _is_this_machine(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def encode(page: Page, *, with_content: bool) -> bytes:
    """Return the page as an HTTP answer; without its content for a HEAD request."""
    lines = (
        f"HTTP/1.1 {page.status} {HTTPStatus(page.status).phrase}",
        f"Content-Type: {page.media_type}",
        f"Content-Length: {len(page.content)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
    )
    head = "".join(f"{line}\r\n" for line in lines) + "\r\n"
    return head.encode("latin-1") + (page.content if with_content else b"")
