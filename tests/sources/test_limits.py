"""What the limits of readers leave out is among the problems of a reading, and set apart."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest

from monitor import sources
from monitor.articles import extract
from monitor.model import Reading
from monitor.sources import listed, sitemap
from monitor.sources.page import find, literals

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
URL = "https://office.example/list"


def read(body: str | bytes, kind: str) -> Reading:
    encoded = body if isinstance(body, bytes) else body.encode()
    return sources.read(encoded, url=URL, kind=kind, now=NOW, timezone="UTC")


def page(count: int, said: str = "") -> str:
    rows = "".join(
        f"<li><a href=/n/{number}>Announcement number {number} of the office</a> <i>2026-11-20</i><p>{said}</p></li>"
        for number in range(count)
    )
    return f"<title>Office</title><body><ul>{rows}</ul></body>"


def urlset(count: int) -> str:
    rows = "".join(f"<url><loc>https://office.example/{number}</loc></url>" for number in range(count))
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


def test_a_page_of_more_rows_than_are_looked_at_says_how_many_were_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find.MAX_LINKS == 20_000
    monkeypatch.setattr(find, "MAX_LINKS", 1_000)
    reading = read(page(1_250), "page")
    assert len(reading.entries) == 1_000
    assert reading.cuts == ("only the first 1,000 of 1,250 links were searched",)
    assert set(reading.cuts) < {*reading.problems, ""}


def test_a_list_that_is_read_whole_says_nothing() -> None:
    reading = read(page(30, "It opens in spring."), "page")
    assert (reading.cuts, reading.shortened) == ((), ())


def test_summaries_that_are_longer_than_what_is_kept_are_counted() -> None:
    reading = read(page(12, "The office says more of it. " * 90), "page")
    (said,) = reading.shortened
    assert said.startswith("12 entries were shortened")
    assert said in reading.problems


def test_records_of_a_script_that_are_not_read_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(literals, "_MAX_PUSHED_RECORDS", 20)
    rows = "".join(
        f"rows.push({{title: 'Announcement number {number} of the office',"
        f" url: '/n/{number}.html', date: '2026-11-20'}});"
        for number in range(31)
    )
    reading = read(
        f"<title>Office</title><body><div id=list></div><script>var rows = [];{rows}</script></body>", "page"
    )
    assert len(reading.entries) == 20
    assert reading.cuts == ("only the first 20 of 31 records of a script were read",)


def test_addresses_of_a_sitemap_behind_the_limit_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (listed, sitemap):
        monkeypatch.setattr(module, "MAX_ADDRESSES", 50)
    reading = read(urlset(60), "sitemap")
    assert (len(reading.entries), reading.cuts) == (50, ("it lists 60 addresses; the first 50 are read",))
    assert reading.cuts[0] in reading.problems
    assert read(urlset(50), "sitemap").cuts == ()


def test_a_packed_sitemap_of_too_many_members_is_not_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    text = urlset(8).encode()
    packed = b"".join(gzip.compress(text[start : start + 20]) for start in range(0, len(text), 20))
    assert read(packed, "sitemap").complete
    monkeypatch.setattr(sitemap, "_MAX_GZIP_MEMBERS", len(text) // 20 - 5)
    assert not read(packed, "sitemap").complete


@pytest.mark.slow
@pytest.mark.parametrize("media", ["text/plain", "text/html"])
def test_an_article_longer_than_what_is_kept_says_how_long_it_is(media: str) -> None:
    paragraphs = "".join(
        f"<p>The office says in sentence {number} what it plans for the year.</p>" for number in range(9_000)
    )
    body = (
        paragraphs.replace("<p>", "").replace("</p>", "\n")
        if media == "text/plain"
        else f"<article>{paragraphs}</article>"
    )
    article = extract(body.encode(), url=URL, content_type=media, now=NOW)
    assert len(article.text) == 500_000
    assert article.shortened.startswith("only the first 500,000 of 5")
