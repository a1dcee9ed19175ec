"""Pages that are made, or fit, to keep a reader busy."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from monitor import sources

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)

PAGES = {
    "links in one another": "".join(f"<div><a href=/n{n}>A title of row {n}</a>" for n in range(3000)),
    "deep": "<div>" * 20_000 + "<a href=/a>x</a>" * 500,
    "requests": "<script>" + "url: '" * 100_000 + "</script>",
    "fields": "<script>" + "a[i]='x';" * 50_000 + "</script>",
    "arrays": "<script>" + "[{'a':" * 20_000 + "</script>",
    "pushes": "<script>" + "a.push({" * 100_000 + "</script>",
    "tuples": "<script>" + "['a','b'," * 100_000 + "</script>",
    "data in attributes": '<p data-x=\'[{"title": "A title of a row", "url": "/1.html"}]\'>' * 5_000,
    "type around text": "<b>" * 100_000 + "Some text. " * 20 + "<a href=/a>A title that says much</a>" * 500,
    "links in a sentence": "<p>" + "so the commission said of <a href=/1>one of its programmes</a>, " * 3000,
    "open comments": "<p>" + "<!--" * 100_000,
    "comments": "<p>" + "<!-- <a href=/1>x</a> -->" * 20_000,
    "comments before the root": "<?xml version='1.0'?>" + "<!-- x -->" * 3000,
    "open records": "<p>" + "<record><![CDATA[" * 50_000,
    "open scripts": "<script>" * 50_000,
    "dots": "<a href=/1>x</a>" + "".join(f"<p><a href=/n{n} title='{'x' * 500}'>{'.' * 5000}x</a>" for n in range(50)),
    "dates": "<p>" + "2026-11-01 " * 100_000 + "<a href=/1>x</a><a href=/2>y</a>",
}


@pytest.mark.parametrize("name", PAGES)
def test_it_is_read_in_seconds(name: str) -> None:
    began = time.monotonic()
    sources.read(PAGES[name].encode(), url="https://a.example/", kind="page", now=NOW)
    assert time.monotonic() - began < 20  # some take a second here; what is quadratic takes minutes


def test_many_rows_are_all_read() -> None:
    rows = "".join(
        f"<li><a href=/n{n}>The title of row {n}</a><i>2026-11-{n % 20 + 1:02d}</i></li>" for n in range(3000)
    )
    reading = sources.read(f"<ul>{rows}</ul>".encode(), url="https://a.example/", kind="page", now=NOW)
    assert len(reading.entries) == 3000
