"""A server that records every request over simulated days with restarts, and an auditor that reads its record."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from monitor.app.wiring import open_program
from monitor.config import load
from monitor.daemon import Daemon
from monitor.executor import InlineExecutor
from monitor.sandbox import InlineReaders
from tests.scenario.simulated import SimulatedClock, SimulatedTicker
from tests.support.world import START

pytestmark = pytest.mark.slow

HOUR = dt.timedelta(hours=1)
SPAN = 48 * HOUR
RESTARTS = 8
STRIDE = 900  # seconds
ODD_TAG = 'W/"\xfc, 1"'
SOURCES = ("plain", "busy", "odd", "texts", "down", "hinted", "fresh")

CONFIGURATION = """
[fetch]
allow_private = ["127.0.0.0/8"]
[[rule]]
name = "all"
match = "ledger"
[[digest]]
name = "daily"
rules = ["all"]
at = "08:00"
to = ["out"]
[channel.out]
kind = "file"
folder = "{folder}/out"
"""

TABLE = """
[[source]]
name = "{name}"
url = "http://127.0.0.1:{port}/{name}"
kind = "feed"
full_text = {full_text}
"""


@dataclass(frozen=True, slots=True)
class Request:
    """A request, and the answer to it."""

    at: dt.datetime
    path: str
    headers: Mapping[str, str]
    status: int
    answer: Mapping[str, str]


@dataclass
class Site:
    """A host with feeds that behave in different ways, on a simulated clock. Its choices come from one seed."""

    clock: SimulatedClock
    random: random.Random = field(default_factory=lambda: random.Random(7))
    requests: list[Request] = field(default_factory=list)

    def answer(self, path: str) -> tuple[int, dict[str, str], str]:
        """Return the status, headers and body for a request of `path` now."""
        now = self.clock.now()
        hours = int((now - START) / HOUR)
        if path == "/busy" and self.random.random() < 0.2:
            wait = self.random.choice([90, 4_000, 9_000])
            return 429, {"Retry-After": str(wait)}, ""
        if path == "/down" and self.random.random() < 0.5:
            until = format_datetime((now + 2 * HOUR).replace(microsecond=0), usegmt=True)
            return 503, {"Retry-After": until}, ""
        if path.startswith("/a/"):
            if self.random.random() < 0.3:
                return self.random.choice([403, 503]), {"Retry-After": "1800"}, ""
            return 200, {"Content-Type": "text/html"}, f"<h1>Ledger</h1><p>{'The ledger opens. ' * 30}</p>"
        if path[1:] not in SOURCES:
            return 404, {}, ""
        headers = {"Content-Type": "application/rss+xml", "Set-Cookie": "a=b; Path=/"}
        if path == "/odd":
            headers["ETag"] = ODD_TAG
        else:
            headers |= {"ETag": f'"{path}-{hours // 5}"', "Last-Modified": f"{path} of {hours // 5}"}
        if path == "/fresh":
            headers["Cache-Control"] = "max-age=7200"
        return 200, headers, self.feed(path, hours // 5)

    def feed(self, path: str, newest: int) -> str:
        """Return a feed with five entries, five hours apart, whose articles are on the same host."""
        items = "".join(
            f"<item><guid>{path}{number}</guid><title>Ledger {number}</title><link>/a{path}/{number}</link>"
            f"<pubDate>{format_datetime(START + 5 * number * HOUR)}</pubDate></item>"
            for number in range(newest, newest - 5, -1)
        )
        head = "<ttl>180</ttl>" if path == "/hinted" else ""
        return f"<rss version='2.0'><channel><title>T</title>{head}{items}</channel></rss>"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]  # set by the fixture
        status, headers, body = site.answer(self.path)
        asked = self.headers.get("If-None-Match")
        if status == 200 and asked is not None and asked == headers.get("ETag"):
            status, body = 304, ""
        sent = {name.lower(): value for name, value in self.headers.items()}
        site.requests.append(Request(site.clock.now(), self.path, sent, status, headers))
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        """Show nothing on the screen."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Run the daemon for some days with restarts at random times, and yield the site with its record."""
    folder = tmp_path_factory.mktemp("polite")
    site = Site(SimulatedClock(START))
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.site = site
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        _run_days(site, server.server_address[1], folder)
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _run_days(site: Site, port: int, folder: Path) -> None:
    tables = (TABLE.format(name=name, port=port, full_text=str(name == "texts").lower()) for name in SOURCES)
    path = folder / "sources.toml"
    path.write_text(CONFIGURATION.format(folder=folder) + "".join(tables))
    config = load(path, {"MONITOR_DATABASE_URL": f"sqlite:///{folder}/monitor.db"})
    moments = random.Random(3)
    ends = sorted(START + SPAN * moments.random() for _ in range(RESTARTS))
    for end in (*ends, START + SPAN):
        with open_program(
            config, site.clock, command="test", readers=InlineReaders(), executor=InlineExecutor()
        ) as program:
            ticker = SimulatedTicker(site.clock, end, program.stop.set, stride=STRIDE)
            assert Daemon(program, ticker=ticker, sends=InlineExecutor()).run() == 0


def of(site: Site, path: str) -> list[Request]:
    return [request for request in site.requests if request.path == path]


def test_no_request_comes_before_a_wait_that_the_server_asked_for_is_over(site: Site) -> None:
    until, early = START, []
    refusals = [request for request in site.requests if "Retry-After" in request.answer]
    assert len(refusals) > 5
    for request in site.requests:
        early += [request] if request.at < until else []
        asked = request.answer.get("Retry-After", "0")
        wait = dt.timedelta(seconds=int(asked)) if asked.isdigit() else 2 * HOUR
        until = max(until, (request.at + wait).replace(microsecond=0) if not asked.isdigit() else request.at + wait)
    assert early == []


def test_every_source_and_its_articles_are_read_nevertheless(site: Site) -> None:
    for name in SOURCES:
        assert {request.status for request in of(site, f"/{name}")} & {200, 304}, name
    read = {request.path for request in site.requests if request.path.startswith("/a/texts/") and request.status == 200}
    assert len(read) >= int(SPAN / (5 * HOUR)) - 2


def test_no_cookie_and_no_referrer_is_sent(site: Site) -> None:
    sent = {name for request in site.requests for name in request.headers}
    assert sent == {
        "host",
        "user-agent",
        "accept",
        "accept-encoding",
        "connection",
        "if-none-match",
        "if-modified-since",
    }


def test_validators_are_those_of_the_last_complete_answer_byte_for_byte(site: Site) -> None:
    given: dict[str, tuple[str | None, str | None]] = {}
    conditional = 0
    for request in site.requests:
        sent = (request.headers.get("if-none-match"), request.headers.get("if-modified-since"))
        assert sent in ((None, None), given.get(request.path)), request
        conditional += sent != (None, None)
        if request.status == 200:
            given[request.path] = (request.answer.get("ETag"), request.answer.get("Last-Modified"))
    assert conditional > 10
    assert ODD_TAG in {request.headers.get("if-none-match") for request in of(site, "/odd")}


@pytest.mark.parametrize(("name", "hours"), [("hinted", 3), ("fresh", 2)])
def test_a_source_is_not_polled_more_often_than_its_server_or_its_feed_wants(site: Site, name: str, hours: int) -> None:
    times = [request.at for request in of(site, f"/{name}")]
    assert len(times) > 3
    assert min(later - sooner for sooner, later in pairwise(times)) >= hours * HOUR
