"""Edits that turn a sentence into its opposite."""

from __future__ import annotations

import pytest

from monitor.stories.edits import compare_texts


def senses(before: str, after: str) -> list[tuple[str, str]]:
    found = compare_texts(before, after).differences
    return [(one.before, one.after) for one in found if one.kind == "sense"]


@pytest.mark.parametrize(
    ("before", "after", "said", "instead"),
    [
        ("The bank will pay the fine in full.", "The bank won't pay the fine in full.", "will", "won't"),
        ("Profit rose in the third quarter.", "Profit fell in the third quarter.", "rose", "fell"),
        ("The vote takes place on the island.", "The vote is cancelled on the island.", "takes place", "is cancelled"),
        ("双方已经达成协议，并将公布。", "双方没有达成协议，并将公布。", "已经", "没有"),
        ("委员会批准了该计划并予以公布。", "委员会否决了该计划并予以公布。", "批准", "否决"),
    ],
)
def test_the_opposite_is_a_difference(before: str, after: str, said: str, instead: str) -> None:
    assert (said, instead) in senses(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The bank will pay the fine in full.", "The bank is to pay the fine in full."),
        ("We cannot say more about it today.", "We can not say more about it today."),
        ("不断推进改革，扩大开放。", "持续推进改革，扩大开放。"),
        ("将来还将扩大试点范围。", "未来还将扩大试点范围。"),
    ],
)
def test_other_words_for_the_same_are_not(before: str, after: str) -> None:
    assert senses(before, after) == []
