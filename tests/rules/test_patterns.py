"""Terms as patterns: where they occur, and which imply which."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import compile_rules
from monitor.rules.patterns import UnusableTerm, patterns_of
from monitor.text.matching import Matchable


def occurs(term: str, text: str) -> bool:
    return bool(compile_rules({"r": "@c"}, {"c": [term]}).match(text))


def implied(one: str, other: str) -> bool:
    return all(any(each.implies(that) for that in patterns_of(other)) for each in patterns_of(one))


@pytest.mark.parametrize(
    ("term", "yes", "no"),
    [
        ("ai", ["发布ai白皮书", "AI", "ＡＩ算力", "gen-ai.", "AI는"], ["training", "said", "ai2", "Ａi１"]),
        ("web3", ["北京Web3创新", "(web3)", "web3-based", "Web3.0"], ["web30", "myweb3", "Web 3.0"]),
        ("500亿", ["投资500亿元", "约500亿"], ["1500亿元的", "1,500亿元", "2.500亿"]),
        ("5G", ["5G网络", "①5G应用", "发展5G产业"], ["15G", "5GHz", "2.5G"]),
        ("元宇宙", ["重庆元宇宙先导区", "元\u200b宇宙", "a元宇宙b", "元 宇宙"], ["宇宙", "一元 宇宙"]),
        ("兩江新區", ["两江新区"], ["两江"]),
        ("C++", ["uses C++ today", "c++20", "(C++)"], ["C today", "objc++"]),
        ("AT&T", ["AT&T deal", "AT＆T"], ["AT T", "FAT&T", "AT&Ts"]),
        ("U.S.", ["the U.S. said", "U.S.…"], ["us", "USB", "the u.s"]),
        ("covid-19", ["COVID‑19 cases"], ["covid 2019", "covid-190"]),
        ("café", ["Cafe\u0301", "CAFÉ"], ["cafes", "cafe"]),
        ("cafe", ["cafe", "cafe\u0301", "café"], ["cafés"]),
        ("метавселенная", ["Метавселенная."], ["метавселенная2"]),
        ("метавселенн*", ["метавселенной"], ["метавселен"]),
        ("メタバース", ["このメタバース市場"], ["メタ"]),
        ("메타버스", ["메타버스를"], ["메타"]),
        ("metaverse*", ["metaverses", "metaverse"], ["meta", "themetaverse"]),
        ("*chain", ["blockchain", "chain"], ["chains"]),
        ("*coin*", ["bitcoins"], ["con"]),
        (
            "smart cit* plan",
            ["smart city plan", "Smart Cities  Plan", "smart cit plan"],
            ["smart cit x plan", "smart city planes"],
        ),
        ("cit* plan*", ["city planning"], ["velocity plan"]),
        ("互联网3.0", ["互聯網3.0时代"], ["互联网3.05", "互联网"]),
    ],
)
def test_terms_occur_as_whole_words_of_their_script(term: str, yes: list[str], no: list[str]) -> None:
    assert [text for text in yes if not occurs(term, text)] == []
    assert [text for text in no if occurs(term, text)] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("重庆市", "重庆"),
        ("white paper", "paper"),
        ("blockchain", "*chain"),
        ("chain", "*chain*"),
        ("区块链*", "區塊鏈"),
        ("web3.0", "web3"),
    ],
)
def test_a_term_implies_what_occurs_wherever_it_does(one: str, other: str) -> None:
    assert implied(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("重庆", "重庆市"),
        ("blockchain", "chain"),
        ("*chain", "chain"),
        ("metaverse*", "metaverse"),
        (".5g", "5g"),
        ("C++", "c"),
        ("500,000", "500"),
        ("5g*", "5g"),
        ("a* b", "b"),
    ],
)
def test_a_term_does_not_imply_what_may_be_missing(one: str, other: str) -> None:
    assert not implied(one, other)


@given(
    st.text("a1.,*-元 ", min_size=1, max_size=4),
    st.text("a1.,*-元 ", min_size=1, max_size=3),
    st.text("a1., 元", max_size=9),
)
def test_an_implied_term_is_never_missing(one: str, other: str, text: str) -> None:
    try:
        firsts, seconds = patterns_of(one), patterns_of(other)
    except UnusableTerm:
        return
    it = Matchable(text)
    whole = (it, 0, len(it.text))
    for first, second in product(firsts, seconds):
        if first.implies(second) and first.occurs_within(*whole):
            assert second.occurs_within(*whole)


def test_a_text_that_is_one_word_does_not_cost_its_square() -> None:
    text = "两" * 200_000
    assert not patterns_of("两* 江")[0].occurs_within(Matchable(text), 0, len(text))
