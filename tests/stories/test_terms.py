"""Terms: stems of words, pairs of Han characters, and no figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.terms import stem, term_code, terms_of


@pytest.mark.parametrize(
    "forms",
    [
        ("release", "releases", "released", "releasing"),
        ("plan", "plans", "planned", "planning"),
        ("company", "companies"),
        ("licence", "licences", "licenced"),
        ("class", "classes"),
        ("ship", "ships"),
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize("word", ["king", "red", "bus", "this", "class", "thing", "sing"])
def test_short_words_keep_what_looks_like_an_ending(word: str) -> None:
    assert stem(word) == word


def test_words_of_other_letters_stay_as_they_are() -> None:
    assert stem("москвичами") == "москвичами"


def test_chinese_gives_pairs_of_neighbours_whatever_script_it_is_in() -> None:
    assert terms_of("重慶發布") == terms_of("重庆发布")
    assert len(terms_of("重庆发布")) == 3


def test_figures_and_single_letters_are_no_terms() -> None:
    assert terms_of("A 500 billion 2026 5G x plan") == ["billion", "plan"]


def test_the_united_states_are_not_the_pronoun() -> None:
    assert terms_of("US tells us")[0] == "usa"
    assert terms_of("the U.S. and") == ["the", "usa", "and"]


@given(st.text())
def test_any_text_has_terms_that_are_not_empty(text: str) -> None:
    assert all(terms_of(text))


def test_a_term_code_fits_into_32_bits_and_never_changes() -> None:
    assert term_code("a") == 0xE8B7BE43
    assert 0 <= term_code("重庆") < 1 << 32
