"""How long an answer is fresh, from its headers."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.freshness import fresh_for
from monitor.fetch.reply import Reply

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOUR = 3600


def fresh(**headers: str) -> float | None:
    pairs = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    found = fresh_for(Reply(200, pairs), lambda: NOW)
    return None if found is None else found.total_seconds()


@pytest.mark.parametrize(
    ("control", "seconds"),
    [
        ("max-age=3600", HOUR),
        ("public, Max-Age=3600", HOUR),
        ('max-age="3600"', HOUR),
        ("max-age=3600, max-age=60", HOUR),
        ("max-age=0", None),
        ("max-age=3600, no-cache", None),
        ("no-store, max-age=3600", None),
        ("max-age=-1", None),
        ("max-age=soon", None),
        ("max-age", None),
        ("s-maxage=3600", None),
        ("public", None),
        ("", None),
    ],
)
def test_max_age(control: str, seconds: int | None) -> None:
    assert fresh(cache_control=control) == seconds


def test_expires_counts_from_the_clock_of_the_server() -> None:
    there = {"date": "Sat, 21 Nov 2020 10:00:00 GMT", "expires": "Sat, 21 Nov 2020 11:00:00 GMT"}
    assert fresh(**there) == HOUR
    assert fresh(expires="Sat, 21 Nov 2026 13:00:00 GMT") == HOUR


@pytest.mark.parametrize("expires", ["0", "-1", "", "soon", "Sat, 21 Nov 2026 11:00:00 GMT"])
def test_what_has_expired_or_makes_no_sense_is_not_fresh(expires: str) -> None:
    assert fresh(expires=expires) is None


def test_max_age_overrules_expires() -> None:
    assert fresh(cache_control="max-age=60", expires="Sat, 21 Nov 2026 13:00:00 GMT") == 60
    assert fresh(cache_control="max-age=0", expires="Sat, 21 Nov 2026 13:00:00 GMT") is None


def test_the_time_in_caches_is_subtracted() -> None:
    assert fresh(cache_control="max-age=3600", age="600") == 3000
    assert fresh(cache_control="max-age=3600", age="3600") is None
    assert fresh(cache_control="max-age=3600", age="?") == HOUR


@given(st.lists(st.tuples(st.sampled_from([b"cache-control", b"expires", b"date", b"age"]), st.binary(max_size=60))))
def test_nothing_raises(headers: list[tuple[bytes, bytes]]) -> None:
    found = fresh_for(Reply(200, headers), lambda: NOW)
    assert found is None or found > dt.timedelta()
