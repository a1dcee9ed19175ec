"""Far ends for the gate: a scripted server on loopback, and a world of names that leads to it."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import trustme

from monitor.fetch import FetchSettings, Gate

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)

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
        """What the request brought after its head, as long as it said."""
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
            sock.settimeout(5)
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
    """A resolver that knows only what it was told. A name may lead elsewhere at each question."""

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
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)


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
        seams = {name: options.pop(name) for name in ("resolver", "dialer", "clock", "tls") if name in options}
        settings = FetchSettings(**{"allow_private": LOOPBACK, "seconds": 10.0, **options})
        made.append(Gate(settings, **seams))
        return made[-1]

    yield make
    for gate in made:
        gate.close()


@pytest.fixture
def gate(make_gate: Callable[..., Gate]) -> Gate:
    """One that may dial loopback."""
    return make_gate()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """An authority that nobody trusts but who is told to."""
    return trustme.CA()


@pytest.fixture(scope="session")
def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    """The context of a server that is `secure.example` and 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("secure.example", "127.0.0.1").configure_cert(context)
    return context


@pytest.fixture(scope="session")
def client_tls(authority: trustme.CA) -> ssl.SSLContext:
    """A context that trusts the authority."""
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
