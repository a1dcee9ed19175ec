"""Pages that are made, or fit, to keep a reader busy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest

from monitor import sources
from tests.support.growth import assert_grows_with_size

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)


def fill(piece: str, size: int) -> str:
    return piece * (size // len(piece))


def nested(size: int) -> str:
    return "".join(f"<div><a href=/n{n}>A title of row {n}</a>" for n in range(size // 40))


def dotted(size: int) -> str:
    return "<a href=/1>x</a>" + "".join(
        f"<p><a href=/n{n} title='{'x' * (size // 100)}'>{'.' * (size // 10)}x</a>" for n in range(10)
    )


PAGES: dict[str, Callable[[int], str]] = {
    "links in one another": nested,
    "deep": lambda size: fill("<div>", size) + "<a href=/a>x</a>" * 50,
    "requests": lambda size: "<script>" + fill("url: '", size) + "</script>",
    "fields": lambda size: "<script>" + fill("a[i]='x';", size) + "</script>",
    "arrays": lambda size: "<script>" + fill("[{'a':", size) + "</script>",
    "pushes": lambda size: "<script>" + fill("a.push({", size) + "</script>",
    "tuples": lambda size: "<script>" + fill("['a','b',", size) + "</script>",
    "data in attributes": partial(fill, '<p data-x=\'[{"title": "A title of a row", "url": "/1.html"}]\'>'),
    "type around text": lambda size: (
        fill("<b>", size) + "Some text. " * 20 + fill("<a href=/a>A title that says much</a>", size // 8)
    ),
    "links in a sentence": lambda size: (
        "<p>" + fill("so the commission said of <a href=/1>one of its programmes</a>, ", size)
    ),
    "open comments": lambda size: "<p>" + fill("<!--", size),
    "comments": lambda size: "<p>" + fill("<!-- <a href=/1>x</a> -->", size),
    "comments before the root": lambda size: "<?xml version='1.0'?>" + fill("<!-- x -->", size),
    "open records": lambda size: "<p>" + fill("<record><![CDATA[", size),
    "open scripts": partial(fill, "<script>"),
    "dots": dotted,
    "dates": lambda size: "<p>" + fill("2026-11-01 ", size) + "<a href=/1>x</a><a href=/2>y</a>",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_reading_it_takes_time_that_grows_with_the_page(name: str) -> None:
    def read(size: int) -> None:
        sources.read(PAGES[name](size).encode(), url="https://a.example/", kind="page", now=NOW)

    assert_grows_with_size(read, 30_000)


def test_many_rows_are_all_read() -> None:
    rows = "".join(
        f"<li><a href=/n{n}>The title of row {n}</a><i>2026-11-{n % 20 + 1:02d}</i></li>" for n in range(3000)
    )
    reading = sources.read(f"<ul>{rows}</ul>".encode(), url="https://a.example/", kind="page", now=NOW)
    assert len(reading.entries) == 3000
