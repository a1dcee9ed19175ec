"""The waits that hosts asked for outlast the program."""

from __future__ import annotations

import datetime as dt

from monitor.model import HostRest
from monitor.store import Store

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def test_a_wait_is_known_until_it_is_over(store: Store) -> None:
    rest = HostRest("a", NOON, NOON + HOUR)
    store.keep_host_rest(rest)
    assert store.host_rests(NOON) == (rest,)
    assert store.host_rests(NOON + HOUR) == ()


def test_a_later_wait_replaces_the_earlier_one_of_its_host(store: Store) -> None:
    for rest in (HostRest("a", NOON, NOON + HOUR), HostRest("b", NOON, NOON + HOUR)):
        store.keep_host_rest(rest)
    longer = HostRest("a", NOON, NOON + 2 * HOUR)
    store.keep_host_rest(longer)
    assert set(store.host_rests(NOON)) == {longer, HostRest("b", NOON, NOON + HOUR)}
