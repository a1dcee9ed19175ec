"""Post a message to a secret web address (a webhook), and judge the answer. For every service with webhooks.

A kind of channel checks its address with `secure_address`, renders its payload, and posts it with `post`. If the text
of the service's answers matters as well as their status, the kind defines its own `meaning`.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import os
import re
import ssl
from collections.abc import Callable, Collection, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import unquote, urlsplit

from monitor.channels.base import AttemptInterrupted, ProbeResult, SendLimits, is_local_host, run_bounded
from monitor.lazy import LazyModule
from monitor.model import Outcome, Payload
from monitor.secret import Secret, redact
from monitor.text.safe import log_value

if TYPE_CHECKING:
    import httpx
else:
    httpx = LazyModule("httpx")

MAX_ANSWER_SIZE: Final = 2_000
"""Maximum bytes of an answer that are read: services answer with one word or one line."""

MAX_REASON_LENGTH: Final = 300
"""Maximum characters of an answer that are shown."""

MAX_WAIT: Final = timedelta(days=1)
MIN_TOKEN_LENGTH: Final = 6
"""Minimum characters of a part of an address that is masked as a secret.

A shorter part gives no access, and masking it would spoil ordinary words.
"""

_TOO_MANY_REQUESTS: Final = 429
_GATEWAY_TIMEOUT: Final = 504
_TEMPORARY_STATUSES: Final = frozenset((302, 303, 307, 408, 421, 425))
_GONE_STATUSES: Final = frozenset((403, 404, 410))


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of the service: its status, its `Retry-After`, and its text on one line, without secrets."""

    status: int
    retry_after: str = ""
    message: str = ""

    @property
    def text(self) -> str:
        """The answer in words, as used in the reason of an outcome."""
        return f"answered {self.status}" + (f": {self.message}" if self.message else "")

    @property
    def is_gone(self) -> bool:
        """Whether the service says that the address accepts no more messages, or accepts none from us."""
        return self.status in _GONE_STATUSES


def outcome_of(answer: Answer) -> Outcome:
    """Return what an answer means for the message, judged by the answer's status (RFC 9110, 15)."""
    reason, status = answer.text, answer.status
    if 200 <= status < 300:  # noqa: PLR2004 - success, RFC 9110, 15.3
        return Outcome("sent", reason)
    if status == _TOO_MANY_REQUESTS or status in _TEMPORARY_STATUSES:
        return Outcome("retry", reason, _parse_retry_after(answer.retry_after))
    if status == _GATEWAY_TIMEOUT:
        return Outcome(
            "ambiguous", f"{reason}; a server on the way gave up waiting, and the message may have been posted"
        )
    if status >= 500:  # noqa: PLR2004 - server errors, RFC 9110, 15.6
        return Outcome("retry", reason, _parse_retry_after(answer.retry_after))
    if answer.is_gone:
        return Outcome("parked", f"{reason}; this address takes no messages: make a new webhook at the service")
    return Outcome("parked", reason)


def _parse_retry_after(retry_after: str) -> timedelta | None:
    """Return the wait that a `Retry-After` in seconds asks for, at most a day; None for any other text."""
    if not re.fullmatch(r"\d{1,9}", retry_after.strip(), re.ASCII):
        return None
    return min(timedelta(seconds=int(retry_after)), MAX_WAIT)


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """A channel that posts each payload to one webhook. A subclass adds the name of its kind, and `render`.

    `public` are parts of the service's addresses that are long but not secret.
    """

    kind: ClassVar[str]
    public: ClassVar[Collection[str]] = ()
    name: str
    webhook: Secret
    limits: SendLimits

    @property
    def recipients(self) -> tuple[str, ...]:
        """The channel's own name: only the service knows who reads the messages."""
        return (self.name,)

    def send(self, payload: Payload, recipient: str, message_id: str) -> Outcome:  # noqa: ARG002 - a webhook takes neither
        """Post one message."""
        return post(self.webhook, payload.body, self.limits, meaning=self.meaning, public=self.public)

    def meaning(self, answer: Answer) -> Outcome:
        """Return what an answer means. Override it for a service whose answers say more than their status."""
        return outcome_of(answer)


def secure_address(secret: Secret, remedy: str) -> Secret:
    """Return the webhook's address without blanks around it.

    Only https is accepted, because whoever can read the address can post to it. Otherwise raises ValueError, whose
    message ends with `remedy` and never shows the address.
    """
    address = secret.reveal().strip()
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(f"the webhook is not an address; {remedy}") from None
    if not host or any(character.isspace() or not character.isprintable() for character in address):
        raise ValueError(f"the webhook is not an address; {remedy}")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local_host(host)):
        raise ValueError(f"the webhook does not begin with https://; {remedy}")
    return Secret(address, secret.origin)


