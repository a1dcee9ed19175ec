"""Fingerprints: articles that share text share keys."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories import Fingerprint, fingerprint
from monitor.stories.fingerprint import BAND_KEYS, MIN_SENTENCE_LENGTH, PHRASE_KEYS, SENTENCE_KEYS, smallest
from monitor.stories.passages import passages
from tests.stories.articles import CHINESE, ENGLISH, HARBOUR, article

_LONG = "\n".join(
    f"Paragraph {number} of the report is about the harbour and its {number} cranes" for number in range(60)
)


def made(text: str, boilerplate: frozenset[int] = frozenset()) -> Fingerprint:
    return fingerprint(article("Title", text), boilerplate)


def shared(one: str, other: str) -> int:
    return len(set(made(one).keys) & set(made(other).keys))


@given(st.lists(st.integers(0, 200), max_size=120), st.integers(1, 10))
def test_the_smallest_numbers_are_found_without_sorting_all(numbers: list[int], count: int) -> None:
    found = smallest(np.array(numbers, dtype=np.uint64), count)
    assert found == sorted(set(numbers))[:count]


def test_a_fingerprint_has_a_fixed_size() -> None:
    full = made(_LONG)
    assert (len(full.sentences), len(full.phrases), len(full.bands)) == (SENTENCE_KEYS, PHRASE_KEYS, BAND_KEYS)
    assert full.sentences == tuple(sorted(passages(_LONG).sentences)[:SENTENCE_KEYS])


def test_keys_are_signed_numbers_of_64_bits() -> None:
    assert all(-(2**63) <= key < 2**63 for key in made(_LONG).keys)
    assert any(key < 0 for key in made(_LONG).keys)


def test_short_sentences_are_no_keys() -> None:
    assert made("Read more.\n下一页").sentences == ()
    assert len(made("x" * MIN_SENTENCE_LENGTH).sentences) == 1


def test_an_abridgement_shares_sentences() -> None:
    assert shared(ENGLISH, " ".join(HARBOUR[::2])) >= 3


def test_edits_in_every_sentence_leave_other_keys() -> None:
    edited = " ".join(sentence.replace(".", " they say.") for sentence in HARBOUR)
    one, other = made(ENGLISH), made(edited)
    assert not set(one.sentences) & set(other.sentences)
    assert set(one.phrases + one.bands) & set(other.phrases + other.bands)


def test_other_texts_share_no_key() -> None:
    assert shared(ENGLISH, CHINESE) == 0
    assert shared(ENGLISH, _LONG) == 0


def test_boilerplate_is_left_out() -> None:
    boilerplate = frozenset(passages(HARBOUR[0]).sentences)
    without = made(ENGLISH, boilerplate)
    assert not boilerplate & set(without.sentences)
    assert len(without.sentences) == len(HARBOUR) - 1
    assert set(made(HARBOUR[0]).bands).isdisjoint(without.bands)


def test_no_text_has_no_keys() -> None:
    assert made("").keys == ()
    assert made(HARBOUR[0], frozenset(passages(HARBOUR[0]).sentences)).keys == ()


def test_what_the_article_names_as_its_source_is_kept() -> None:
    assert fingerprint(article("T", f"{CHINESE}\n来源：新华社")).origin == "新华社"


@given(st.text(max_size=300))
def test_any_text_has_a_fingerprint(text: str) -> None:
    assert made(text) == made(text)
