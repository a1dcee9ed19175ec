"""The sample site: its feeds and article pages, served over loopback HTTP with ETags."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from monitor.demo.articles import OUTLETS, Outlet, Piece

_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "jsonfeed": "application/feed+json"}


class SampleSite:
    """What the server answers, by path; `move_on` lets time pass at the site."""

    def __init__(self, start: dt.datetime) -> None:
        self._start = start
        self._later = False
        self.base = ""

    def move_on(self) -> None:
        """Show the site's second state from now on: one article was updated."""
        self._later = True

    def answer(self, path: str) -> tuple[str, bytes] | None:
        """Return the content type and body at `path`; None where there is nothing."""
        for outlet in OUTLETS:
            pieces = outlet.later if self._later else outlet.pieces
            if path == outlet.path:
                return _TYPES[outlet.format], _FORMATS[outlet.format](self, outlet, pieces).encode()
            for piece in pieces:
                if path == piece.path:
                    return "text/html; charset=utf-8", _page(piece, outlet).encode()
        return None

    def address(self, piece: Piece) -> str:
        """Return the address of the piece."""
        return f"{self.base}{piece.path}{piece.tracking}"

    def moment(self, piece: Piece) -> dt.datetime:
        """Return when the piece was published."""
        return (self._start - dt.timedelta(hours=piece.age)).replace(microsecond=0)


def _rss(site: SampleSite, outlet: Outlet, pieces: tuple[Piece, ...]) -> str:
    items = "".join(
        f"<item><title>{escape(piece.title)}</title><link>{escape(site.address(piece))}</link>"
        f"<guid isPermaLink='false'>{piece.path}</guid><pubDate>{format_datetime(site.moment(piece))}</pubDate>"
        f"<description>{escape(piece.text)}</description></item>"
        for piece in pieces
    )
    head = f"<title>{escape(outlet.name)}</title><link>{site.base}/</link><language>{outlet.language}</language>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'


def _atom(site: SampleSite, outlet: Outlet, pieces: tuple[Piece, ...]) -> str:
    entries = "".join(
        f"<entry><id>tag:sample,2026:{piece.path}</id><title>{escape(piece.title)}</title>"
        f'<link href="{escape(site.address(piece))}"/><published>{site.moment(piece).isoformat()}</published>'
        f"<updated>{site.moment(piece).isoformat()}</updated><summary>{escape(piece.text)}</summary></entry>"
        for piece in pieces
    )
    head = f"<id>{site.base}{outlet.path}</id><title>{escape(outlet.name)}</title>"
    namespace = f'xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}"'
    return f'<?xml version="1.0" encoding="utf-8"?><feed {namespace}>{head}{entries}</feed>'


def _jsonfeed(site: SampleSite, outlet: Outlet, pieces: tuple[Piece, ...]) -> str:
    items = [
        {
            "id": f"wire{piece.path}",
            "url": site.address(piece),
            "title": piece.title,
            "content_text": piece.text,
            "date_published": site.moment(piece).isoformat(),
        }
        for piece in pieces
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": outlet.name, "items": items}
    return json.dumps(feed, ensure_ascii=False)


def _page(piece: Piece, outlet: Outlet) -> str:
    return (
        f'<!doctype html><html lang="{outlet.language}"><meta charset="utf-8"><title>{escape(piece.title)}</title>'
        f"<article><h1>{escape(piece.title)}</h1><p>{escape(piece.text)}</p></article></html>"
    )


_FORMATS = {"rss": _rss, "atom": _atom, "jsonfeed": _jsonfeed}


@contextmanager
def serving(site: SampleSite) -> Iterator[str]:
    """Serve `site` on a free port of 127.0.0.1; gives its base address, without a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site))
    server.daemon_threads = True
    site.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site.base
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(site: SampleSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found = site.answer(self.path.partition("?")[0])
            if found is None:
                self._reply(HTTPStatus.NOT_FOUND, b"", {})
                return
            content_type, body = found
            tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == tag:
                self._reply(HTTPStatus.NOT_MODIFIED, None, {"ETag": tag})
            else:
                self._reply(HTTPStatus.OK, body, {"ETag": tag, "Content-Type": content_type})

        def _reply(self, status: HTTPStatus, body: bytes | None, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if body is not None:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if body:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
            """Say nothing: the demo's screen belongs to the digest."""

    return Handler
