"""One message to an incoming webhook, and what the answer means.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks lists the words that Slack refuses with.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import httpx

from monitor.channels.base import CutShort, SendLimits, run_bounded
from monitor.model import Outcome
from monitor.secret import Secret, redact
from monitor.text.safe import log_value

ANSWER: Final = 2_000
"""So many bytes of an answer are read: Slack's is one word."""

WORDS: Final = 300
LONGEST_WAIT: Final = timedelta(days=1)
SHORTEST_TOKEN: Final = 6

_NO_SECRET: Final = ("services", "workflows", "triggers")
_TOO_MANY: Final = 429
_GATEWAY_TIMEOUT: Final = 504
_TEMPORARY: Final = frozenset((302, 303, 307, 408, 421, 425))
_LEADS_NOWHERE: Final = frozenset((403, 404, 410))


@dataclass(slots=True)
class Progress:
    """How far an attempt came: whether the message was on its way, and the answer so far."""

    handed_over: bool = False
    status: int | None = None
    retry_after: str = ""
    body: bytes = b""


def post(webhook: Secret, body: str, limits: SendLimits) -> Outcome:
    """Post `body` (JSON) once, within the time of `limits`. Never raises for what the far end does."""
    for library in ("httpx", "httpcore"):  # both would write the address into the log
        logging.getLogger(library).setLevel(logging.WARNING)
    progress = Progress()
    broken: Exception | None = None
    try:
        run_bounded(
            lambda: _post(webhook, body.encode(), progress),
            limits,
            lambda: progress.handed_over and progress.status is None,
        )
    except (httpx.TransportError, CutShort) as error:
        broken = error
    if progress.status is None:
        why = _clean(str(broken) or type(broken).__name__, webhook)
        if progress.handed_over:
            return Outcome("ambiguous", f"the message may have been posted, but no answer came: {why}")
        return Outcome("retry", f"the webhook could not be reached: {why}")
    said = _clean(progress.body.decode("utf-8", "replace"), webhook)
    return answered(progress.status, progress.retry_after, said)


async def _post(webhook: Secret, body: bytes, progress: Progress) -> None:
    connection = AsyncExitStack()

    async def trace(event: str, info: Mapping[str, Any]) -> None:
        # Until its body is sent, no server can act on a request.
        if event.endswith("send_request_body.started"):
            progress.handed_over = True
        # A connection that is given up within the handshake of TLS is closed by nobody else.
        if event.endswith("connect_tcp.complete"):
            connection.push_async_callback(info["return_value"].aclose)

    headers = {"Content-Type": "application/json", "Accept-Encoding": "identity", "User-Agent": "announcement-monitor"}
    async with (
        connection,
        httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=None) as client,  # noqa: S113 - `limits` ends it
        client.stream("POST", webhook.reveal(), content=body, headers=headers, extensions={"trace": trace}) as response,
    ):
        progress.retry_after = response.headers.get("Retry-After", "")
        progress.status = response.status_code
        async for piece in response.aiter_raw():
            progress.body = (progress.body + piece)[:ANSWER]
            if len(progress.body) == ANSWER:
                return


def answered(status: int, retry_after: str, words: str) -> Outcome:
    """What an answer means; `words` is what it said, already clean."""
    said = f"answered {status}" + (f": {words}" if words else "")
    if 200 <= status < 300:  # noqa: PLR2004 - success, RFC 9110, 15.3
        return Outcome("sent", said)
    if status == _TOO_MANY or status in _TEMPORARY:
        return Outcome("retry", said, _wait(retry_after))
    if status == _GATEWAY_TIMEOUT:
        return Outcome(
            "ambiguous", f"{said}; a server on the way gave up waiting, and the message may have been posted"
        )
    if status >= 500:  # noqa: PLR2004 - server errors, RFC 9110, 15.6
        return Outcome("retry", said, _wait(retry_after))
    if status in _LEADS_NOWHERE:
        return Outcome("parked", f"{said}; the webhook or its channel is gone: make a new one in Slack")
    return Outcome("parked", said)


def _wait(retry_after: str) -> timedelta | None:
    """`Retry-After` in seconds, as Slack states it; at most a day."""
    if not re.fullmatch(r"\d{1,9}", retry_after.strip(), re.ASCII):
        return None
    return min(timedelta(seconds=int(retry_after)), LONGEST_WAIT)


def _clean(text: str, webhook: Secret) -> str:
    """The far end's words: one line, not long, without any part of the address that could be used."""
    return log_value(" ".join(redact(text, _hidden(webhook)).split()), WORDS)


def _hidden(webhook: Secret) -> tuple[Secret, ...]:
    """The address, and what of it is long enough to be a token, also as a server may have decoded it."""
    parts = urlsplit(webhook.reveal())
    tail = f"{parts.path}?{parts.query}" if parts.query else parts.path
    tokens = re.split(r"[/?&=]", tail)
    found = [
        webhook.reveal(),
        tail,
        *(token for token in tokens if len(token) >= SHORTEST_TOKEN and token not in _NO_SECRET),
    ]
    return tuple(Secret(form) for text in found if len(text) > 1 for form in {text, unquote(text)})
