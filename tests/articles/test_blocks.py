"""Blocks of a page, and the breaks within them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from monitor.articles.blocks import blocks_of, group_lines, lines_with_breaks
from monitor.articles.page import extract

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def texts(markup: str) -> list[str]:
    return [block.text for block in blocks_of(html.fragment_fromstring(markup, create_parent="div"))]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>one</p><p>two</p>", ["one", "two"]),
        ("one<p>two</p>three", ["one", "two", "three"]),
        ("<p>one<br>two</p>", ["one\ntwo"]),
        ("<p>one<br><br/>two</p>", ["one", "two"]),
        ("<p>one<br>\u3000\u3000two</p>", ["one", "two"]),
        ("<p>one\n  two</p>", ["one two"]),
        ("<ul>lead<li>one</li><li>two</li></ul>", ["lead", "one", "two"]),
        ("<table><tr><td>a</td><td>b</td></tr></table>", ["a", "b"]),
        ("<p>a<b>b</b>c <i>d</i></p>", ["abc d"]),
        ("<p>a</p><script>x</script>b<style>y</style>", ["a", "b"]),
        ("<dl><dt>k</dt><dd>v</dd></dl>", ["k", "v"]),
        ("", []),
    ],
)
def test_a_block_ends_at_its_element_and_a_break_does_not_end_it(markup: str, expected: list[str]) -> None:
    assert texts(markup) == expected


def test_links_and_places_are_known() -> None:
    markup = "<nav><p>menu</p></nav><p><a>all of it</a></p><p>half <a>half</a></p><h2>head</h2><footer>foot</footer>"
    blocks = blocks_of(html.fragment_fromstring(markup, create_parent="div"))
    assert [block.is_outside for block in blocks] == [True, False, False, False, True]
    assert [round(block.linked_share, 1) for block in blocks] == [0, 1, 0.5, 0, 0]
    assert [block.is_heading for block in blocks] == [False, False, False, True, False]


WORDS = st.text("abcde", min_size=1, max_size=6)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=1, max_size=5))
def test_lines_are_grouped_as_the_page_breaks_them(paragraphs: list[list[str]]) -> None:
    named = [[f"{word}{at}x{number}" for at, word in enumerate(lines)] for number, lines in enumerate(paragraphs)]
    markup = "".join(f"<p>{'<br>'.join(lines)}</p>" for lines in named)
    breaks = lines_with_breaks(html.fragment_fromstring(markup, create_parent="div"))
    lines = [line for paragraph in named for line in paragraph]
    assert group_lines(lines, breaks) == ["\n".join(paragraph) for paragraph in named]


def test_an_article_keeps_its_breaks_and_parts_its_blocks() -> None:
    prose = "The council approved a plan for three halls in the north of the town, and the budget was reviewed twice."
    body = f"<article><h1>A plan for halls</h1><p>{prose} One.<br>{prose} Two.</p><p>{prose} Three.</p></article>"
    text = extract(f"<html><body>{body}</body></html>".encode(), url="https://a.example/1", now=NOW).text
    assert text == f"{prose} One.\n{prose} Two.\n\n{prose} Three."


@pytest.mark.parametrize("wrap", ["\n", "\r\n", "\n      "])
def test_a_line_wrapped_within_a_chinese_word_is_not_parted(wrap: str) -> None:
    prose = "园区首批企业签约入驻，涵盖区块链、数字藏品、隐私计算等领域，三年内免除租金。"
    wrapped = prose.replace("区块链", f"区{wrap}块链").replace("，三", f"，{wrap}三")
    body = f"<html><meta charset=utf-8><h1>产业园开园</h1><p>{wrapped * 4}</p></html>"
    assert extract(body.encode(), url="https://a.example/1", now=NOW).text == prose * 4
