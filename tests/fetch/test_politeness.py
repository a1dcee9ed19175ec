"""Only so many gets at a time to one host, and waiting for a turn costs nothing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from monitor.errors import Stopped
from monitor.executor import Job, KeyedExecutor, SpareThreads
from monitor.fetch import HANGING_PER_HOST, Fetched, FetchError, FetchSettings, Gate
from monitor.fetch.deadline import Deadline, StopSwitch
from monitor.fetch.slots import HostSlots
from tests.support.waiting import SOON

Make = Callable[..., Any]


class Counted:
    """A handler that knows how many it serves at once, and lets go on a signal."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.lock = threading.Lock()
        self.entered = threading.Semaphore(0)
        self.go = threading.Event()

    def __call__(self, call: Any) -> None:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.entered.release()
        self.go.wait(SOON)
        with self.lock:
            self.now -= 1
        call.answer(200, b"ok")


def test_at_most_two_at_a_time_go_to_one_host(serve: Make, gate: Gate) -> None:
    handler = Counted()
    server = serve(handler)
    with ThreadPoolExecutor(6) as pool:
        answers = [pool.submit(gate.get, server.url(f"/{n}")) for n in range(6)]
        handler.entered.acquire(timeout=SOON)
        handler.entered.acquire(timeout=SOON)
        handler.go.set()
        assert all(isinstance(answer.result(), Fetched) for answer in answers)
    assert handler.most == 2


def test_a_redirect_takes_a_turn_at_its_new_host(serve: Make, make_gate: Make) -> None:
    handler = Counted()
    target = serve(handler)
    first = serve(lambda call: call.answer(302, b"", {"Location": target.url("/", "127.0.0.2")}))
    gate = make_gate(per_host=1, dialer=_ToLoopback())
    with ThreadPoolExecutor(3) as pool:
        answers = [pool.submit(gate.get, first.url(f"/{n}")) for n in range(3)]
        handler.entered.acquire(timeout=SOON)
        handler.go.set()
        assert all(isinstance(answer.result(), Fetched) for answer in answers)
    assert handler.most == 1


class _ToLoopback:
    def dial(self, address: str, port: int) -> socket.socket:
        return socket.create_connection(("127.0.0.1", port), timeout=5)


def test_waiting_for_a_turn_does_not_count_against_the_deadline(serve: Make, make_gate: Make) -> None:
    ticks = _HandClock()
    handler = Counted()
    server = serve(handler)
    gate = make_gate(per_host=1, seconds=5.0, clock=ticks)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(gate.get, server.url("/1"))
        handler.entered.acquire(timeout=SOON)
        second = pool.submit(gate.get, server.url("/2"))
        while not gate._slots._condition._waiters:  # until it really waits for its turn
            pass
        ticks.at += 1000.0
        handler.go.set()
        assert _kind(first.result()) == "timeout"
        assert isinstance(second.result(), Fetched)
        assert second.result().seconds < 5


class _HandClock:
    """A clock that moves when a test moves it."""

    def __init__(self) -> None:
        self.at = 0.0

    def monotonic(self) -> float:
        return self.at

    def now(self) -> Any:
        raise AssertionError("no answer here depends on the date")


def _kind(answer: object) -> str:
    assert isinstance(answer, FetchError)
    return answer.kind


def test_hosts_do_not_wait_for_one_another(serve: Make, make_gate: Make) -> None:
    handler = Counted()
    server = serve(handler)
    gate = make_gate(per_host=1, dialer=_ToLoopback())
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(gate.get, server.url("/", host)) for host in ("127.0.0.1", "127.0.0.2")]
        handler.entered.acquire(timeout=SOON)
        handler.entered.acquire(timeout=SOON)
        handler.go.set()
        assert all(isinstance(answer.result(), Fetched) for answer in answers)


def test_one_spelling_of_a_host_is_as_good_as_another(serve: Make, make_gate: Make) -> None:
    handler = Counted()
    server = serve(handler)
    gate = make_gate(per_host=1)
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(gate.get, server.url("/", host)) for host in ("127.0.0.1", "127.1")]
        handler.entered.acquire(timeout=SOON)
        handler.go.set()
        assert all(isinstance(answer.result(), Fetched) for answer in answers)
    assert handler.most == 1


def test_a_request_that_hangs_counts_unless_the_operator_allows_more_than_usual() -> None:
    clock = _HandClock()
    slots = HostSlots(2, hangs_after=1.0, clock=clock)
    stop = StopSwitch()
    deadline = Deadline(60.0, clock, stop)
    with slots.hold("a", deadline), slots.hold("a", deadline):
        clock.at += 10.0
        assert not slots._has_room("a", clock.at)
    stop.close()


