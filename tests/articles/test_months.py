"""Names of months."""

from __future__ import annotations

import pytest

from monitor.articles.months import in_english


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("am 3. Dezember 2011 um 10:00", "am 3 December 2011 um 10:00"),
        ("Publié le 1er août 2019", "Publié le 1 August 2019"),
        ("29 de junio de 2019", "29 June 2019"),
        ("8 марта 2020", "8 March 2020"),
        ("3 Brumaire 2011", "3 Brumaire 2011"),
        ("2011 Dezember", "2011 Dezember"),
    ],
)
def test_written_dates_get_english_months(text: str, english: str) -> None:
    assert in_english(text) == english
