"""Suggest a valid schedule for a text that is not a valid schedule."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_GROUPS: Final = {
    r"weekdays?|work(?:ing)? ?days?|business ?days?|工作日|平日": "mon-fri",
    r"week-?ends?|周末|週末": "sat,sun",
}
_CHINESE_DAYS: Final = "一二三四五六日"
_DAY_PATTERN: Final = re.compile(
    r"(?:周|週|星期|礼拜|禮拜)([一二三四五六日天])|\b(mon|tue|wed|thu|fri|sat|sun)(?:day|nday|sday|s|rs|rsday|nesday|urday)?s?\b"
)
_DAYS_NAMED: Final = rf"\b(?:{'|'.join(_DAYS)})\b"
_RANGE_SIGN: Final = r"\s*(?:-|–|—|~|至|到|to|through|until)\s*"
_TIME_PATTERN: Final = re.compile(
    r"(?P<before>上午|早上|早晨|凌晨|中午|下午|晚上|傍晚|noon|midnight)?\s*"
    r"(?<![\d.])(?P<hour>\d{1,2})(?:\s*[:.点點时時h]\s*(?P<minute>[0-5]?\d|半)?|(?P<packed>[0-5]\d))?(?::[0-5]\d)?分?\s*"
    r"(?P<after>[ap]\.?m\b\.?)?(?![\d%])",
)
_NOON: Final = 12
_DAY_HOURS: Final = 24
_AFTERNOON_WORDS: Final = ("下午", "晚上", "傍晚", "pm")
_INTERVAL: Final = re.compile(
    r"(?:every|each|每隔?)?\s*(?P<count>\d{1,4})?\s*个?(?P<unit>m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|分钟?|小时|天|日)"
)
_FILLER_WORDS: Final = re.compile(
    r"\b(?:cron|daily|every ?day|each day|every|each|at|on|in the|morning|and|clock|o'clock)\b"
    r"|每天|每日|每|和|与|及|的|点钟|[\s,;、/|&+]"
)
_WHOLE_SCHEDULES: Final = {
    r"hourly|每小时": "every 1h",
    r"(?:daily|each day|every ?day|every morning|每天|每日)": "08:00",
    r"weekly|every week|每周|每週": "08:00 mon",
    r"(?:at once|immediate(?:ly)?|instant(?:ly)?|always|asap|real-?time|立即|马上|实时)": "now",
    r"(?:at )?noon|中午": "12:00",
    r"(?:at )?midnight": "00:00",
}


def suggest_schedule(text: str) -> str | None:
    """Return the valid schedule that `text` probably means; None if there is no time in `text`.

    Full-width characters, "8am", "daily 08:00", "monday 9:00" and similar words in Chinese are understood. If the text
    has any other word, the result is None, so that a suggestion never leaves out a part of the text.
    """
    words = " ".join(unicodedata.normalize("NFKC", text).lower().replace(".m.", "m").split())
    for pattern, form in _WHOLE_SCHEDULES.items():
        if re.fullmatch(pattern, words):
            return form
    if found := _INTERVAL.fullmatch(words):
        count = int(found["count"] or 1)
        return f"every {count}{_unit_letter(found['unit'])}" if count else None
    days, rest = _days_in(words)
    found_times = [_clock_time(found) for found in _TIME_PATTERN.finditer(rest)]
    if None in found_times or not (found_times or days) or _FILLER_WORDS.sub("", _TIME_PATTERN.sub("", rest)):
        return None
    return f"{','.join(dict.fromkeys(map(str, found_times))) or '08:00'} {days}".strip()


def _unit_letter(word: str) -> str:
    return {"分": "m", "小": "h", "天": "d", "日": "d"}.get(word[0], word[0])


def _days_in(words: str) -> tuple[str, str]:
    """Return the weekdays in the text, as they are written in a schedule, and the text without them."""
    for pattern, days in _DAY_GROUPS.items():
        if re.search(pattern, words):
            return days, re.sub(pattern, " ", words)
    plain = _DAY_PATTERN.sub(lambda found: f" {_day_name(found)} ", words)
    ranged = re.sub(rf"({_DAYS_NAMED}) {_RANGE_SIGN} ({_DAYS_NAMED})", r"\1-\2", plain)
    found = re.findall(rf"{_DAYS_NAMED}(?:-{_DAYS_NAMED})?", ranged)
    return ",".join(dict.fromkeys(found)), re.sub(rf"{_DAYS_NAMED}(?:-{_DAYS_NAMED})?", " ", ranged)


def _day_name(found: re.Match[str]) -> str:
    return found[2] or _DAYS[_CHINESE_DAYS.index(found[1].replace("天", "日"))]


def _clock_time(found: re.Match[str]) -> str | None:
    """Return a time of day as HH:MM; None if its hour or minute is not valid."""
    hour, minute = int(found["hour"]), found["minute"] or found["packed"] or "00"
    side = found["before"] or (found["after"] or "").replace(".", "")
    if side in _AFTERNOON_WORDS and hour < _NOON:
        hour += _NOON
    elif side in ("am", "凌晨") and hour == _NOON:
        hour = 0
    if hour > _DAY_HOURS:
        return None
    return f"{hour % _DAY_HOURS:02}:{30 if minute == '半' else int(minute):02}"
