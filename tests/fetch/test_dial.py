"""From a name to a line: looked up once, checked, pinned."""

from __future__ import annotations

import errno
import socket
import ssl
import struct
from collections.abc import Callable
from typing import Any

import pytest

from monitor.fetch import Fetched, FetchError, SystemDialer, SystemResolver

Make = Callable[..., Any]


def failed(answer: object) -> FetchError:
    assert isinstance(answer, FetchError), answer
    return answer


@pytest.fixture
def hello(serve: Make) -> Any:
    return serve(lambda call: call.answer(200, b"hello"))


def test_the_address_that_was_checked_is_the_one_that_is_dialled(
    hello: Any, make_gate: Make, names: Make, wires: Make
) -> None:
    resolver = names({"rebinding.example": [["8.8.8.8"], ["127.0.0.1"], ["127.0.0.1"]]})
    dialer = wires(hello.port)
    gate = make_gate(allow_private=(), resolver=resolver, dialer=dialer)
    assert isinstance(gate.get("http://rebinding.example:81/"), Fetched)
    assert (resolver.asked, dialer.dialled) == (["rebinding.example"], ["8.8.8.8"])
    assert hello.calls[0].header(b"host") == b"rebinding.example:81"
    assert failed(gate.get("http://rebinding.example/")).kind == "blocked"
    assert dialer.dialled == ["8.8.8.8"]


def test_of_several_addresses_those_that_are_refused_are_never_dialled(
    hello: Any, make_gate: Make, names: Make, wires: Make
) -> None:
    resolver = names({"mixed.example": ["10.0.0.1", "::1", "8.8.8.8", "fd00::1", "8.8.4.4"]})
    dialer = wires(hello.port, dead={"8.8.8.8"})
    gate = make_gate(allow_private=(), resolver=resolver, dialer=dialer)
    assert isinstance(gate.get("http://mixed.example/"), Fetched)
    assert dialer.dialled == ["8.8.8.8", "8.8.4.4"]


def test_a_refusal_names_the_network_and_the_remedy(make_gate: Make, names: Make, wires: Make) -> None:
    gate = make_gate(allow_private=(), resolver=names({"inner.example": ["10.1.2.3"]}), dialer=wires(1))
    answer = failed(gate.get("http://inner.example/?secret"))
    assert answer.kind == "blocked"
    assert answer.reason == (
        "inner.example leads to 10.1.2.3, which is in the special-purpose network 10.0.0.0/8; only if that is meant, "
        'add "10.0.0.0/8" to allow_private under [fetch]'
    )


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]", "0", "127.0.0.1."]
)
def test_loopback_is_refused_however_it_is_spelled(make_gate: Make, wires: Make, host: str) -> None:
    dialer = wires(1)
    assert failed(make_gate(allow_private=(), dialer=dialer).get(f"http://{host}/")).kind == "blocked"
    assert dialer.dialled == []


def test_localhost_is_refused_unless_it_is_allowed(hello: Any, make_gate: Make) -> None:
    assert failed(make_gate(allow_private=()).get(hello.url("/", "localhost"))).kind == "blocked"
    assert isinstance(make_gate().get(hello.url("/", "localhost")), Fetched)


def test_all_dead_addresses_are_tried_and_the_last_trouble_is_reported(
    make_gate: Make, names: Make, wires: Make
) -> None:
    dead = [f"8.8.8.{n}" for n in range(20)]
    dialer = wires(1, dead=set(dead))
    gate = make_gate(resolver=names({"dead.example": dead}), dialer=dialer)
    answer = failed(gate.get("https://dead.example/"))
    assert answer.kind == "connect"
    assert answer.reason == "cannot connect to dead.example port 443: connection refused"
    assert dialer.dialled == dead[:10]


def test_an_address_that_does_not_answer_leaves_time_for_the_next(
    hello: Any, make_gate: Make, names: Make, black_hole: Callable[[], socket.socket]
) -> None:
    class HoleFirst:
        def dial(self, address: str, port: int) -> socket.socket:
            if address == "8.8.8.8":
                return black_hole()
            return socket.create_connection(("127.0.0.1", hello.port), timeout=5)

    gate = make_gate(seconds=1.0, resolver=names({"slow.example": ["8.8.8.8", "8.8.4.4"]}), dialer=HoleFirst())
    answer = gate.get("http://slow.example/")
    assert isinstance(answer, Fetched)
    assert answer.seconds >= 0.5


def test_a_lone_address_that_does_not_answer_ends_at_the_deadline(
    make_gate: Make, black_hole: Callable[[], socket.socket]
) -> None:
    class Hole:
        def dial(self, address: str, port: int) -> socket.socket:
            return black_hole()

    assert failed(make_gate(seconds=0.2, dialer=Hole()).get("http://8.8.8.8/")).kind == "timeout"


@pytest.mark.parametrize("addresses", [[], ["rubbish"], [""]])
def test_a_name_without_a_usable_address_is_reported(make_gate: Make, names: Make, addresses: list[str]) -> None:
    assert failed(make_gate(resolver=names({"empty.example": addresses})).get("http://empty.example/")).kind == "dns"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "Name or service not known"),
        (UnicodeError("label too long"), "cannot find the address of odd.example"),
        (TimeoutError(), "cannot find the address of odd.example"),
    ],
)
def test_a_lookup_that_fails_is_reported(make_gate: Make, error: Exception, words: str) -> None:
    class Fails:
        def resolve(self, host: str, port: int, timeout: float) -> list[str]:
            raise error

    answer = failed(make_gate(resolver=Fails()).get("http://odd.example/"))
    assert answer.kind == "dns"
    assert words in answer.reason


