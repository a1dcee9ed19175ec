"""Lists read where the operator says."""

from __future__ import annotations

import datetime as dt

import pytest
from pydantic import ValidationError

from monitor import sources
from monitor.model import Reading
from monitor.sources.page import PageKind
from monitor.sources.page.options import split_selector

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
URL = "https://a.example/list/"
PAGE = """<html lang=en><title>Notices</title><body>
<ul class=box><li><a href=/x>A box that is no list of notices</a><i>2026-11-01</i></li>
<li><a href=/y>Another line of the very same box</a><i>2026-11-02</i></li></ul>
<div class=row data-url=1.html><b title="The first notice of the commission">The first …</b><a href=tag>tag</a>
<time datetime=2026-11-03>3 Nov</time><p>Says <i>this</i></p></div>
<div class=row data-url=2.html><b>The second notice</b><a href=other>tag</a><time>4 November 2026</time><p></p></div>
<div class=row><b></b></div>
</body></html>"""


def read(**options: str) -> Reading:
    return sources.read(PAGE.encode(), url=URL, kind="page", options=options, now=NOW)


def test_selectors_say_what_a_row_says() -> None:
    reading = read(item="div.row", title="b", link="@data-url", date="time", summary="p")
    first, second = reading.entries
    assert (first.title, first.url, first.summary) == (
        "The first notice of the commission", "https://a.example/list/1.html", "Says this",
    )  # fmt: skip
    assert (second.title, second.url, second.summary) == ("The second notice", "https://a.example/list/2.html", "")
    assert [entry.published.at.day for entry in reading.entries if entry.published] == [3, 4]
    assert reading.problems == ("1 of the selected rows have neither title nor address",)
    assert reading.readable
    assert (reading.title, reading.language) == ("Notices", "en")


def test_what_is_not_selected_is_found() -> None:
    first = read(item="div.row").entries[0]
    assert first.title == "The first …"
    assert first.url == "https://a.example/list/tag"
    assert first.published is not None


def test_rows_without_a_link_are_entries() -> None:
    body = b"<p class=n>Notice one <time>2026-11-03</time></p><p class=n>Notice two</p>"
    reading = sources.read(body, url=URL, kind="page", options={"item": "p.n"}, now=NOW)
    assert [entry.url for entry in reading.entries] == ["", ""]
    assert all(entry.key.startswith("sha256:") for entry in reading.entries)
    assert reading.entries[0].published is not None


def test_without_item_the_rows_are_around_the_links() -> None:
    reading = read(link="ul.box a@href")
    assert [entry.title for entry in reading.entries] == [
        "A box that is no list of notices", "Another line of the very same box",
    ]  # fmt: skip
    assert [entry.published.at.day for entry in reading.entries if entry.published] == [1, 2]


def test_selectors_for_parts_refine_the_list_that_is_found() -> None:
    body = PAGE.replace("class=row", "class=none").encode()
    reading = sources.read(body, url=URL, kind="page", options={"date": "i", "title": "a@href"}, now=NOW)
    assert reading.entries[0].title == "/x"


def test_a_selector_that_selects_nothing_is_said_with_what_else_there_is() -> None:
    reading = read(item="ul.gone li")
    assert not reading.readable
    assert reading.entries == ()
    assert reading.problems[0].startswith(
        'item = "ul.gone li" selects nothing on the page; without selectors a list of '
    )
    bare = sources.read(b"<p>x</p>", url=URL, kind="page", options={"link": "a.gone"}, now=NOW)
    assert bare.problems == ('link = "a.gone" selects nothing on the page',)


def test_a_date_that_cannot_be_read_is_said() -> None:
    reading = read(item="div.row", date="b@title")
    assert "1 dates could not be read, for instance 'The first notice of the commission'" in reading.problems


@pytest.mark.parametrize("stated", ["", " ", "li[", "a::text", "@", ">>"])
def test_what_is_no_selector_is_refused(stated: str) -> None:
    with pytest.raises(ValidationError, match=r"not a CSS selector|the selector is empty"):
        PageKind.Options.model_validate({"item": stated})


@pytest.mark.parametrize(
    ("stated", "parts"),
    [("a@href", ("a", "href")), ("@href", ("", "href")), ("li > a", ("li > a", "")), (" a @ title ", ("a", "title"))],
)
def test_a_selector_may_name_an_attribute(stated: str, parts: tuple[str, str]) -> None:
    assert split_selector(stated) == parts
