"""Find out what an answer means from its status and headers, and decode its body within limits. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final, TypeGuard

from monitor.fetch.outcome import Fetched, FetchFailed
from monitor.fetch.settings import MAX_VALIDATOR_LENGTH, MIB
from monitor.model import Validators
from monitor.text.walls import Wall

HeaderList = list[tuple[bytes, bytes]]

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
PERMANENT_REDIRECTS: Final = frozenset({301, 308})
REDIRECTS_KEEPING_METHOD: Final = frozenset({307, 308})
NOT_MODIFIED: Final = 304
IM_USED: Final = 226  # RFC 3229: the body may be only the changes, so its validators are not kept
STATUSES_WITH_DOCUMENT: Final = frozenset({200, 203, IM_USED})
MAX_RETRY_AFTER: Final = dt.timedelta(days=7)
"""The longest wait that a server may ask for. A longer one is a mistake, or an attempt to silence the source."""

_FIELD_VALUE: Final = re.compile(rb"[^\x00\s]+(?:[ \t]+[^\x00\s]+)*")  # the values that h11 can send

_GZIP_MAGIC: Final = b"\x1f\x8b"
_MAX_MEMBERS: Final = 1000  # block-wise gzip has one member for each 64 KiB; more members are an attack
_INFLATE_STEP: Final = 64 << 10  # bytes that are decompressed between two checks of the limit
_GZIP_WINDOW_BITS: Final = 16 + zlib.MAX_WBITS

_EXPLANATIONS: Final = {
    204: "says that there is no content",
    206: "sent a part, though the whole was asked for",
    304: "says that nothing has changed, though it was not asked for changes",
    401: "wants a login, or did not accept the one it got",
    403: "refuses us",
    404: "has nothing at this address",
    407: "is a proxy that wants a login",
    410: "says that this address is gone for good",
    429: "says that we ask too often",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of a server. `headers` are as received. `body` is None if it was not read."""

    status: int
    headers: HeaderList
    body: bytes | None = None

    def values(self, name: bytes) -> list[bytes]:
        """Return all values of the header `name`, which must be in lower case."""
        return [value for key, value in self.headers if key.lower() == name]

    def first(self, name: bytes) -> bytes | None:
        """Return the first value of the header `name` that is not empty; None if there is no such value."""
        return next((value for value in self.values(name) if value), None)


def conditional_headers(validators: Validators) -> HeaderList:
    """Return the headers for a conditional request, with the validators exactly as they were received.

    Validators that cannot be sent in a header are left out: the server then sends a complete answer.
    """
    pairs = ((b"If-None-Match", validators.etag), (b"If-Modified-Since", validators.last_modified))
    return [(name, value) for name, value in pairs if _is_sendable(value)]


def validators_of(reply: Reply, body: bytes, *, redirected: bool) -> Validators:
    """Return the validators to store for a complete answer.

    After a redirect the answer's ETag and Last-Modified belong to another address. At the requested address they could
    match a document that we have never seen, so only the hash of the body is kept. The same is done for a delta (226).
    """
    digest = hashlib.sha256(body).hexdigest()
    if redirected or reply.status == IM_USED:
        return Validators(body_hash=digest)
    etag, modified = (value if _is_sendable(value) else None for value in map(reply.first, (b"etag", b"last-modified")))
    return Validators(etag, modified, digest)


def http_failure(reply: Reply, now: dt.datetime, wall: Wall | None = None) -> FetchFailed:
    """Return the failure for an answer without a document. Its reason comes from the status, or from the wall."""
    if wall is not None:
        reason = f"the server answered {reply.status} with {wall.name} instead of its content{wall.quoted}"
        wait = parse_retry_after(reply.first(b"retry-after") or b"", now)
        return FetchFailed("wall", reason, status=reply.status, retry_after=wait, wall=wall)
    phrase = HTTPStatus(reply.status).phrase if reply.status in set(HTTPStatus) else "an unknown status"
    words = _EXPLANATIONS.get(reply.status) or f"did not answer with a document ({phrase})"
    wait = parse_retry_after(reply.first(b"retry-after") or b"", now)
    return FetchFailed("http", f"the server answered {reply.status}: it {words}", status=reply.status, retry_after=wait)


def parse_retry_after(value: bytes, now: dt.datetime) -> dt.timedelta | None:
    """Return the wait that a `Retry-After` (seconds, or a date) asks for; None for any other text.

    The wait is at most `MAX_RETRY_AFTER`.
    """
    text = value.decode("latin-1").strip()
    if re.fullmatch(r"[0-9]+", text):
        wait = dt.timedelta(seconds=min(int(text[:10]), MAX_RETRY_AFTER.total_seconds()))
    elif (date := parse_http_date(text)) is not None:
        wait = date - now
    else:
        return None
    return max(dt.timedelta(0), min(wait, MAX_RETRY_AFTER))


def server_time(answer: Fetched) -> dt.datetime | None:
    """Return the time by the server's clock: its `Date` and, if a cache answered, the `Age` (RFC 9111, 5.1)."""
    date, age = (value.decode("latin-1").strip() for value in answer.stated_time)
    at = parse_http_date(date)
    seconds = int(age[:9]) if age.isdecimal() and age.isascii() else 0
    return None if at is None else at + dt.timedelta(seconds=seconds)


