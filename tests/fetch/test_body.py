"""Bodies: decoded within bounds, and only to the end."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.body import coding_of, read_body
from monitor.fetch.outcome import FetchFailed

MIB = 1 << 20


def decoded(*chunks: bytes, coding: str = "gzip", max_bytes: int = MIB) -> bytes:
    return read_body(chunks, coding=coding, max_bytes=max_bytes, check=lambda: None)


def failure(*chunks: bytes, coding: str = "gzip", max_bytes: int = MIB) -> str:
    with pytest.raises(FetchFailed) as caught:
        decoded(*chunks, coding=coding, max_bytes=max_bytes)
    return caught.value.kind


def bomb(mebibytes: int) -> Iterator[bytes]:
    """One gzip member of that many MiB of zeros: a fully flushed deflate block can be repeated."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    yield deflate.compress(bytes(MIB)) + deflate.flush(zlib.Z_FULL_FLUSH)
    block = deflate.compress(bytes(MIB)) + deflate.flush(zlib.Z_FULL_FLUSH)
    for _ in range(mebibytes - 1):
        yield block


@given(st.lists(st.binary(max_size=300), max_size=4), st.integers(1, 50), st.binary(max_size=20))
def test_any_body_in_any_pieces_comes_out_whole(parts: list[bytes], step: int, rest: bytes) -> None:
    packed = b"".join(gzip.compress(part) for part in parts or [b""])
    if not rest.startswith(b"\x1f"):
        packed += rest  # rubbish after the end
    pieces = [packed[at : at + step] for at in range(0, len(packed), step)]
    assert decoded(*pieces) == b"".join(parts)


@given(st.binary(min_size=1, max_size=2000), st.data())
def test_every_cut_is_noticed(body: bytes, data: st.DataObject) -> None:
    packed = gzip.compress(body)
    cut = data.draw(st.integers(0, len(packed) - 1))
    assert failure(packed[:cut]) == "truncated"


def test_a_cut_in_a_later_member_is_noticed() -> None:
    packed = gzip.compress(b"one")
    assert failure(packed + packed[:-1]) == "truncated"
    assert failure(packed, packed[:2]) == "truncated"


@pytest.mark.parametrize("rest", [b"\0" * 512, b"\x1f", b"\x1f\x1f", b"x", b"\x1fx\x1f\x8b", b"\x8b"])
def test_what_follows_the_last_member_and_is_none_does_not_matter(rest: bytes) -> None:
    packed = gzip.compress(b"whole")
    assert decoded(packed + rest) == decoded(packed, *(bytes([byte]) for byte in rest)) == b"whole"


def test_a_body_may_be_exactly_as_large_as_allowed() -> None:
    body = bytes(range(256)) * 16
    assert decoded(body, coding="identity", max_bytes=len(body)) == body
    assert failure(body + b"x", coding="identity", max_bytes=len(body)) == "too_large"
    assert decoded(gzip.compress(body), max_bytes=len(body)) == body
    assert failure(gzip.compress(body + b"x"), max_bytes=len(body)) == "too_large"


def test_what_is_sent_is_bounded_too() -> None:
    nothing = gzip.compress(b"")
    assert failure(*[nothing] * 30, max_bytes=500) == "too_large"


def test_a_bomb_of_500_mib_ends_at_the_bound_with_little_memory() -> None:
    tracemalloc.start()
    try:
        assert failure(*bomb(500), max_bytes=15 * MIB) == "too_large"
        assert tracemalloc.get_traced_memory()[1] < 40 * MIB
    finally:
        tracemalloc.stop()


def test_a_thousand_members_are_enough() -> None:
    nothing = gzip.compress(b"")
    assert decoded(nothing * 1000) == b""
    assert failure(nothing * 1001) == "encoding"


@pytest.mark.parametrize("packed", [b"<rss>not gzip at all</rss>", gzip.compress(b"x" * 100, mtime=0)[:-8] + b"\0" * 8])
def test_a_broken_stream_is_an_error(packed: bytes) -> None:
    assert failure(packed) == "encoding"


def test_no_stream_at_all_is_a_truncated_one() -> None:
    assert failure() == "truncated"
    assert decoded(coding="identity") == b""


def test_the_deadline_is_looked_at_before_each_chunk() -> None:
    checks: list[int] = []
    read_body([b"a", b"b"], coding="identity", max_bytes=9, check=lambda: checks.append(1))
    assert len(checks) == 2


@pytest.mark.parametrize(
    ("values", "coding"),
    [
        ([], "identity"),
        ([b""], "identity"),
        ([b"identity"], "identity"),
        ([b"gzip"], "gzip"),
        ([b" GZip "], "gzip"),
        ([b"x-gzip"], "gzip"),
        ([b"identity, gzip"], "gzip"),
        ([b"", b"gzip"], "gzip"),
    ],
)
def test_codings_that_are_understood(values: list[bytes], coding: str) -> None:
    assert coding_of(values) == coding


@pytest.mark.parametrize(
    "values",
    [[b"br"], [b"deflate"], [b"zstd"], [b"gzip, gzip"], [b"gzip", b"br"], [b"utf-8"], [b"\xff\n<b>"], [b"g zip"]],
)
def test_a_coding_that_was_not_asked_for_is_an_error(values: list[bytes]) -> None:
    with pytest.raises(FetchFailed) as caught:
        coding_of(values)
    assert caught.value.kind == "encoding"
    assert caught.value.reason.isascii()
    assert "<" not in caught.value.reason
