"""Events: reports of several outlets are joined, and what is none of one event is kept apart and related at most."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Article
from monitor.stories import events as module
from monitor.stories.events import EventPlacement, Events
from tests.stories import event_articles as data
from tests.stories.event_articles import NOW, TUNNEL, TUNNEL_AGAIN, TUNNEL_THIRD

HOUR = dt.timedelta(hours=1)


def numbers(placed: EventPlacement) -> list[int]:
    """Return the numbers of the related articles."""
    return [other.article_id for other in placed.related]


class Stream:
    """Articles one after the other: each is placed and then added, to its event or to one of its own."""

    def __init__(self) -> None:
        self.events = Events()
        self.of: list[object] = []

    def add(self, article: Article, at: dt.datetime = NOW) -> EventPlacement | None:
        key = len(self.of)
        placement = self.events.place(article, at, key=key)
        event = key if placement is None or placement.event is None else placement.event
        self.events.add(article, at, key=key, event=event)
        self.of.append(event)
        return placement


def events_of(*articles: Article) -> list[object]:
    stream = Stream()
    for number, one in enumerate(articles):
        stream.add(one, NOW + number * HOUR)
    return stream.of


def test_three_outlets_that_report_one_event_are_one_event() -> None:
    assert events_of(TUNNEL, data.ELSEWHERE, TUNNEL_AGAIN, TUNNEL_THIRD) == [0, 1, 0, 0]


def test_chinese_reports_of_one_event_are_one_event() -> None:
    assert events_of(data.LAKE, data.LAKE_AGAIN) == [0, 0]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (TUNNEL, data.TUNNEL_STARTS),
        (TUNNEL, data.TUNNEL_OTHER_SUM),
        (TUNNEL, data.ROUND_UP),
        (data.ROUND_UP, TUNNEL),
        (TUNNEL, data.ELSEWHERE),
        (data.LAKE, data.LAKE_OTHER),
        (data.LAKE, data.LAKE_ENGLISH),
        (data.VACANCY, data.VACANCY_OTHER),
    ],
)
def test_follow_ups_neighbours_round_ups_and_other_languages_are_not_joined(first: Article, second: Article) -> None:
    assert events_of(first, second) == [0, 1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Mint strikes blockchain coin", "Village mints blockchain stamps"),
        ("Theatre plays in the metaverse", "Theatre opens in the metaverse"),
        ("Council talks of tunnels", "Tunnels are the talk of the council"),
    ],
)
def test_headlines_that_share_two_or_three_words_say_too_little(first: str, second: str) -> None:
    assert events_of(data.article(first), data.article(second, site="Coast Gazette")) == [0, 1]


def test_the_same_outlet_again_is_a_follow_up() -> None:
    later = replace(TUNNEL_AGAIN, site=TUNNEL.site)
    stream = Stream()
    stream.add(TUNNEL)
    assert stream.add(later) is None
    stream = Stream()
    stream.add(TUNNEL)
    stream.add(TUNNEL_AGAIN)
    placed = stream.add(replace(TUNNEL_THIRD, site=TUNNEL.site))
    assert placed is not None
    assert placed.event is None
    assert "of this outlet" in placed.reason


def test_a_join_names_the_article_that_decided_and_what_is_alike() -> None:
    stream = Stream()
    stream.add(TUNNEL)
    placed = stream.add(TUNNEL_AGAIN)
    assert placed is not None
    assert (placed.event, placed.of, placed.related) == (0, 0, ())
    assert 0.9 < placed.score <= 1
    assert "% of the weighted words" in placed.reason
    assert "and figures" in placed.reason


def test_a_neighbour_is_related_and_the_reason_says_why_it_is_not_joined() -> None:
    stream = Stream()
    stream.add(TUNNEL)
    placed = stream.add(data.TUNNEL_OTHER_SUM)
    assert placed is not None
    assert (placed.event, placed.of, placed.score, numbers(placed)) == (None, None, 0.0, [0])
    assert placed.reason.endswith("is not joined: their titles state different numbers")
    (other,) = placed.related
    assert other.reason == "their titles state different numbers"
    assert placed.reason.startswith(other.likeness)


def test_across_languages_an_article_is_related_and_never_joined() -> None:
    stream = Stream()
    stream.add(data.LAKE)
    stream.add(TUNNEL)
    placed = stream.add(data.LAKE_ENGLISH)
    assert placed is not None
    assert (placed.event, numbers(placed)) == (None, [0])
    assert "another language" in placed.reason
    assert placed.related[0].reason == "it is in another language"


def test_what_is_more_like_a_report_that_was_taken_out_of_an_event_does_not_join_that_event() -> None:
    again = replace(TUNNEL_AGAIN, url="https://again.example", text=f"{TUNNEL_AGAIN.text} More follows.")
    placed = []
    for verdict in ("together", "apart"):
        events = Events()
        events.add(TUNNEL, NOW, key=0, event=0)
        events.add(TUNNEL_AGAIN, NOW, key=1, event=1)
        events.obey([(0, 1, "apart")] if verdict == "apart" else [])
        placed.append(events.place(again, NOW + HOUR, key=2))
    free, parted = placed
    assert free is not None
    assert parted is not None
    assert (free.event, parted.event) == (0, None)
    assert [(other.article_id, "by hand" in other.reason) for other in parted.related] == [(1, False), (0, True)]


def test_a_report_joins_an_event_by_an_article_that_a_person_joined_to_it() -> None:
    placed = []
    for decisions in ([], [(0, 1, "together")]):
        events = Events()
        events.add(data.ELSEWHERE, NOW, key=0, event=0)
        events.add(TUNNEL, NOW, key=1, event=0)
        events.obey([(one, other, "together") for one, other, _ in decisions])
        placed.append(events.place(TUNNEL_AGAIN, NOW + HOUR, key=2))
    assert [one and one.event for one in placed] == [None, 0]


def test_an_event_takes_no_report_after_three_days() -> None:
    stream = Stream()
    stream.add(TUNNEL)
    assert stream.add(TUNNEL_AGAIN, NOW + 73 * HOUR) is None


def test_an_event_is_closed_once_its_first_report_is_too_old() -> None:
    stream = Stream()
    stream.add(TUNNEL)
    stream.add(TUNNEL_AGAIN, NOW + 60 * HOUR)
    placed = stream.add(TUNNEL_THIRD, NOW + 74 * HOUR)
    assert placed is not None
    assert placed.event is None
    assert "three days" in placed.reason


def test_a_report_that_is_not_near_the_first_one_is_not_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MIN_SCORE_WITH_FIRST", 50.0)
    stream = Stream()
    stream.add(TUNNEL)
    placed = stream.add(TUNNEL_AGAIN)
    assert placed is not None
    assert "the first report" in placed.reason


def test_an_event_gathers_so_many_articles_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_REPORTS", 3)
    reports = [replace(TUNNEL, site=f"Outlet {number}") for number in range(5)]
    assert events_of(*reports) == [0, 0, 0, 3, 3]


def test_what_is_alike_but_too_little_is_related(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MIN_JOIN_SCORE", 50.0)
    stream = Stream()
    stream.add(TUNNEL)
    placed = stream.add(TUNNEL_AGAIN)
    assert placed is not None
    assert (placed.event, numbers(placed)) == (None, [0])
    assert "not similar enough" in placed.reason


def test_texts_of_one_template_under_other_titles_are_two_events() -> None:
    stream = Stream()
    stream.add(data.VACANCY)
    placed = stream.add(data.VACANCY_OTHER)
    assert placed is not None
    assert "too little of their titles" in placed.reason


def test_an_article_is_not_near_itself_and_asking_changes_nothing() -> None:
    events = Events()
    events.add(TUNNEL, NOW, key=0, event="story")
    assert events.place(replace(TUNNEL, site="Other"), NOW, key=0) is None
    first = events.place(TUNNEL_AGAIN, NOW, key=1)
    assert first is not None
    assert first.event == "story"
    assert events.place(TUNNEL_AGAIN, NOW, key=1) == first


POOL = (
    *(TUNNEL, TUNNEL_AGAIN, TUNNEL_THIRD, data.TUNNEL_STARTS, data.TUNNEL_OTHER_SUM, data.ROUND_UP),
    *(data.ELSEWHERE, data.LAKE, data.LAKE_AGAIN, data.LAKE_OTHER, data.LAKE_ENGLISH),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(POOL), st.integers(0, 30)), max_size=12))
def test_in_any_stream_joins_are_of_other_outlets_and_of_one_language(steps: list[tuple[Article, int]]) -> None:
    stream, at, articles = Stream(), NOW, list[Article]()
    for one, hours in steps:
        at += hours * HOUR
        placed = stream.add(one, at)
        articles.append(one)
        if placed is None:
            continue
        assert len(placed.related) == len(set(numbers(placed))) <= module.MAX_RELATED
        assert all(stream.of[key] != placed.event for key in numbers(placed))
        assert all(other.likeness and other.reason for other in placed.related)
        assert placed.reason
        if placed.of is not None:
            assert articles[placed.of].site != one.site
            assert data.ROUND_UP not in (one, articles[placed.of])


@settings(max_examples=20, deadline=None)
@given(st.permutations(POOL))
def test_equal_streams_give_equal_events(order: list[Article]) -> None:
    assert events_of(*order) == events_of(*order)
