"""Find the order of day, month and year in ambiguous dates by the language and the time zone of a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


def _split_words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DAY_MONTH_YEAR: Final = "dmy"
_MONTH_DAY_YEAR: Final = "mdy"
_YEAR_MONTH_DAY: Final = "ymd"

# Zones of the United States, Canada and the other countries that write the month first.
_MONTH_FIRST_ZONES: Final = _split_words(
    """
    Adak Anchorage Atikokan Blanc-Sablon Boise Cambridge_Bay Chicago Coral_Harbour Creston Dawson Dawson_Creek Denver
    Detroit Edmonton Fort_Nelson Fort_Wayne Glace_Bay Goose_Bay Halifax Indianapolis Inuvik Iqaluit Juneau Knox_IN
    Los_Angeles Louisville Menominee Metlakatla Moncton Montreal New_York Nipigon Nome Pangnirtung Phoenix Puerto_Rico
    Rainy_River Rankin_Inlet Regina Resolute Shiprock Sitka St_Johns Swift_Current Thunder_Bay Toronto Vancouver
    Whitehorse Winnipeg Yakutat Yellowknife Atka Belize
    """
)
_MONTH_FIRST_AREAS: Final = (
    "US/", "Canada/", "America/Indiana/", "America/Kentucky/", "America/North_Dakota/", "Asia/Manila", "Pacific/Guam",
    "Pacific/Honolulu", "Pacific/Saipan", "Navajo", "EST5EDT", "CST6CDT", "MST", "PST8PDT", "HST", "EST",
)  # fmt: skip
_YEAR_FIRST_ZONES: Final = _split_words(
    """
    Asia/Shanghai Asia/Chongqing Asia/Chungking Asia/Harbin Asia/Urumqi Asia/Kashgar Asia/Taipei Asia/Tokyo Asia/Seoul
    Asia/Pyongyang Asia/Ulaanbaatar Asia/Ulan_Bator Asia/Hovd Asia/Choibalsan Asia/Macau Asia/Macao PRC ROC ROK Japan
    """
)
# These countries write the year first; if the year is last, they write the day before the month.
_HUNGARIAN_AND_LITHUANIAN_ZONES: Final = frozenset({"Europe/Budapest", "Europe/Vilnius"})
_ZONES_WITHOUT_REGION: Final = ("UTC", "Etc/", "GMT", "UCT", "Zulu", "Universal", "Greenwich")

_LANGUAGE_OF_ZONE: Final = {"Europe/Zagreb": "hr"}

_YEAR_FIRST_LANGUAGES: Final = _split_words("zh ja ko mn")
_HUNGARIAN_AND_LITHUANIAN_LANGUAGES: Final = _split_words("hu lt")
_DAY_FIRST_LANGUAGES: Final = _split_words(
    "de fr es it pt nl da nb nn no sv is fo fi et lv pl cs sk sl hr bs sr mk bg ru uk be ro el tr sq mt ga cy ca gl eu "
    "lb hy ka az he ar hi bn th vi id ms"
)
_BRITISH_LANGUAGES: Final = _split_words("en-gb en-ie en-au en-nz en-in en-za")


@dataclass(frozen=True, slots=True)
class DateFieldOrder:
    """The order of day, month and year in dates of numbers, as in "dmy".

    `short_year_orders` are the orders for a two-digit year, the likeliest first. `long_year_order` is the order for a
    year of four digits at the end. `is_known` is false if neither language nor zone decides.
    """

    short_year_orders: Sequence[str]
    long_year_order: str
    is_known: bool = True


# American programs write `11/20/26` on Chinese pages. Since 2013 a two-digit year cannot be mistaken for a month.
_CHINESE_ORDER: Final = DateFieldOrder((_MONTH_DAY_YEAR, _YEAR_MONTH_DAY, _DAY_MONTH_YEAR), _MONTH_DAY_YEAR)
_HUNGARIAN_ORDER: Final = DateFieldOrder((_YEAR_MONTH_DAY, _DAY_MONTH_YEAR), _DAY_MONTH_YEAR)
_EUROPEAN_ORDER: Final = DateFieldOrder((_DAY_MONTH_YEAR, _YEAR_MONTH_DAY, _MONTH_DAY_YEAR), _DAY_MONTH_YEAR)
_AMERICAN_ORDER: Final = DateFieldOrder((_MONTH_DAY_YEAR, _DAY_MONTH_YEAR, _YEAR_MONTH_DAY), _MONTH_DAY_YEAR)
_UNKNOWN_ORDER: Final = DateFieldOrder(
    (_MONTH_DAY_YEAR, _DAY_MONTH_YEAR, _YEAR_MONTH_DAY), _MONTH_DAY_YEAR, is_known=False
)


def order_of(language: str, zone: str) -> DateFieldOrder:
    """Return the order of dates in `language` (a BCP 47 tag or ""), else in the region of `zone` (an IANA name).

    American English (`en-US`) is ignored: many site builders declare it whatever the language is.
    """
    tag = language.lower().replace("_", "-")
    main = tag.partition("-")[0]
    if main in _HUNGARIAN_AND_LITHUANIAN_LANGUAGES:
        return _HUNGARIAN_ORDER
    if main in _YEAR_FIRST_LANGUAGES:
        return _CHINESE_ORDER
    if main in _DAY_FIRST_LANGUAGES or tag in _BRITISH_LANGUAGES:
        return _EUROPEAN_ORDER
    if zone.startswith(_ZONES_WITHOUT_REGION):
        return _UNKNOWN_ORDER
    if zone in _YEAR_FIRST_ZONES:
        return _CHINESE_ORDER
    if zone in _HUNGARIAN_AND_LITHUANIAN_ZONES:
        return _HUNGARIAN_ORDER
    month_first = zone.startswith(_MONTH_FIRST_AREAS) or zone.removeprefix("America/") in _MONTH_FIRST_ZONES
    return _AMERICAN_ORDER if month_first else _EUROPEAN_ORDER


def language_of_months(language: str, zone: str) -> str:
    """Return the language (ISO 639-1) whose month names have priority: the stated one, else that of the zone; or ""."""
    return language.lower()[:2] or _LANGUAGE_OF_ZONE.get(zone, "")
