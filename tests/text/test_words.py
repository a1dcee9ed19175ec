"""What the search index knows a text by."""

from __future__ import annotations

import pytest

from monitor.model import IndexWord
from monitor.text.kinds import is_in_spaced_word
from monitor.text.matching import Matchable
from monitor.text.words import WORD_OF_OVERSIZED_TEXT, index_version, index_words, words_of_term


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Web3 in Chongqing", {"web3", "in", "chongqing"}),
        ("北京Web3创新", {"北京", "京", "web3", "创新", "新"}),
        ("重慶", {"重庆", "庆"}),
        ("Ｗｅｂ３.０", {"web3", "0"}),
        ("café, cafe\u0301", {"cafe"}),
        ("①5G 2²", {"5g", "22"}),
        ("한국어", {"한국", "국어", "어"}),
        ("привет мир", {"привет", "мир"}),
        ("हिन्दी", {"हिन्दी"}),
        ("a_b \ue000 \x00 😀", {"a", "b"}),
        ("", set()),
    ],
)
def test_runs_of_spaced_scripts_are_words_and_neighbours_of_others(text: str, words: set[str]) -> None:
    assert index_words(text) == words


def test_texts_are_taken_one_by_one() -> None:
    assert index_words("重", "庆") == {"重", "庆"}


def test_a_long_word_is_known_by_its_beginning() -> None:
    long = "x" * 100
    assert index_words(long) == {"x" * 40}
    assert list(words_of_term(long, begins=True, ends=True)) == [IndexWord("x" * 40)]


def test_a_text_of_too_many_words_is_found_by_every_search() -> None:
    assert index_words(" ".join(f"w{number}" for number in range(100_000))) == {WORD_OF_OVERSIZED_TEXT}
    assert not is_in_spaced_word(WORD_OF_OVERSIZED_TEXT)


@pytest.mark.parametrize(
    ("term", "begins", "ends", "words"),
    [
        ("web3", True, True, ["web3"]),
        ("metaverse", True, False, ["metaverse*"]),
        ("chain", False, True, []),
        ("white paper", True, True, ["white", "paper"]),
        ("hite paper", False, True, ["paper"]),
        ("元宇宙", False, False, ["元宇", "宇宙"]),
        ("币", False, False, ["币*"]),
        ("web3创新", True, False, ["web3", "创新"]),
        ("5g网", True, False, ["5g", "网*"]),
        ("c++", True, False, ["c"]),
        ("#web3", False, True, ["web3"]),
        (" plan", False, False, ["plan*"]),
    ],
)
def test_a_term_asks_for_the_words_that_it_is_sure_to_bring(
    term: str, begins: bool, ends: bool, words: list[str]
) -> None:
    found = words_of_term(Matchable(term).text, begins=begins, ends=ends)
    assert [word.text + "*" * word.prefix for word in found] == words


def test_the_version_grows_with_what_letters_are() -> None:
    assert index_version() > 1_000_000