@dataclass(slots=True)
class _Progress:
    """How far an attempt came: whether the message was on its way, and the answer so far."""

    handed_over: bool = False
    status: int | None = None
    retry_after: str = ""
    body: bytes = b""


def post(
    webhook: Secret,
    body: str,
    limits: SendLimits,
    *,
    meaning: Callable[[Answer], Outcome] = outcome_of,
    public: Collection[str] = (),
) -> Outcome:
    """Post `body` (JSON) once, within the time of `limits`. Never raises for what the service does.

    `meaning` judges the answer. The reason in the outcome shows no part of the address, except for parts in `public`.
    """
    for library in ("httpx", "httpcore"):  # both would write the address into the log
        logging.getLogger(library).setLevel(logging.WARNING)
    hidden = _secrets_of(webhook, public)
    progress = _Progress()
    failure: Exception | None = None
    try:
        run_bounded(
            lambda: _post(webhook, body.encode(), progress),
            limits,
            lambda: progress.handed_over and progress.status is None,
        )
    except (httpx.TransportError, AttemptInterrupted) as error:
        failure = error
    if progress.status is None:
        reason = _clean_reason(str(failure) or type(failure).__name__, hidden)
        if progress.handed_over:
            return Outcome("ambiguous", f"the message may have been posted, but no answer came: {reason}")
        return Outcome("retry", f"the webhook could not be reached: {reason}")
    message = _clean_reason(progress.body.decode("utf-8", "replace"), hidden)
    return meaning(Answer(progress.status, progress.retry_after, message))


async def _post(webhook: Secret, body: bytes, progress: _Progress) -> None:
    connection = AsyncExitStack()

    async def trace(event: str, info: Mapping[str, Any]) -> None:
        # No server can act on a request before the request's body is sent.
        if event.endswith("send_request_body.started"):
            progress.handed_over = True
        # Nobody else closes a connection that is given up during the TLS handshake.
        if event.endswith("connect_tcp.complete"):
            connection.push_async_callback(info["return_value"].aclose)

    headers = {"Content-Type": "application/json", "Accept-Encoding": "identity", "User-Agent": "announcement-monitor"}
    async with (
        connection,
        # There is no timeout, because `limits` ends the attempt.
        httpx.AsyncClient(verify=_authorities(), trust_env=False, follow_redirects=False, timeout=None) as client,
        client.stream("POST", webhook.reveal(), content=body, headers=headers, extensions={"trace": trace}) as response,
    ):
        progress.retry_after = response.headers.get("Retry-After", "")
        progress.status = response.status_code
        async for piece in response.aiter_raw():
            progress.body = (progress.body + piece)[:MAX_ANSWER_SIZE]
            if len(progress.body) == MAX_ANSWER_SIZE:
                return


def server_of(webhook: Secret) -> tuple[str, int]:
    """Return the host and the port of a webhook. They are not secret: its path is."""
    url = httpx.URL(webhook.reveal())
    return url.host, url.port or (443 if url.scheme == "https" else 80)


def try_connection(webhook: Secret, limits: SendLimits) -> ProbeResult:
    """Connect to the webhook's server and check its certificate. No request is sent: it could post something."""
    host, port = server_of(webhook)
    context = _authorities() if webhook.reveal().startswith("https:") else None

    async def connect() -> None:
        _, writer = await asyncio.open_connection(host, port, ssl=context)
        writer.transport.abort()

    try:
        run_bounded(connect, limits, lambda: False)
    except (OSError, AttemptInterrupted) as error:
        number = error.errno or 0 if isinstance(error, OSError) else 0
        what = os.strerror(number) if number > 0 else str(error)
        return ProbeResult(False, f"{host}:{port} cannot be reached: {log_value(what, MAX_REASON_LENGTH)}")
    return ProbeResult(True, f"{host}:{port} can be reached; only a message shows whether it accepts the webhook")


@functools.cache
def _authorities() -> ssl.SSLContext:
    """Return the context that checks the certificates of services. It is cached: making it takes 50 ms of CPU."""
    return httpx.create_ssl_context(trust_env=False)


def _clean_reason(text: str, hidden: tuple[Secret, ...]) -> str:
    """Return the service's text as one short line, without any secret part of the address."""
    return log_value(" ".join(redact(text, hidden).split()), MAX_REASON_LENGTH)


def _secrets_of(webhook: Secret, public: Collection[str]) -> tuple[Secret, ...]:
    """Return the address, and its parts that are long enough to be a token, both as they are and decoded."""
    parts = urlsplit(webhook.reveal())
    path_and_query = f"{parts.path}?{parts.query}" if parts.query else parts.path
    tokens = re.split(r"[/?&=]", path_and_query)
    found = [
        webhook.reveal(),
        path_and_query,
        *(token for token in tokens if len(token) >= MIN_TOKEN_LENGTH and token not in public),
    ]
    return tuple(Secret(form) for text in found if len(text) > 1 for form in {text, unquote(text)})
