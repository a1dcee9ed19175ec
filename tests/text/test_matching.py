"""The form in which terms are looked for: what people write in two ways is one, and each place leads back."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.fold import fold_text
from monitor.text.matching import Matchable, exact_form, without_accents

PARTS = ["e\u0301", "é", "ＷＥＢ３", "ﬁ", "…", "İ", "重慶", "通　知", "ｶﾞ", "㎏", "\u3000", "\n", "\n\n", "-", "‐", "–"]
PARTS += ["\u00ad", "\u200b", "`", "¨", "\ud800", "🚀", "塿", "\x00", "각", "ø", " "]
texts = st.lists(st.sampled_from(PARTS) | st.text(max_size=3), max_size=8).map("".join)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ürümqi", "Urumqi"),
        ("U\u0308ru\u0308mqi", "urumqi"),
        ("São Paulo", "sao paulo"),
        ("Łódź", "lodz"),
        ("Tromsø", "tromso"),
        ("Việt Nam", "viet nam"),
        ("Diyarbakır", "diyarbakir"),
        ("İSTANBUL", "istanbul"),
        ("i\u0307stanbul", "istanbul"),
        ("O`Reilly", "o'reilly"),
        ("O´Reilly", "O’Reilly"),
        ("cross-border", "cross border"),
        ("cross‐border", "cross‑border"),
        ("COVID－19", "covid 19"),
        ("из-за", "из за"),
        ("London–Paris", "london—paris"),
        ("公　告", "公告"),
        ("元宇\n宙", "元宇宙"),
        ("元宇\r\n宙", "元宇宙"),
        ("white\n　paper", "white\n \npaper"),
    ],
)
def test_what_is_written_in_two_ways_has_one_form(one: str, other: str) -> None:
    assert Matchable(one).text == Matchable(other).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ёлка", "елка"),
        ("Йод", "иод"),
        ("ガス", "カス"),
        ("London–Paris", "London Paris"),
        ("a - b", "a b"),
        ("重庆-北京", "重庆 北京"),
        ("湖南 京东", "湖南京东"),
        ("white\n\npaper", "white paper"),
        ("हिन्दी", "हनद"),
    ],
)
def test_what_is_not_the_same_keeps_its_form(one: str, other: str) -> None:
    assert Matchable(one).text != Matchable(other).text


@given(texts)
def test_composed_and_decomposed_have_one_form(text: str) -> None:
    assert Matchable(unicodedata.normalize("NFD", text)).text == Matchable(unicodedata.normalize("NFC", text)).text


@given(texts, st.data())
def test_the_original_of_a_span_has_what_the_span_has(text: str, data: st.DataObject) -> None:
    it = Matchable(text)
    if not it.text:
        return
    start = data.draw(st.integers(0, len(it.text) - 1))
    end = data.draw(st.integers(start + 1, len(it.text)))
    first, last = it.span(start, end)
    assert 0 <= first < last <= len(text)
    here = {char for char in without_accents(fold_text(text[first:last])) if char.isalnum()}
    assert {char for char in it.text[start:end] if char.isalnum()} <= here


@given(texts)
def test_spans_are_in_order_and_leave_no_letter_out(text: str) -> None:
    it = Matchable(text)
    spans = [it.span(at, at + 1) for at in range(len(it.text))]
    assert spans == sorted(spans)
    if spans:
        covered = {at for first, last in spans for at in range(first, last)}
        missed = [text[at] for at in range(len(text)) if at not in covered]
        assert [char for char in missed if fold_text(char).strip().isalnum()] == []


@pytest.mark.parametrize(
    ("text", "term", "original"),
    [
        ("a  cafe\u0301 b", "cafe", "cafe\u0301"),
        ("在重慶市", "重庆", "重慶"),
        ("……ＷＥＢ３", "web3", "ＷＥＢ３"),
        ("元\u200b宇宙", "元宇宙", "元\u200b宇宙"),
        ("试点的通　知", "通知", "通　知"),
        ("5㎏", "k", "㎏"),
        ("white \n paper", "white paper", "white \n paper"),
        ("straße!", "!", "!"),
        ("two  blanks", "blanks", "blanks"),
        ("塿重\n庆 x", "重庆", "重\n庆"),
    ],
)
def test_spans_point_into_the_original(text: str, term: str, original: str) -> None:
    it = Matchable(text)
    start = it.text.index(term)
    first, last = it.span(start, start + len(term))
    assert text[first:last] == original
    assert it.written(start, start + len(term)) == original


@pytest.mark.parametrize(
    ("text", "cased", "accents", "form"),
    [
        ("Ürümqi", True, True, "Ürümqi"),
        ("Ürümqi", False, True, "ürümqi"),
        ("Ürümqi", False, False, "urumqi"),
        ("İ", True, True, "İ"),
        ("İ", False, True, "i"),
        ("O`N", True, True, "O'N"),
        ("A–b-C", True, True, "A-b-C"),
        ("通　知 ＡＩ", True, True, "通知 AI"),
    ],
)
def test_the_exact_form_keeps_what_counts(text: str, cased: bool, accents: bool, form: str) -> None:
    assert exact_form(text, cased=cased, accents=accents) == form
