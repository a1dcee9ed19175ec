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

from monitor.demo.articles import OUTLETS, Outlet, SampleArticle

_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "jsonfeed": "application/feed+json"}


class SampleSite:
    """The answers of the sample site, by path. `move_on` switches to the answers for the second poll."""

    def __init__(self, start: dt.datetime) -> None:
        self._start = start
        self._later = False
        self.base = ""

    def move_on(self) -> None:
        """Switch to the answers for the second poll, where one article is updated."""
        self._later = True

    def answer(self, path: str) -> tuple[str, bytes] | None:
        """Return the content type and the body at `path`; None if there is nothing at that path."""
        for outlet in OUTLETS:
            articles = outlet.later if self._later else outlet.articles
            if path == outlet.path:
                return _TYPES[outlet.format], _FORMATS[outlet.format](self, outlet, articles).encode()
            for article in articles:
                if path == article.path:
                    return "text/html; charset=utf-8", _page(article, outlet).encode()
        return None

    def address(self, article: SampleArticle) -> str:
        """Return the address of the article."""
        return f"{self.base}{article.path}{article.tracking}"

    def published_at(self, article: SampleArticle) -> dt.datetime:
        """Return when the article was published."""
        return (self._start - dt.timedelta(hours=article.age)).replace(microsecond=0)


def _rss(site: SampleSite, outlet: Outlet, articles: tuple[SampleArticle, ...]) -> str:
    items = "".join(
        f"<item><title>{escape(article.title)}</title><link>{escape(site.address(article))}</link>"
        f"<guid isPermaLink='false'>{article.path}</guid>"
        f"<pubDate>{format_datetime(site.published_at(article))}</pubDate>"
        f"<description>{escape(article.text)}</description></item>"
        for article in articles
    )
    head = f"<title>{escape(outlet.name)}</title><link>{site.base}/</link><language>{outlet.language}</language>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'


def _atom(site: SampleSite, outlet: Outlet, articles: tuple[SampleArticle, ...]) -> str:
    entries = "".join(
        f"<entry><id>tag:sample,2026:{article.path}</id><title>{escape(article.title)}</title>"
        f'<link href="{escape(site.address(article))}"/><published>{site.published_at(article).isoformat()}</published>'
        f"<updated>{site.published_at(article).isoformat()}</updated><summary>{escape(article.text)}</summary></entry>"
        for article in articles
    )
    head = f"<id>{site.base}{outlet.path}</id><title>{escape(outlet.name)}</title>"
    namespace = f'xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}"'
    return f'<?xml version="1.0" encoding="utf-8"?><feed {namespace}>{head}{entries}</feed>'


def _jsonfeed(site: SampleSite, outlet: Outlet, articles: tuple[SampleArticle, ...]) -> str:
    items = [
        {
            "id": f"wire{article.path}",
            "url": site.address(article),
            "title": article.title,
            "content_text": article.text,
            "date_published": site.published_at(article).isoformat(),
        }
        for article in articles
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": outlet.name, "items": items}
    return json.dumps(feed, ensure_ascii=False)


def _page(article: SampleArticle, outlet: Outlet) -> str:
    return (
        f'<!doctype html><html lang="{outlet.language}"><meta charset="utf-8"><title>{escape(article.title)}</title>'
        f"<article><h1>{escape(article.title)}</h1><p>{escape(article.text)}</p></article></html>"
    )


_FORMATS = {"rss": _rss, "atom": _atom, "jsonfeed": _jsonfeed}


@contextmanager
def serve(site: SampleSite) -> Iterator[str]:
    """Serve `site` on a free port of 127.0.0.1; yield its base address, without a slash at the end."""
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
            """Print nothing, so that the output shows only the digest."""

    return Handler
