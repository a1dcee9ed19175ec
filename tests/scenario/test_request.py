"""Sources that must be asked in their own way, from the file to the reader's mail."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pytest

from monitor import config
from monitor.app.inspect import inspect_source
from monitor.app.program import Pass
from monitor.app.wiring import fetch_settings, open_program
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.fetch import Gate
from monitor.sandbox import InlineReaders
from tests.support.configuration import sources_toml, write
from tests.support.world import START, World, squeeze

KEY = "canary-0123456"


@dataclass
class Office:
    """A service that answers those who bring the key and the right question."""

    base: str = ""
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)


class _Desk(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        rows = [{"title": "Metaverse plan", "url": f"/a/1?token={KEY}", "date": "2026-11-20", "abstract": f"for {KEY}"}]
        self._answer(body, "application/json", json.dumps({"rows": rows}).encode())

    def do_GET(self) -> None:
        self._answer(b"", "text/html", b"<title>t</title><p>" + b"The blockchain is planned. " * 20)

    def _answer(self, came: bytes, kind: str, body: bytes) -> None:
        office = cast("_Server", self.server).office
        office.asked.append((self.command, self.headers.get("Accept-Language", ""), came))
        known = self.headers.get("X-Api-Key") == KEY
        self.send_response(200 if known else 403)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body if known else b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        """Show nothing on the screen."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.office = Office(f"http://127.0.0.1:{self.server_address[1]}")


@pytest.fixture
def office() -> Iterator[Office]:
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server.office
        server.shutdown()
        thread.join(5)


@pytest.fixture
def loaded(world: World, office: Office, tmp_path: Path) -> Config:
    source = f"""[[source]]
name = "office"
url = "{office.base}/search"
kind = "api"
method = "POST"
body = {{ q = "元宇宙", key = "env:OFFICE_KEY" }}
headers = {{ X-Api-Key = "env:OFFICE_KEY", Accept-Language = "zh-CN" }}
items = "rows"
link = "'/a/1'"
full_text = true
"""
    return config.load(write(tmp_path, sources_toml(world, source)), {"OFFICE_KEY": KEY})


def run(loaded: Config) -> Pass:
    with open_program(loaded, FixedClock(START), command="test", readers=InlineReaders()) as program:
        return program.once(["office"])


def test_it_is_asked_as_the_file_says_and_what_it_repeats_is_hidden(
    world: World, office: Office, loaded: Config, tmp_path: Path
) -> None:
    done = run(loaded)
    assert [collected.failed for collected in done.collected] == [False]
    (post, robots, page) = office.asked
    assert (post[:2], json.loads(post[2])) == (("POST", "zh-CN"), {"q": "元宇宙", "key": KEY})
    assert robots == ("GET", "", b""), "the headers of a source are not for a robots.txt"
    assert page == ("GET", "zh-CN", b"")
    (mail,) = world.texts("reader@example.org")
    assert squeeze("Metaverse plan") in squeeze(mail)
    assert KEY not in mail
    assert all(KEY.encode() not in file.read_bytes() for file in tmp_path.glob("monitor.db*"))


def test_the_same_answer_is_nothing_new(world: World, office: Office, loaded: Config) -> None:
    run(loaded)
    again = run(loaded)
    assert [(collected.poll.outcome, collected.poll.new) for collected in again.collected] == [("same_body", 0)]
    assert len(world.texts("reader@example.org")) == 1


def test_a_look_asks_in_the_same_way(office: Office, loaded: Config) -> None:
    with Gate(fetch_settings(loaded)) as gate:
        look = inspect_source(loaded.sources[0], gate, InlineReaders(), FixedClock(START))  # type: ignore[arg-type]  # reads here
    assert look.error is None
    assert look.reading is not None
    assert KEY not in repr(look)
