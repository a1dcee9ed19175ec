"""What of an article is compared: language, names, weights of unit length, round-ups."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Article
from monitor.stories.idf import ExtraCounts
from monitor.stories.reports import outlet_of, read_report
from monitor.stories.terms import term_code
from tests.stories.event_articles import LAKE, TUNNEL, article


def test_the_language_is_that_of_the_title_else_of_the_text() -> None:
    assert read_report(LAKE).han
    assert not read_report(TUNNEL).han
    assert read_report(replace(LAKE, title="")).han
    assert not read_report(replace(TUNNEL, title="", text="")).han


def test_a_title_at_the_head_of_the_text_counts_once() -> None:
    twice = replace(TUNNEL, text=f"{TUNNEL.title}\n{TUNNEL.text}")
    assert read_report(twice).terms == read_report(TUNNEL).terms


def test_terms_of_the_title_weigh_more() -> None:
    report = read_report(article("granite quarry", "a quarry of slate"))
    weights = report.terms.by_code()
    assert weights[term_code("granit")] > weights[term_code("slat")]


def test_names_are_capitalised_words_that_are_not_common() -> None:
    names = read_report(TUNNEL).names.by_code()
    assert {term_code("brackwater"), term_code("tormund")} <= names.keys()
    assert term_code("monday") not in names
    assert read_report(article("加密交易所Zorbex遭攻击")).names.by_code().keys() == {term_code("zorbex")}


def test_counts_of_the_window_make_a_term_usual() -> None:
    counts = ExtraCounts(4_000, {term_code("brackwater"): 4_000})
    term = term_code("brackwater")
    assert read_report(TUNNEL, counts).terms.by_code()[term] < read_report(TUNNEL).terms.by_code()[term]


@pytest.mark.parametrize(
    "title",
    [
        "Tunnel approved, and more",
        "Morning Brief: tunnel",
        "This week in ports",
        "Live: harbour vote",
        "财经早报：隧道获批",
        "本周要闻汇总",
    ],
)
def test_a_round_up_is_known_by_its_title(title: str) -> None:
    assert read_report(article(title)).is_round_up
    assert not read_report(TUNNEL).is_round_up


def test_an_outlet_is_its_name_else_its_host() -> None:
    assert outlet_of(article("x", site="Harbour  POST ")) == outlet_of(article("y", site="harbour post"))
    assert outlet_of(Article(url="https://news.example/1", title="x", text="")) == "news.example"
    assert outlet_of(Article(url="no address", title="x", text="")) == "no address"


@given(title=st.text(max_size=60), text=st.text(max_size=300))
def test_any_text_is_read_and_its_weights_have_unit_length(title: str, text: str) -> None:
    weights = read_report(article(title, text)).terms.weights
    assert math.isclose(math.hypot(*weights), 1.0, abs_tol=1e-3) or not any(weights)