def test_a_request_that_hangs_gives_its_turn_to_another_of_its_bridge() -> None:
    clock = _HandClock()
    slots = HostSlots(4, hangs_after=1.0, clock=clock)
    stop = StopSwitch()
    deadline = Deadline(60.0, clock, stop)
    with ExitStack() as held:
        for _ in range(4):
            held.enter_context(slots.hold("a", deadline))
        assert not slots._has_room("a", clock.at)
        clock.at += 1.0
        for _ in range(HANGING_PER_HOST // 4):  # the first four hang already
            for _ in range(4):
                held.enter_context(slots.hold("a", deadline))
            clock.at += 1.0
        assert not slots._has_room("a", clock.at), "no more than these hang at the same time"
        assert slots._has_room("b", clock.at)
    slots.wait_until_free()
    stop.close()


class _RunningClock(_HandClock):
    """A clock that moves with each question."""

    step = 0.0

    def monotonic(self) -> float:
        self.at += self.step
        return self.at


def test_one_that_begins_to_hang_during_the_question_is_not_overlooked() -> None:
    clock = _RunningClock()
    slots = HostSlots(3, hangs_after=1.0, clock=clock)
    stop = StopSwitch()
    deadline = Deadline(60.0, clock, stop)
    with slots.hold("a", deadline), slots.hold("a", deadline), slots.hold("a", deadline):
        clock.at, clock.step = 0.5, 0.25
        assert slots._seconds_to_wait("a") == 0.25
        assert slots._seconds_to_wait("a") == 0.0, "they hang since this moment"
    stop.close()


def test_what_hangs_to_the_last_digit_is_not_overlooked() -> None:
    clock = _HandClock()
    slots = HostSlots(3, hangs_after=0.8, clock=clock)
    stop = StopSwitch()
    deadline = Deadline(60.0, clock, stop)
    clock.at = 0.1
    with slots.hold("a", deadline), slots.hold("a", deadline), slots.hold("a", deadline):
        clock.at = 0.9  # 0.9 - 0.8 < 0.1 in binary fractions, and 0.1 + 0.8 == 0.9
        assert slots._seconds_to_wait("a") == 0.0
    stop.close()


def test_one_that_waits_for_its_turn_gets_it_when_another_hangs(serve: Make, make_gate: Make) -> None:
    release = threading.Event()

    def handler(call: Any) -> None:
        if call.path == "/hangs":
            release.wait(SOON)
        call.answer(200, b"ok")

    server = serve(handler)
    gate = make_gate(per_host=3, hangs_after=0.01)
    with ThreadPoolExecutor(4) as pool:
        first = [pool.submit(gate.get, server.url("/hangs")) for _ in range(3)]
        second = pool.submit(gate.get, server.url("/answers"))
        assert isinstance(second.result(SOON), Fetched)
        assert not any(answer.done() for answer in first)
        release.set()
        assert all(isinstance(answer.result(), Fetched) for answer in first)


def test_a_poll_that_waits_for_its_turn_gives_its_thread_to_another(make_gate: Make) -> None:
    clock = _HandClock()
    gate = make_gate(per_host=1, clock=clock)
    executor = KeyedExecutor(1, 1, name="poll", spare=SpareThreads(1, 0, 1.0, 10.0), clock=clock)
    stop = StopSwitch()
    begun = threading.Event()
    with gate._slots.hold("127.0.0.1", Deadline(SOON, clock, stop)):
        assert executor.start(Job("redirected", "a.example", lambda: gate.get("http://127.0.0.1:1/")))
        while not gate._slots._condition._waiters:  # until it really waits for its turn
            pass
        assert not executor.start(Job("other", "b.example", begun.set))
        clock.at += 1.0
        assert executor.start(Job("other", "b.example", begun.set))
        assert begun.wait(SOON)
    executor.close()
    stop.close()


def test_nobody_can_be_shut_out() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Gate(FetchSettings(per_host=0))


def test_a_slot_comes_back_also_after_a_failure() -> None:
    slots = HostSlots(1)
    stop = StopSwitch()
    deadline = Deadline(1.0, _HandClock(), stop)
    for _ in range(3):
        with pytest.raises(KeyError), slots.hold("a", deadline):
            raise KeyError
    slots.wait_until_free()
    stop.close()


# --- the pause between the starts of requests


class _Pausing:
    """Slots with a pause of a minute, on a clock that a test moves."""

    def __init__(self) -> None:
        self.clock = _HandClock()
        self.slots: Any = HostSlots(2, pause=60.0, monotonic=self.clock.monotonic)
        self.stop = StopSwitch()

    def request(self, host: str) -> None:
        with self.slots.hold(host, Deadline(1.0, self.clock, self.stop)):
            pass

    def must_wait(self, host: str) -> bool:
        """Return whether a request to `host` waits. A stop then ends the wait, and all others."""
        with ThreadPoolExecutor(1) as pool:
            request = pool.submit(self.request, host)
            while not (request.done() or self.slots._condition._waiters):
                pass
            self.slots.stop()
            return isinstance(request.exception(), Stopped)


@pytest.fixture
def pausing() -> Iterator[_Pausing]:
    made = _Pausing()
    yield made
    made.stop.close()


def test_a_second_request_to_a_host_waits_and_a_stop_ends_the_wait(pausing: _Pausing) -> None:
    pausing.request("a.example")
    assert pausing.must_wait("a.example")
    pausing.slots.wait_until_free()


@pytest.mark.parametrize("host", ["localhost", "site.localhost", "127.0.0.1", "::1", "10.0.0.7", "192.168.1.1"])
def test_hosts_nearby_have_no_pause(pausing: _Pausing, host: str) -> None:
    for _ in range(3):
        pausing.request(host)


def test_another_host_does_not_wait(pausing: _Pausing) -> None:
    pausing.request("a.example")
    pausing.request("b.example")


def test_after_the_pause_a_request_starts_at_once(pausing: _Pausing) -> None:
    pausing.request("a.example")
    pausing.clock.at += 60.0
    pausing.request("a.example")
    pausing.clock.at += 59.0
    assert pausing.must_wait("a.example")


def test_a_host_may_ask_for_a_longer_pause_and_not_for_a_shorter_one(pausing: _Pausing) -> None:
    pausing.slots.lengthen_pause("a.example", 100.0)
    pausing.slots.lengthen_pause("b.example", 1.0)
    pausing.request("a.example")
    pausing.request("b.example")
    pausing.clock.at += 60.0
    pausing.request("b.example")
    assert pausing.must_wait("a.example")


def test_hosts_of_the_past_are_forgotten(pausing: _Pausing) -> None:
    for number in range(2_500):
        pausing.request(f"{number}.example")
        pausing.clock.at += 1.0
    assert len(pausing.slots._next_start) <= 1_100
