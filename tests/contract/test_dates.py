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
from monitor.text.dates.labels import DATE_WORDS, PUBLISHED_LABELS
from monitor.text.dates.months import MONTHS

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
ZONE = "Europe/Berlin"
URL = "https://news.example.org/a/"
MOST = 200  # entries of a document; some readers look at no more
Days = list[dt.datetime | None]


def _read(body: str, kind: str, options: dict[str, object] | None = None, zone: str = ZONE) -> Reading:
    return read(body.encode(), url=URL, kind=kind, options=options or {}, now=NOW, timezone=zone)


def _days(reading: Reading) -> Days:
    return [entry.published.at if entry.published else None for entry in reading.entries]


def rss(dates: Sequence[str], language: str = "", zone: str = ZONE) -> Days:
    items = "".join(
        f"<item><title>Notice {at}</title><link>{URL}{at}.html</link><pubDate>{escape(date)}</pubDate></item>"
        for at, date in enumerate(dates)
    )
    head = f"<title>T</title><language>{language}</language>" if language else "<title>T</title>"
    return _days(_read(f'<rss version="2.0"><channel>{head}{items}</channel></rss>', "feed", zone=zone))


def atom(dates: Sequence[str], language: str = "", zone: str = ZONE) -> Days:
    """Read a feed each of whose entries states its language by itself."""
    own = f' xml:lang="{language}"' if language else ""
    entries = "".join(
        f"<entry{own}><title>Notice {at}</title><id>{URL}{at}</id><published>{escape(date)}</published></entry>"
        for at, date in enumerate(dates)
    )
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>{entries}</feed>'
    return _days(_read(feed, "feed", zone=zone))


def json_feed(dates: Sequence[str], language: str = "", zone: str = ZONE) -> Days:
    items = [
        {"id": str(at), "url": f"{URL}{at}", "title": f"Notice {at}", "date_published": date}
        for at, date in enumerate(dates)
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "language": language, "items": items}
    return _days(_read(json.dumps(feed), "feed", zone=zone))


