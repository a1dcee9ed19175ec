"""Months and weekdays of every language of Europe are read wherever English ones are."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest

from monitor.text.dates import parse_moment
from monitor.text.dates.months import MONTHS
from monitor.text.dates.names import translate_months

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
FORMS = (
    "3 {} 2025", "03. {} 2025", "3. {}. 2025", "3-{}-2025", "3 de {} de 2025", "2025. {} 3.", "{} 3, 2025",
    "xxx, 03 {} 2025 10:15:00 +0200", "2025-{}-03",
)  # fmt: skip
# What two languages call different months: the first language goes first, Croatian where it is stated.
SHARED = {"lip", "lis", "listopad", "listopada", "srp"}


def names() -> list[tuple[str, int, str]]:
    return [
        (language, month, name)
        for language, table in MONTHS.items()
        for month, names in enumerate(table.split("|"), 1)
        for name in names.split()
        if not (language == "hr" and name in SHARED)
    ]


@pytest.mark.parametrize("form", FORMS)
def test_every_name_and_abbreviation_is_read_in_every_form(form: str) -> None:
    wrong = []
    for language, month, name in names():
        for shown in (name, name.upper(), name.title()):
            moment = parse_moment(form.format(shown), now=NOW)
            if moment is None or moment.at.date() != dt.date(2025, month, 3):
                wrong.append((language, form.format(shown), moment))
    assert wrong == []


def test_names_are_read_without_their_accents() -> None:
    wrong = []
    for language, month, name in names():
        plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
        moment = parse_moment(f"3 {plain} 2025", now=NOW)
        if moment is None or moment.at.month != month:
            wrong.append((language, plain, moment))
    assert wrong == []


def test_twelve_months_are_named_in_every_language() -> None:
    assert {language: len(table.split("|")) for language, table in MONTHS.items()} == dict.fromkeys(MONTHS, 12)
    assert all(part.strip() for table in MONTHS.values() for part in table.split("|"))


@pytest.mark.parametrize(
    ("language", "timezone", "month"),
    [("", "UTC", 11), ("pl", "UTC", 11), ("hr", "UTC", 10), ("hr-HR", "UTC", 10), ("", "Europe/Zagreb", 10)],
)
def test_where_two_languages_differ_language_or_zone_decide(language: str, timezone: str, month: int) -> None:
    moment = parse_moment("3. listopada 2025.", now=NOW, timezone=timezone, language=language)
    assert moment is not None
    assert moment.at.month == month


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Veröffentlicht am 3. November 2025 um 10.15 Uhr", "2025-11-03T10:15:00+00:00"),
        ("Publié le 3 novembre 2025 à 10h15", "2025-11-03T10:15:00+00:00"),
        ("Publicado el lunes, 3 de noviembre de 2025 a las 10:15 h", "2025-11-03T10:15:00+00:00"),
        ("Pubblicato lunedì 3 novembre 2025 alle 10.15", "2025-11-03T10:15:00+00:00"),
        ("1º de março de 2025 às 10:15", "2025-03-01T10:15:00+00:00"),
        ("3 d’octubre de 2025", "2025-10-03T00:00:00+00:00"),
        ("den 3 november 2025 kl. 10.15", "2025-11-03T10:15:00+00:00"),
        ("2025. gada 3. novembrī", "2025-11-03T00:00:00+00:00"),
        ("2025 m. lapkričio 3 d., 10:15", "2025-11-03T00:00:00+00:00"),
        ("2025ko azaroaren 3a", "2025-11-03T00:00:00+00:00"),
        ("3-го ноября 2025 г. в 10:15", "2025-11-03T10:15:00+00:00"),
        ("3 Kasım 2025 Pazartesi 10:15", "2025-11-03T10:15:00+00:00"),
        ("3 Meán Fómhair 2025", "2025-09-03T00:00:00+00:00"),
        ("lundi 3 novembre", "2026-11-03T00:00:00+00:00"),
        ("Пн, 3 ноя", "2026-11-03T00:00:00+00:00"),
    ],
)
def test_a_date_is_read_as_its_language_writes_it(text: str, expected: str) -> None:
    moment = parse_moment(text, now=NOW)
    assert moment is not None
    assert moment.at == dt.datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("am 3. Dezember 2011 um 10:00", "am 3. dec 2011 um 10:00"),
        ("29 de junio de 2019", "29 de jun de 2019"),
        ("3 Brumaire 2011", "3 Brumaire 2011"),
        ("Er ist im Mai und im März da", "Er ist im Mai und im März da"),
        ("3 h ago", "3 h ago"),
        ("3 ago 2026", "3 aug 2026"),
    ],
)
def test_only_names_next_to_numbers_are_translated(text: str, english: str) -> None:
    assert translate_months(text) == english


@pytest.mark.parametrize("text", ["7 out of 10 years", "set of 12 rules", "Mars 3 lander", "3 may come"])
def test_words_of_other_languages_are_not_taken_for_dates_in_a_sentence(text: str) -> None:
    assert parse_moment(f"There are {text} in the plan", now=NOW) is None
