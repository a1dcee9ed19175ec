"""A sentence that several articles of a site have is its boilerplate."""

from __future__ import annotations

from monitor.model.fingerprints import MAX_SENTENCE_COUNT, MIN_BOILERPLATE_ARTICLES
from monitor.stories import BoilerplateCounts
from monitor.stories.boilerplate import COUNTED_FIRST_SENTENCES, COUNTED_LAST_SENTENCES, boilerplate_of, first_and_last


def test_what_three_other_articles_have_is_boilerplate() -> None:
    least = MIN_BOILERPLATE_ARTICLES
    assert boilerplate_of({1: least - 1, 2: least, 3: MAX_SENTENCE_COUNT}) == {2, 3}


def test_sites_are_counted_apart() -> None:
    counts = BoilerplateCounts()
    counts.count_article("one", [1, 2])
    counts.count_article("one", [2])
    counts.count_article("other", [1])
    assert counts.counts("one", [1, 2, 3]) == {1: 1, 2: 2}
    assert counts.counts("nosuch", [1]) == {}


def test_counts_are_capped() -> None:
    counts = BoilerplateCounts()
    for _ in range(MAX_SENTENCE_COUNT + 5):
        counts.count_article("one", [1])
    assert counts.counts("one", [1]) == {1: MAX_SENTENCE_COUNT}


def test_a_long_text_is_counted_at_its_ends() -> None:
    assert first_and_last([3, 1, 3, 2]) == (3, 1, 2)
    counted = first_and_last(range(500))
    assert len(counted) == COUNTED_FIRST_SENTENCES + COUNTED_LAST_SENTENCES
    assert {0, COUNTED_FIRST_SENTENCES - 1, 500 - COUNTED_LAST_SENTENCES, 499} <= set(counted)
    assert COUNTED_FIRST_SENTENCES not in counted
