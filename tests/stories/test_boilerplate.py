"""A sentence that several articles of a site have is its boilerplate."""

from __future__ import annotations

from monitor.model.fingerprints import BOILERPLATE, CAP
from monitor.stories import BoilerplateCounts
from monitor.stories.boilerplate import HEAD, TAIL, boilerplate_of, countable


def test_what_three_other_articles_have_is_boilerplate() -> None:
    assert boilerplate_of({1: BOILERPLATE - 1, 2: BOILERPLATE, 3: CAP}) == {2, 3}


def test_sites_are_counted_apart() -> None:
    counts = BoilerplateCounts()
    counts.learn("one", [1, 2])
    counts.learn("one", [2])
    counts.learn("other", [1])
    assert counts.counts("one", [1, 2, 3]) == {1: 1, 2: 2}
    assert counts.counts("nosuch", [1]) == {}


def test_counts_are_capped() -> None:
    counts = BoilerplateCounts()
    for _ in range(CAP + 5):
        counts.learn("one", [1])
    assert counts.counts("one", [1]) == {1: CAP}


def test_a_long_text_is_counted_at_its_ends() -> None:
    assert countable([3, 1, 3, 2]) == (3, 1, 2)
    counted = countable(range(500))
    assert len(counted) == HEAD + TAIL
    assert {0, HEAD - 1, 500 - TAIL, 499} <= set(counted)
    assert HEAD not in counted
