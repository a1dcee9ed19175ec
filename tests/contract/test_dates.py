"""What one reader knows of dates, all know: labels, months, zones, units; feeds, lists, sitemaps, APIs, pages."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from html import escape
from zoneinfo import available_timezones

import pytest

from monitor.articles import extract
from monitor.model import Reading
from monitor.sources import read
from monitor.text.dates import parse_moment
from monitor.text.dates.labels import PLAIN, PUBLISHED
from monitor.text.dates.months import MONTHS

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
ZONE = "Europe/Berlin"
URL = "https://news.example.org/a/"
MOST = 200  # entries of a document; some readers look at no more
Days = list[dt.datetime | None]


def _read(body: str, kind: str, options: dict[str, object] | None = None) -> Reading:
    return read(body.encode(), url=URL, kind=kind, options=options or {}, now=NOW, timezone=ZONE)


def _days(reading: Reading) -> Days:
    return [entry.published.at if entry.published else None for entry in reading.entries]


def rss(dates: Sequence[str]) -> Days:
    items = "".join(
        f"<item><title>Notice {at}</title><link>{URL}{at}.html</link><pubDate>{escape(date)}</pubDate></item>"
        for at, date in enumerate(dates)
    )
    return _days(_read(f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>', "feed"))


def json_feed(dates: Sequence[str]) -> Days:
    items = [
        {"id": str(at), "url": f"{URL}{at}", "title": f"Notice {at}", "date_published": date}
        for at, date in enumerate(dates)
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": items}
    return _days(_read(json.dumps(feed), "feed"))


def api(dates: Sequence[str]) -> Days:
    items = [{"title": f"Notice {at}", "url": f"{URL}{at}", "date": date} for at, date in enumerate(dates)]
    return _days(_read(json.dumps({"items": items}), "api"))


def sitemap(dates: Sequence[str]) -> Days:
    urls = "".join(
        f"<url><loc>{URL}{at}.html</loc><lastmod>{escape(date)}</lastmod></url>" for at, date in enumerate(dates)
    )
    reading = _read(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>', "sitemap")
    changed = {entry.url: entry.published or entry.updated for entry in reading.entries}
    moments = [changed[f"{URL}{at}.html"] for at in range(len(dates))]
    return [moment.at if moment else None for moment in moments]


def selected_list(dates: Sequence[str]) -> Days:
    rows = "".join(
        f'<tr><td><a href="{at}.html">Notice number {at} of the office</a></td><td>{escape(date)}</td></tr>'
        for at, date in enumerate(dates)
    )
    options: dict[str, object] = {"item": "tr", "title": "a", "link": "a@href", "date": "td:nth-of-type(2)"}
    return _days(_read(f"<html><body><table>{rows}</table></body></html>", "page", options))


READERS: list[Callable[[Sequence[str]], Days]] = [rss, json_feed, api, sitemap, selected_list]


def months() -> Iterator[str]:
    for table in MONTHS.values():
        for names in table.split("|"):
            yield from (f"3 {name} 2025" for name in names.split())


STRINGS = [
    *months(),
    *(f"2026-07-03 10:00:00 {zone}" for zone in sorted(available_timezones() - {"Factory", "localtime"})),
    *(f"{label}: 03.11.26" for label in (*PUBLISHED, *PLAIN)),
    *("1 hr. ago", "2 mins. ago", "发布时间：10-03", "10.11.26", "昨天 08:30", "2026年11月3日", "3. 11. 2026"),
]


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_of_sources_reads_every_date(reader: Callable[[Sequence[str]], Days]) -> None:
    wrong = []
    for begin in range(0, len(STRINGS), MOST):
        some = STRINGS[begin : begin + MOST]
        expected = [moment.at if (moment := parse_moment(text, now=NOW, timezone=ZONE)) else None for text in some]
        assert None not in expected
        found = reader(some)
        wrong += [(text, got, want) for text, got, want in zip(some, found, expected, strict=True) if got != want]
    assert wrong == []


def page(date: str) -> dt.datetime | None:
    body = f"<h1>The hall opens</h1><p>{escape(date)}</p><p>The hall in the north opens soon.</p>"
    moment = extract(f"<html><body>{body}</body></html>".encode(), url=URL, now=NOW, timezone=ZONE).published
    return moment.at if moment else None


def test_article_pages_read_every_label_and_month() -> None:
    shown = [f"Published: {date}" for date in months()] + [f"{label}: 03.11.26" for label in PUBLISHED]
    wrong = []
    for text in shown[::7]:  # a page is dear, and the text is read by what all readers share
        moment = parse_moment(text, now=NOW, timezone=ZONE)
        assert moment is not None
        if page(text) != moment.at:
            wrong.append(text)
    assert wrong == []