def json_feed_items(dates: Sequence[str], language: str = "", zone: str = ZONE) -> Days:
    """Read a JSON Feed whose items state when they were changed, and their language."""
    items = [
        {"id": str(at), "url": f"{URL}{at}", "title": f"Notice {at}", "date_modified": date, "language": language}
        for at, date in enumerate(dates)
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": items} | ({"language": "de"} if language else {})
    return _days(_read(json.dumps(feed), "feed", zone=zone))


def api(dates: Sequence[str], language: str = "", zone: str = ZONE) -> Days:
    items = [
        {"title": f"Notice {at}", "url": f"{URL}{at}", "date": date, "lang": language} for at, date in enumerate(dates)
    ]
    return _days(_read(json.dumps({"items": items}), "api", zone=zone))


def sitemap(dates: Sequence[str], language: str = "", zone: str = ZONE) -> Days:
    own = f"<n:news><n:publication><n:language>{language}</n:language></n:publication></n:news>" if language else ""
    urls = "".join(
        f"<url><loc>{URL}{at}.html</loc><lastmod>{escape(date)}</lastmod>{own}</url>" for at, date in enumerate(dates)
    )
    spaces = (
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    )
    reading = _read(f"<urlset {spaces}>{urls}</urlset>", "sitemap", zone=zone)
    changed = {entry.url: entry.published or entry.updated for entry in reading.entries}
    moments = [changed[f"{URL}{at}.html"] for at in range(len(dates))]
    return [moment.at if moment else None for moment in moments]


def news_sitemap(dates: Sequence[str], language: str = "", zone: str = ZONE) -> Days:
    urls = "".join(
        f"<url><loc>{URL}{at}.html</loc><news><publication><language>{language}</language></publication>"
        f"<publication_date>{escape(date)}</publication_date></news></url>"
        for at, date in enumerate(dates)
    )
    reading = _read(
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>', "sitemap", zone=zone
    )
    return _days(reading)


def selected_list(dates: Sequence[str], language: str = "", zone: str = ZONE) -> Days:
    rows = "".join(
        f'<tr><td><a href="{at}.html">Notice number {at} of the office</a></td><td>{escape(date)}</td></tr>'
        for at, date in enumerate(dates)
    )
    options: dict[str, object] = {"item": "tr", "title": "a", "link": "a@href", "date": "td:nth-of-type(2)"}
    page = f'<html lang="{language}"><body><table>{rows}</table></body></html>'
    return _days(_read(page, "page", options, zone=zone))


Reader = Callable[..., Days]
READERS: list[Reader] = [rss, atom, json_feed, json_feed_items, api, sitemap, news_sitemap, selected_list]


def months() -> Iterator[str]:
    for table in MONTHS.values():
        for names in table.split("|"):
            yield from (f"3 {name} 2025" for name in names.split())


STRINGS = [
    *months(),
    *(f"2026-07-03 10:00:00 {zone}" for zone in sorted(available_timezones() - {"Factory", "localtime"})),
    *(f"{label}: 03.11.26" for label in (*PUBLISHED_LABELS, *DATE_WORDS)),
    *("1 hr. ago", "2 mins. ago", "发布时间：10-03", "10.11.26", "昨天 08:30", "2026年11月3日", "3. 11. 2026"),
]


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_every_reader_of_sources_reads_every_date(reader: Reader) -> None:
    wrong = []
    for begin in range(0, len(STRINGS), MOST):
        some = STRINGS[begin : begin + MOST]
        expected = [moment.at if (moment := parse_moment(text, now=NOW, timezone=ZONE)) else None for text in some]
        assert None not in expected
        found = reader(some)
        wrong += [(text, got, want) for text, got, want in zip(some, found, expected, strict=True) if got != want]
    assert wrong == []


def page(date: str, language: str = "", zone: str = ZONE) -> dt.datetime | None:
    body = f"<h1>The hall opens</h1><p>{escape(date)}</p><p>The hall in the north opens soon.</p>"
    html = f'<html lang="{language}"><body>{body}</body></html>'
    moment = extract(html.encode(), url=URL, now=NOW, timezone=zone).published
    return moment.at if moment else None


def article_page(dates: Sequence[str], language: str = "", zone: str = ZONE) -> Days:
    return [page(f"Published: {date}", language, zone) for date in dates]


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Europe/Berlin"])
@pytest.mark.parametrize("language", ["fr-FR", "en-GB", "de", "hu", "zh-CN", "ja", "en-US", "pt_BR", ""])
@pytest.mark.parametrize("reader", [*READERS, article_page])
def test_every_reader_takes_day_and_month_in_the_order_of_the_stated_language(
    reader: Reader, language: str, zone: str
) -> None:
    texts = ["03/04/2026", "3-4-2026", "03/04/2026 10:30", "05/04/03", "03.04.26"]
    expected = [parse_moment(text, now=NOW, timezone=zone, language=language) for text in texts]
    # One by one: several dates of a list say together what the order is.
    assert [reader([text], language, zone)[0] for text in texts] == [moment and moment.at for moment in expected]


@pytest.mark.parametrize("reader", [*READERS, article_page])
def test_the_order_of_day_and_month_is_that_of_the_language_and_not_of_the_zone(reader: Reader) -> None:
    found = [reader(["03/04/2026"], language, "America/New_York")[0] for language in ("fr-FR", "en-GB", "en-US")]
    assert [at and (at.month, at.day) for at in found] == [(4, 3), (4, 3), (3, 4)]


@pytest.mark.parametrize("reader", [*READERS, article_page])
def test_the_month_is_the_one_that_the_stated_language_calls_so(reader: Reader) -> None:
    """What Croats call October is November to Poles and Czechs."""
    found = [reader(["3 listopada 2025"], language)[0] for language in ("hr", "pl", "cs")]
    assert [at and at.month for at in found] == [10, 11, 11]


def test_article_pages_read_every_label_and_month() -> None:
    shown = [f"Published: {date}" for date in months()] + [f"{label}: 03.11.26" for label in PUBLISHED_LABELS]
    wrong = []
    for text in shown[::7]:  # a page is dear, and the text is read by what all readers share
        moment = parse_moment(text, now=NOW, timezone=ZONE)
        assert moment is not None
        if page(text) != moment.at:
            wrong.append(text)
    assert wrong == []


OTHERS = [
    "Closing date", "Opening date", "Date of birth", "Bid opening", "Retrieved", "Deadline", "Registration deadline",
    "Bewerbungsfrist", "Geburtsdatum", "Date limite de dépôt", "Fecha límite", "Data scadenza", "Data urodzenia",
    "Uzávěrka", "Срок подачи", "Προθεσμία", "Son başvuru tarihi", "申込締切", "開催日",
    "截止日期", "报名截止时间", "마감일",
]  # fmt: skip


@pytest.mark.parametrize("reader", [*READERS, article_page])
def test_no_reader_takes_a_deadline_or_another_date_for_that_of_publication(reader: Reader) -> None:
    texts = [form.format(label) for label in OTHERS for form in ("{}: 3 April 2026", "{} 2026-04-03")]
    found = [page(text) for text in texts] if reader is article_page else reader(texts)
    assert [text for text, at in zip(texts, found, strict=True) if at] == []


@pytest.mark.parametrize("form", ["<span>{}: {}</span>", "<b>{}:</b> <i>{}</i>", "{} {}", "<b>{}</b> <time>{}</time>"])
def test_lists_without_selectors_take_none_either(form: str) -> None:
    rows = "".join(
        f'<li><a href="{at}.html">Notice number {at} of the office</a> {form.format(label, "3 April 2026")}</li>'
        for at, label in enumerate(["Published", *OTHERS])
    )
    reading = _read(f"<html><body><ul>{rows}</ul></body></html>", "page")
    assert len(reading.entries) == 1 + len(OTHERS)
    assert [entry.url for entry in reading.entries if entry.published] == [f"{URL}0.html"]


@pytest.mark.parametrize("label", OTHERS)
def test_a_column_of_other_dates_dates_no_row(label: str) -> None:
    rows = "".join(
        f'<tr><td><a href="{at}.html">Notice number {at} of the office of works</a></td><td>{at} April 2026</td></tr>'
        for at in range(3, 8)
    )
    table = f"<table><tr><th>Notice</th><th>{label}</th></tr>{rows}</table>"
    entries = _read(f"<html><body>{table}</body></html>", "page").entries
    assert len(entries) == len(range(3, 8))
    assert [entry for entry in entries if entry.published] == []


@pytest.mark.parametrize("name", ["closingDate", "bid_opening_date", "endTime", "birthdate", "eventDate", "截止日期"])
def test_a_field_of_another_date_dates_no_item(name: str) -> None:
    items = [{"title": f"Notice {at}", "url": f"{URL}{at}", name: "2026-04-03"} for at in range(3)]
    assert _days(_read(json.dumps(items), "api")) == [None] * len(items)
    dated = [{**item, "docDate": "2026-03-01"} for item in items]
    assert None not in _days(_read(json.dumps(dated), "api"))
