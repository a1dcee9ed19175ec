"""The only way to fetch from the network: it requests, follows redirects, and returns the outcome as a value."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from functools import partial
from types import TracebackType
from typing import Final, Self

from monitor.clock import Clock, SystemClock
from monitor.fetch.dial import Dialer, Line, Resolver, SystemDialer, SystemResolver
from monitor.fetch.outcome import Answer, Fetched, FetchError, FetchFailed, NotModified, SameBody
from monitor.fetch.reply import (
    NOT_MODIFIED,
    REDIRECTS,
    WITH_DOCUMENT,
    Reply,
    coding_of,
    conditions,
    read_beginning,
    read_body,
    refusal,
    too_large,
    validators_of,
)
from monitor.fetch.settings import MAX_REDIRECTS, FetchSettings
from monitor.fetch.slots import HostSlots
from monitor.fetch.tls import TlsContexts
from monitor.fetch.trail import Trail
from monitor.fetch.transport import Wire, exchange, parse, proxy_of, silence
from monitor.fetch.watch import Stop, Watch
from monitor.model import PLAIN, Request, Validators
from monitor.text.walls import FEED, LARGEST, recognise

_NOTHING_KNOWN: Final = Validators()
_MAX_CONTENT_TYPE: Final = 300
_BEGINNING: Final = 4_096  # bytes in which a feed begins
_ACCEPTED: Final = 202
_MAY_SAY_WHY: Final = 400  # statuses from here on have a body that may say why; and 202, by which some answer
_PATIENCE: Final = 5.0  # seconds for the body of an answer that brings no document


class Gate:
    """Fetches addresses, from any number of threads. Create one, and `close` it at the end.

    Tests may replace resolver, dialer, clock and tls; left out, they are the machine's. Raises ValueError for settings
    that cannot be used (such as an invalid proxy).
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        resolver: Resolver | None = None,
        dialer: Dialer | None = None,
        clock: Clock | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        silence()
        self._settings = settings
        self._clock = clock or SystemClock()
        self._slots = HostSlots(settings.per_host)
        self._stop = Stop()
        line = Line(resolver or SystemResolver(), dialer or SystemDialer(), settings.allow_private)
        proxy = None if settings.proxy is None else proxy_of(settings.proxy)
        self._tls = TlsContexts(tls)
        self._wire = Wire(line, proxy, settings.max_bytes)

    def get(
        self, url: str, *, validators: Validators = _NOTHING_KNOWN, accept: str = "*/*", request: Request = PLAIN
    ) -> Answer:
        """Fetch `url` now. Blocks up to `settings.seconds`, plus the wait for a free slot of the host.

        Every failure of the server is returned as a value. `validators` are those of the last complete answer from this
        `url`; they are not sent to the targets of redirects, and for a POST only the hash counts. `request` says what
        to send; its secrets go only to its home. Raises Stopped after the gate was aborted.
        """
        watch = Watch(self._settings.seconds, self._clock, self._stop)
        try:
            trail = Trail(parse(url), request)
        except FetchFailed as failure:
            return _error(failure, failure.reason, watch)
        try:
            return self._visit(trail, validators, accept, watch)
        except FetchFailed as failure:
            return _error(failure, f"{failure.reason}{_describe_redirects(trail, failure)}", watch)

    def abort(self) -> None:
        """End all requests at once, running and future: they raise Stopped. Safe from any thread."""
        self._stop.throw()
        self._slots.stop()

    def close(self) -> None:
        """Abort, wait until every request has returned, and release all resources."""
        self.abort()
        self._slots.drain()
        self._stop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _visit(self, trail: Trail, validators: Validators, accept: str, watch: Watch) -> Answer:
        asking = conditions(validators)
        for _ in range(MAX_REDIRECTS + 1):
            message = trail.outgoing(
                [
                    (b"User-Agent", self._settings.user_agent.encode("latin-1", "replace")),
                    (b"Accept", accept.encode("latin-1", "replace")),
                    (b"Accept-Encoding", b"gzip"),
                    (b"Connection", b"close"),
                ],
                asking,
            )
            tls = self._tls.of(verify=trail.verify, legacy=trail.legacy)
            with self._slots.hold(trail.target.host, watch):
                reply = exchange(self._wire, trail.target, message, watch, partial(self._document, watch), tls=tls)
            if reply.status not in REDIRECTS:
                return self._answer(trail, reply, validators, watch, accept, conditional=message.conditional)
            trail.follow(reply)
        raise FetchFailed("redirect", f"the server redirects more than {MAX_REDIRECTS} times")

    def _document(self, watch: Watch, head: Reply, chunks: Iterator[bytes]) -> bytes | None:
        """Return the decoded body; if the status brings no document, its beginning, which may say why."""
        if head.status not in WITH_DOCUMENT:
            if head.status < _MAY_SAY_WHY and head.status != _ACCEPTED:
                return None
            coding = coding_of(head.values(b"content-encoding"))
            check = partial(_patient, watch, watch.elapsed() + _PATIENCE)
            return read_beginning(chunks, coding=coding, max_bytes=LARGEST, check=check)
        declared = None if head.first(b"transfer-encoding") else head.first(b"content-length")
        if declared and int(declared) > self._settings.max_bytes:  # its form has been checked on receipt
            raise too_large(self._settings.max_bytes)
        coding = coding_of(head.values(b"content-encoding"))
        return read_body(chunks, coding=coding, max_bytes=self._settings.max_bytes, check=watch.remaining)

    def _answer(
        self, trail: Trail, reply: Reply, known: Validators, watch: Watch, accept: str, *, conditional: bool
    ) -> Fetched | NotModified | SameBody:
        if reply.status == NOT_MODIFIED and conditional:
            return NotModified(reply.status, known, watch.elapsed())
        wall, brings = None, reply.status in WITH_DOCUMENT
        if not brings or FEED.match(reply.body or b"", 0, _BEGINNING) is None:
            wall = recognise(
                reply.status,
                reply.headers,
                reply.body or b"",
                content_type=(reply.first(b"content-type") or b"").decode("latin-1"),
                page_wanted="html" in accept or accept == "*/*",
                landed=trail.target.url if trail.redirected else "",
            )
        # Before the hash is compared: a wall that an earlier version took for content is nothing that we know.
        if wall is not None or reply.body is None or not brings:
            raise refusal(reply, self._clock.now(), wall)
        found = validators_of(reply, reply.body, redirected=trail.redirected)
        if found.body_hash == known.body_hash:
            return SameBody(found, watch.elapsed())
        declared = reply.first(b"content-type")
        return Fetched(
            url=trail.target.url,
            status=reply.status,
            body=reply.body,
            content_type=None if declared is None else declared.decode("latin-1")[:_MAX_CONTENT_TYPE],
            validators=found,
            seconds=watch.elapsed(),
            moved_to=trail.moved_to,
        )


def _describe_redirects(trail: Trail, failure: FetchFailed) -> str:
    """Return what a failure's message should say about redirects."""
    if trail.redirected and trail.strange and failure.kind == "tls":
        remedy = "if that host is meant, write its address into url"
        return f" (after a redirect to another host, for which the source's verify and tls do not count; {remedy})"
    if trail.withheld:
        return " (after a redirect to another origin, where the source's headers and login do not go)"
    return " (after a redirect)" if trail.redirected else ""


def _error(failure: FetchFailed, reason: str, watch: Watch) -> FetchError:
    return FetchError(failure.kind, reason, failure.status, failure.retry_after, watch.elapsed(), failure.wall)


def _patient(watch: Watch, until: float) -> None:
    """Raise FetchFailed if reading has taken too long, or as the deadline of the request does."""
    watch.remaining()
    if watch.elapsed() > until:
        raise FetchFailed("timeout", "took too long")
