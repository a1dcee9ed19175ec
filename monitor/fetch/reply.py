"""What an answer means: pure judgements over status and headers."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from monitor.fetch.outcome import FetchFailed
from monitor.fetch.settings import MAX_VALIDATOR
from monitor.model import Validators

HeaderList = list[tuple[bytes, bytes]]

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
PERMANENT: Final = frozenset({301, 308})
KEEPS_METHOD: Final = frozenset({307, 308})
NOT_MODIFIED: Final = 304
IM_USED: Final = 226  # RFC 3229: perhaps only what changed; readable, but no state to build on
WITH_DOCUMENT: Final = frozenset({200, 203, IM_USED})
MAX_RETRY_AFTER: Final = dt.timedelta(days=1)

_FIELD_VALUE: Final = re.compile(rb"[^\x00\s]+(?:[ \t]+[^\x00\s]+)*")  # what h11 receives, and what it sends
_MAX_CONTENT_TYPE: Final = 300

_WORDS: Final = {
    204: "says that there is no content",
    206: "sent a part, though the whole was asked for",
    304: "says that nothing has changed, though it was not asked whether something had",
    401: "wants a login, or did not accept the one it got",
    403: "refuses us",
    404: "has nothing at this address",
    407: "is a proxy that wants a login",
    410: "says that this address is gone for good",
    429: "says that we ask too often",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. `headers` are as received; `body` is None if it was not wanted."""

    status: int
    headers: HeaderList
    body: bytes | None = None

    def values(self, name: bytes) -> list[bytes]:
        """All values of a header, given in lower case."""
        return [value for key, value in self.headers if key.lower() == name]

    def first(self, name: bytes) -> bytes | None:
        """Its first value that is not empty."""
        return next((value for value in self.values(name) if value), None)


def conditions(validators: Validators) -> HeaderList:
    """The headers that ask "only if changed", the validators byte for byte as they were received.

    What cannot be sent in a header is left out: the answer is then a whole one.
    """
    pairs = ((b"If-None-Match", validators.etag), (b"If-Modified-Since", validators.last_modified))
    return [(name, value) for name, value in pairs if value is not None and _sendable(value)]


def validators_of(reply: Reply, body: bytes, *, redirected: bool) -> Validators:
    """What to remember of a complete answer.

    An answer that came by way of a redirect has validators of another address. Sent to the first one they could match
    a document that we have never seen, so only the hash of the body is kept. The same holds for a delta (226).
    """
    digest = hashlib.sha256(body).hexdigest()
    if redirected or reply.status == IM_USED:
        return Validators(body_hash=digest)
    return Validators(_kept(reply.first(b"etag")), _kept(reply.first(b"last-modified")), digest)


def content_type_of(reply: Reply) -> str | None:
    """The declared type, as text, not judged."""
    value = reply.first(b"content-type")
    return None if value is None else value.decode("latin-1")[:_MAX_CONTENT_TYPE]


def declared_length(reply: Reply) -> int:
    """The length that was announced, 0 if none was. Its form has been checked on receipt."""
    value = reply.first(b"content-length")
    return 0 if value is None or reply.first(b"transfer-encoding") else int(value)


def refusal(reply: Reply, now: dt.datetime) -> FetchFailed:
    """Why a status is no document, in words."""
    words = _WORDS.get(reply.status) or f"did not answer with a document ({_phrase(reply.status)})"
    told = f"the server answered {reply.status}: it {words}"
    return FetchFailed(
        "http", told, status=reply.status, retry_after=retry_after(reply.first(b"retry-after") or b"", now)
    )


def retry_after(value: bytes, now: dt.datetime) -> dt.timedelta | None:
    """How long to wait by a `Retry-After` (seconds, or a date), between nothing and a day; None if it says nothing."""
    text = value.decode("latin-1").strip()
    if re.fullmatch(r"[0-9]+", text):
        wait = dt.timedelta(seconds=min(int(text[:10]), MAX_RETRY_AFTER.total_seconds()))
    elif (then := _http_date(text)) is not None:
        wait = then - now
    else:
        return None
    return max(dt.timedelta(0), min(wait, MAX_RETRY_AFTER))


def _http_date(text: str) -> dt.datetime | None:
    try:
        then = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):  # what it raises differs from one Python to the next
        return None
    return then.replace(tzinfo=dt.UTC) if then.tzinfo is None else then


def _sendable(value: bytes) -> bool:
    return len(value) <= MAX_VALIDATOR and _FIELD_VALUE.fullmatch(value) is not None


def _kept(value: bytes | None) -> bytes | None:
    return value if value is not None and _sendable(value) else None


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "an unknown status"
