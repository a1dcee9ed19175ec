"""The pages for monitoring are served on this machine only, and no client can stop them."""

from __future__ import annotations

import datetime as dt
import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor import events
from monitor.daemon.vitals import Vitals
from monitor.daemon.web import RETRY_SECONDS, StatusPages, server
from monitor.daemon.web.metrics import Metrics
from monitor.daemon.web.server import BadRequest, Page, PageServer, parse_head
from monitor.model import Gauges, Notice, Source
from monitor.store import Store
from tests.scenario.simulated import SimulatedClock
from tests.support import databases
from tests.support.waiting import SOON

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
def serve() -> Iterator[Callable[..., int]]:
    """`serve(page)` serves a page at `/page`, and returns its port."""
    opened: list[PageServer] = []

    def start(page: Callable[[], Page]) -> int:
        opened.append(PageServer(("127.0.0.1", 0), {"/page": page}))
        return opened[-1].port

    yield start
    for each in opened:
        each.close()


def hello() -> Page:
    return Page(200, "text/plain", b"hello\n")


def ask(port: int, path: str = "/page", method: str = "GET", **headers: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=SOON)) as connection:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def send(port: int, request: bytes) -> bytes:
    """Send bytes, and return all that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=SOON) as connection:
        found = b""
        with suppress(ConnectionError):
            connection.sendall(request)
            while piece := connection.recv(4096):
                found += piece
        return found


def test_a_page_is_served(serve: Callable[..., int]) -> None:
    port = serve(hello)
    assert ask(port) == (200, b"hello\n")
    assert ask(port, "/page?x=1") == (200, b"hello\n")
    assert ask(port, method="HEAD") == (200, b"")
    assert ask(port, Host="localhost:1") == (200, b"hello\n")


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        ("GET /nosuch HTTP/1.1", 404),
        ("POST /page HTTP/1.1", 405),
        ("GET /page", 400),
        ("\x00\xff", 400),
        ("GET /page SMTP/1.1", 400),
        ("GET /page HTTP/1.1\r\nHost: evil.example", 421),
        ("GET /page HTTP/1.1\r\nHost: 127.0.0.1.evil.example", 421),
        ("GET /page HTTP/1.1\r\nHost: [::1", 421),
    ],
)
def test_a_request_that_is_none_gets_an_error(serve: Callable[..., int], request_head: str, status: int) -> None:
    answer = send(serve(hello), request_head.encode("latin-1") + b"\r\n\r\n")
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())


def test_a_request_without_an_end_is_cut_off(serve: Callable[..., int]) -> None:
    port = serve(hello)
    send(port, b"GET /page HTTP/1.1\r\n" + b"X: y\r\n" * 20_000)
    assert ask(port) == (200, b"hello\n")


def test_clients_that_say_nothing_are_left_and_further_ones_are_not_served(
    serve: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "MAX_SECONDS", 0.2)
    port = serve(hello)
    lines = [socket.create_connection(("127.0.0.1", port), timeout=SOON) for _ in range(server.MAX_CONNECTIONS)]
    try:
        assert all(b" 408 " in line.recv(100) for line in lines), "each has been left in time"
    finally:
        for line in lines:
            line.close()
    assert ask(port) == (200, b"hello\n")


def test_a_page_that_fails_is_an_error_and_the_next_is_served(serve: Callable[..., int]) -> None:
    pages = iter([ZeroDivisionError("CANARY")])

    def fail() -> Page:
        for error in pages:
            raise error
        return hello()

    port = serve(fail)
    status, body = ask(port)
    assert status == 500
    assert b"CANARY" not in body
    assert ask(port) == (200, b"hello\n")


def test_the_method_and_the_path_are_read() -> None:
    assert parse_head(b"HEAD /metrics?a=b HTTP/1.0") == ("HEAD", "/metrics")
    with pytest.raises(BadRequest):
        parse_head(b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example")


# --- the pages of the daemon ------------------------------------------------------------------------------------------


@pytest.fixture
def store(clock: SimulatedClock, tmp_path: Path) -> Iterator[Store]:
    with closing(Store(databases.put_ready_file(tmp_path / "monitor.db"), clock=clock)) as opened:
        yield opened


@pytest.fixture
def pages(store: Store, clock: SimulatedClock) -> Iterator[StatusPages]:
    found = StatusPages(store, Vitals(clock), clock)
    yield found
    found.close()


def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
    return port


def test_pages_are_served_where_the_configuration_says_and_nowhere_else(pages: StatusPages) -> None:
    one, other = free_port(), free_port()
    pages.serve(None)
    pages.serve(("127.0.0.1", one))
    assert ask(one, "/livez") == (200, b"ok\n")
    assert ask(one, "/readyz")[0] == 503
    assert b"monitor_database_up 1.0" in ask(one, "/metrics")[1]
    pages.serve(("127.0.0.1", other))
    assert ask(other, "/livez") == (200, b"ok\n")
    for closed in (one, other):
        pages.serve(None if closed == other else ("127.0.0.1", other))
        with pytest.raises(ConnectionRefusedError):
            ask(closed, "/livez")


def test_an_address_that_is_taken_is_tried_again(pages: StatusPages, clock: SimulatedClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        pages.serve(("127.0.0.1", port))
    pages.serve(("127.0.0.1", port))
    with pytest.raises(ConnectionRefusedError):
        ask(port, "/livez")
    clock.move_to(clock.now() + dt.timedelta(seconds=RETRY_SECONDS))
    pages.serve(("127.0.0.1", port))
    assert ask(port, "/livez") == (200, b"ok\n")


# --- metrics ----------------------------------------------------------------------------------------------------------


def values(metrics: Metrics) -> dict[str, float]:
    """Return the samples of the page by name, with their labels in braces."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(metrics.page().content.decode()):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def test_events_are_counted(store: Store, clock: SimulatedClock) -> None:
    metrics = Metrics(store, clock)
    for event in (
        events.PollFinished("one", "ok", "", 3, 2, {}, 0.3),
        events.PollFinished("two", "failed", "answered 503", 0, 0, {}, 7),
        events.EditionBuilt("morning", "08:00", 2),
        events.DeliveryEnded("morning", "team", "sent", "", 1),
        events.NoticeRaised("gap", "one", "", ""),
        events.PollCrashed("one", ""),
        events.ConfigReloaded({}),
    ):
        metrics.count(event)
    found = values(metrics)
    assert found["monitor_polls_total{outcome=ok}"] == 1
    assert found["monitor_polls_total{outcome=failed}"] == 1
    assert found["monitor_poll_duration_seconds_bucket{le=0.5}"] == 1
    assert found["monitor_poll_duration_seconds_sum"] == pytest.approx(7.3)
    assert (found["monitor_entries_total"], found["monitor_matches_total"]) == (3, 2)
    assert found["monitor_editions_total"] == 1
    assert found["monitor_delivery_attempts_total{outcome=sent}"] == 1
    assert found["monitor_notices_raised_total{kind=gap,severity=problem}"] == 1
    assert found["monitor_poll_crashes_total"] == 1


