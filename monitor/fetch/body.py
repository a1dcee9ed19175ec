"""The bytes of a body, decoded within bounds. Pure: chunks in, bytes out."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from typing import Final

from monitor.fetch.outcome import FetchFailed
from monitor.fetch.settings import MIB

_MAGIC: Final = b"\x1f\x8b"
_MAX_MEMBERS: Final = 1000  # block-wise gzip has one each 64 KiB; more are an attack
_STEP: Final = 64 << 10  # bytes inflated before the bound is looked at again
_WITH_GZIP_HEADER: Final = 16 + zlib.MAX_WBITS


def coding_of(values: Iterable[bytes]) -> str:
    """`identity` or `gzip`, from the values of Content-Encoding. Raises FetchFailed for all else."""
    names = [name.strip().lower() for value in values for name in value.split(b",")]
    codings = ["gzip" if name == b"x-gzip" else name.decode("ascii", "replace") for name in names]
    codings = [coding for coding in codings if coding not in {"", "identity"}]
    if not codings:
        return "identity"
    if codings != ["gzip"]:
        told = ", ".join(coding[:20] if coding.isalnum() else "?" for coding in codings[:3])
        raise FetchFailed("encoding", f"sent a compression that was not asked for ({told})")
    return "gzip"


def read_body(chunks: Iterable[bytes], *, coding: str, max_bytes: int, check: Callable[[], object]) -> bytes:
    """The whole body. `max_bytes` bounds it both as sent and as decoded; `check` is called before each chunk.

    Raises FetchFailed: too_large, truncated (the compressed stream has no end), encoding (it is broken).
    """
    sink = Inflater(max_bytes) if coding == "gzip" else Plain(max_bytes)
    sent = 0
    for chunk in chunks:
        check()
        sent += len(chunk)
        if sent > max_bytes:
            raise too_large(max_bytes)
        sink.feed(chunk)
    return sink.finish()


def too_large(max_bytes: int) -> FetchFailed:
    """The failure of a body that is larger than it may be."""
    size = f"{max_bytes / MIB:g} MiB" if max_bytes >= MIB else f"{max_bytes} bytes"
    return FetchFailed("too_large", f"the document is larger than {size}")


class Plain:
    """Keeps what it is fed."""

    def __init__(self, max_bytes: int) -> None:
        self._max = max_bytes
        self._out = bytearray()

    def feed(self, data: bytes) -> None:
        """Take the next bytes. Raises FetchFailed when there are too many."""
        self._out += data
        if len(self._out) > self._max:
            raise too_large(self._max)

    def finish(self) -> bytes:
        """All of it."""
        return bytes(self._out)


class Inflater(Plain):
    """Inflates gzip (RFC 1952): one member or several; what follows the last one and is no member is ignored."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(max_bytes)
        self._member: zlib._Decompress | None = zlib.decompressobj(_WITH_GZIP_HEADER)
        self._members = 1
        self._between = b""

    def feed(self, data: bytes) -> None:
        """Inflate the next bytes. Never holds more than the bound and one step beyond it."""
        while data:
            data = self._next_member(data) if self._member is None else self._inflate(self._member, data)

    def finish(self) -> bytes:
        """All of it. Raises FetchFailed if the stream has not ended."""
        if self._member is not None:
            raise FetchFailed("truncated", "the compressed document breaks off")
        return super().finish()

    def _inflate(self, member: zlib._Decompress, data: bytes) -> bytes:
        try:
            step = member.decompress(data, _STEP)
        except zlib.error as error:
            raise FetchFailed("encoding", "the compressed document is broken") from error
        super().feed(step)
        if member.eof:
            self._member, self._between = None, b""
            return member.unused_data
        return member.unconsumed_tail

    def _next_member(self, data: bytes) -> bytes:
        """What to inflate next: nothing as long as it may still be the start of a member, or when it is none."""
        start = (self._between + data)[: len(_MAGIC)]
        if start != _MAGIC[: len(start)]:
            self._between = b"\0"  # no member ever again
            return b""
        if len(start) < len(_MAGIC):
            self._between = start
            return b""
        self._members += 1
        if self._members > _MAX_MEMBERS:
            raise FetchFailed("encoding", "the compressed document has too many parts")
        data = self._between + data
        self._member, self._between = zlib.decompressobj(_WITH_GZIP_HEADER), b""
        return data
