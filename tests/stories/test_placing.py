"""Which earlier article a new one is a near copy of."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterable, Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from monitor.stories import EarlierArticle, MemoryIndex, NearDecision, find_near, read_article, sentences_to_count
from monitor.stories.passages import passages
from monitor.stories.placing import MAX_COMPARED_ARTICLES
from tests.stories.articles import ENGLISH, HARBOUR, LAKE, article, earlier, later

TITLE = "Council builds ferry terminal"


class Listed:
    """An index that returns what it was given."""

    def __init__(self, found: Sequence[EarlierArticle]) -> None:
        self._found = found

    def candidates(self, keys: Sequence[int]) -> Sequence[EarlierArticle]:
        return self._found

    def counts(self, site: str, sentences: Iterable[int]) -> Mapping[int, int]:
        return {}


def decision(text: str, *known: EarlierArticle, title: str = TITLE, site: str = "Post") -> NearDecision:
    return find_near(later(title, text, site), Listed(known))


def joined(decided: NearDecision) -> int | None:
    return decided.accepted_verdict.earlier.key if decided.accepted_verdict else None


def test_nothing_known_is_nothing_joined() -> None:
    assert decision(ENGLISH) == NearDecision()


def test_the_most_alike_is_the_original_and_of_equals_the_oldest() -> None:
    part = " ".join(HARBOUR[:5])
    known = earlier(TITLE, part, key=1), earlier(TITLE, ENGLISH, key=2), earlier(TITLE, ENGLISH, key=3)
    assert joined(decision(ENGLISH, *known)) == 2


def test_what_is_more_like_another_one_is_a_copy_of_none() -> None:
    """Only the abridged report lacks the number that differs."""
    full, abridged = earlier(TITLE, ENGLISH, key=1), earlier(TITLE, " ".join(HARBOUR[1:]), "Herald", key=2, story=2)
    decided = decision(ENGLISH.replace("40 million", "forty-five million"), full, abridged)
    assert joined(decided) is None
    assert decided.refused_verdict is not None
    assert decided.refused_verdict.veto is not None


def test_what_is_little_alike_is_no_refusal() -> None:
    assert decision(" ".join((*HARBOUR[:1], *LAKE)), earlier(TITLE, ENGLISH)) == NearDecision()


def test_articles_of_the_same_site_take_no_place() -> None:
    numbers = range(1, MAX_COMPARED_ARTICLES + 9)
    own = [earlier(f"Part {number} of the story", ENGLISH, "Post", key=number) for number in numbers]
    assert joined(decision(ENGLISH, *own, earlier(TITLE, ENGLISH, key=99))) == 99


def test_the_order_of_candidates_does_not_matter() -> None:
    texts = [" ".join(HARBOUR[:size]) for size in range(1, 7)] + [ENGLISH.replace("40", "50"), " ".join(LAKE)]
    known = [earlier(TITLE, text, key=key, story=key) for key, text in enumerate(texts * 2, start=1)]
    shuffled = [random.Random(seed).sample(known, len(known)) for seed in range(8)]
    assert len({joined(decision(ENGLISH, *order)) for order in shuffled}) == 1


@given(st.permutations(range(6)), st.integers(1, 6))
def test_a_text_with_a_lead_is_a_near_copy_of_itself(order: Sequence[int], size: int) -> None:
    text = " ".join(HARBOUR[number] for number in order)
    lead = "Here is what our partners report: "
    assert joined(decision(f"{lead}{text}", earlier(TITLE, text))) == 1
    if size >= 3:
        part = " ".join(HARBOUR[number] for number in order[:size])
        assert joined(decision(f"{lead}{part}", earlier(TITLE, text))) == 1


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_other_numbers_are_never_a_copy(one: int, other: int) -> None:
    old, new = (ENGLISH.replace("40", str(number)) for number in (one, other))
    assert (joined(decision(new, earlier(TITLE, old))) == 1) == (one == other)


def test_the_sentences_of_an_article_teach_boilerplate_but_for_those_of_its_original() -> None:
    frame = "Sign up for our free newsletter and never miss a story."
    framed = later(TITLE, f"{ENGLISH} {frame}")
    whole = earlier(TITLE, ENGLISH)
    assert len(sentences_to_count(framed)) == len(HARBOUR) + 1
    only = passages(frame).sentences
    assert sentences_to_count(framed, whole) == only
    assert sentences_to_count(framed, dataclasses.replace(whole, text=None)) == only


def test_a_sentence_that_was_joined_from_two_is_the_originals() -> None:
    glued = later(TITLE, ENGLISH.replace(". ", " "))
    assert sentences_to_count(glued, earlier(TITLE, ENGLISH)) == ()


def test_boilerplate_of_the_site_is_no_key() -> None:
    index = MemoryIndex()
    for number in range(3):
        index.count_article("post", sentences_to_count(later(TITLE, f"{HARBOUR[0]} Story {number} goes on like this.")))
    read = read_article(article(TITLE, ENGLISH), index)
    assert not set(passages(HARBOUR[0]).sentences) & set(read.fingerprint.keys)
