"""Which blanks of a folded text part something."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.matching import DROPPED_BLANK, kept_characters, resolve_blanks

LINE, WIDE, BLOCK = "\x1f", "\x1e", "\x1d"
pieces = st.sampled_from(
    ["重", "庆", "元", "a", "5", ".", "，", " ", " ", LINE, WIDE, BLOCK, "の", "한", "𠮷", "🚀", ""]
)


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("", ""),
        ("重 庆", "重庆"),
        ("重  庆", "重庆"),
        (f"重{WIDE}庆", "重庆"),
        (f"关于试点的通{WIDE}知", "关于试点的通知"),
        (f"试点的{WIDE}通{WIDE}知", "试点的通知"),
        ("通 知：重庆", "通知：重庆"),
        ("（通 知）", "（通知）"),
        ("湖南 京东", "湖南 京东"),
        (f"湖南{WIDE}{WIDE}京东", "湖南 京东"),
        ("A股 市场", "A股 市场"),
        ("2026年 规划", "2026年 规划"),
        (f"湖南{LINE}京东", "湖南京东"),
        (f"湖南 {LINE} 京东", "湖南京东"),
        (f"湖南{LINE}{LINE}京东", f"湖南{BLOCK}{BLOCK}京东"),
        (f"湖南{LINE} {LINE}京东", f"湖南{BLOCK}京东"),
        (f"湖{LINE}{LINE}南", f"湖{BLOCK}{BLOCK}南"),
        (f"湖南{BLOCK}京东", f"湖南{BLOCK}京东"),
        (f"湖南{LINE}{WIDE}{WIDE}京东", f"湖南{BLOCK}京东"),
        (f"重庆{LINE}web3", "重庆 web3"),
        (f"white{LINE}paper", "white paper"),
        (f"white {LINE} paper", "white paper"),
        ("한국 서울", "한국 서울"),
        ("𠮷 野", "𠮷野"),
        (" 重 ", " 重 "),
    ],
)
def test_a_blank_stays_where_it_parts(text: str, settled: str) -> None:
    assert resolve_blanks(text).replace(DROPPED_BLANK, "") == settled


def kind(char: str) -> str:
    if char in {"重", "庆", "元", "𠮷"}:
        return "han"
    return "word" if char.isalnum() and char.isascii() else "blank" if char.isspace() else "other"


def between_han(left: str, right: str) -> bool:
    return bool(left and right) and kind(left[-1]) == kind(right[0]) == "han"


def in_run(neighbour: str) -> bool:
    return bool(neighbour) and kind(neighbour) in {"han", "word"}


def slowly(text: str) -> str:
    """Apply the rule as it is written: run by run, with a look at the two characters on either side."""
    result, at = "", 0
    while at < len(text):
        if not text[at].isspace():
            result += text[at]
            at += 1
            continue
        end = at
        while end < len(text) and text[end].isspace():
            end += 1
        run, left, right = text[at:end], text[:at], text[end:]
        lines = run.count(LINE)
        indented = lines and WIDE in run[run.index(LINE) :]
        if lines > 1 or BLOCK in run or indented:
            result += BLOCK
        elif lines and between_han(left, right):
            pass
        elif not between_han(left, right) or (in_run(left[-2:-1]) and in_run(right[1:2])):
            result += " "
        at = end
    return result


@given(st.lists(pieces, max_size=14).map("".join))
def test_blanks_are_settled_as_the_rule_says(text: str) -> None:
    marked = resolve_blanks(text)
    assert len(marked) == len(text)
    assert re.sub(f"[ {BLOCK}]*{BLOCK}[ {BLOCK}]*", BLOCK, marked.replace(DROPPED_BLANK, "")) == slowly(text)


@given(st.lists(pieces, max_size=14).map("".join))
def test_only_blanks_go(text: str) -> None:
    marked = resolve_blanks(text)
    kept = [char for char, stays in zip(marked, kept_characters(marked), strict=True) if stays]
    assert "".join(kept) == marked.replace(DROPPED_BLANK, "")
    assert "".join("".join(kept).split()) == "".join(text.split())