def test_the_state_is_read_from_the_database(store: Store, clock: SimulatedClock) -> None:
    store.sync([Source("one", "https://a.example/feed", "feed")], {}, NOW)
    with store.writing() as tx:
        tx.raise_notice(Notice("gap", "one", "missing"), NOW)
        tx.save_state(replace(store.source_state("one"), next_poll_at=NOW - 5 * MINUTE))
    with store.hold("monitor run"):
        store.record_heartbeat(NOW)
        found = values(Metrics(store, clock))
    assert found["monitor_sources{state=ok}"] == 1
    assert found["monitor_most_overdue_source_seconds"] == 300
    assert found["monitor_open_notices{kind=gap,severity=problem}"] == 1
    assert found["monitor_outbox_deliveries{state=parked}"] == 0
    assert found["monitor_outbox_oldest_seconds{state=queued}"] == 0
    assert found["monitor_last_heartbeat_timestamp_seconds"] == NOW.timestamp()


def test_many_scrapes_read_the_database_once(
    store: Store, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics, reads, gauges = Metrics(store, clock), list[int](), store.gauges

    def read() -> Gauges:
        reads.append(1)
        return gauges()

    monkeypatch.setattr(store, "gauges", read)
    for _ in range(5):
        metrics.page()
    assert len(reads) == 1
    clock.move_to(clock.now() + MINUTE)
    metrics.page()
    assert len(reads) == 2


def test_a_database_that_cannot_be_read_is_a_metric_and_no_error(
    store: Store, clock: SimulatedClock, tmp_path: Path
) -> None:
    metrics = Metrics(store, clock)
    store.close()
    (tmp_path / "monitor.db").write_bytes(b"this is no database" * 100)
    metrics.count(events.EditionBuilt("morning", "08:00", 2))
    found = values(metrics)
    assert found["monitor_database_up"] == 0
    assert found["monitor_editions_total"] == 1
