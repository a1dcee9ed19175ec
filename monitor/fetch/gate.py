"""The only way to fetch from the network: it requests, follows redirects, and returns the outcome as a value."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from functools import partial
from types import TracebackType
from typing import Final, Self

from monitor.clock import Clock, SystemClock
from monitor.executor import waiting_for_server
from monitor.fetch.deadline import Deadline, StopSwitch
from monitor.fetch.dial import Connector, Dialer, Resolver, SystemDialer, SystemResolver
from monitor.fetch.freshness import fresh_for
from monitor.fetch.outcome import Answer, Fetched, FetchError, FetchFailed, NotModified, SameBody
from monitor.fetch.redirects import RedirectChain
from monitor.fetch.reply import (
    NOT_MODIFIED,
    REDIRECTS,
    STATUSES_WITH_DOCUMENT,
    Reply,
    conditional_headers,
    content_coding,
    http_failure,
    read_beginning,
    read_body,
    too_large_failure,
    validators_of,
)
from monitor.fetch.rests import HostRests
from monitor.fetch.settings import MAX_REDIRECTS, FetchSettings
from monitor.fetch.slots import HostSlots
from monitor.fetch.tls import TlsContexts
from monitor.fetch.transport import ExchangeSettings, Target, exchange, parse, proxy_of, silence_library_logs
from monitor.model import DEFAULT_REQUEST, Request, Validators
from monitor.text.walls import FEED, MAX_PAGE_BYTES, recognise

_NO_VALIDATORS: Final = Validators()
_MAX_CONTENT_TYPE: Final = 300
_FEED_START_BYTES: Final = 4_096  # a feed is recognised in these first bytes of a body
_ACCEPTED: Final = 202
_MIN_ERROR_STATUS: Final = 400  # the body of such an answer may say why; so may that of a 202, which walls use
_MAX_ERROR_BODY_SECONDS: Final = 5.0


class Gate:
    """Fetches addresses, from any number of threads. Create one, and `close` it at the end.

    Tests may replace resolver, dialer, clock and tls. By default they are those of the machine. `rests` are the hosts
    that asked for a wait. Raises ValueError for settings that cannot be used (such as an invalid proxy).
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        resolver: Resolver | None = None,
        dialer: Dialer | None = None,
        clock: Clock | None = None,
        tls: ssl.SSLContext | None = None,
        rests: HostRests | None = None,
    ) -> None:
        silence_library_logs()
        self._settings = settings
        self._clock = clock or SystemClock()
        self._slots = HostSlots(settings.per_host, settings.hangs_after, self._clock, pause=settings.pause)
        self.rests = rests or HostRests(self._clock)
        self._stop = StopSwitch()
        connector = Connector(resolver or SystemResolver(), dialer or SystemDialer(), settings.allow_private)
        proxy = None if settings.proxy is None else proxy_of(settings.proxy)
        self._tls = TlsContexts(tls)
        self._exchange_settings = ExchangeSettings.of(connector, proxy, settings.max_bytes)

    def get(
        self,
        url: str,
        *,
        validators: Validators = _NO_VALIDATORS,
        accept: str = "*/*",
        request: Request = DEFAULT_REQUEST,
    ) -> Answer:
        """Fetch `url` now. Blocks up to `settings.seconds`, plus the wait for a free slot of the host.

        Every failure of the server is returned as a value. `validators` are those of the last complete answer from this
        `url`. They are not sent to the targets of redirects, and for a POST only their hash of the body is used.
        `request` says what to send. Its secrets are sent only to its trusted address. Raises Stopped after the gate was
        aborted.
        """
        deadline = Deadline(self._settings.seconds, self._clock, self._stop)
        try:
            chain = RedirectChain(parse(url), request)
        except FetchFailed as failure:
            return _make_error(failure, failure.reason, deadline)
        try:
            return self._follow_redirects(chain, validators, accept, deadline)
        except FetchFailed as failure:
            return _make_error(failure, f"{failure.reason}{_describe_redirects(chain, failure)}", deadline)

    def look_up(self, host: str, port: int, *, trusted: bool = False) -> FetchError | None:
        """Look up the addresses of a host. Return why none of them can be dialled; None if one can be.

        A `trusted` host may be in any network.
        """
        deadline = Deadline(self._settings.seconds, self._clock, self._stop)
        try:
            self._exchange_settings.connector.look_up(host, port, deadline, trusted=trusted)
        except FetchFailed as failure:
            return _make_error(failure, failure.reason, deadline)
        return None

    def lengthen_pause(self, host: str, seconds: float) -> None:
        """Keep at least this pause between the starts of two requests to `host` from now on."""
        self._slots.lengthen_pause(host, seconds)

    def abort(self) -> None:
        """End all running and future requests at once: they raise Stopped. Any thread may call this."""
        self._stop.stop()
        self._slots.stop()

    def close(self) -> None:
        """Abort all requests, wait until every request has returned, and release all resources."""
        self.abort()
        self._slots.wait_until_free()
        self._stop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _follow_redirects(
        self, chain: RedirectChain, validators: Validators, accept: str, deadline: Deadline
    ) -> Answer:
        conditions = conditional_headers(validators)
        for _ in range(MAX_REDIRECTS + 1):
            outgoing = chain.outgoing(
                [
                    (b"User-Agent", self._settings.user_agent.encode("latin-1", "replace")),
                    (b"Accept", accept.encode("latin-1", "replace")),
                    (b"Accept-Encoding", b"gzip"),
                    (b"Connection", b"close"),
                ],
                conditions,
            )
            tls = self._tls.of(verify=chain.verify, legacy=chain.legacy)
            self._check_rest(chain.target)
            with (
                waiting_for_server(queued=True),
                self._slots.hold(chain.target.host, deadline),
                waiting_for_server(),
            ):
                self._check_rest(chain.target)  # another request may have been refused during the wait for the slot
                reply = exchange(
                    self._exchange_settings,
                    chain.target,
                    outgoing,
                    deadline,
                    partial(self._read_document, deadline),
                    tls=tls,
                )
            if reply.status not in REDIRECTS:
                return self._make_answer(chain, reply, validators, deadline, accept, conditional=outgoing.conditional)
            chain.follow(reply)
        raise FetchFailed("redirect", f"the server redirects more than {MAX_REDIRECTS} times")

    def _check_rest(self, target: Target) -> None:
        """Raise FetchFailed if the host of `target` has asked for a wait that is not over."""
        wait = self.rests.remaining(target.host, target.port)
        if wait is not None:
            until = (self._clock.now() + wait).replace(microsecond=0).isoformat()
            reason = f"not requested: {target.host} asked not to be requested before {until}"
            raise FetchFailed("resting", reason, retry_after=wait)

    def _read_document(self, deadline: Deadline, head: Reply, chunks: Iterator[bytes]) -> bytes | None:
        """Return the decoded body. If the status is an error, return only its beginning, which may say why.

        Return None for other statuses without a document.
        """
        if head.status not in STATUSES_WITH_DOCUMENT:
            if head.status < _MIN_ERROR_STATUS and head.status != _ACCEPTED:
                return None
            coding = content_coding(head.values(b"content-encoding"))
            check = partial(_check_time, deadline, deadline.elapsed() + _MAX_ERROR_BODY_SECONDS)
            return read_beginning(chunks, coding=coding, max_bytes=MAX_PAGE_BYTES, check=check)
        declared = None if head.first(b"transfer-encoding") else head.first(b"content-length")
        if declared and int(declared) > self._settings.max_bytes:  # h11 has checked that it is a number
            raise too_large_failure(self._settings.max_bytes)
        coding = content_coding(head.values(b"content-encoding"))
        return read_body(chunks, coding=coding, max_bytes=self._settings.max_bytes, check=deadline.remaining)

    def _make_answer(
        self,
        chain: RedirectChain,
        reply: Reply,
        sent_validators: Validators,
        deadline: Deadline,
        accept: str,
        *,
        conditional: bool,
    ) -> Fetched | NotModified | SameBody:
        if reply.status == NOT_MODIFIED and conditional:
            return NotModified(reply.status, sent_validators, deadline.elapsed(), fresh_for(reply, self._clock.now))
        wall, brings = None, reply.status in STATUSES_WITH_DOCUMENT
        if not brings or FEED.match(reply.body or b"", 0, _FEED_START_BYTES) is None:
            wall = recognise(
                reply.status,
                reply.headers,
                reply.body or b"",
                content_type=(reply.first(b"content-type") or b"").decode("latin-1"),
                page_wanted="html" in accept or accept == "*/*",
                landed=chain.target.url if chain.redirected else "",
            )
        # This comes before the hashes are compared, because an earlier version may have stored a wall as content.
        if wall is not None or reply.body is None or not brings:
            failure = http_failure(reply, self._clock.now(), wall)
            if failure.retry_after is not None:
                self.rests.begin(chain.target.host, chain.target.port, failure.retry_after)
            raise failure
        validators = validators_of(reply, reply.body, redirected=chain.redirected)
        if validators.body_hash == sent_validators.body_hash:
            return SameBody(validators, deadline.elapsed(), chain.moved_to, fresh_for(reply, self._clock.now))
        declared = reply.first(b"content-type")
        return Fetched(
            url=chain.target.url,
            status=reply.status,
            body=reply.body,
            content_type=None if declared is None else declared.decode("latin-1")[:_MAX_CONTENT_TYPE],
            validators=validators,
            seconds=deadline.elapsed(),
            moved_to=chain.moved_to,
            stated_time=(reply.first(b"date") or b"", reply.first(b"age") or b""),
            fresh_for=fresh_for(reply, self._clock.now),
        )


def _describe_redirects(chain: RedirectChain, failure: FetchFailed) -> str:
    """Return what the message of a failure should say about redirects; "" if there were none."""
    if chain.redirected and chain.is_other_host and failure.kind == "tls":
        remedy = "if that host is meant, write its address into url"
        return f" (after a redirect to another host, for which the source's verify and tls do not count; {remedy})"
    if chain.has_withheld:
        return " (after a redirect to another origin, where the source's headers and login do not go)"
    return " (after a redirect)" if chain.redirected else ""


def _make_error(failure: FetchFailed, reason: str, deadline: Deadline) -> FetchError:
    return FetchError(failure.kind, reason, failure.status, failure.retry_after, deadline.elapsed(), failure.wall)


def _check_time(deadline: Deadline, until: float) -> None:
    """Raise FetchFailed if `until`, in seconds since the start, or the deadline of the request has passed."""
    deadline.remaining()
    if deadline.elapsed() > until:
        raise FetchFailed("timeout", "took too long")
