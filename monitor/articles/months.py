"""Names of months in the languages of Europe → the English ones, which the date readers know."""

from __future__ import annotations

import re
from typing import Final

_ENGLISH: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_NAMES: Final = (
    "januar jänner jan januari janvier janv enero ene gennaio gen janeiro stycznia января",
    "februar feber feb februari février févr fevrier febrero febbraio fevereiro fev lutego февраля",
    "märz maerz mrz mär maart mars marzo março marca марта",
    "april apr avril avr abril abr aprile kwietnia апреля",
    "mai mei mayo may maggio mag maio maja мая",
    "juni jun juin junio giugno giu junho czerwca июня",
    "juli jul juillet juil julio luglio lug julho lipca июля",
    "august aug augustus août aout agosto ago sierpnia августа",
    "september sept sep septembre septiembre settembre set setembro września сентября",
    "oktober okt oct octobre octubre ottobre ott outubro out października октября",
    "november nov novembre noviembre novembro listopada ноября",
    "dezember dez december dec décembre déc decembre diciembre dic dicembre dezembro grudnia декабря",
)
_MONTHS: Final = {name: english for english, names in zip(_ENGLISH, _NAMES, strict=True) for name in names.split()}
_DATE = re.compile(
    r"(?<!\d)(\d{1,2})(?:\.|er|º)?\s{0,3}(?:de |di )?([^\W\d_]{3,12})\.?\s{1,3}(?:de |del )?(\d{4})(?!\d)"
)


def in_english(text: str) -> str:
    """`text` with the month of each date that is written out ("3. Dezember 2011", "29 de junio de 2019") in English."""
    return _DATE.sub(_month, text)


def _month(found: re.Match[str]) -> str:
    name = _MONTHS.get(found[2].lower())
    return f"{found[1]} {name} {found[3]}" if name else found[0]
