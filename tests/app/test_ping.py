"""A dead man's switch: called while all is well, notified what is not, and never shown."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path

import pytest

from monitor.app.ping import OVERDUE_AFTER, Ping, append_path
from monitor.clock import FixedClock
from monitor.fetch import FetchSettings, Gate
from monitor.model import Notice, Source
from monitor.secret import Secret
from monitor.store import Store
from tests.support import databases

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
CANARY = "5f1f0f6c-CANARY"


@dataclass
class Checks:
    """A service that is called."""

    port: int = 0
    status: int = 200
    calls: list[tuple[str, str, str]] = field(default_factory=list)


@pytest.fixture
def checks() -> Iterator[Checks]:
    found = Checks()

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length", "0"))
            found.calls.append((self.command, self.path, self.rfile.read(size).decode()))
            self.send_response(found.status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"OK")

        do_POST = do_GET  # noqa: N815 - the base class's name for it

        def log_message(self, *args: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        found.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(databases.put_ready_file(tmp_path / "monitor.db"), clock=FixedClock(NOW), patience=0.05)
    store.prepare()
    store.sync([Source("east", "http://east.example/feed", "feed")], {}, NOW)
    yield store
    store.close()


@pytest.fixture
def ping(checks: Checks, store: Store) -> Iterator[Ping]:
    gate = Gate(FetchSettings(allow_private=(ip_network("127.0.0.0/8"),)))
    address = Secret(f"http://127.0.0.1:{checks.port}/{CANARY}", "env:PING_URL")
    yield Ping(address, gate, store, FixedClock(NOW))
    gate.close()


def later(ping: Ping, wait: dt.timedelta) -> Ping:
    return Ping(ping.address, ping.gate, ping.store, FixedClock(NOW + wait))


def test_its_start_and_its_success_are_the_forms_of_the_service(checks: Checks, ping: Ping) -> None:
    ping.start()
    ping.beat()
    assert checks.calls == [("GET", f"/{CANARY}/start", ""), ("GET", f"/{CANARY}", "")]


@pytest.mark.parametrize(
    ("address", "path", "expected"),
    [
        ("https://hc-ping.com/x", "/fail", "https://hc-ping.com/x/fail"),
        ("https://hc-ping.com/x/", "/start", "https://hc-ping.com/x/start"),
        ("https://e.org/x?create=1", "/fail", "https://e.org/x/fail?create=1"),
        ("https://e.org/x?create=1", "", "https://e.org/x?create=1"),
    ],
)
def test_the_path_is_added_before_the_query(address: str, path: str, expected: str) -> None:
    assert append_path(address, path) == expected


def test_polls_that_do_not_advance_are_a_failure_with_the_reason(checks: Checks, ping: Ping) -> None:
    later(ping, OVERDUE_AFTER + SECOND).beat()
    ((method, path, body),) = checks.calls
    assert (method, path) == ("POST", f"/{CANARY}/fail")
    assert body == "polls do not start: 1 are overdue"


def test_polls_that_advance_are_well_even_if_some_are_overdue(ping: Ping) -> None:
    ping.store.sync([Source(name, f"http://{name}.example/", "feed") for name in ("east", "west")], {}, NOW)
    state = ping.store.source_state("east")
    at = NOW + OVERDUE_AFTER
    with ping.store.writing() as tx:
        tx.save_state(replace(state, last_polled_at=at, next_poll_at=at + dt.timedelta(hours=1)))
    assert list(later(ping, OVERDUE_AFTER + SECOND).reasons()) == []


def test_a_problem_that_the_operator_can_be_notified_of_is_no_failure(ping: Ping) -> None:
    with ping.store.writing() as tx:
        tx.raise_notice(Notice("broken", "east", "503", "look"), NOW)
    assert list(ping.reasons()) == []


def test_a_database_that_takes_no_writes_is_a_failure(tmp_path: Path, checks: Checks, ping: Ping) -> None:
    with sqlite3.connect(tmp_path / "monitor.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        ping.beat()
        other.execute("ROLLBACK")
    other.close()
    assert checks.calls[0][1].endswith("/fail")
    assert checks.calls[0][2].startswith("the database accepts no writes: ")


def test_an_address_that_does_not_answer_is_logged_without_itself(
    checks: Checks, ping: Ping, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    checks.status = 404
    ping.beat()
    said = f"{capsys.readouterr()} {caplog.text} {ping!r}"
    assert "404" in said
    assert CANARY not in said


def test_the_rule_about_private_networks_holds_for_it(checks: Checks, store: Store) -> None:
    gate = Gate(FetchSettings())
    Ping(Secret(f"http://127.0.0.1:{checks.port}/x", "env:PING_URL"), gate, store, FixedClock(NOW)).beat()
    gate.close()
    assert checks.calls == []
