"""A stream of articles in stories: only what says nothing new is a copy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Article, Placement
from monitor.model.fingerprints import MAX_ARTICLES_PER_KEY, MAX_CANDIDATES
from monitor.model.stories import RelatedArticle
from monitor.stories import Stories
from monitor.stories.stories import MemoryIndex
from tests.stories import event_articles
from tests.stories.articles import CHINESE, ENGLISH, HARBOUR, NOON, article, earlier

TITLE = "Council builds ferry terminal"


@dataclass(frozen=True)
class Event:
    """What an event index says of an article."""

    of: int | None
    related: tuple[RelatedArticle, ...] = ()
    score: float = 0.97
    reason: str = "the same event"


class Events:
    """An event index that says what it was given, by title."""

    def __init__(self, places: dict[str, Event]) -> None:
        self._places = places
        self.added: list[tuple[int, Hashable]] = []

    def place(self, article: Article, at: dt.datetime, *, key: int) -> Event | None:
        return self._places.get(article.title)

    def add(self, article: Article, at: dt.datetime, *, key: int, event: Hashable) -> None:
        self.added.append((key, event))


def added(*articles: Article, events: Events | None = None) -> list[Placement]:
    stories = Stories(events)
    return [stories.add(one, NOON + dt.timedelta(minutes=minute)) for minute, one in enumerate(articles)]


def test_the_first_is_new_and_the_next_story_another() -> None:
    one, other = added(article(TITLE, ENGLISH), article("东湖治理工程开工", CHINESE))
    assert (one.story, one.relation, one.of) == (1, "new", None)
    assert (other.story, other.relation) == (2, "new")
    assert other.reason == "no article has its address or its text"


def test_the_same_address_and_title_is_a_copy() -> None:
    one = article(TITLE, ENGLISH, url="https://a.example/1?utm_source=rss")
    again = article(TITLE, HARBOUR[0], "Other", url="https://a.example/1")
    assert added(one, again)[1] == Placement(1, "copy", one.url, reason="the same address, and the same title or text")


def test_the_address_that_a_page_names_makes_a_copy() -> None:
    at = article(TITLE, HARBOUR[0], url="https://a.example/terminal")
    page = replace(article(TITLE, ENGLISH, "Other", url="https://a.example/?p=4711"), canonical=at.url)
    assert added(at, page)[1].relation == "copy"
    assert added(page, at)[1].of == page.url


def test_the_same_title_and_text_elsewhere_is_a_copy() -> None:
    one, other = article(TITLE, ENGLISH), article(TITLE, ENGLISH, "Herald")
    assert added(one, other)[1] == Placement(1, "copy", one.url, reason="the same title and text")


def test_a_reprint_under_a_new_headline_is_a_near_copy() -> None:
    one, other = article(TITLE, ENGLISH), article("Herring at risk?", " ".join(HARBOUR[:4]), "Herald")
    (_, placement) = added(one, other)
    assert (placement.story, placement.relation, placement.of, placement.score) == (1, "near_copy", one.url, 1.0)
    assert placement.reason == f"100% of its text is in {one.url}"


def test_a_vetoed_article_is_new_and_says_why() -> None:
    (_, placement) = added(article(TITLE, ENGLISH), article(TITLE, ENGLISH.replace("40", "50"), "Herald"))
    assert (placement.story, placement.relation) == (2, "new")
    assert placement.reason.endswith("“40” / “50”")


def test_a_report_that_a_veto_keeps_apart_joins_the_event_under_a_headline_of_its_own() -> None:
    one, report = article(TITLE, ENGLISH), article("Harbour", ENGLISH.replace("40", "50"), "Star")
    (_, placement) = added(one, report, events=Events({"Harbour": Event(of=1)}))
    assert (placement.story, placement.relation, placement.of) == (1, "event", one.url)


def test_one_of_a_series_joins_no_event_and_is_related() -> None:
    one, other = article(TITLE, ENGLISH), article(f"{TITLE} soon", ENGLISH.replace("40", "50"), "Herald")
    (_, placement) = added(one, other, events=Events({other.title: Event(of=1)}))
    assert (placement.story, placement.relation, placement.related) == (2, "new", (one.url,))
    assert placement.reason.endswith("“40” / “50”")


def test_without_an_index_reports_of_one_event_are_found_by_the_projects_own() -> None:
    placed = added(*(event_articles.TUNNEL, event_articles.TUNNEL_AGAIN, event_articles.TUNNEL_OTHER_SUM))
    assert [(one.story, one.relation) for one in placed] == [(1, "new"), (1, "event"), (2, "new")]
    assert placed[2].reason.endswith("their titles state different numbers")


def test_a_near_copy_is_not_compared_with_later_articles() -> None:
    """Each is a part of its original, and would join what that would not."""
    whole, part = article(TITLE, ENGLISH), article("Herring?", " ".join(HARBOUR[1:]), "Herald")
    other = article("Nets?", " ".join(HARBOUR[1:5]), "Star")
    assert [placement.of for placement in added(whole, part, other)] == [None, whole.url, whole.url]


def test_a_frame_is_learned_from_a_sites_articles() -> None:
    frame = "\n".join(
        f"Everything about {word} in our great new {word} section" for word in ["sport", "food", "music", "cars"]
    )
    stories = Stories()
    stories.add(article(TITLE, ENGLISH), NOON)
    framed = article("What we know", f"{frame}\n{HARBOUR[0]} {HARBOUR[1]} {HARBOUR[2]}", "Herald")
    assert Stories().add(framed, NOON).relation == "new"
    for number in range(3):
        words = " ".join(f"{word}{number}" for word in ENGLISH.split())
        stories.add(article(f"Story {number}", f"{frame}\n{words}", "Herald"), NOON)
    assert stories.add(framed, NOON).relation == "near_copy"


def test_another_report_of_an_event_joins_its_story_and_is_no_copy() -> None:
    events = Events(
        {
            "Second": Event(of=1),
            "Third": Event(of=None, related=tuple(RelatedArticle(n, "alike", "another day") for n in (1, 2))),
        }
    )
    first, second, third = article("First", ENGLISH), article("Second", CHINESE), article("Third", "Other words here")
    placed = added(first, second, third, events=events)
    assert placed[1] == Placement(1, "event", first.url, 0.97, "the same event")
    assert (placed[2].story, placed[2].relation, placed[2].related) == (2, "new", (first.url, second.url))
    assert events.added == [(1, 1), (2, 1), (3, 2)]


def test_copies_are_no_reports() -> None:
    events = Events({})
    added(article(TITLE, ENGLISH), article("New?", ENGLISH, "Herald"), article(TITLE, ENGLISH, "Star"), events=events)
    assert events.added == [(1, 1)]


@pytest.mark.parametrize("events", [None, Events({"Second": Event(of=2)})])
def test_a_copy_of_a_copy_is_in_the_same_story(events: Events | None) -> None:
    near = article("Second", " ".join(HARBOUR[:4]), "Herald")
    again = article("Second", " ".join(HARBOUR[:4]), "Star")
    placed = added(article(TITLE, ENGLISH), near, again, events=events)
    assert [placement.story for placement in placed] == [1, 1, 1]
    assert placed[2].relation == "copy"


@given(st.lists(st.tuples(st.sampled_from(HARBOUR), st.sampled_from("AB"), st.integers(0, 3)), max_size=8))
def test_every_article_is_new_or_like_an_earlier_one(stream: list[tuple[str, str, int]]) -> None:
    articles = [article(f"{text[:20]} {number}", f"{text} {ENGLISH[:number]}", site) for text, site, number in stream]
    seen: dict[str, int | None] = {}
    for one, placement in zip(articles, added(*articles), strict=True):
        assert (placement.of is None) == (placement.relation == "new")
        if placement.of is None:
            assert placement.story not in seen.values(), "a story's id is never used again"
        else:
            assert placement.story == seen[placement.of]
        seen.setdefault(one.url, placement.story)


# --- the index in memory


def test_a_key_that_many_articles_have_finds_none() -> None:
    index = MemoryIndex()
    made = earlier(TITLE, ENGLISH)
    for _ in range(MAX_ARTICLES_PER_KEY):
        index.add(made)
    assert index.candidates(made.fingerprint.keys)
    index.add(made)
    assert index.candidates(made.fingerprint.keys) == []


def test_candidates_are_bounded_and_the_most_alike_come_first() -> None:
    index = MemoryIndex()
    for key in range(1, MAX_CANDIDATES + 20):
        index.add(earlier(TITLE, " ".join(HARBOUR[: 1 + key % 3]), key=key))
    found = [one.key for one in index.candidates(earlier(TITLE, " ".join(HARBOUR[:3])).fingerprint.keys)]
    assert len(found) == MAX_CANDIDATES
    assert found[0] == 2
