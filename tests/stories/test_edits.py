"""Whether an edit is worth a line to the reader, and what the line says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.edits import Difference, in_words
from monitor.stories.edits import compare, compare_texts, compare_titles

Said = tuple[str, str]


class LabelledEdit(NamedTuple):
    """An edit of the tables: a title and a text before and after, and the words that a reader is sent."""

    label: str
    before: Said
    after: Said
    words: str


def labelled(name: str) -> Iterator[LabelledEdit]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            label, title, body, words = lines
            before, after = ((_side(title, number), _side(body, number)) for number in (1, 2))
            yield LabelledEdit(label.removeprefix("@ "), before, after, words.removeprefix("= "))


def _side(text: str, number: int) -> str:
    return re.sub(r"\{([^{}|]*)\|([^{}]*)\}", lambda found: found[number], text).replace("\\n", "\n")


EDITS = tuple(labelled("edits.txt"))
HELD_OUT = tuple(labelled("edits_held_out.txt"))
EN, ZH = "\nThe works were announced on the site of the office.", "\n本公告自发布之日起生效，特此通知。"


def words_of(before: Said, after: Said) -> str:
    return in_words(compare(before, after).differences)


def test_the_tables_have_both_sorts_in_both_languages() -> None:
    sorts = [(edit.label.split()[1], edit.words == "-") for edit in (*EDITS, *HELD_OUT)]
    assert {sort: sorts.count(sort) >= 10 for sort in product(("en", "zh"), (True, False))} == dict.fromkeys(
        product(("en", "zh"), (True, False)), True
    )


@pytest.mark.parametrize("edit", EDITS, ids=[edit.label for edit in EDITS])
def test_the_words_of_an_edit(edit: LabelledEdit) -> None:
    assert words_of(edit.before, edit.after) == edit.words.removeprefix("-")


@pytest.mark.parametrize("edit", HELD_OUT, ids=[edit.label for edit in HELD_OUT])
def test_an_edit_that_was_labelled_after_the_code_was_written(edit: LabelledEdit) -> None:
    assert bool(words_of(edit.before, edit.after)) == (edit.words == "+")


def test_the_rest_of_a_text_makes_no_difference() -> None:
    """A sentence behind the edited text, which the edit leaves alone."""
    wrong = []
    for edit in (one for one in (*EDITS, *HELD_OUT) if "abridged" not in one.label):
        more = EN if edit.label.endswith("en") else ZH
        before, after = ((title, f"{text}{more}{more}") for title, text in (edit.before, edit.after))
        if bool(words_of(before, after)) != (edit.words != "-"):
            wrong.append(edit.label)
    assert wrong == []


def test_a_reversed_replacement_is_a_difference_too() -> None:
    replaced = [edit for edit in EDITS if edit.words != "-" and "no longer" not in edit.words]
    assert [edit.label for edit in replaced if not words_of(edit.after, edit.before)] == []


def test_the_sentences_that_came_and_went() -> None:
    edit = compare_texts("The hub opens on 5 May. It is large.", "The hub opens on 6 May. It is large. Entry is free.")
    assert edit.gone == ("The hub opens on 5 May.",)
    assert edit.came == ("The hub opens on 6 May.", "Entry is free.")


def test_another_text_is_no_edit_of_the_first_one() -> None:
    """A page that says something else altogether, as an error page does, tells nothing about the article."""
    article = "The bank lends 500 million yuan to firms. It opens on 5 May. Wang Wei heads the counter."
    wall = "Please verify that you are human. Error 1020. Ray ID 83. Contact us within 24 hours."
    assert compare_texts(article, wall).differences == ()
    assert compare_texts(article, "").differences == ()


def test_a_text_that_was_rewritten_far_is_not_compared_sentence_by_sentence() -> None:
    before = "\n".join(f"The {name} costs {number} euros." for number, name in enumerate("abcdefghijklmnop" * 3, 20))
    after = "\n".join(f"The {name} costs {number} euros." for number, name in enumerate("abcdefghijklmnop" * 3, 90))
    edit = compare_texts(before, after)
    assert (len(edit.gone), len(edit.came), edit.differences) == (48, 48, ())


@given(st.text(max_size=200), st.text(max_size=60))
def test_no_edit_changes_nothing(text: str, title: str) -> None:
    assert compare((title, text), (title, text)).differences == ()
    assert compare((title, text), (title, f" {text}\n\n")).differences == ()


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    edit = compare((one, other), (other, one))
    assert "\n" not in in_words(edit.differences)


def test_many_differences_are_counted() -> None:
    found = [Difference("number", str(number), str(number + 1)) for number in range(20, 25)]
    assert in_words(found) == "changed: 20 → 21; 21 → 22; 22 → 23; and 2 more"


def test_long_titles_are_cut_in_words() -> None:
    long = Difference("title", "word " * 40, "other " * 40)
    assert len(in_words([long])) < 200


@pytest.mark.parametrize(("before", "after"), [("", "A title"), ("A title", ""), (" ", "A title")])
def test_a_title_that_was_missing_is_no_other_one(before: str, after: str) -> None:
    assert compare_titles(before, after) is None
