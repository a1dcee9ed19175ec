"""A small world on loopback: a web site with feeds, a mail server, a webhook. Real sockets, no internet."""

from __future__ import annotations

import datetime as dt
import email
import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default as default_policy
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from aiosmtpd.smtp import SMTP

from tests.support.mail import MailServer

START = dt.datetime(2026, 11, 21, tzinfo=dt.UTC) - dt.timedelta(days=int(os.environ.get("MONITOR_TEST_AGE_DAYS", "0")))
"""The moment at which most scenarios happen. A world that meets the real clock starts at the real time instead.

CI runs the tests of the real clock once more with MONITOR_TEST_AGE_DAYS=400, as if today were 400 days later: one that
uses START by mistake fails at once, and not when `backfill` no longer covers it.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One item of a feed. `age` is in minutes before the world's `start`."""

    title: str
    path: str
    text: str = ""
    age: int = 30
    guid: str = ""
    tags: tuple[str, ...] = ()


@dataclass
class World:
    """What the far ends show, and what they were sent."""

    start: dt.datetime = START
    base: str = ""
    smtp_port: int = 0
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, int] = field(default_factory=dict)
    hits: list[tuple[str, str | None]] = field(default_factory=list)
    keys: dict[str, str | None] = field(default_factory=dict)
    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)
    posts: list[Any] = field(default_factory=list)
    hook_status: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    mail_refusal: str | None = None
    mail_refusals: dict[str, str] = field(default_factory=dict)
    """What the mail server answers to everything, or to what is for a recipient."""

    def feed(self, path: str, rows: list[Row], *, title: str = "Feed") -> None:
        """Show `rows` as RSS at `path`."""
        items = "".join(
            f"<item><title>{escape(row.title)}</title><link>{self.base}{escape(row.path)}</link>"
            f"<guid isPermaLink='false'>{escape(row.guid or row.path)}</guid>"
            f"<pubDate>{format_datetime(self.start - dt.timedelta(minutes=row.age))}</pubDate>"
            f"<description>{escape(row.text)}</description>"
            f"{''.join(f'<category>{escape(tag)}</category>' for tag in row.tags)}</item>"
            for row in rows
        )
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'
        self.pages[path] = ("application/rss+xml", body.encode())

    def texts(self, recipient: str) -> list[str]:
        """Return the text parts of the mails to `recipient`, in the order of arrival."""
        return [_text(mail) for to, mail in self.mails if to == recipient]

    def mails_by_id(self, recipient: str) -> dict[str, list[str]]:
        """Return the text parts of the mails to `recipient`, by Message-ID; several of one id are repeats."""
        found: dict[str, list[str]] = {}
        for to, mail in self.mails:
            if to == recipient:
                found.setdefault(str(mail["Message-ID"]), []).append(_text(mail))
        return found


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""


def squeeze(text: str) -> str:
    """Return only its letters, without the wrapping and escaping between them."""
    return re.sub(r"[\W_]+", "", text).casefold()


class _Inbox:
    def __init__(self, world: World) -> None:
        self._world = world

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it so
        self, _server: object, _session: object, envelope: Any
    ) -> str:
        refused = (self._world.mail_refusals.get(recipient) for recipient in envelope.rcpt_tos)
        if answer := self._world.mail_refusal or next(filter(None, refused), None):
            return answer
        message = email.message_from_bytes(envelope.content, policy=default_policy)
        self._world.mails.extend((recipient, message) for recipient in envelope.rcpt_tos)
        return "250 taken"


class _Site(BaseHTTPRequestHandler):
    """The web site and the webhook. A connection belongs to the world in which it was opened."""

    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        """Remember whose connection this is."""
        super().setup()
        self._world = cast("_Server", self.server).world

    def do_GET(self) -> None:
        asked = self.headers.get("If-None-Match")
        if self.path == "/robots.txt" and self.path not in self._world.pages:
            self._reply(404, {}, b"")  # requested once a day for each site; scenarios count requests of sources
            return
        self._world.keys[self.path] = self.headers.get("X-Api-Key")
        self._world.hits.append((self.path, asked))
        if self.path in self._world.moved:
            self._reply(301, {"Location": self._world.moved[self.path]}, b"")
            return
        found = self._world.pages.get(self.path)
        if found is None:
            self._reply(self._world.refusals.get(self.path, 404), {}, b"")
            return
        tag = '"' + hashlib.sha256(found[1]).hexdigest()[:16] + '"'
        if asked == tag:
            self._reply(304, {"ETag": tag}, None)
        else:
            self._reply(200, {"ETag": tag, "Content-Type": found[0]}, found[1])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, headers = self._world.hook_status.pop(0) if self._world.hook_status else (200, {})
        if status == 200:
            self._world.posts.append(json.loads(body))
        self._reply(status, headers, b"ok")

    def _reply(self, status: int, headers: dict[str, str], body: bytes | None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        """Show nothing on the screen."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, world: World) -> None:
        self.world = world
        super().__init__(("127.0.0.1", 0), _Site)


class _Mail(MailServer):
    """The mail server. A connection belongs to the world in which it was opened."""

    def __init__(self, world: World) -> None:
        self.world = world
        super().__init__(None, hostname="127.0.0.1", port=0)

    def factory(self) -> SMTP:
        """Make the server's end of a connection."""
        return SMTP(_Inbox(self.world), **self.SMTP_kwargs)


class FarEnds:
    """The servers of a world, which outlive it: each test gets a world of its own at the same ports."""

    def __init__(self) -> None:
        world = World()
        self._site = _Server(world)
        self._thread = threading.Thread(target=self._site.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self._mail = _Mail(world)
        self._mail.start()

    def world(self, start: dt.datetime = START) -> World:
        """Return a new world, whose articles are dated relative to `start`, and serve it instead of the one before."""
        world = World(start, f"http://127.0.0.1:{self._site.server_address[1]}", self._mail.port)
        self._site.world = self._mail.world = world
        return world

    def close(self) -> None:
        """End the servers."""
        self._mail.stop()
        self._site.shutdown()
        self._site.server_close()
        self._thread.join()


@contextmanager
def running(start: dt.datetime = START) -> Iterator[World]:
    """Run a world with servers of its own."""
    ends = FarEnds()
    try:
        yield ends.world(start)
    finally:
        ends.close()
