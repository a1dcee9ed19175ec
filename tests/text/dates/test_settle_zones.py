"""Zones by name: those of the IANA database, common abbreviations, and names written out."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

import pytest

from monitor.text.dates import parse_moment
from monitor.text.dates.settle import _ZONE_MINUTES

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
# Abbreviations that are names of the database, too: they mean the same without its summer time.
ABBREVIATIONS = {"CET", "MET", "EET", "WET", "EST", "MST", "HST"}


def offset(text: str, timezone: str = "UTC") -> dt.timedelta | None:
    moment = parse_moment(text, now=NOW, timezone=timezone)
    assert moment is not None
    return moment.at.utcoffset()


@pytest.mark.parametrize("form", ["{} {}", "{}[{}]", "{} ({})"])
@pytest.mark.parametrize("local", ["2026-01-15 10:00", "2026-07-15T10:00:00", "Wed, 15 Jul 2026 10:00:00"])
def test_every_zone_of_the_database_is_read(local: str, form: str) -> None:
    naive = dt.datetime(2026, 1 if "-01-" in local else 7, 15, 10)  # noqa: DTZ001 - its zone is the test
    wrong = {
        zone
        for zone in available_timezones() - ABBREVIATIONS - {"Factory", "localtime"}
        if offset(form.format(local, zone), "Asia/Kathmandu") != naive.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    }
    assert wrong == set()


@pytest.mark.parametrize("form", ["2026-07-15 10:00 {}", "Wed, 15 Jul 2026 10:00:00 {}", "10:00 {}, 15 July 2026"])
def test_every_abbreviation_is_read(form: str) -> None:
    wrong = {
        name
        for name, minutes in _ZONE_MINUTES.items()
        if offset(form.format(name.upper()), "Asia/Kathmandu") != dt.timedelta(minutes=minutes)
    }
    assert wrong == set()


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2026-07-15 10:00 Eastern Time", -4),
        ("2026-01-15 10:00 Eastern Standard Time", -5),
        ("2026-07-15 10:00 Pacific Daylight Time", -7),
        ("2026-01-15 10:00 Central European Time", 1),
        ("2026-07-15 10:00 Beijing Time", 8),
        ("2026-07-15 10:00 北京时间", 8),
        ("15.07.2026 10:00 МСК", 3),
        ("15.07.2026, 10:00 Uhr MESZ", 2),
        ("2026-07-15T10:00:00+01:00[Europe/Paris]", 1),
    ],
)
def test_names_written_out_are_read(text: str, hours: int) -> None:
    assert offset(text) == dt.timedelta(hours=hours)


@pytest.mark.parametrize("words", ["Art of trade", "Japan Times report", "Cuba and Iran", "Met office", "West coast"])
def test_words_that_go_on_are_no_zone(words: str) -> None:
    assert offset(f"2026-07-15 10:00 {words}", "Asia/Kathmandu") == dt.timedelta(hours=5, minutes=45)
