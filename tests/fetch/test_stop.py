"""When it is time to stop, nobody waits any longer, wherever it was."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from monitor.errors import Stopped
from monitor.fetch import FetchSettings, Gate
from tests.support.waiting import SOON

Make = Callable[..., Any]


def stopped(answer: Future[Any]) -> bool:
    return isinstance(answer.exception(), Stopped)


def aborted(gate: Gate, url: str, when: Callable[[], object]) -> Future[Any]:
    """Return what a get that is aborted as soon as `when` returns comes to; it waits for what never comes."""
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(gate.get, url)
        when()
        gate.abort()
        return answer


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"])
def test_a_get_that_waits_for_bytes_is_stopped(serve: Make, make_gate: Make, sent: bytes) -> None:
    reached = threading.Event()

    def handler(call: Any) -> None:
        call.send(sent)
        reached.set()
        call.gone.wait()

    assert stopped(aborted(make_gate(seconds=60.0), serve(handler).url(), lambda: reached.wait(SOON)))


def test_a_get_that_waits_for_a_name_is_stopped(make_gate: Make) -> None:
    reached, done = threading.Event(), threading.Event()

    class Forever:
        def resolve(self, host: str, port: int, timeout: float) -> list[str]:
            reached.set()
            done.wait()
            return []

    gate = make_gate(seconds=60.0, resolver=Forever())
    try:
        assert stopped(aborted(gate, "http://slow.example/", lambda: reached.wait(SOON)))
    finally:
        done.set()


def test_a_get_that_waits_for_a_line_is_stopped(make_gate: Make, black_hole: Callable[[], socket.socket]) -> None:
    reached = threading.Event()

    class Hole:
        def dial(self, address: str, port: int) -> socket.socket:
            reached.set()
            return black_hole()

    assert stopped(aborted(make_gate(seconds=60.0, dialer=Hole()), "http://8.8.8.8/", lambda: reached.wait(SOON)))


def test_a_get_that_waits_for_its_turn_is_stopped(serve: Make, make_gate: Make) -> None:
    reached = threading.Event()

    def handler(call: Any) -> None:
        reached.set()
        call.gone.wait()

    gate = make_gate(seconds=60.0, per_host=1)
    server = serve(handler)
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(gate.get, server.url(f"/{n}")) for n in range(4)]
        reached.wait(SOON)
        gate.abort()
        assert all(stopped(answer) for answer in answers)
    assert len(server.calls) == 1


def test_after_the_word_to_stop_nothing_is_asked(serve: Make, gate: Gate) -> None:
    server = serve(lambda call: call.answer(200, b""))
    gate.abort()
    gate.abort()
    with pytest.raises(Stopped):
        gate.get(server.url())
    assert server.calls == []


def test_a_closed_gate_gives_everything_back_and_may_be_closed_again(serve: Make) -> None:
    server = serve(lambda call: call.gone.wait())
    with ThreadPoolExecutor(1) as pool:
        with Gate(FetchSettings(allow_private=())) as gate:
            pass
        answer = pool.submit(gate.get, server.url())
        assert stopped(answer)
    gate.close()
