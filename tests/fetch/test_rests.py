"""A host that asks for a wait gets no request until the wait is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any

import pytest

from monitor.clock import FixedClock
from monitor.fetch import Fetched, FetchError, HostRests
from monitor.fetch.reply import MAX_RETRY_AFTER
from monitor.model import HostRest

Make = Callable[..., Any]

NOW = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
INSTANT = dt.timedelta(microseconds=1)


class Busy:
    """A handler that refuses its first request with a `Retry-After`, and answers the others."""

    def __init__(self, wait: str, status: int = 429) -> None:
        self.wait = wait
        self.status = status
        self.requests = 0

    def __call__(self, call: Any) -> None:
        self.requests += 1
        if self.requests == 1:
            call.answer(self.status, b"", {"Retry-After": self.wait})
        else:
            call.answer(200, b"ok")


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
@pytest.mark.parametrize("wait", ["600", format_datetime(NOW + 10 * MINUTE, usegmt=True)])
def test_no_request_goes_to_a_host_before_its_wait_is_over(
    serve: Make, make_gate: Make, status: int, wait: str
) -> None:
    clock, busy = FixedClock(NOW), Busy(wait, status)
    server, gate = serve(busy), make_gate(clock=clock)
    assert gate.get(server.url("/one")).retry_after == 10 * MINUTE
    clock.advance(10 * MINUTE - INSTANT)
    refused = gate.get(server.url("/other"))
    assert isinstance(refused, FetchError)
    assert (refused.kind, refused.retry_after) == ("resting", INSTANT)
    assert busy.requests == 1
    clock.advance(INSTANT)
    assert isinstance(gate.get(server.url("/other")), Fetched)


def test_a_wait_of_days_is_kept_and_one_of_years_is_a_week(serve: Make, make_gate: Make) -> None:
    for wait, kept in ((3 * 86_400, dt.timedelta(days=3)), (10**9, MAX_RETRY_AFTER)):
        clock, busy = FixedClock(NOW), Busy(str(wait))
        server, gate = serve(busy), make_gate(clock=clock)
        gate.get(server.url("/"))
        clock.advance(kept - MINUTE)
        assert gate.get(server.url("/")).retry_after == MINUTE


@pytest.mark.parametrize("wait", ["0", "-5", "soon", format_datetime(NOW - MINUTE, usegmt=True)])
def test_what_asks_for_no_wait_delays_nothing(serve: Make, make_gate: Make, wait: str) -> None:
    server, gate = serve(Busy(wait)), make_gate(clock=FixedClock(NOW))
    gate.get(server.url("/"))
    assert isinstance(gate.get(server.url("/")), Fetched)


def test_a_document_with_a_wait_is_a_document(serve: Make, make_gate: Make) -> None:
    server = serve(lambda call: call.answer(200, b"ok", {"Retry-After": "600"}))
    gate = make_gate(clock=FixedClock(NOW))
    assert isinstance(gate.get(server.url("/")), Fetched)
    assert isinstance(gate.get(server.url("/")), Fetched)


def test_a_redirect_to_a_host_that_rests_is_not_followed(serve: Make, make_gate: Make) -> None:
    busy = Busy("600")
    target = serve(busy)
    first = serve(lambda call: call.answer(302, b"", {"Location": target.url("/")}))
    gate = make_gate(clock=FixedClock(NOW))
    gate.get(target.url("/"))
    answer = gate.get(first.url("/"))
    assert isinstance(answer, FetchError)
    assert (answer.kind, answer.retry_after) == ("resting", 10 * MINUTE)
    assert busy.requests == 1


def test_a_host_that_rests_delays_no_other(serve: Make, make_gate: Make) -> None:
    one, other = serve(Busy("600")), serve(lambda call: call.answer(200, b"ok"))
    gate = make_gate(clock=FixedClock(NOW))
    gate.get(one.url("/"))
    assert isinstance(gate.get(other.url("/")), Fetched)


def test_a_wait_outlasts_the_program_and_its_host_is_not_stored_in_the_clear(serve: Make, make_gate: Make) -> None:
    clock, kept, busy = FixedClock(NOW), list[HostRest](), Busy("600")
    server = serve(busy)
    make_gate(clock=clock, rests=HostRests(clock, keep=kept.append)).get(server.url("/"))
    assert [(rest.since, rest.until) for rest in kept] == [(NOW, NOW + 10 * MINUTE)]
    assert "127.0.0.1" not in kept[0].host_key
    assert make_gate(clock=clock, rests=HostRests(clock, kept)).get(server.url("/")).kind == "resting"
    assert busy.requests == 1


def test_a_shorter_wait_does_not_replace_a_longer_one() -> None:
    clock, kept = FixedClock(NOW), list[HostRest]()
    rests = HostRests(clock, keep=kept.append)
    rests.begin("a.example", 443, 10 * MINUTE)
    rests.begin("a.example", 443, MINUTE)
    assert rests.remaining("a.example", 443) == 10 * MINUTE
    assert len(kept) == 1


def test_both_schemes_of_a_host_rest_together_and_other_ports_do_not() -> None:
    rests = HostRests(FixedClock(NOW))
    rests.begin("a.example", 443, MINUTE)
    assert rests.remaining("a.example", 80) == MINUTE
    assert rests.remaining("a.example", 8080) is None


def test_a_wait_that_began_while_the_clock_was_ahead_keeps_its_length() -> None:
    clock = FixedClock(NOW + dt.timedelta(days=400))
    rests = HostRests(clock)
    rests.begin("a.example", 443, 10 * MINUTE)
    clock.advance(dt.timedelta(days=-400))
    assert rests.remaining("a.example", 443) == 10 * MINUTE
    clock.advance(10 * MINUTE)
    assert rests.remaining("a.example", 443) is None
