"""Several edits of one article are what differs in the end: no change is invented, and none is lost."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise, permutations

import pytest

from monitor.model import PendingChange, in_words
from monitor.stories import compare, merge_edits

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HEADLINE = "Bank supports firms"
FUND = "北京增加{}万元用于学校建设。上海减少{}万元用于道路维修。"
LOAN = (
    "The bank lends {} million yuan to firms. They apply until {} August 2026. "
    "The counter is in the town hall of the district, and its guides are in several languages."
)


def changed(*states: str | tuple[str, str]) -> str:
    """Return the words of the edits that lead from each of these texts to the next one."""
    said = [(HEADLINE, one) if isinstance(one, str) else one for one in states]
    edits = tuple(compare(before, after).differences for before, after in pairwise(said))
    change = PendingChange(1, 1, HEADLINE, "https://example.org/1", "bank", NOON, edits, said[-1][1])
    return in_words(merge_edits(change).differences)


def fund(*amounts: int) -> str:
    return FUND.format(*amounts)


def loan(amount: int = 500, day: int = 25) -> str:
    return LOAN.format(amount, day)


def test_two_figures_that_were_exchanged_are_two_changes() -> None:
    assert changed(fund(500, 300), fund(300, 500)) == "changed: 500万元 → 300万元; 300万元 → 500万元"


def test_differences_of_one_edit_are_not_put_together() -> None:
    assert changed(fund(500, 300), fund(300, 200)) == "changed: 500万元 → 300万元; 300万元 → 200万元"


def test_differences_of_two_sentences_are_not_put_together() -> None:
    assert changed(fund(10, 20), fund(20, 20), fund(20, 10)) == "changed: 10万元 → 20万元; 20万元 → 10万元"


def test_one_of_two_equal_changes_that_is_taken_back_leaves_the_other() -> None:
    assert changed(fund(10, 10), fund(20, 20), fund(10, 20)) == "changed: 10万元 → 20万元"
    assert changed(fund(10, 10), fund(20, 20), fund(20, 10)) == "changed: 10万元 → 20万元"


def test_what_was_changed_twice_is_shown_from_its_first_state_to_its_last() -> None:
    assert changed(loan(), loan(300), loan(200)) == "changed: 500 → 200 million yuan"
    assert changed(fund(500, 40), fund(300, 40), fund(200, 40), fund(100, 40)) == "changed: 500万元 → 100万元"


def test_what_was_taken_back_is_no_change() -> None:
    assert changed(loan(), loan(300), loan()) == ""
    assert changed(loan(), loan(300), loan(200), loan()) == ""
    assert changed(loan(), loan(300, 28), loan(500, 28)) == "changed: 25 → 28 August 2026"


def test_what_was_taken_out_and_put_back_is_no_change() -> None:
    without = loan().replace("They apply until 25 August 2026. ", "")
    assert "25 August 2026 → (no longer stated)" in changed(loan(), without)
    assert changed(loan(), without, loan()) == ""
    assert changed(loan(), without, loan(300)) == "changed: 500 → 300 million yuan"


def test_an_edit_of_signs_between_two_edits_makes_no_difference() -> None:
    with_comma = loan(300).replace("yuan", "yuan,")
    assert changed(loan(), loan(300), with_comma, loan(200)) == "changed: 500 → 200 million yuan"


def test_a_sentence_that_was_reworded_between_two_edits_loses_neither() -> None:
    reworded = [loan(amount).replace("lends", "will now be lending") for amount in (300, 200)]
    assert changed(loan(), loan(300), *reworded) == "changed: 500 → 300 million yuan; 300 → 200 million yuan"


def test_exchanged_figures_are_not_lost_by_a_later_edit_of_another_kind() -> None:
    text = "Mr Wang Wei has 30 seats and Mr Li Na has 50 seats."
    exchanged = "Mr Wang Wei has 50 seats and Mr Li Na has 30 seats."
    words = changed(text, exchanged, exchanged.replace("Li Na", "Zhao Min"))
    assert "30 → 50 seats" in words
    assert "50 → 30 seats" in words
    assert "Li Na" in words


def test_headlines_are_shown_from_the_first_to_the_last() -> None:
    one, two, three = ((title, loan()) for title in (HEADLINE, "Bank stops credit", "Bank doubts firms"))
    assert changed(one, two, three) == f'title: "{HEADLINE}" → "Bank doubts firms"'
    assert changed(one, two, one) == ""


@pytest.mark.parametrize("order", list(permutations((300, 400, 500))))
def test_no_figure_is_named_that_the_texts_have_not(order: tuple[int, ...]) -> None:
    """Every change that is named is one of a sentence of the article as sent and as it is."""
    sent = (500, 300, 400)
    text = "The city of X pays {} euros. Y pays {} euros to it. The rest of {} euros is lent."
    expected = [f"{one} → {other} euros" for one, other in zip(sent, order, strict=True) if one != other]
    words = changed(text.format(*sent), text.format(*order))
    assert words == (f"changed: {'; '.join(expected)}" if expected else "")
