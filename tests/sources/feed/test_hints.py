"""How often a feed asks to be polled."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import NO_HINTS, PollHints
from monitor.sources.feed import FeedKind
from monitor.sources.feed.hints import read_hints

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
ITEM = "<item><title>A</title><link>https://a.example/1</link></item>"


def rss(head: str, tail: str = "") -> str:
    return f"<rss version='2.0'><channel><title>T</title>{head}{ITEM}{tail}</channel></rss>"


@pytest.mark.parametrize(
    ("head", "minimum"),
    [
        ("<ttl>60</ttl>", HOUR),
        ("<ttl> 60\n</ttl>", HOUR),
        ("<ttl><![CDATA[60]]></ttl>", HOUR),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl/>", None),
        ("<ttl>10080</ttl>", 7 * DAY),
        ("<ttl>525600</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", None),  # the default of WordPress
        ("<sy:updatePeriod>daily</sy:updatePeriod>", 24 * HOUR),
        ("<sy:updatePeriod>\n daily </sy:updatePeriod><sy:updateFrequency>\n2</sy:updateFrequency>", 12 * HOUR),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>24</sy:updateFrequency>", None),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", None),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", None),
        ("<sy:updatePeriod>often</sy:updatePeriod>", None),
        ("<ttl>30</ttl><sy:updatePeriod>daily</sy:updatePeriod>", 24 * HOUR),
    ],
)
def test_the_shortest_interval_that_a_feed_asks_for(head: str, minimum: dt.timedelta | None) -> None:
    assert read_hints(rss(head)).minimum == minimum
    assert read_hints(rss("", head)).minimum == minimum


def test_an_entry_asks_for_nothing() -> None:
    assert read_hints(rss("<item><ttl>60</ttl></item>")) == NO_HINTS


def test_hours_and_days() -> None:
    skipped = "<skipHours><hour>0</hour><hour> 7 </hour><hour>24</hour><hour>99</hour><hour>x</hour></skipHours>"
    days = "<skipDays><day>Saturday</day><day>sunday</day><day>Someday</day></skipDays>"
    assert read_hints(rss(skipped + days)) == PollHints(skip_hours=frozenset({0, 7}), skip_days=frozenset({5, 6}))


def test_a_feed_is_read_with_its_hints() -> None:
    body = rss("<ttl>60</ttl>").encode()
    reading = FeedKind().read(body, url="https://a.example/", content_type=None, options={}, now=NOW, timezone="UTC")
    assert reading.hints == PollHints(HOUR, "ttl")


@given(st.text(st.sampled_from("<>/![]x0 ") | st.characters(codec="utf-8"), max_size=80))
def test_no_text_raises(text: str) -> None:
    read_hints(f"<ttl>{text}<skipHours>{text}<hour>{text}</hour></skipHours><sy:updatePeriod>{text}")


@pytest.mark.parametrize(
    ("hours", "days", "at", "allowed"),
    [
        ({8, 9}, set(), NOW.replace(hour=8, minute=30), NOW.replace(hour=10)),
        ({23, 0}, set(), NOW.replace(hour=23, minute=5), (NOW + DAY).replace(hour=1)),
        (set(), {5, 6}, NOW.replace(hour=8), NOW + 2 * DAY),
        (set(range(24)), set(), NOW, NOW),
        (set(), set(range(7)), NOW, NOW),
        ({8}, {1}, NOW.replace(hour=9), NOW.replace(hour=9)),
    ],
)
def test_the_first_time_that_is_not_skipped(
    hours: set[int], days: set[int], at: dt.datetime, allowed: dt.datetime
) -> None:
    assert PollHints(skip_hours=frozenset(hours), skip_days=frozenset(days)).first_allowed(at) == allowed
