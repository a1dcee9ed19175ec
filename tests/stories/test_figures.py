"""Figures: one number however it is written, in English and in Chinese; rounded ones agree, others do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.figures import Figure, figures_of, quantities_of


def values(text: str) -> set[tuple[str, float]]:
    return {(figure.kind, figure.value) for figure in figures_of(text)}


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("a fund of 500 million yuan", "5亿元基金"),
        ("$4.3 billion", "43亿美元"),
        ("8,000 servers", "8000台服务器"),
        ("230 million wallets", "2.3亿个钱包"),
        ("12 percent", "12%"),
        ("on May 27", "5月27日"),
        ("27 May", "5月27日"),
        ("No. 12", "第12号"),
        ("third quarter", "三季度"),
        ("Q3", "第三季度"),
        ("five departments", "五部门"),
        ("in October", "10月"),
        ("in 2026", "2026年"),
        ("1.2 trillion", "1.2万亿"),
    ],
)
def test_a_figure_is_the_same_in_both_languages(english: str, chinese: str) -> None:
    assert values(english) == values(chinese)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("it may march on", set()),
        ("1,234.5 points", {("count", 1234.5)}),
        ("$130M", {("count", 130e6)}),
        ("two billion people", {("count", 2e9)}),
        ("Sept. 30th", {("day", 930.0)}),
        ("2000亿元", {("count", 2e11)}),
        ("第87次会议", {("ordinal", 87.0)}),
    ],
)
def test_figures_are_read_as_they_are_meant(text: str, found: set[tuple[str, float]]) -> None:
    assert values(text) == found


def one(text: str) -> Figure:
    (figure,) = figures_of(text)
    return figure


@pytest.mark.parametrize(
    ("left", "right", "agree"),
    [
        ("150 billion", "154 billion", True),
        ("150 billion", "156 billion", False),
        ("150 billion", "1500亿", True),
        ("15 billion", "15.4 billion", True),
        ("15 billion", "15.6 billion", False),
        ("87 points", "88 points", False),
        ("2 billion", "2.4 billion", False),
        ("7.1021", "7.1034", False),
        ("12%", "12 points", False),
        ("May 27", "May 28", False),
    ],
)
def test_only_a_figure_and_its_rounding_agree(left: str, right: str, agree: bool) -> None:
    assert one(left).agrees(one(right)) is agree
    assert one(right).agrees(one(left)) is agree


def test_years_months_and_small_counts_are_in_every_text() -> None:
    assert all(one(text).is_common for text in ("2026", "October", "three", "Q2"))
    assert not any(one(text).is_common for text in ("5.6", "38 services", "5 亿", "May 27", "第3号", "3%"))


def test_what_is_counted_is_the_word_behind_the_number() -> None:
    stated = quantities_of("The park covers 30 square kilometres and has 50 companies after 3 years.")
    assert stated["company"] == {50.0}
    assert stated["kilometr"] == {30.0}
    assert "year" not in stated
    assert quantities_of("已签约企业50家，历时3年") == {"家": {50.0}}


def test_a_number_at_the_end_of_a_text_counts_nothing() -> None:
    assert quantities_of("It rose to 50") == {}


@given(st.text(alphabet="0123456789.,% 年月日亿万第号季度一二三mayqbn-"))
def test_any_text_of_digits_and_units_is_read(text: str) -> None:
    for figure in figures_of(text):
        assert figure.agrees(figure)