def test_a_fault_in_the_lookup_itself_is_not_hidden(make_gate: Make) -> None:
    class Faulty:
        def resolve(self, host: str, port: int, timeout: float) -> list[str]:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        make_gate(resolver=Faulty()).get("http://odd.example/")


def test_the_system_knows_localhost() -> None:
    assert set(SystemResolver().resolve("localhost", 80, 1.0)) <= {"127.0.0.1", "::1"}


def test_the_system_dials_without_waiting_and_lets_go_of_what_fails(hello: Any) -> None:
    with SystemDialer().dial("127.0.0.1", hello.port) as sock:
        assert not sock.getblocking()
    with pytest.raises(OverflowError):
        SystemDialer().dial("127.0.0.1", 1 << 16)


# --- TLS ---


@pytest.fixture
def secret(serve: Make, server_tls: ssl.SSLContext) -> Any:
    return serve(lambda call: call.answer(200, b"secret"), tls=server_tls)


def test_a_secure_line_is_checked_against_the_name_not_the_address(
    secret: Any, make_gate: Make, names: Make, wires: Make, client_tls: ssl.SSLContext
) -> None:
    server = secret
    asked: list[str | None] = []
    server.tls.sni_callback = lambda _sock, name, _context: asked.append(name)
    resolver = names({"secure.example": ["8.8.8.8"], "other.example": ["8.8.8.8"]})
    gate = make_gate(resolver=resolver, dialer=wires(server.port), tls=client_tls)
    assert isinstance(gate.get("https://secure.example./"), Fetched)
    assert server.calls[0].header(b"host") == b"secure.example"
    answer = failed(gate.get("https://other.example/"))
    assert answer.kind == "tls"
    assert "it is for another name" in answer.reason
    assert asked == ["secure.example", "other.example"]
    server.tls.sni_callback = None


def test_an_unknown_authority_is_not_trusted(serve: Make, make_gate: Make, server_tls: ssl.SSLContext) -> None:
    server = serve(lambda call: call.answer(200, b"secret"), tls=server_tls)
    answer = failed(make_gate().get(server.url()))
    assert answer.kind == "tls"
    assert "certificate is not trustworthy" in answer.reason
    assert server.calls == []


def test_a_server_without_tls_is_reported(hello: Any, make_gate: Make, serve: Make, client_tls: ssl.SSLContext) -> None:
    plain = serve(lambda call: call.send(b"HTTP/1.1 400 Bad Request\r\n\r\n"), greedy=True)
    answer = failed(make_gate(tls=client_tls).get(plain.url().replace("http:", "https:")))
    assert answer.kind == "tls"
    assert "does not speak TLS" in answer.reason


def test_a_server_that_hangs_up_during_the_handshake_is_reported(
    serve: Make, make_gate: Make, client_tls: ssl.SSLContext
) -> None:
    rude = serve(lambda _: None, greedy=True)
    answer = failed(make_gate(tls=client_tls).get(rude.url().replace("http:", "https:")))
    assert answer.kind == "tls"


def test_a_secure_document_that_ends_with_a_cut_line_is_truncated(
    serve: Make, make_gate: Make, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    def cut(call: Any) -> None:
        call.send(b"HTTP/1.1 200 OK\r\n\r\nhalf of")
        call.sock.shutdown(socket.SHUT_RDWR)  # no farewell: anybody on the way could have done it

    def whole(call: Any) -> None:
        call.send(b"HTTP/1.1 200 OK\r\n\r\nall of it")

    gate = make_gate(tls=client_tls)
    assert failed(gate.get(serve(cut, tls=server_tls).url())).kind == "truncated"
    assert isinstance(gate.get(serve(whole, tls=server_tls).url()), Fetched)


def test_a_reset_during_the_handshake_is_reported(serve: Make, make_gate: Make, client_tls: ssl.SSLContext) -> None:
    def reset(call: Any) -> None:
        call.sock.recv(1)  # of the greeting, so that the connection is open
        call.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        call.sock.close()

    answer = failed(make_gate(tls=client_tls).get(serve(reset, greedy=True).url().replace("http:", "https:")))
    assert answer.kind == "tls"


def test_an_answer_that_comes_before_the_question_was_sent_is_read(serve: Make, make_gate: Make) -> None:
    early = serve(lambda call: call.answer(431), greedy=True)

    class Deaf(socket.socket):
        def send(self, data: Any, flags: int = 0) -> int:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    class ToDeaf:
        def dial(self, address: str, port: int) -> socket.socket:
            sock = Deaf(socket.AF_INET, socket.SOCK_STREAM)
            sock.connect((address, port))
            return sock

    answer = failed(make_gate(dialer=ToDeaf()).get(early.url()))
    assert (answer.kind, answer.status) == ("http", 431)


def test_a_way_back_to_an_open_line_is_taken_but_never_for_good(
    hello: Any, serve: Make, make_gate: Make, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    secure = serve(lambda call: call.answer(301, b"", {"Location": hello.url("/x")}), tls=server_tls)
    answer = make_gate(tls=client_tls).get(secure.url("/", userinfo="u:p@"))
    assert isinstance(answer, Fetched)
    assert (answer.url, answer.moved_to) == (hello.url("/x"), None)
    assert hello.calls[0].header(b"authorization") is None
