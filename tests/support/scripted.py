"""Far ends that say what a test wants, down to the byte: a server on loopback, a resolver, a dialer."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from tests.support.waiting import SOON

Handler = Callable[["Call"], None]


@dataclass
class Call:
    """One connection to the server: what it asked, and the socket to answer on."""

    sock: socket.socket
    head: bytes
    gone: threading.Event

    @property
    def path(self) -> str:
        return self.head.split(b" ")[1].decode("latin-1")

    def header(self, name: bytes) -> bytes | None:
        for line in self.head.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.lower() == name.lower():
                return value.strip()
        return None

    @property
    def method(self) -> str:
        return self.head.split(b" ")[0].decode("latin-1")

    def body(self) -> bytes:
        """Return what the request brought after its head, as long as it said."""
        _, _, came = self.head.partition(b"\r\n\r\n")
        length = int(self.header(b"content-length") or 0)
        while len(came) < length and (more := self.sock.recv(65536)):
            came += more
        return came

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def answer(
        self,
        status: int = 200,
        body: bytes = b"",
        headers: Mapping[str, str | bytes] | Iterable[tuple[str, str | bytes]] = (),
        *,
        length: int | None = None,
    ) -> None:
        pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
        if length != -1:
            pairs.append(("Content-Length", str(len(body) if length is None else length)))
        lines = [b"HTTP/1.1 %d Whatever" % status]
        for name, value in pairs:
            lines.append(name.encode() + b": " + (value if isinstance(value, bytes) else value.encode()))
        self.send(b"\r\n".join(lines) + b"\r\n\r\n" + body)


@dataclass
class Server:
    """Answers each connection by its `handler`, in a thread of its own. Remembers what it was asked."""

    handler: Handler
    tls: ssl.SSLContext | None = None
    calls: list[Call] = field(default_factory=list)
    greedy: bool = False
    """Answer before the request came."""

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port: int = self._listener.getsockname()[1]
        self._gone = threading.Event()
        self._threads: list[threading.Thread] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def url(self, path: str = "/", host: str = "127.0.0.1", userinfo: str = "") -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://{userinfo}{host}:{self.port}{path}"

    def close(self) -> None:
        self._gone.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in (self._thread, *self._threads):
            thread.join(5)

    def _serve(self) -> None:
        while not self._gone.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._one, args=(sock,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _one(self, sock: socket.socket) -> None:
        with sock:
            sock.settimeout(SOON)
            try:
                secured = self.tls.wrap_socket(sock, server_side=True) if self.tls else sock
                with secured:
                    call = Call(secured, b"" if self.greedy else _head_from(secured), self._gone)
                    self.calls.append(call)
                    self.handler(call)
                    with suppress(OSError, ValueError):  # it may have hung up itself
                        secured.unwrap() if isinstance(secured, ssl.SSLSocket) else secured.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # the gate hung up: often the point of the test


def _head_from(sock: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        data = sock.recv(65536)
        if not data:
            break
        head += data
    return head


@dataclass
class Names:
    """A resolver that knows only what it was given. A name may lead elsewhere at each question."""

    known: dict[str, list[list[str]]]
    asked: list[str] = field(default_factory=list)

    def resolve(self, host: str, port: int, timeout: float) -> list[str]:
        self.asked.append(host)
        if host not in self.known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        answers = self.known[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]


@dataclass
class Wires:
    """A dialer that leads every address to one loopback port, and remembers which were dialled."""

    port: int
    dialled: list[str] = field(default_factory=list)
    dead: frozenset[str] = frozenset()

    def dial(self, address: str, port: int) -> socket.socket:
        self.dialled.append(address)
        if address in self.dead:
            raise ConnectionRefusedError(111, "Connection refused")
        return socket.create_connection(("127.0.0.1", self.port), timeout=SOON)
