"""All terms of all rules at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.rules.automaton import _CHUNK_LENGTH, Automaton
from monitor.rules.hits import Value
from monitor.rules.patterns import patterns_of
from monitor.text.matching import Matchable

terms = st.lists(
    st.text("ab1元* ", min_size=1, max_size=4).filter(lambda term: any(c.isalnum() for c in term)), max_size=6
)


@given(terms, st.text("ab1元 .", max_size=20))
def test_it_finds_what_each_term_finds_by_itself(written: list[str], text: str) -> None:
    try:
        patterns = [pattern for term in written for pattern in patterns_of(term)]
    except ValueError:
        return
    term_ids = [("text", pattern) for pattern in dict.fromkeys(patterns)]
    it = Matchable(text)
    found = Automaton(term_ids).find([Value("text", it)])
    expected = {n for n, (_, pattern) in enumerate(term_ids) if pattern.occurs_within(it, 0, len(it.text))}
    assert found.keys() == expected


def test_a_term_of_one_field_is_not_found_in_another() -> None:
    automaton = Automaton([("title", patterns_of("a")[0]), ("text", patterns_of("b")[0])])
    assert automaton.find([Value("text", Matchable("a")), Value("title", Matchable("b"))]) == {}
    assert automaton.fields == {"title", "text"}


def test_hits_of_the_whole_text_are_found_though_it_is_scanned_piece_by_piece() -> None:
    text = "x " * (_CHUNK_LENGTH // 2 - 1) + "web3 web3"
    automaton = Automaton([("text", patterns_of("web3")[0]), ("text", patterns_of("web3 web3")[0])])
    found = automaton.find([Value("text", Matchable(text))])
    assert found == {
        0: [(0, _CHUNK_LENGTH - 2, _CHUNK_LENGTH + 2), (0, _CHUNK_LENGTH + 3, _CHUNK_LENGTH + 7)],
        1: [(0, _CHUNK_LENGTH - 2, _CHUNK_LENGTH + 7)],
    }
