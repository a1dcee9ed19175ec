"""What statuses and headers mean; bodies, decoded within bounds, and only to the end."""

from __future__ import annotations

import datetime as dt
import gzip
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.outcome import Fetched, FetchFailed
from monitor.fetch.reply import (
    Reply,
    conditional_headers,
    content_coding,
    http_failure,
    parse_retry_after,
    read_body,
    server_time,
    validators_of,
)
from monitor.model import Validators

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MIB = 1 << 20


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"120", 120),
        (b" 0 ", 0),
        (b"99999999999999999999", 7 * 86400),
        (b"86401", 86401),
        (b"Sat, 21 Nov 2026 12:10:00 GMT", 600),
        (b"Saturday, 21-Nov-26 12:10:00 GMT", 600),
        (b"Sat Nov 21 12:10:00 2026", 600),
        (b"Sat, 21 Nov 2026 12:10:00 -0000", 600),
        (b"Sat, 21 Nov 2026 11:00:00 GMT", 0),
        (b"Sat, 21 Nov 2099 11:00:00 GMT", 7 * 86400),
    ],
)
def test_the_wish_to_wait_is_between_nothing_and_a_week(value: bytes, seconds: int) -> None:
    assert parse_retry_after(value, NOW) == dt.timedelta(seconds=seconds)


@pytest.mark.parametrize("value", [b"", b"soon", b"-5", b"1.5", b"\xff", b"Sat, 99 Nov 2026 12:10:00 GMT", b"\xb2"])
def test_a_wish_that_cannot_be_read_is_none(value: bytes) -> None:
    assert parse_retry_after(value, NOW) is None


@given(st.binary(max_size=60) | st.from_regex(rb"[A-Z][a-z]{2}, \d+ Nov \d+ \d+:\d+:\d+ [+-]?\w+", fullmatch=True))
def test_no_wish_raises(value: bytes) -> None:
    wait = parse_retry_after(value, NOW)
    assert wait is None or dt.timedelta(0) <= wait <= dt.timedelta(days=1)


def test_validators_go_back_byte_for_byte() -> None:
    odd = Validators(etag=b'W/"\xe9\x80,\x7f"', last_modified=b"not  a date")
    assert conditional_headers(odd) == [
        (b"If-None-Match", b'W/"\xe9\x80,\x7f"'),
        (b"If-Modified-Since", b"not  a date"),
    ]


@pytest.mark.parametrize("value", [b"", b"a\r\nX: y", b"a\0", b" a", b"a ", b"x" * 4097])
def test_validators_that_no_header_can_hold_are_not_sent_nor_kept(value: bytes) -> None:
    assert conditional_headers(Validators(etag=value, last_modified=value)) == []
    kept = validators_of(Reply(200, [(b"ETag", value)]), b"", redirected=False)
    assert kept.etag is None


def test_a_hash_alone_is_no_condition() -> None:
    assert conditional_headers(Validators(body_hash="x")) == []


def test_what_is_kept_of_an_answer() -> None:
    reply = Reply(200, [(b"Etag", b""), (b"eTag", b'"1"'), (b"ETag", b'"2"'), (b"LAST-modified", b"Tue")])
    kept = validators_of(reply, b"abc", redirected=False)
    assert (kept.etag, kept.last_modified) == (b'"1"', b"Tue")
    assert kept.body_hash == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(("status", "redirected"), [(200, True), (226, False)])
def test_of_a_redirected_answer_or_a_delta_only_the_hash_is_kept(status: int, redirected: bool) -> None:
    reply = Reply(status, [(b"ETag", b'"1"'), (b"Last-Modified", b"Tue")])
    kept = validators_of(reply, b"abc", redirected=redirected)
    assert (kept.etag, kept.last_modified) == (None, None)
    assert kept.body_hash is not None


@pytest.mark.parametrize(
    "status", [201, 202, 204, 205, 206, 207, 299, 300, 304, 305, 400, 404, 410, 418, 500, 599, 999]
)
def test_every_other_status_is_said_in_words(status: int) -> None:
    failed = http_failure(Reply(status, [(b"Retry-After", b"5")]), NOW)
    assert (failed.kind, failed.status, failed.retry_after) == ("http", status, dt.timedelta(seconds=5))
    assert str(status) in failed.reason
    assert len(failed.reason) > 30


# --- bodies


def decoded(*chunks: bytes, coding: str = "gzip", max_bytes: int = MIB) -> bytes:
    return read_body(chunks, coding=coding, max_bytes=max_bytes, check=lambda: None)


def failure(*chunks: bytes, coding: str = "gzip", max_bytes: int = MIB) -> str:
    with pytest.raises(FetchFailed) as caught:
        decoded(*chunks, coding=coding, max_bytes=max_bytes)
    return caught.value.kind


def bomb(mebibytes: int) -> Iterator[bytes]:
    """Return one gzip member of that many MiB of zeros: a fully flushed deflate block can be repeated."""
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
    assert content_coding(values) == coding


@pytest.mark.parametrize(
    "values",
    [[b"br"], [b"deflate"], [b"zstd"], [b"gzip, gzip"], [b"gzip", b"br"], [b"utf-8"], [b"\xff\n<b>"], [b"g zip"]],
)
def test_a_coding_that_was_not_asked_for_is_an_error(values: list[bytes]) -> None:
    with pytest.raises(FetchFailed) as caught:
        content_coding(values)
    assert caught.value.kind == "encoding"
    assert caught.value.reason.isascii()
    assert "<" not in caught.value.reason


@pytest.mark.parametrize(
    ("date", "age", "seconds"),
    [
        (b"Sat, 21 Nov 2026 12:00:00 GMT", b"", 0),
        (b" Sat, 21 Nov 2026 12:00:00 GMT ", b"90", 90),  # a cache keeps the date, and says how old its answer is
        (b"Sat, 21 Nov 2026 12:00:00 GMT", b"-90", 0),
        (b"Sat, 21 Nov 2026 12:00:00 GMT", "²".encode("latin-1"), 0),
        (b"", b"90", None),
        (b"yesterday", b"", None),
    ],
)
def test_the_time_of_a_server_is_what_it_states(date: bytes, age: bytes, seconds: int | None) -> None:
    noon = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
    found = server_time(Fetched("https://a.example/", 200, b"", None, Validators(), stated_time=(date, age)))
    assert found == (None if seconds is None else noon + dt.timedelta(seconds=seconds))
