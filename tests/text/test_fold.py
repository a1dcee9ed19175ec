"""Folding: texts that read alike are equal, and every folded place points back into the original."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import fold as module
from monitor.text.fold import fold_text, remove_invisible

ALIKE = [
    "e\u0301",
    "é",
    "ＷＥＢ３",
    "ﬁ",
    "①",
    "…",
    "ß",
    "İ",
    "重慶",
    "兩江新區",
    "ｶﾞ",
    "\u1100\u1161\u11a8",
    "각",
    "㎏",
    "\u3000",
]
ALIKE += ["\n\t", "“", "—", "\u00ad", "\u200b", "\ufe0f", "Σς", "¨", "´", "\u0345", "\ud800", "🚀"]
texts = st.lists(st.sampled_from([*ALIKE, " ", "a", "元", "\u0301", "\u200b"]) | st.text(max_size=4), max_size=8).map(
    "".join
)


def clusters(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, folded) of what folds by itself, one character after the other: what the quick ways must equal."""
    start = end = 0
    cluster = ""
    for index, char in enumerate(text):
        piece = module.fold_character(char)
        if not piece:
            continue
        if piece == module.MAY_MERGE and cluster and len(cluster) <= module._MAX_MARKS:
            cluster += char
        else:
            if cluster:
                yield start, end, folded_cluster(cluster)
            start, cluster = index, char
        end = index + 1
    if cluster:
        yield start, end, folded_cluster(cluster)


def folded_cluster(cluster: str) -> str:
    piece = module.fold_character(cluster[0])
    if len(cluster) == 1 and piece != module.MAY_MERGE:
        return piece
    return (
        piece + module.fold_cluster(cluster[1:])
        if module._CIRCLED_DIGIT.match(cluster)
        else module.fold_cluster(cluster)
    )


def pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, character) for each character of the folded text: where in the original it comes from."""
    last = ""
    for start, end, folded_piece in clusters(text):
        for char in folded_piece:
            if char != " " or last != " ":
                yield start, end, char
            last = char


def places(text: str) -> list[tuple[int, int]]:
    """Return where each character of the folded text comes from, of a run of blanks the first one."""
    unspaced, *_ = module.PLAIN_FOLDING.fold(text)
    starts, ends = module.PLAIN_FOLDING.places(text)
    repeated = [char == " " and unspaced[at - 1 : at] == " " for at, char in enumerate(unspaced)]
    return [
        place
        for place, gone in zip(zip(starts.tolist(), ends.tolist(), strict=True), repeated, strict=True)
        if not gone
    ]


def slowly(text: str) -> str:
    return "".join(char for _, _, char in pieces(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｗｅｂ３.０", "web3.0"),
        ("兩江新區", "两江新区"),
        ("區塊鏈", "区块链"),
        ("計畫", "计划"),
        ("瞭解", "了解"),
        ("憑藉", "凭借"),
        ("臺灣", "台湾"),
        ("看著", "看着"),
        ("Cafe\u0301", "CAFÉ"),
        ("ｶﾞｽ", "ガス"),
        ("각", unicodedata.normalize("NFD", "각")),
        ("STRASSE", "straße"),
        ("ΟΔΟΣ", "οδος"),
        ("“web3”", '"web3"'),
        ("「元宇宙」", '"元宇宙"'),
        ("Liangjiang’s", "liangjiang's"),
        ("covid‑19", "covid-19"),
        ("2020–2025", "2020-2025"),
        ("white \n\t　 paper", "white paper"),
        ("inter\u00adnet", "internet"),
        ("元\u200b宇\ufeff宙", "元宇宙"),
        ("e\u200b\u0301", "é"),
        ("❤\ufe0f", "❤"),
        ("ﬁnance", "finance"),
    ],
)
def test_what_reads_alike_folds_alike(one: str, other: str) -> None:
    assert fold_text(one) == fold_text(other)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("", ""),
        ("plain", "plain"),
        (" a  b ", " a b "),
        ("①5G", "①5g"),
        ("①\u0301", "①\u0301"),
        ("\ud800x", "\ufffdx"),
        ("\u0301a", "\u0301a"),
        ("\uffff", "\uffff"),
        ("\u0600", "\u0600"),
        ("元宇宙", "元宇宙"),
    ],
)
def test_some_texts_fold_to_just_this(text: str, result: str) -> None:
    assert fold_text(text) == result


@given(texts)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@given(texts)
def test_the_quick_way_and_the_careful_way_agree(text: str) -> None:
    assert fold_text(text) == slowly(text)


@given(st.text())
def test_composed_and_decomposed_fold_alike(text: str) -> None:
    assert fold_text(unicodedata.normalize("NFD", text)) == fold_text(unicodedata.normalize("NFC", text))


def test_a_text_with_many_different_characters_folds_like_one_with_few() -> None:
    text = "".join(char for line in _classes() for char in line[1:2])[:500]
    assert fold_text(text) == "".join(fold_text(char) for char in text)


def test_endless_marks_do_not_take_their_square() -> None:
    text = "e" + "\u0301\u0323" * 200_000
    assert len(fold_text(text)) > 100_000  # sorted all at once, these marks would take minutes


def test_unseen_characters_are_taken_out_and_seen_ones_stay() -> None:
    assert remove_invisible("\ufeffweb\u200b3 é") == "web3 é"


@pytest.mark.slow
def test_single_characters_fold_the_same_both_ways_and_only_once() -> None:
    odd = []
    for code in [*range(0x10000), *range(0x10000, sys.maxunicode + 1, 61)]:
        text = f"x{chr(code)}y"
        result = fold_text(text)
        if result != slowly(text) or fold_text(result) != result:
            odd.append(hex(code))
    assert odd == []


@pytest.mark.slow
def test_every_single_character_folds_like_its_decomposition() -> None:
    chars = (
        chr(code) for code in range(sys.maxunicode + 1) if unicodedata.decomposition(chr(code))[:1] not in {"", "<"}
    )
    assert [
        hex(ord(char)) for char in chars if fold_text(f"x{char}") != fold_text("x" + unicodedata.normalize("NFD", char))
    ] == []


def _classes() -> list[str]:
    text = resources.files("monitor.text").joinpath("han_variants.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_the_table_names_its_source_and_licence() -> None:
    text = resources.files("monitor.text").joinpath("han_variants.txt").read_text(encoding="utf-8")
    assert "OpenCC" in text
    assert "Apache License 2.0" in text
    assert resources.files("monitor.text").joinpath("han_variants.LICENSE.txt").is_file()


def test_the_classes_of_the_table_are_disjoint_and_each_folds_to_its_first() -> None:
    chars = [char for line in _classes() for char in line]
    assert len(chars) == len(set(chars)) > 8_000
    assert all(fold_text(char) == fold_text(line[0]) for line in _classes() for char in line)


@pytest.mark.parametrize("marks", [29, 30, 31, 61, 62, 63, 93, 400])
def test_a_heap_of_marks_is_cut_at_the_same_places(marks: int) -> None:
    text = f"x\u200be{chr(0x301) * marks}\u00ad{chr(0x327) * marks} {chr(0x301) * marks}a"
    assert fold_text(text) == slowly(text)
    assert places(text) == [(start, end) for start, end, _ in pieces(text)]


@given(st.text() | st.text("ae \n\u3000\u00ad…①㎏ﬁ𠀀😀發\u0301가\x00\ud800 Ａ", max_size=20))
def test_places_are_those_that_the_careful_way_finds(text: str) -> None:
    assert places(text) == [(start, end) for start, end, _ in pieces(text)]
