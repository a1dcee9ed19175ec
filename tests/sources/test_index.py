"""The order of the sitemaps of an index."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.sources import index
from monitor.sources.index import sitemaps_of

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)


def order(*maps: tuple[str, str]) -> list[str]:
    return [sitemap.url for sitemap in sitemaps_of(maps, NOW, "Asia/Shanghai")]


def test_the_newest_come_first_whatever_zone_they_are_stated_in() -> None:
    maps = [("2026-11-20T23:00:00Z", "a"), ("2026-11-21T06:30:00+08:00", "b"), ("2026-11-21", "c"), ("2026", "d")]
    assert order(*maps) == ["a", "b", "c", "d"]


def test_without_times_greater_numbers_come_first() -> None:
    assert order(("", "news-9"), ("", "news-12"), ("", "news"), ("", "news-1")) == [
        "news-12",
        "news-9",
        "news-1",
        "news",
    ]


@pytest.mark.parametrize("stated", ["soon", "2026-99-99T00:00:00Z", "2031-01-01T00:00:00Z", "T", ""])
def test_what_is_no_time_that_was_says_nothing(stated: str) -> None:
    (sitemap,) = sitemaps_of([(stated, "a")], NOW, "UTC")
    assert sitemap.changed is None


def test_an_address_counts_once_and_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "MAX_SITEMAPS_OF_INDEX", 2)
    assert order(("2026-11-01", "a"), ("2026-11-03", "a"), ("2026-11-02", "b"), ("2026-10-01", "c")) == ["a", "b"]
