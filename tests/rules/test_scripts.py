"""Where words end, by script."""

from __future__ import annotations

import pytest

from monitor.rules.scripts import begins_word, ends_word, is_followed_by_decimals
from monitor.text.kinds import is_in_spaced_word
from monitor.text.matching import Matchable


@pytest.mark.parametrize("char", ["a", "é", "5", "٣", "ж", "λ", "א", "ع", "क", "\u093f", "\u0302"])
def test_letters_marks_and_digits_of_spaced_scripts_are_of_one_kind(char: str) -> None:
    assert is_in_spaced_word(char)


@pytest.mark.parametrize(
    "char",
    ["元", "々", "〇", "𠂉", "の", "カ", "ー", "ㄅ", "한", "ไ", "\u0e31", "မ", " ", ".", "_", "①", "²", "\u20dd"],
)
def test_unspaced_scripts_and_signs_end_a_word(char: str) -> None:
    assert not is_in_spaced_word(char)


@pytest.mark.parametrize(
    ("text", "start", "begins"),
    [
        ("5g", 0, True),
        ("发5g", 1, True),
        ("15g", 1, False),
        ("1.5亿", 2, False),
        ("1,500亿", 2, False),
        ("a.5g", 2, True),
        (".5g", 1, True),
        ("1.2023年", 2, True),
        ("1.a", 2, True),
        ("x_ai", 2, True),
        ("1.50", 2, False),
        ("1，500家", 2, True),
    ],
)
def test_a_word_begins_where_no_word_and_no_number_goes_on(text: str, start: int, begins: bool) -> None:
    assert begins_word(Matchable(text), start) is begins


@pytest.mark.parametrize(
    ("text", "end", "ends"),
    [
        ("5g", 2, True),
        ("5ghz", 2, False),
        ("5g网", 2, True),
        ("web3.0", 4, True),
        ("500,000", 3, False),
        ("500,000,000", 7, False),
        ("500,00", 3, True),
        ("500,0000", 3, True),
        ("500, 000", 3, True),
        ("500，100家", 3, True),
        ("a,000", 1, True),
        ("c++", 1, False),
        ("c#", 1, False),
        ("用c#写", 2, False),
        ("c+", 1, True),
        ("web3#meta", 4, True),
        ("notepad++", 7, True),
    ],
)
def test_a_word_ends_where_no_letter_follows(text: str, end: int, ends: bool) -> None:
    assert ends_word(Matchable(text), end) is ends


@pytest.mark.parametrize(
    ("text", "end", "within"),
    [
        ("500.75", 3, True),
        ("1,500.5亿", 5, True),
        ("500.", 3, False),
        ("500. 75", 3, False),
        ("2026.11.20", 4, False),
        ("1.2023年", 1, False),
    ],
)
def test_a_decimal_is_no_date_and_no_item_of_a_list(text: str, end: int, within: bool) -> None:
    assert is_followed_by_decimals(text, end) is within
