"""The text of a fragment is the same whichever of the two libraries reads it, or it is left to the slower one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources import visible
from monitor.sources.plain import remove_control_characters
from tests.support.growth import assert_grows_with_size

TAGS = (
    *(
        "p",
        "br",
        "div",
        "a",
        "b",
        "span",
        "td",
        "th",
        "tr",
        "table",
        "tbody",
        "ul",
        "li",
        "script",
        "style",
        "template",
    ),
    *("svg", "math", "object", "h1", "pre", "textarea", "title", "select", "option", "form", "button", "img", "ruby"),
    *("noscript", "iframe", "xmp", "plaintext", "center", "dl", "dt", "dd", "caption", "meta", "link", "image", "foo"),
    *("x:y", "hr", "label", "noframes", "html", "body", "head", "rt", "rp"),
)
PIECES: tuple[str, ...] = (
    *(
        "text ",
        " ",
        "\n",
        "元宇宙",
        "&amp;",
        "&nbsp;",
        "&#10;",
        "&#x41;",
        "&lt;",
        "&bogus;",
        "&#0;",
        "&#x80;",
        "&notit;",
    ),
    *("<!-- c -->", "<!--", "-->", "<?pi x?>", "<", "</", "<a href='x>y'>", '<p class="a', '">', "<p/>", "<!x>", "<1>"),
    *("\ufdd0", "&#xFDD0;", "&#64976;", "<![CDATA[x]]>", "<!DOCTYPE html>", "\u200b", "\xa0", "\u3000"),
)
MARKUP = st.lists(
    st.one_of(
        st.sampled_from(PIECES), st.sampled_from(TAGS).map("<{}>".format), st.sampled_from(TAGS).map("</{}>".format)
    ),
    max_size=14,
).map("".join)


def lines(pieces: list[str]) -> list[str]:
    return [line for piece in pieces if (line := " ".join(piece.split()))]


@given(MARKUP)
def test_both_libraries_find_the_same_lines(markup: str) -> None:
    markup = remove_control_characters(markup)
    assert visible.visible_lines(markup) == lines(visible.lines_by_soup(f"<div>{markup}</div>"))


@pytest.mark.parametrize("markup", ["<p>one</p>two", "<table><tr><td>1<td>2</table>", "<ruby>元</ruby><!-- x -->"])
def test_usual_markup_is_left_to_lxml(markup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visible, "lines_by_soup", lambda _: [""])
    assert visible.visible_lines(markup)


@pytest.mark.parametrize("piece", ["line <b>bold<br>", "<span>", "<div>", "<font>x", "<p><i>"])
@pytest.mark.parametrize("count", [250, 300, 3000])
def test_no_text_is_lost_however_deep_the_elements_nest(piece: str, count: int) -> None:
    shown = visible.visible_lines(f"{piece * count}重庆")
    assert shown[-1].endswith("重庆")
    assert shown == lines(visible.lines_by_soup(f"<div>{piece * count}重庆</div>"))


@pytest.mark.parametrize("piece", ["<p>x", "<div>", "<!--", "<td>", "&#xfdd0", "<script>", "</p>"])
def test_time_grows_no_faster_than_the_markup(piece: str) -> None:
    assert_grows_with_size(lambda size: visible.visible_lines(piece * (size // len(piece))), 20_000)
