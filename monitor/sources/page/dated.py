"""Read the dates of rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final
from urllib.parse import urlsplit

from monitor.model import Moment
from monitor.sources.page.document import TextRun, lines_of_runs
from monitor.sources.page.order import DateOrder, order_of
from monitor.text.dates import parse_moment
from monitor.text.dates.labels import UPDATED_HAN_LABELS, UPDATED_LABELS, alternatives
from monitor.text.dates.names import translate_months
from monitor.text.dates.others import MINOR_DATE, is_label_of_other_date
from monitor.text.dates.plain import plain
from monitor.text.dates.prepare import prepare

_COARSE_PRECISIONS: Final = frozenset({"month", "year"})
_MAX_DATE_LENGTH: Final = 60
_MAX_BOX_LENGTH: Final = 20
_MAX_LINE_LENGTH: Final = 100
_DATE_HINT_PATTERN = re.compile(
    r"\d\s*[-/.年月日]\s*\d|\d\s*[年月日]|[〇一二三四五六七八九十]月|昨天|前天|今天|小[时時]前|分[钟鐘]前|天前|刚刚|剛剛"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\bago\b|\byesterday\b|\btoday\b",
    re.IGNORECASE,
)
_FULL_DATE = re.compile(
    r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|(?<!\d)\d{1,2}[-/.]\d{1,2}[-/.](?:(?:19|20)\d\d|\d\d\b)"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2},?\s+(?:19|20)\d\d"
    r"|\b\d{1,2}\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(?:19|20)\d\d",
    re.IGNORECASE,
)
_DATE_WORDS = re.compile(
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?|(?:mon|tues?|wednes|wed|thurs?|thu|fri|satur|sat|sun)(?:day)?|am|pm|st|nd|rd|th|of|on|at|t|z"
    r"|utc|gmt|[ecmp][sd]t|cest|cet|bst"
    r"|published|posted|updated|date|filed|issued|released?|decided|opinion|hours?|minutes?|days?|weeks?|ago|yesterday|today"
    r"|hrs?|mins?|wks?|months?|years?|yrs?|seconds?|secs?|(?<![^\W\d_])(?:an?|one|[hd]|just now)(?![^\W\d_])"
    r"|发布|时间|日期|发表|更新|于|年|月|日|时|分|秒|上午|下午|星期|周|[一二三四五六七八九十〇零]|小时|分钟|天|前|昨|今|刚"
    r"|(?:中[华華])?民[国國]|[發公]布|[發公]佈|張貼|刊登|公告|時間|發表|於|週|小時|分鐘|時|點|剛",
    re.IGNORECASE,
)
# A day, a word and a year in any order: a date if the word is the name of a month.
_PREPOSITION: Final = r"(?:(?:de|del|di|d['’]|do|da|du|of|gada)\s?)?"
_DATE_WITH_NAME = re.compile(
    rf"(?<!\d)\d{{1,2}}(?:[.º°]|-?(?:er|го|η|ης|an|ta))?[\s./-]{{1,3}}{_PREPOSITION}[^\W\d_]{{3,16}}[\s,./-]{{1,3}}{_PREPOSITION}(?:19|20)\d\d(?!\d)"
    r"|(?<!\w)[^\W\d_]{3,16}\.?\s\d{1,2},?\s(?:19|20)\d\d(?!\d)"
    rf"|(?<!\d)(?:19|20)\d\d\.?,?[\s-]{_PREPOSITION}(?:\d{{1,2}}\.\s)?[^\W\d_]{{3,16}}[\s-]\d{{1,2}}(?!\d)"
)
_ENGLISH_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?![^\W\d_])")
_NAME_AND_NUMBER = re.compile(r"\d[^\w]{0,3}(?:[^\W\d_]{1,4}['’ ])?[^\W\d_]{3}|[^\W\d_]{3}\.?\s{0,2}\d")
# The last one is German for "as of". (Written so that a search for English words passes it.)
_LINKING_WORDS = re.compile(
    r"(?<![^\W\d_])(?:er|de|del|den|di|do|da|du|d|gada|m|uhr|um|h|kl|klo|ob|o|a|le|il|el|la|las|à|год[ау]?|г|року|р|го|η|ης"
    r"|ore|alle|vom|am|den|mon|fecha|stan[d])(?![^\W\d_])"
)
# The parts of a date that a page shows in two boxes, such as `15` above `2024-05`.
_DAY_BOX = re.compile(r"(0?[1-9]|[12]\d|3[01])日?")
_MONTH_BOX = re.compile(
    r"((?:19|20)\d\d)\s*[-/.年]\s*(0?[1-9]|1[0-2])月?|((?:[^\W\d_]{3,16})\.?,?\s+(?:19|20)\d\d)|(0?[1-9]|1[0-2])\s*月"
)
_MONTH_AND_DAY_BOX = re.compile(r"(0?[1-9]|1[0-2])\s*[-/.月]\s*(0?[1-9]|[12]\d|3[01])日?")
_YEAR_BOX = re.compile(r"((?:19|20)\d\d)年?")
_DATE_IN_ADDRESS = re.compile(
    r"/(20[0-3]\d)[-/]?(0[1-9]|1[0-2])[-/]?(0[1-9]|[12]\d|3[01])/|[/_]t?(20[0-3]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])_"
    r"|/(20[0-3]\d)-(0[1-9]|1[0-2])/(0[1-9]|[12]\d|3[01])/"
)
_DATE_AT_END = re.compile(r"[\s(（\[【]((?:(?:19|20)?\d{2}|1\d\d)[-/.年]\d{1,2}[-/.月]\d{1,2}日?)[)）\]】]?\s*$")
_LABEL_OF_DATE = re.compile(
    r"(?:\b(?:published|posted|updated|issued|released|date)(?: on)?"
    r"|(?:发布|發布|更新|公布|刊登|发表)?(?:时间|時間|日期))\s*[:：]\s*$"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s*$",
    re.IGNORECASE,
)
_TIME_AT_START = re.compile(r"^\s*\d{1,2}:\d\d(?::\d\d)?(?:\s*[ap]m\b)?", re.IGNORECASE)
_STRIPPED_CHARACTERS: Final = " \t-–—|,;:：·()[]（）【】〔〕"
_UPDATED_LABEL = re.compile(rf"(?<![^\W\d_])(?:{alternatives(UPDATED_LABELS)})(?![^\W\d_])|{UPDATED_HAN_LABELS}")


@lru_cache(maxsize=8192)
def is_date(text: str) -> bool:
    """Return whether a text looks like a date and nothing else. The date need not be that of publication."""
    if len(text) > _MAX_DATE_LENGTH:
        return False
    if _DATE_HINT_PATTERN.search(text) is not None and _has_only_date_words(text):
        return True
    if _NAME_AND_NUMBER.search(text) is None:
        return False
    # As the reader of dates prepares it: months in English, no label.
    core = prepare(text)[-1].core
    return _DATE_HINT_PATTERN.search(core) is not None and _has_only_date_words(_LINKING_WORDS.sub(" ", core))


def _has_only_date_words(text: str) -> bool:
    return not any(map(str.isalpha, _DATE_WORDS.sub("", text)))


def hints_at_date(text: str) -> bool:
    """Return whether a text may contain a date. This is fast, but also True for many texts without a date."""
    return _DATE_HINT_PATTERN.search(text[:300]) is not None or _find_named_date(text[:300]) is not None


def may_be_date_heading(text: str) -> bool:
    """Return whether a line may be a heading that states the date of the rows below it."""
    return len(text) <= _MAX_DATE_LENGTH and (is_date(text) or _find_full_date(text) is not None)


def _find_full_date(text: str) -> re.Match[str] | None:
    """Return the match of the first complete date in a text; None if there is no date."""
    return _FULL_DATE.search(text) or _find_named_date(text)


def _find_named_date(text: str) -> re.Match[str] | None:
    """Return the match of the first date with the name of a month in any language; None if there is no date."""
    found = (date for date in _DATE_WITH_NAME.finditer(text) if _ENGLISH_MONTH.search(translate_months(plain(date[0]))))
    return next(found, None)


def strip_date(line: str) -> str:
    """Return the part of a line before its date; if the line begins with the date, return the part after the date."""
    found = _find_full_date(line)
    if found is None:
        return line
    head, tail = _LABEL_OF_DATE.sub("", line[: found.start()]), _TIME_AT_START.sub("", line[found.end() :])
    before, after = head.strip(_STRIPPED_CHARACTERS), tail.strip(_STRIPPED_CHARACTERS)
    texts = (part for part in (before, after) if any(map(str.isalpha, _DATE_WORDS.sub("", part))))
    return next(texts, before or after or line)


def is_date_run(piece: TextRun) -> bool:
    """Return whether a text run is a date, or the text of a `<time>` element with a date."""
    return is_date(piece.text) or (piece.element.tag == "time" and bool(piece.element.get("datetime")))


def _is_other_date(before: TextRun | None, piece: TextRun) -> bool:
    """Return whether `piece` is a date after a label for another date, such as a deadline or an event."""
    return (
        before is not None
        and is_date_run(piece)
        and is_label_of_other_date(plain(before.text[-_MAX_DATE_LENGTH:]), set_apart=True)
    )


@dataclass(slots=True)
class Calendar:
    """Reads the dates of one page. Each different text is read only once."""

    now: dt.datetime
    timezone: str
    language: str = ""
    order: DateOrder = field(default_factory=DateOrder)
    _read: dict[str, Moment | None] = field(default_factory=dict)
    _unread: list[str] = field(default_factory=list)

    def learn_order(self, texts: Iterable[str]) -> None:
        """Find the order of day, month and year from all dates of a page, since a single date may be ambiguous."""
        self.order = order_of(texts, self.now.year, self.language)

    def moment(self, text: str) -> Moment | None:
        """Return the moment that `text` states; None if it states none."""
        text = text[:300]
        if text not in self._read:
            self._read[text] = parse_moment(
                self.order.normalize(text), now=self.now, timezone=self.timezone, language=self.language
            )
        return self._read[text]

    def expected_moment(self, text: str) -> Moment | None:
        """Read a text that should be a date. If it cannot be read, it is reported in `problems`."""
        found = self.moment(text)
        if found is None and text:
            self._unread.append(text)
        return found

    def problems(self) -> tuple[str, ...]:
        """Return a message with the number of dates that could not be read, and an example."""
        if not self._unread:
            return ()
        return (f"{len(self._unread)} dates could not be read, for instance {self._unread[0][:60]!r}",)

    def moment_in(self, text: str) -> Moment | None:
        """Return the date that is the whole text; else the first complete date in it. None if it is another date."""
        found = _find_full_date(text)
        fits = found is not None and not is_label_of_other_date(plain(text[: found.start()]))
        return self.moment(text) or (self.moment(found[0]) if found and fits else None)

    def moment_of_date(self, text: str) -> Moment | None:
        """Return the moment if `text` is a date and nothing else; otherwise None."""
        return self.moment(text) if is_date(text) else None

    def date_of_row(self, runs: Sequence[TextRun]) -> Moment | None:
        """Return the date of a row: first a text that is only a date, then a date in several boxes, then any date."""
        runs = [piece for before, piece in pairwise((None, *runs)) if piece and not _is_other_date(before, piece)]
        alone = self._date_alone(runs)
        if alone is not None and alone.precision not in _COARSE_PRECISIONS:
            return alone
        return self._date_in_boxes(runs) or self._date_in_line(runs) or alone

    def _date_alone(self, runs: Sequence[TextRun]) -> Moment | None:
        fallback = None
        before = ""
        for piece in runs:
            attribute = piece.element.get("datetime") or "" if piece.element.tag == "time" else ""
            moment = (self.moment(attribute) if attribute else None) or self.moment_of_date(piece.text)
            if (
                moment is not None
                and MINOR_DATE.search(before) is None
                and _UPDATED_LABEL.search(plain(piece.text)) is None
            ):
                return moment
            fallback = fallback or moment
            before = piece.text[-40:].lower()
        return fallback

    def _date_in_boxes(self, runs: Sequence[TextRun]) -> Moment | None:
        """Return the date from two or three neighbouring boxes with day, month and year; None if there is none."""
        texts = [piece.text for piece in runs if len(piece.text) <= _MAX_BOX_LENGTH]
        for one, other in pairwise(texts):
            for first, second in ((one, other), (other, one)):
                moment = self._date_of_two(first, second)
                if moment is not None:
                    return moment
        return self._date_of_parts(texts, 3) or self._date_of_parts(texts, 2)

    def _date_of_parts(self, texts: Sequence[str], number: int) -> Moment | None:
        """Return the date in `number` neighbouring texts, as `19`, `Nov`, `2026`; one of them must name the month."""
        for start in range(len(texts) - number + 1):
            parts = texts[start : start + number]
            if sum(part.isdigit() for part in parts) == number - 1 and is_date(" ".join(parts)):
                return self.moment(" ".join(parts))
        return None

    def _date_of_two(self, first: str, second: str) -> Moment | None:
        day, month = _DAY_BOX.fullmatch(first), _MONTH_BOX.fullmatch(second)
        if day and month:
            if month[1]:
                return self.moment(f"{month[1]}-{int(month[2]):02d}-{int(day[1]):02d}")
            return self.moment(f"{day[1]} {month[3]}" if month[3] else f"{month[4]}月{day[1]}日")
        short, year = _MONTH_AND_DAY_BOX.fullmatch(first), _YEAR_BOX.fullmatch(second)
        if short and year:
            return self.moment(f"{year[1]}-{int(short[1]):02d}-{int(short[2]):02d}")
        return None

    def _date_in_line(self, runs: Sequence[TextRun]) -> Moment | None:
        for line in lines_of_runs(runs):
            start_of_line = line if len(line) <= _MAX_LINE_LENGTH else line[:_MAX_DATE_LENGTH]
            if _find_full_date(start_of_line) and (moment := self.moment_in(start_of_line)):
                return moment
        return None

    def moment_at_end(self, line: str) -> Moment | None:
        """Return the date at the end of a title, in brackets or after a blank: `… (2023-08-25)`; else None."""
        found = _DATE_AT_END.search(line)
        return self.moment_of_date(found[1]) if found else None

    def date_of_address(self, url: str) -> Moment | None:
        """Return the day in an address such as `/202308/t20230825_1.html` or `/2023/08/25/`; None if there is none."""
        found = _DATE_IN_ADDRESS.search(urlsplit(url).path)
        if found is None:
            return None
        year, month, day = (part for part in found.groups() if part)
        return self.moment(f"{year}-{month}-{day}")
