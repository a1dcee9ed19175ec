"""The one outbound gate: asks, follows redirects, and says in a value how it went."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from functools import partial
from types import TracebackType
from typing import Final, Self

from monitor.clock import Clock, SystemClock
from monitor.fetch.body import coding_of, read_body, too_large
from monitor.fetch.dial import Dialer, Line, Resolver, SystemDialer, SystemResolver
from monitor.fetch.outcome import Answer, Fetched, FetchError, FetchFailed, NotModified, SameBody
from monitor.fetch.reply import (
    NOT_MODIFIED,
    REDIRECTS,
    WITH_DOCUMENT,
    HeaderList,
    Reply,
    conditions,
    content_type_of,
    declared_length,
    refusal,
    validators_of,
)
from monitor.fetch.settings import MAX_REDIRECTS, FetchSettings
from monitor.fetch.slots import HostSlots
from monitor.fetch.trail import Trail
from monitor.fetch.transport import Wire, authorities, exchange, parse, proxy_of, silence
from monitor.fetch.watch import Stop, Watch
from monitor.model import Validators

_NOTHING_KNOWN: Final = Validators()


class Gate:
    """Fetches addresses, from any number of threads. Made once; `close` it in the end.

    resolver, dialer, clock and tls are seams; left out, they are the machine's. Raises ValueError for settings that
    cannot be used (a proxy that is none).
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
        self._wire = Wire(line, _Tls(tls), proxy, settings.max_bytes)

    def get(self, url: str, *, validators: Validators = _NOTHING_KNOWN, accept: str = "*/*") -> Answer:
        """What is at `url` now. Blocks up to `settings.seconds`, and as long as the host's slots are taken.

        Whatever the far end does comes back as a value. `validators` are those of the last complete answer from this
        very `url`; they are not sent on to where it redirects.
        """
        watch = Watch(self._settings.seconds, self._clock, self._stop)
        try:
            trail = Trail(parse(url))
        except FetchFailed as failure:
            return _told(failure, failure.reason, watch)
        try:
            return self._visit(trail, validators, accept, watch)
        except FetchFailed as failure:
            return _told(failure, f"{failure.reason} (after a redirect)" if trail.redirected else failure.reason, watch)

    def abort(self) -> None:
        """End all gets at once, and all to come: they return FetchError("stopped"). Safe from any thread."""
        self._stop.throw()
        self._slots.stop()

    def close(self) -> None:
        """Abort, wait until every get has returned, and give everything back."""
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
            reply = self._ask(trail, [] if trail.redirected else asking, accept, watch)
            if reply.status not in REDIRECTS:
                conditional = bool(asking) and not trail.redirected
                return self._answer(trail, reply, validators, watch, conditional=conditional)
            trail.follow(reply)
        raise FetchFailed("redirect", f"the server redirects more than {MAX_REDIRECTS} times")

    def _ask(self, trail: Trail, asking: HeaderList, accept: str, watch: Watch) -> Reply:
        headers = [
            (b"User-Agent", self._settings.user_agent.encode("latin-1", "replace")),
            (b"Accept", accept.encode("latin-1", "replace")),
            (b"Accept-Encoding", b"gzip"),
            (b"Connection", b"close"),
            *trail.credentials(),
            *asking,
        ]
        with self._slots.hold(trail.target.host, watch):
            return exchange(self._wire, trail.target, headers, watch, partial(self._document, watch))

    def _document(self, watch: Watch, head: Reply, chunks: Iterator[bytes]) -> bytes | None:
        """The decoded body, None if the answer is none that brings a document."""
        if head.status not in WITH_DOCUMENT:
            return None
        if declared_length(head) > self._settings.max_bytes:
            raise too_large(self._settings.max_bytes)
        coding = coding_of(head.values(b"content-encoding"))
        return read_body(chunks, coding=coding, max_bytes=self._settings.max_bytes, check=watch.remaining)

    def _answer(
        self, trail: Trail, reply: Reply, known: Validators, watch: Watch, *, conditional: bool
    ) -> Fetched | NotModified | SameBody:
        if reply.status == NOT_MODIFIED and conditional:
            return NotModified(reply.status, known, watch.elapsed())
        if reply.body is None:
            raise refusal(reply, self._clock.now())
        found = validators_of(reply, reply.body, redirected=trail.redirected)
        if found.body_hash == known.body_hash:
            return SameBody(found, watch.elapsed())
        return Fetched(
            url=trail.target.url,
            status=reply.status,
            body=reply.body,
            content_type=content_type_of(reply),
            validators=found,
            seconds=watch.elapsed(),
            moved_to=trail.moved_to,
        )


def _told(failure: FetchFailed, reason: str, watch: Watch) -> FetchError:
    return FetchError(failure.kind, reason, failure.status, failure.retry_after, watch.elapsed())


class _Tls:
    """The gate's one TLS context, made when it is first needed: loading the authorities takes long."""

    def __init__(self, given: ssl.SSLContext | None) -> None:
        self._lock = threading.Lock()
        self._context = given
        self._ready = False

    def __call__(self) -> ssl.SSLContext:
        with self._lock:
            context = self._context = self._context or authorities()
            if not self._ready:
                context.set_alpn_protocols(["http/1.1"])
                # Where this is set a line that was cut passes for one that was closed, and half a document for all.
                context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
                self._ready = True
            return context