def parse_http_date(text: str) -> dt.datetime | None:
    """Return the time that a date in a header states; None if it is not a date."""
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):  # the errors differ between versions of Python
        return None
    return date.replace(tzinfo=dt.UTC) if date.tzinfo is None else date


def _is_sendable(value: bytes | None) -> TypeGuard[bytes]:
    return value is not None and len(value) <= MAX_VALIDATOR_LENGTH and _FIELD_VALUE.fullmatch(value) is not None


# --- the body


def content_coding(values: Iterable[bytes]) -> str:
    """Return `identity` or `gzip`, read from the values of Content-Encoding. Raises FetchFailed for other codings."""
    names = [name.strip().lower() for value in values for name in value.split(b",")]
    codings = ["gzip" if name == b"x-gzip" else name.decode("ascii", "replace") for name in names]
    codings = [coding for coding in codings if coding not in {"", "identity"}]
    if not codings:
        return "identity"
    if codings != ["gzip"]:
        shown = ", ".join(coding[:20] if coding.isalnum() else "?" for coding in codings[:3])
        raise FetchFailed("encoding", f"sent a compression that was not asked for ({shown})")
    return "gzip"


def read_body(chunks: Iterable[bytes], *, coding: str, max_bytes: int, check: Callable[[], object]) -> bytes:
    """Return the whole body, decoded. `check` is called before each chunk.

    `max_bytes` is the limit both for the body as sent and for the decoded body. Raises FetchFailed with the kind
    "too_large", "truncated" (the compressed stream has no end) or "encoding" (the compressed stream is broken).
    """
    inflater = GzipDecoder(max_bytes) if coding == "gzip" else None
    plain = bytearray()
    sent = 0
    for chunk in chunks:
        check()
        sent += len(chunk)
        if sent > max_bytes:
            raise too_large_failure(max_bytes)
        if inflater is None:
            plain += chunk
        else:
            inflater.feed(chunk)
    return bytes(plain) if inflater is None else inflater.finish()


def read_beginning(chunks: Iterable[bytes], *, coding: str, max_bytes: int, check: Callable[[], object]) -> bytes:
    """Return at most the first `max_bytes` of the body of an error, decoded; b"" if it cannot be decoded.

    Raises whatever `check` and `chunks` raise.
    """
    sent = bytearray()
    for chunk in chunks:
        check()
        sent += chunk
        if len(sent) >= max_bytes:
            break
    if coding == "identity":
        return bytes(sent[:max_bytes])
    try:
        return zlib.decompressobj(_GZIP_WINDOW_BITS).decompress(bytes(sent), max_bytes)
    except zlib.error:
        return b""


def too_large_failure(max_bytes: int) -> FetchFailed:
    """Return the failure for a body that is larger than the limit."""
    size = f"{max_bytes / MIB:g} MiB" if max_bytes >= MIB else f"{max_bytes} bytes"
    return FetchFailed("too_large", f"the document is larger than {size}")


class GzipDecoder:
    """Decompresses gzip (RFC 1952) with one or several members. Other data after the last member is ignored."""

    def __init__(self, max_bytes: int) -> None:
        self._max = max_bytes
        self._output = bytearray()
        self._member: zlib._Decompress | None = zlib.decompressobj(_GZIP_WINDOW_BITS)
        self._members = 1
        self._pending = b""

    def feed(self, data: bytes) -> None:
        """Decompress the next bytes. Raises FetchFailed above the limit or for broken data.

        At most `_INFLATE_STEP` bytes more than the limit are kept in memory.
        """
        while data:
            data = self._next_member(data) if self._member is None else self._inflate(self._member, data)

    def finish(self) -> bytes:
        """Return the whole body. Raises FetchFailed if the stream has not ended."""
        if self._member is not None:
            raise FetchFailed("truncated", "the compressed document is incomplete")
        return bytes(self._output)

    def _inflate(self, member: zlib._Decompress, data: bytes) -> bytes:
        try:
            step = member.decompress(data, _INFLATE_STEP)
        except zlib.error as error:
            raise FetchFailed("encoding", "the compressed document is broken") from error
        self._output += step
        if len(self._output) > self._max:
            raise too_large_failure(self._max)
        if member.eof:
            self._member, self._pending = None, b""
            return member.unused_data
        return member.unconsumed_tail

    def _next_member(self, data: bytes) -> bytes:
        """Return the data to decompress next, from the start of a member on.

        Return b"" if `data` is not the start of a member, or is too short to decide that.
        """
        start = (self._pending + data)[: len(_GZIP_MAGIC)]
        if start != _GZIP_MAGIC[: len(start)]:
            self._pending = b"\0"  # from now on nothing is the start of a member
            return b""
        if len(start) < len(_GZIP_MAGIC):
            self._pending = start
            return b""
        self._members += 1
        if self._members > _MAX_MEMBERS:
            raise FetchFailed("encoding", "the compressed document has too many parts")
        data = self._pending + data
        self._member, self._pending = zlib.decompressobj(_GZIP_WINDOW_BITS), b""
        return data
