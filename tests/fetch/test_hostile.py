"""Far ends that mean harm: each get ends within its limit, in a value."""

from __future__ import annotations

import gzip
import socket
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.fetch import Fetched, FetchError, FetchSettings, Gate, NotModified, SameBody
from monitor.model import Validators

Make = Callable[..., Any]
MIB = 1 << 20


def failed(answer: object) -> FetchError:
    assert isinstance(answer, FetchError), answer
    return answer


def drip(call: Any, data: bytes, every: float = 0.02) -> None:
    """Send a byte now and then, for as long as somebody listens."""
    for byte in data:
        call.send(bytes([byte]))
        if call.gone.wait(every):
            return


@pytest.mark.parametrize(
    "before",
    [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n",
     b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
    ids=["status", "header", "body", "body without length", "chunk"],
)  # fmt: skip
def test_a_drip_ends_at_the_deadline_wherever_it_drips(serve: Make, make_gate: Make, before: bytes) -> None:
    def handler(call: Any) -> None:
        call.send(before)
        drip(call, b"1" * 9_000 if before else b"HTTP/1.1 200 " + b"O" * 9_000)

    answer = failed(make_gate(seconds=0.3).get(serve(handler).url()))
    assert answer.kind == "timeout"
    assert answer.reason == "took longer than 0.3 s"
    assert answer.seconds >= 0.3


def test_a_drip_through_tls_ends_at_the_deadline(
    serve: Make, make_gate: Make, server_tls: Any, client_tls: Any
) -> None:
    server = serve(lambda call: drip(call, b"HTTP/1.1 200 OK\r\nX: " + b"y" * 9_000), tls=server_tls)
    assert failed(make_gate(seconds=0.3, tls=client_tls).get(server.url())).kind == "timeout"


def test_a_handshake_that_does_not_go_on_ends_at_the_deadline(serve: Make, make_gate: Make, client_tls: Any) -> None:
    server = serve(lambda call: call.gone.wait(), greedy=True)
    url = server.url().replace("http:", "https:")
    assert failed(make_gate(seconds=0.3, tls=client_tls).get(url)).kind == "timeout"


def test_a_request_that_nobody_reads_ends_at_the_deadline(serve: Make, make_gate: Make) -> None:
    server = serve(lambda call: call.gone.wait(), greedy=True)
    gate = make_gate(seconds=0.3, user_agent="x" * (8 * MIB))
    assert failed(gate.get(server.url())).kind == "timeout"


def test_a_request_that_nobody_reads_through_tls_ends_at_the_deadline(
    serve: Make, make_gate: Make, server_tls: Any, client_tls: Any
) -> None:
    server = serve(lambda call: call.gone.wait(), greedy=True, tls=server_tls)
    gate = make_gate(seconds=0.3, user_agent="x" * (8 * MIB), tls=client_tls)
    assert failed(gate.get(server.url())).kind == "timeout"


def test_a_redirect_does_not_start_the_time_again(serve: Make, make_gate: Make) -> None:
    def handler(call: Any) -> None:
        call.gone.wait(0.12)
        call.answer(302, b"", {"Location": f"/{len(server.calls)}"})

    server = serve(handler)
    answer = failed(make_gate(seconds=0.3).get(server.url()))
    assert answer.kind == "timeout"
    assert len(server.calls) <= 3


def test_a_name_that_is_looked_up_for_ever_ends_at_the_deadline(make_gate: Make) -> None:
    done = threading.Event()

    class Forever:
        def resolve(self, host: str, port: int, timeout: float) -> list[str]:
            done.wait()
            return []

    try:
        assert failed(make_gate(seconds=0.2, resolver=Forever()).get("http://slow.example/")).kind == "timeout"
    finally:
        done.set()


@pytest.mark.parametrize("interim", [b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", b"HTTP/1.1 100\r\n\r\n"])
def test_endless_interim_answers_end(serve: Make, make_gate: Make, interim: bytes) -> None:
    def handler(call: Any) -> None:
        while True:
            call.send(interim * 100)

    assert failed(make_gate().get(serve(handler).url())).kind == "protocol"


def test_slow_endless_interim_answers_end_at_the_deadline(serve: Make, make_gate: Make) -> None:
    def handler(call: Any) -> None:
        while not call.gone.wait(0.02):
            call.send(b"HTTP/1.1 103 Early Hints\r\n\r\n")

    assert failed(make_gate(seconds=0.3).get(serve(handler).url())).kind == "timeout"


def test_endless_headers_end(serve: Make, make_gate: Make) -> None:
    def handler(call: Any) -> None:
        call.send(b"HTTP/1.1 200 OK\r\n")
        while True:
            call.send(b"X: y\r\n" * 1000)

    assert failed(make_gate().get(serve(handler).url())).kind == "protocol"


def test_chunks_with_more_framing_than_document_end(serve: Make, make_gate: Make) -> None:
    def handler(call: Any) -> None:
        call.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            call.send((b"1;" + b"x" * 60_000 + b"\r\ny\r\n") * 10)

    answer = failed(make_gate(max_bytes=1000).get(serve(handler).url()))
    assert answer.kind == "too_large"
    assert "framing" in answer.reason


def bomb(mebibytes: int) -> Iterator[bytes]:
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    yield deflate.compress(bytes(MIB)) + deflate.flush(zlib.Z_FULL_FLUSH)
    block = deflate.compress(bytes(MIB)) + deflate.flush(zlib.Z_FULL_FLUSH)
    for _ in range(mebibytes - 1):
        yield block


def test_a_gzip_bomb_of_500_mib_ends_at_15(serve: Make, make_gate: Make) -> None:
    def handler(call: Any) -> None:
        call.send(b'HTTP/1.1 200 OK\r\nETag: "bomb"\r\nContent-Encoding: gzip\r\n\r\n')
        for block in bomb(500):
            call.send(block)

    tracemalloc.start()
    try:
        answer = failed(make_gate().get(serve(handler).url()))
        assert tracemalloc.get_traced_memory()[1] < 45 * MIB
    finally:
        tracemalloc.stop()
    assert answer.kind == "too_large"


def test_a_truncated_document_saves_no_validators_so_the_next_one_is_whole(serve: Make, gate: Gate) -> None:
    whole = gzip.compress(b"<rss>all of it</rss>")

    def handler(call: Any) -> None:
        if call.header(b"if-none-match") or call.header(b"if-modified-since"):
            call.answer(304, b"", {"ETag": '"1"'}, length=-1)
        else:
            body = whole[:-9] if len(server.calls) == 1 else whole
            call.answer(200, body, {"ETag": '"1"', "Last-Modified": "Tue", "Content-Encoding": "gzip"})

    server = serve(handler)
    known = Validators()
    broken = gate.get(server.url(), validators=known)
    assert failed(broken).kind == "truncated"
    assert not hasattr(broken, "validators")
    second = gate.get(server.url(), validators=known)
    assert isinstance(second, Fetched)
    assert second.body == b"<rss>all of it</rss>"
    third = gate.get(server.url(), validators=second.validators)
    assert isinstance(third, NotModified)


@pytest.mark.parametrize(
    "location",
    ["http://169.254.169.254/latest/meta-data/", "http://2852039166/", "http://0xa9.0xfe.0xa9fe/", "http://169.254.43518/",
     "http://[::ffff:169.254.169.254]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[::ffff:a9fe:a9fe]/",
     "http://[2002:a9fe:a9fe::1]/", "http://metadata.example/", "//169.254.169.254./", "http://169。254。169。254/"],
)  # fmt: skip
def test_a_redirect_to_the_metadata_service_dials_nothing(
    serve: Make, make_gate: Make, wires: Make, names: Make, location: str
) -> None:
    server = serve(lambda call: call.answer(302, b"", {"Location": location}))
    dialer = wires(server.port)
    resolver = names({"news.example": ["8.8.8.8"], "metadata.example": ["169.254.169.254"]})
    gate = make_gate(allow_private=(), resolver=resolver, dialer=dialer)
    answer = failed(gate.get("http://news.example/feed"))
    assert answer.kind == "blocked", answer
    assert dialer.dialled == ["8.8.8.8"]
    assert len(server.calls) == 1


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[Callable[[bytes], object]]:
    """`fuzzed(data)` is the answer of a gate to a far end that says `data` and hangs up."""

    class Says:
        data = b""

        def dial(self, address: str, port: int) -> socket.socket:
            ours, theirs = socket.socketpair()
            theirs.setblocking(False)
            theirs.send(self.data)
            theirs.shutdown(socket.SHUT_WR)
            kept.append(theirs)  # so that our request can be written
            return ours

    kept: list[socket.socket] = []
    says = Says()
    with Gate(FetchSettings(max_bytes=1000, seconds=5.0), dialer=says) as gate:

        def ask(data: bytes) -> object:
            says.data = data
            answer = gate.get("http://8.8.8.8/", validators=Validators(b'"1"', b"Tue", "h"))
            while kept:
                kept.pop().close()
            return answer

        yield ask


_LINES = st.sampled_from(
    [b"Content-Length: 5", b"Content-Length: 5, 5", b"Content-Length: -1", b"Content-Length: 9999999999999999999",
     b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity", b"Content-Encoding: gzip",
     b"Content-Encoding: \xff", b"Location: http://[", b"Location: //\xff\xfe", b"Location: http://8.8.4.4:99999/",
     b"Location: http://8.8.4.4/\xd6\xd0", b"Set-Cookie: a=b; expires=\xff", b"Retry-After: \xb2",
     b"ETag: \xe9\x01", b"Content-Type: \xff/\x80", b"Connection: upgrade", b" folded", b"Upgrade: h2c",
     b"Link: <\x00>"]
)  # fmt: skip
_ANSWERS = st.builds(
    lambda status, lines, body: (
        b"HTTP/1.%d %d X\r\n" % status + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body
    ),
    st.tuples(st.integers(0, 1), st.integers(99, 600)),
    st.lists(_LINES | st.binary(max_size=30), max_size=5),
    st.binary(max_size=40)
    | st.sampled_from([b"5\r\nabcde\r\n0\r\n\r\n", gzip.compress(b"x", mtime=0), b"0\r\n\r\n", b"abcde"]),
)


@given(st.binary(max_size=200) | st.lists(_ANSWERS, min_size=1, max_size=3).map(b"".join))
@example(b"HTTP/1.1 302 X\r\nLocation: http://[\r\n\r\n")
@example(b"HTTP/1.1 200 X\r\nContent-Length: 99999999999999999999999\r\n\r\n")
@example(b"HTTP/1.1 101 X\r\n\r\n" * 2)
def test_whatever_bytes_come_the_answer_is_a_value(fuzzed: Callable[[bytes], object], data: bytes) -> None:
    answer = fuzzed(data)
    assert isinstance(answer, Fetched | NotModified | SameBody | FetchError)
    if isinstance(answer, FetchError):
        assert answer.reason.isprintable()
        assert answer.kind not in {"timeout", "bad_url", "dns", "tls"}
