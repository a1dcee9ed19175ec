"""What statuses and headers mean."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.reply import (
    Reply,
    conditions,
    content_type_of,
    declared_length,
    refusal,
    retry_after,
    validators_of,
)
from monitor.model import Validators

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"120", 120),
        (b" 0 ", 0),
        (b"99999999999999999999", 86400),
        (b"86401", 86400),
        (b"Sat, 21 Nov 2026 12:10:00 GMT", 600),
        (b"Saturday, 21-Nov-26 12:10:00 GMT", 600),
        (b"Sat Nov 21 12:10:00 2026", 600),
        (b"Sat, 21 Nov 2026 12:10:00 -0000", 600),
        (b"Sat, 21 Nov 2026 11:00:00 GMT", 0),
        (b"Sat, 21 Nov 2099 11:00:00 GMT", 86400),
    ],
)
def test_the_wish_to_wait_is_between_nothing_and_a_day(value: bytes, seconds: int) -> None:
    assert retry_after(value, NOW) == dt.timedelta(seconds=seconds)


@pytest.mark.parametrize("value", [b"", b"soon", b"-5", b"1.5", b"\xff", b"Sat, 99 Nov 2026 12:10:00 GMT", b"\xb2"])
def test_a_wish_that_cannot_be_read_is_none(value: bytes) -> None:
    assert retry_after(value, NOW) is None


@given(st.binary(max_size=60) | st.from_regex(rb"[A-Z][a-z]{2}, \d+ Nov \d+ \d+:\d+:\d+ [+-]?\w+", fullmatch=True))
def test_no_wish_raises(value: bytes) -> None:
    wait = retry_after(value, NOW)
    assert wait is None or dt.timedelta(0) <= wait <= dt.timedelta(days=1)


def test_validators_go_back_byte_for_byte() -> None:
    odd = Validators(etag=b'W/"\xe9\x80,\x7f"', last_modified=b"not  a date")
    assert conditions(odd) == [(b"If-None-Match", b'W/"\xe9\x80,\x7f"'), (b"If-Modified-Since", b"not  a date")]


@pytest.mark.parametrize("value", [b"", b"a\r\nX: y", b"a\0", b" a", b"a ", b"x" * 4097])
def test_validators_that_no_header_can_hold_are_not_sent_nor_kept(value: bytes) -> None:
    assert conditions(Validators(etag=value, last_modified=value)) == []
    kept = validators_of(Reply(200, [(b"ETag", value)]), b"", redirected=False)
    assert kept.etag is None


def test_a_hash_alone_is_no_condition() -> None:
    assert conditions(Validators(body_hash="x")) == []


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


def test_the_type_is_handed_on_as_it_is() -> None:
    assert content_type_of(Reply(200, [])) is None
    assert content_type_of(Reply(200, [(b"content-type", b"text/html; charset=\xe9")])) == "text/html; charset=é"


def test_a_length_counts_only_without_chunks() -> None:
    assert declared_length(Reply(200, [])) == 0
    assert declared_length(Reply(200, [(b"Content-Length", b"5")])) == 5
    assert declared_length(Reply(200, [(b"Content-Length", b"5"), (b"Transfer-Encoding", b"chunked")])) == 0


@pytest.mark.parametrize(
    "status", [201, 202, 204, 205, 206, 207, 299, 300, 304, 305, 400, 404, 410, 418, 500, 599, 999]
)
def test_every_other_status_is_said_in_words(status: int) -> None:
    failed = refusal(Reply(status, [(b"Retry-After", b"5")]), NOW)
    assert (failed.kind, failed.status, failed.retry_after) == ("http", status, dt.timedelta(seconds=5))
    assert str(status) in failed.reason
    assert len(failed.reason) > 30
