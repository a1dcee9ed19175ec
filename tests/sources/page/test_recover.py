"""Lists found again by known entries, and the selectors that say where they are."""

from __future__ import annotations

import datetime as dt
import tomllib

import pytest

from monitor import sources
from monitor.sources.page.recover import RecoveredList, RememberedEntry, recover_list

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
URL = "https://a.example/list/"
KNOWN = [
    RememberedEntry(f"An announcement with the number {n}", f"https://a.example/doc/{n}.html") for n in range(3, 9)
]
MENU = "".join(f'<li><a href="/m/{name}">{name}</a></li>' for name in ("office", "contact", "law", "map"))


def recover(markup: str, known: list[RememberedEntry] | None = None) -> RecoveredList | None:
    body = f"<html><body><ul class=menu>{MENU}</ul>{markup}</body></html>".encode()
    known = KNOWN if known is None else known
    return recover_list(body, url=URL, content_type="text/html; charset=utf-8", known=known, now=NOW, timezone="UTC")


def rows(form: str, numbers: range = range(9, 1, -1)) -> str:
    link = '<a href="/doc/{n}.html">An announcement with the number {n}</a>'
    return "".join(form.format(link=link.format(n=n), date=f"2026-11-{n:02d}", n=n) for n in numbers)


@pytest.mark.parametrize(
    ("markup", "item"),
    [
        (f"<ul class=news>{rows('<li>{link}<i>{date}</i></li>')}</ul>", "ul.news > li"),
        (f"<div>{rows('<div class=card>{link}<i>{date}</i></div>')}</div>", "div.card"),
        (f"<div id=zone><ul>{rows('<li>{link}<i>{date}</i></li>')}</ul></div>", "div#zone li"),
        (f"<table><tbody class=t>{rows('<tr><td>{link}</td><td>{date}</td></tr>')}</table>", "tbody.t > tr"),
        (
            f"<section><p class=x>{rows('<span class=css-1x2y3>{link}<b>{date}</b></span>')}</section>",
            "span.css-1x2y3",
        ),
    ],
)
def test_the_selectors_give_just_these_rows(markup: str, item: str) -> None:
    found = recover(markup)
    assert found is not None
    assert [entry.url[-6:-5] for entry in found.reading.entries] == list("98765432")
    assert found.selectors is not None
    assert found.selectors.item == item
    options = tomllib.loads("\n".join(found.selectors.lines()))
    body = f"<html><body><ul class=menu>{MENU}</ul>{markup}</body></html>".encode()
    again = sources.read(body, url=URL, kind="page", options=options, now=NOW)
    assert again.entries == found.reading.entries


@pytest.mark.parametrize("markup", ["", "<p>", f"<ul>{MENU}</ul>", "<a href=/doc/5.html>One</a>"])
def test_without_known_entries_there_is_no_list(markup: str) -> None:
    assert recover(markup) is None


def test_known_entries_in_a_menu_or_a_ticker_make_no_list() -> None:
    other = "".join(f'<li><a href="/x/{n}">Something else that is long enough {n}</a></li>' for n in range(9))
    assert recover(f"<ul>{other}<li><a href='/doc/5.html'>An announcement with the number 5</a></li></ul>") is None


def test_nothing_at_all_is_no_page() -> None:
    assert recover_list(b"", url=URL, content_type=None, known=KNOWN, now=NOW, timezone="UTC") is None


def test_titles_are_enough_where_addresses_changed() -> None:
    moved = rows("<li>{link}<i>{date}</i></li>").replace("/doc/", "/archive/")
    assert recover(f"<ul>{moved}</ul>") is not None
    assert (
        recover(f"<ul>{moved}</ul>", [RememberedEntry("News", "https://a.example/1"), RememberedEntry("News", "")])
        is None
    )


def test_a_list_that_went_into_a_script_is_found_and_has_no_selector() -> None:
    data = ",".join(
        f'{{"title": "An announcement with the number {n}", "url": "/doc/{n}.html", "date": "2026-11-{n:02d}"}}'
        for n in range(9, 1, -1)
    )
    found = recover(f"<script>var list = [{data}];</script>")
    assert found is not None
    assert found.selectors is None
    assert len(found.reading.entries) == 8


def test_names_in_markup_cannot_break_out_of_the_line() -> None:
    hostile = rows("<li class='a\"&#10;url=x ]]' id='&quot;'>{link}<i class='d\"'>{date}</i></li>")
    found = recover(f"<ul class='x\"y news'>{hostile}</ul>")
    assert found is not None
    assert found.selectors is not None
    assert tomllib.loads("\n".join(found.selectors.lines())).keys() <= {"item", "title", "link", "date"}


@pytest.mark.slow
def test_a_huge_page_is_read_in_time() -> None:
    found = recover(f"<ul class=news>{rows('<li>{link}<i>2026-11-01</i></li>', range(3_000, 0, -1))}</ul>")
    assert found is not None
    assert found.selectors is not None
