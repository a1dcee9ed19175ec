"""The words of a sentence, with its figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.statements import statement


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("500 million yuan", ["#count:500000000"]),
        ("5亿元", ["#count:500000000"]),
        ("三千万元", ["#count:30000000"]),
        ("二〇二六年", ["#year:2026"]),
        ("一百二十五名", ["#count:125"]),
        ("十万", ["#count:100000"]),
        ("万一有变", []),
        ("千万不要", []),
        ("2026-11-30", ["#day:1130", "#year:2026"]),
        ("30 November 2026", ["#day:1130", "#year:2026"]),
        ("at 08:15", ["#time:8:15"]),
        ("Web3 and web20", []),
        ("US$30 million", ["#count:30000000"]),
        ("RMB500", ["#count:500"]),
        ("in March", ["#month:3"]),
        ("They march and may win", []),
        ("on Friday", ["friday"]),
        ("the second one", ["second"]),
    ],
)
def test_figures_by_what_they_say(text: str, figures: list[str]) -> None:
    assert sorted(statement(text).figures) == figures


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("They lend US$30 million to firms", "US$30 million"),
        ("They hire 120 people", "120 people"),
        ("They hire 120 of them", "120"),
        ("It is 25% of all", "25%"),
        ("on 25 August 2023", "25 August 2023"),
        ("总投资5亿美元", "5亿美元"),
        ("共招聘12名", "12名"),
        ("於8月25日舉行", "8月25日"),
    ],
)
def test_a_figure_is_shown_as_it_is_written(text: str, shown: str) -> None:
    said = statement(text)
    assert said.written_form(next(token for token in said.tokens if token.family)) == shown


@given(st.text(max_size=100))
def test_every_token_is_a_part_of_the_text(text: str) -> None:
    said = statement(text)
    assert len(said.plain) == len(said.text)
    places = [(token.start, token.end) for token in said.tokens]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(said.text) for start, end in places)


def test_a_skeleton_is_the_same_with_other_figures() -> None:
    assert statement("It costs 5 euros in May").skeleton == statement("It costs 70 euros in March").skeleton
