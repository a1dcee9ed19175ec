"""The text and the page of an edition: whole ones compared, hostile ones harmless."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

import lxml.html
import pytest

from monitor.channels.render import as_html, as_text, first_issues, further_issues, long_date, short_address
from monitor.model import Coverage, Edition, Excerpt, Group, Item, SourceIssue

Expected = Callable[[str, str], None]


def page(edition: Edition) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(as_html(edition).encode())


def inside(edition: Edition) -> lxml.html.HtmlElement:
    (found,) = page(edition).iter("body")
    return found


def body(edition: Edition) -> str:
    return " ".join(inside(edition).text_content().split())


def kept_style(edition: Edition) -> str:
    (style,) = page(edition).iter("style")
    return style.text or ""


def test_the_text_of_an_edition(edition: Edition, expected: Expected) -> None:
    expected("edition.txt", as_text(edition))


def test_the_page_of_an_edition(edition: Edition, expected: Expected) -> None:
    expected("edition.html", as_html(edition))


def test_an_empty_edition(edition: Edition, expected: Expected) -> None:
    empty = replace(edition, groups=(), coverage=Coverage(62))
    expected("empty.txt", as_text(empty))
    assert "Nothing matched in this time." in body(empty)
    assert "62 sources watched, all of them read." in body(empty)


def test_without_knowledge_of_its_coverage_an_edition_says_nothing_about_it(edition: Edition) -> None:
    silent = replace(edition, coverage=Coverage())
    assert "watched" not in as_text(silent)
    assert "watched" not in body(silent)


def test_an_edition_that_may_repeat_says_so_above_the_news(edition: Edition) -> None:
    repeating = replace(edition, coverage=replace(edition.coverage, restored_at=edition.window.end))
    for shown in (as_text(repeating), body(repeating)):
        assert 0 < shown.index("May repeat: the database was restored") < shown.index(edition.groups[0].rule)
    assert "May repeat" not in as_text(edition) + body(edition)


def test_rendering_is_deterministic(edition: Edition) -> None:
    assert as_text(edition) == as_text(edition)
    assert as_html(edition) == as_html(edition)


def test_the_page_has_everything_that_a_reader_needs(edition: Edition) -> None:
    said = body(edition)
    for item in edition.items:
        assert item.title in said
        assert item.source in said
        assert item.excerpt is None or item.excerpt.text in said
    marked = [mark.text for mark in page(edition).iter("mark")]
    assert marked == [
        "Chongqing", "Web 3.0", "Liangjiang", "Web 3.0", "两江", "元宇宙", "两江", "元宇宙", "元宇宙", "互联网3.0",
        "metaverse", "metaverse",
    ]  # fmt: skip
    links = {link.get("href") for link in page(edition).iter("a")}
    assert {item.url for item in edition.items} <= links
    assert {link.url for item in edition.items for link in item.alternates} <= links


def test_the_page_loads_nothing_from_anywhere(edition: Edition) -> None:
    html = as_html(edition)
    assert not list(page(edition).iter("img", "link", "script", "iframe", "object", "form"))
    assert "url(" not in html
    assert "@import" not in html


def test_styles_are_in_the_tags_and_only_those_for_narrow_and_dark_screens_stay_apart(edition: Edition) -> None:
    assert "prefers-color-scheme: dark" in kept_style(edition)
    assert "max-width: 520px" in kept_style(edition)
    for element in inside(edition).iter("p", "h1", "h2", "h3", "a", "mark", "div"):
        assert element.get("style"), element.get("class")


def test_each_dark_colour_overrides_one_that_is_set(edition: Edition) -> None:
    """A class that the dark sheet names but the page does not have is a slip."""
    named = set(re.findall(r"\.([a-z]+)[ ,:{]", kept_style(edition)))
    used = {name for element in page(edition).iter() for name in (element.get("class") or "").split()}
    assert named - used <= {"none"}  # shown when nothing matched


def test_an_item_speaks_its_language(edition: Edition) -> None:
    items = [element.get("lang") for element in page(edition).find_class("item")]
    assert items == ["en", "zh-Hans", None, None, None, None]


@pytest.mark.parametrize("language", ['x" onload="y', "", "e", "en_GB-", "<b>"])
def test_what_is_no_language_is_left_out(edition: Edition, language: str) -> None:
    item = replace(edition.items[0], language=language)
    odd = replace(edition, groups=(Group("r", (item,)),))
    assert [element.get("lang") for element in page(odd).find_class("item")] == [None]


def test_an_item_without_a_usable_address_is_no_link(edition: Edition) -> None:
    item = replace(edition.items[0], url="javascript:alert(1)", alternates=(), reports=())
    odd = replace(edition, groups=(Group("r", (item,)),))
    assert not list(page(odd).iter("a"))
    assert "javascript" not in as_text(odd)


def test_a_password_in_an_address_is_not_shown(edition: Edition) -> None:
    item = replace(edition.items[0], url="https://user:hunter2@example.org/a", alternates=())
    odd = replace(edition, groups=(Group("r", (item,)),))
    assert "hunter2" not in as_html(odd) + as_text(odd)


# --- hostile text -----------------------------------------------------------------------------------------------------

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\ud800-\udfff]")


def test_hostile_text_makes_no_element_no_attribute_and_no_address(hostile: Edition) -> None:
    found = page(hostile)
    assert not list(found.iter("script", "img", "iframe", "a", "form", "base"))
    own = {
        "class",
        "style",
        "lang",
        "dir",
        "role",
        "aria-roledescription",
        "charset",
        "name",
        "content",
        "data-css-inline",
    }
    assert {name for element in found.iter() if isinstance(element.tag, str) for name in element.attrib} <= own
    assert not UNSEEN.search(as_html(hostile))
    as_html(hostile).encode()


def test_hostile_text_keeps_its_line_in_the_text_form(hostile: Edition) -> None:
    """No line is added, nothing is sent to a terminal, and the direction of writing is not turned."""
    text = as_text(hostile)
    assert not UNSEEN.search(text)
    assert text.count("\n") <= 18
    text.encode()


def test_hostile_titles_are_shown_as_they_are_but_for_what_cannot_be_seen(edition: Edition, expected: Expected) -> None:
    from_outside = (
        '<b>bold</b> & "quoted"', "News =?utf-8?q?=0ABcc:_x?=\r\nBcc: x@example.net", "<!channel> <https://evil.example|click>",
        "pay \u202elive\u202c now", "\x1b[31mred\x1b[0m alert\x07", "{{ 7 * 7 }}", "half \ud83d pair",
    )  # fmt: skip
    items = tuple(
        Item(
            n,
            n,
            title,
            f"https://example.org/{n}",
            "Wire",
            edition.built_at,
            excerpt=Excerpt(title, ((0, 3),)),
            rules=("r",),
        )
        for n, title in enumerate(from_outside, 1)
    )
    odd = replace(edition, groups=(Group("r", items),), coverage=Coverage(1))
    expected("hostile.txt", as_text(odd))
    shown = [" ".join(element.text_content().split()) for element in page(odd).find_class("title")]
    assert shown == [
        '<b>bold</b> & "quoted"', "News =?utf-8?q?=0ABcc:_x?= Bcc: x@example.net", "<!channel> <https://evil.example|click>",
        "pay live now", "[31mred[0m alert", "{{ 7 * 7 }}", "half pair",
    ]  # fmt: skip


def test_the_lines_of_an_item_are_below_its_title_whatever_its_number(edition: Edition) -> None:
    item = edition.items[0]
    many = replace(edition, groups=(Group("rule", (item,) * 100),))
    lines = as_text(many).splitlines()
    for number, indent in ((1, 3), (9, 3), (10, 4), (100, 5)):
        (at,) = [at for at, line in enumerate(lines) if line.startswith(f"{number}. ")]
        assert lines[at + 1].startswith(" " * indent + item.source)
        assert lines[at + 2][:indent].isspace()
        assert not lines[at + 2][indent].isspace()


def test_a_long_date_has_its_weekday() -> None:
    stated = dt.datetime(2026, 11, 20, 23, tzinfo=dt.UTC)
    assert long_date(stated, ZoneInfo("UTC")) == "Friday, 20 November 2026"
    assert long_date(stated, ZoneInfo("Europe/Berlin")) == "Saturday, 21 November 2026"


@pytest.mark.parametrize(("count", "listed", "more"), [(10, 10, ""), (12, 10, "and 2 more: all are listed at the end")])
def test_above_the_news_the_gravest_issues_are_listed(count: int, listed: int, more: str) -> None:
    coverage = Coverage(99, tuple(SourceIssue(str(number), "x", blind=number == count - 1) for number in range(count)))
    first = first_issues(coverage)
    assert len(first) == listed
    assert first[0].source == str(count - 1)
    assert further_issues(coverage) == more


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://www.example.org/a/b/?q=1#x", "example.org/a/b"),
        ("https://example.org", "example.org"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("https://example.org/" + "a" * 50 + "/" + "b" * 50, "example.org/" + "a" * 24 + "…" + "b" * 35),
    ],
)
def test_an_address_is_shown_short(url: str, shown: str) -> None:
    assert short_address(url) == shown
