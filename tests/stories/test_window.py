"""The window: finds what shares rare terms, forgets what is too old, and counts what is in it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Article
from monitor.stories import window as module
from monitor.stories.reports import read_report
from monitor.stories.terms import term_code
from monitor.stories.window import MAX_COMPARED_ARTICLES, Member, Window
from tests.stories.event_articles import ELSEWHERE, LAKE, LAKE_ENGLISH, NOW, TUNNEL, TUNNEL_AGAIN, article

HOUR = dt.timedelta(hours=1)


def member(key: int, one: Article, at: dt.datetime = NOW) -> Member:
    return Member(key, read_report(one), at, event=key)


def filled(*articles: Article) -> Window:
    window = Window(72 * HOUR)
    for key, one in enumerate(articles):
        window.add(member(key, one))
    return window


def keys(found: list[Member]) -> list[int]:
    return [one.key for one in found]


def test_what_shares_the_rare_terms_is_found_and_the_rest_is_not() -> None:
    window = filled(ELSEWHERE, TUNNEL, LAKE)
    assert keys(window.similar(read_report(TUNNEL_AGAIN), NOW)) == [1]


def test_across_languages_the_keys_of_the_bridge_find() -> None:
    window = filled(ELSEWHERE, TUNNEL, LAKE)
    assert keys(window.in_other_language(read_report(LAKE_ENGLISH), NOW)) == [2]
    assert keys(filled(LAKE_ENGLISH).in_other_language(read_report(LAKE), NOW)) == [0]


def test_what_is_further_apart_than_the_window_is_not_found() -> None:
    window = filled(TUNNEL)
    assert window.similar(read_report(TUNNEL_AGAIN), NOW - 73 * HOUR) == []


def test_an_article_leaves_after_the_window_and_takes_its_counts_along() -> None:
    window = filled(TUNNEL)
    window.add(member(7, ELSEWHERE, NOW + 2 * HOUR))
    assert keys(window.expire(NOW + 73 * HOUR)) == [0]
    assert len(window) == 1
    assert window.get(0) is None
    assert window.counts().documents == 1
    assert term_code("brackwater") not in window.counts().counts
    assert window.expire(NOW) == [], "time does not run back"


def test_the_longest_lists_are_left_out_once_there_is_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_SCANNED_POSTINGS", 2)
    window = filled(*(article(f"zebra quokka{number}") for number in range(6)))
    assert keys(window.similar(read_report(article("zebra quokka3")), NOW)) == [3]


def test_no_more_are_compared_than_the_bound_and_the_first_ones_at_equality() -> None:
    window = filled(*(TUNNEL for _ in range(3 * MAX_COMPARED_ARTICLES)))
    assert keys(window.similar(read_report(TUNNEL), NOW)) == list(range(MAX_COMPARED_ARTICLES))


def test_a_key_says_less_the_more_articles_have_it() -> None:
    few, many = filled(LAKE), filled(*(LAKE for _ in range(200)))
    assert few.rarity("place beijing") == 1.0
    assert many.rarity("count 36") < 0.2


@given(st.lists(st.integers(0, 200), max_size=20))
def test_only_articles_of_the_window_remain_whatever_order_they_came_in(hours: list[int]) -> None:
    window = Window(72 * HOUR)
    for key, hour in enumerate(hours):
        window.expire(NOW + hour * HOUR)
        window.add(member(key, TUNNEL, NOW + hour * HOUR))
    window.expire(NOW)
    newest = max(hours, default=0)
    assert len(window) == sum(hour >= newest - 72 for hour in hours)
