"""Words that are the same ones, spelled otherwise."""

from __future__ import annotations

import pytest

from monitor.stories.repairs import is_repaired, same_words


@pytest.mark.parametrize(
    ("word", "instead"),
    [
        ("recieve", "receive"),
        ("beijng", "beijing"),
        ("comission", "commission"),
        ("mohamed", "mohammed"),
        ("jonh", "john"),
        ("jonathon", "jonathan"),
        ("corp", "corporation"),
    ],
)
def test_one_word_misspelled_or_shortened(word: str, instead: str) -> None:
    assert is_repaired(word, instead)

    assert is_repaired(instead, word)


@pytest.mark.parametrize(
    ("word", "instead"), [("wei", "lei"), ("keller", "koller"), ("li", "lu"), ("east", "west"), ("kiel", "cologne")]
)
def test_two_names(word: str, instead: str) -> None:
    assert not is_repaired(word, instead)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Council adopts budget", "Council adopts the budget"),
        ("Bank launches fund", "Bank launched fund"),
        ("Rules for drones - The Post", "Rules for drones"),
        ("UPDATE 3-Rules for drones", "Rules for drones"),
        ("Rules for drones and other …", "Rules for drones and other aircraft"),
        ("市政府公步名单", "市政府公布名单"),
        ("发布发布会的的消息", "发布发布会的消息"),
    ],
)
def test_a_headline_in_the_same_words(before: str, after: str) -> None:
    assert same_words(before, after)
    assert same_words(after, before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Fund of 5 million", "Fund of 6 million"),
        ("Wei elected", "Lei elected"),
        ("Bank denies loss", "Bank admits loss"),
        ("公司亏损", "公司盈利"),
        ("市政府批准计划", "市政府计划"),
    ],
)
def test_a_headline_in_other_words(before: str, after: str) -> None:
    assert not same_words(before, after)
