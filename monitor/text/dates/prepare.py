"""A text that may hold a date, brought to the one form that the readers know."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_MOST_LOOKED_AT: Final = 2000
_LIMIT: Final = 300

_PLAIN: Final = (
    str.maketrans(
        "號點時國鐘個週禮發間佈剛兩頁○년월일시분초⁄∕︰∶",
        "号点时国钟个周礼发间布刚两页〇年月日时分秒//::",
    )
    | dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
    | dict.fromkeys(map(ord, "【〔「『<《】〕」』>》"), "|")
)
_DIGITS: Final = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
}
_UNITS: Final = {"十": 10, "廿": 20, "卅": 30, "百": 100}
_NUMERAL = re.compile("[〇零一二三四五六七八九十廿卅百两]{1,6}(?=个?(?:[年月日号点时分秒天周]|小时|星期|钟头))")

_PUBLISHED = re.compile("(?:发布|发表|刊发|公布|上传|发稿)(?:时间|日期|于)|(?:date )?published|posted|pub_?date")
_LABEL = re.compile(
    r"(?:[\u4e00-\u9fff]{0,6}(?:时间|日期|发布|发表|更新|刊登|上传)于?|"
    r"(?:(?:date|time|published|posted|updated|created|modified|released?|last|on|at)(?![a-z]) ?)+)[ :]*"
)
_WEEKDAY: Final = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?(?![a-z])\.?|(?:星期|周|礼拜)[一二三四五六日天]"
)
_LEADING_WEEKDAY = re.compile(rf"(?:{_WEEKDAY})[ ,]*")
JUNK: Final = rf"(?:[ ,;|·•()\[\]]|-(?= )|(?:at|on)(?![a-z])|{_WEEKDAY})*"
"""What may stand between a date and its time. Each alternative begins with another character: it takes linear time."""
_AROUND: Final = " []()|·•,;-"


@dataclass(frozen=True, slots=True)
class Line:
    """`text`: lower case, one kind of dash, single blanks, digits for Chinese numerals. `core`: without its label."""

    text: str
    core: str


def prepare(text: str) -> tuple[Line, ...]:
    """The lines to try, best first: from the word that announces a publication date on, then all of it."""
    head = " ".join(text[:_MOST_LOOKED_AT].split())[:_LIMIT]
    plain = " ".join(unicodedata.normalize("NFKC", head).translate(_PLAIN).lower().split())[:_LIMIT]
    plain = _NUMERAL.sub(lambda found: _number(found[0]), plain.replace("民国元年", "民国1年"))
    announced = _PUBLISHED.search(plain)
    whole = _line(plain)
    return (_line(plain[announced.start() :]), whole) if announced else (whole,)


def _line(text: str) -> Line:
    core = text.strip(_AROUND)
    if label := _LABEL.match(core):
        core = core[label.end() :]
    if weekday := _LEADING_WEEKDAY.match(core):
        core = core[weekday.end() :]
    return Line(text, core.strip(_AROUND))


def _number(numeral: str) -> str:
    """Digits for a Chinese numeral: with tens and hundreds, or digit by digit as years are written."""
    if not any(character in _UNITS for character in numeral):
        return "".join(str(_DIGITS[character]) for character in numeral)
    total = digit = 0
    for character in numeral:
        if character in _UNITS:
            total += max(digit, 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return str(total + digit)
