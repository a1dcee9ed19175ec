"""Markup → plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources.plain import (
    clean_lines,
    looks_like_markup,
    one_line,
    remove_control_characters,
    text_of_html,
    unescape,
)
from tests.support.growth import assert_grows_with_size


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("a &amp; b &lt; c", "a & b < c"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<b>bo</b>ld <i>and</i> more", "bold and more"),
        ("重庆<b>元宇宙</b>产业", "重庆元宇宙产业"),
        ("line\n  broken\tby   blanks", "line broken by blanks"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3"),
        ("<p>seen</p><script>alert(1)</script><style>p {}</style><template>t</template>", "seen"),
        ("a<!-- hidden -->b", "ab"),
        ("<p>an open <b>end", "an open end"),
        ("</div></p>too many ends</span>", "too many ends"),
        ("2 < 3 and 5 > 4", "2 < 3 and 5 > 4"),
        ("<?xml version='1.0'?><p>x</p>", "x"),
        ("http://example.org/<b>x</b>", "http://example.org/x"),
        ("nul\x00 and <b>half \ud800</b>", "nul and half"),
        ("<div><div><div>deep</div></div></div>", "deep"),
        ("&#8217;&nbsp;<b>&quot;</b>", '’ "'),
    ],
)
def test_markup_becomes_what_a_reader_would_see(markup: str, text: str) -> None:
    assert text_of_html(markup) == text


@given(st.text(alphabet="<>/pbrdiv!-&;lt#x0 \x00\ud800重", max_size=60))
def test_any_markup_becomes_tidy_text(markup: str) -> None:
    text = text_of_html(markup)
    assert text == clean_lines(text)
    text.encode()


@pytest.mark.parametrize("piece", ["<p>x", "<div>", "<!--", "<br>", "<"])
def test_time_grows_no_faster_than_the_markup(piece: str) -> None:
    assert_grows_with_size(lambda size: text_of_html(piece * (size // len(piece))), 20_000)


def test_lines_are_kept_or_joined() -> None:
    assert clean_lines(" a  b \r\n\n\t\n c\u2028d ") == "a b\nc\nd"
    assert one_line(" a  b \r\n\n\t\n c\u2028d ") == "a b c d"


def test_controls_and_halves_of_characters_go_and_whole_ones_stay() -> None:
    assert remove_control_characters("a\x00\x1b\x7f\x9f\ud83db\t\n😀 e\u0301") == "ab\t\n😀 e\u0301"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Q&amp;A", "Q&A"),
        ("it&#8217;s", "it’s"),
        ("it&#x2019;s", "it’s"),
        ("R&D & more", "R&D & more"),
        ("a&copy b", "a&copy b"),
        ("?a=1&lt=2", "?a=1&lt=2"),
    ],
)
def test_only_whole_references_are_resolved(text: str, meant: str) -> None:
    assert unescape(text) == meant


@pytest.mark.parametrize(
    ("text", "markup"),
    [("<p>x</p>", True), ("a<br/>b", True), ("<IMG src=x>", True), ("a < b", False), ("the <title> element", False)],
)
def test_text_about_markup_is_not_markup(text: str, markup: bool) -> None:
    assert looks_like_markup(text) is markup
