"""A sentence as a sequence of words that can be compared: figures, names and other words, each with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

from monitor.lazy import lazy_pattern
from monitor.stories.figures import Figure, figures_in
from monitor.stories.signs import FUNCTION_WORDS, NUMBER_WORDS
from monitor.text.fold import plain_signs, remove_invisible, simplify
from monitor.text.kinds import HAN

Change: TypeAlias = tuple[int, int, int, int]
"""The start and end of tokens in one sentence, and the start and end of the tokens that replace them in another."""

TIME_KEY_PREFIX: Final = "#time:"
"""The beginning of the key of a time of day."""

_DIGITS: Final = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS_OF_TEN: Final = {"十": 10, "百": 100, "千": 1_000}
_MYRIADS: Final = {"万": 10_000, "亿": 100_000_000}
_YEAR_DIGITS: Final = 4

_NUMERALS: Final = "".join((*_DIGITS, *_POWERS_OF_TEN, *_MYRIADS))
_TOKEN_PATTERN: Final = lazy_pattern(
    rf"(?P<iso>(?<![\d.])(?P<year>(?:19|20)\d\d)[-/.](?P<month>1[0-2]|0?[1-9])[-/.](?P<day>3[01]|[12]\d|0?[1-9])(?!\d))"
    rf"|(?P<time>(?<![\d:.])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:]))"
    rf"|第(?P<nth>[{_NUMERALS}]+)"
    r"|(?P<acronym>(?:[a-z]\.){2,})"
    rf"|(?P<numeral>[{_NUMERALS}]{{2,}})"
    rf"|(?P<han>[{HAN}])"
    rf"|(?P<word>(?:rmb|usd|eur|cny|hkd|gbp)(?=\d)|[^\W_{HAN}]+(?:'[a-z]+)?)"
)
_PLAIN_SIGNS: Final = str.maketrans("％：＄￥．", "%:$¥.")
_CURRENCY: Final = lazy_pattern(r"(?:\b(?:us|hk|nt|a|c|s))?[$€£¥₩]\s?\Z|\b(?:rmb|usd|eur|cny|hkd|gbp)\s?\Z")
_CURRENCY_CODE: Final = lazy_pattern(r"\b(?:rmb|usd|eur|cny|hkd|gbp|us|hk)\Z")
_YEAR_OF_DATE: Final = lazy_pattern(r",?\s(?:19|20)\d\d\b")
_YEAR_SIGN: Final = lazy_pattern(r"\s?年")
_UNIT_PATTERN: Final = lazy_pattern(
    r"[ -]?(?P<word>[a-z]{2,})|\s?(?:美元|欧元|港元|日元|英镑|平方米|公里|小时|分钟|万元|亿元"
    r"|[时点元名人个家项吨亩台辆张件次年月日天周倍股期条所座])"
)
_DAYS_AND_SEASONS: Final = frozenset(
    (
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("spring", "summer", "autumn", "winter"),
    )
)
_AMBIGUOUS_MONTHS: Final = {"march": 3.0, "may": 5.0}
_AMBIGUOUS_WORDS: Final = frozenset(("may", "march", "mar", "sun", "sat", "one"))
_DATE_KINDS: Final = frozenset({"day", "month", "quarter", "year"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a Chinese character or a figure of a sentence. Tokens with the same `key` have the same meaning.

    `family` is "date" or "number" for a figure and for a word that is used like a figure, else "". `is_capitalised`:
    the token begins with a capital letter.
    """

    key: str
    start: int
    end: int
    family: str = ""
    figure: Figure | None = None
    is_capitalised: bool = False


@dataclass(frozen=True)
class Statement:
    """A sentence, or a line without an end mark, as it was written."""

    text: str

    @cached_property
    def plain(self) -> str:
        """The text in small letters, half-width and Simplified. Each character keeps its place."""
        plain = plain_signs(simplify(self.text)).translate(_PLAIN_SIGNS)
        return "".join(low if len(low := char.lower()) == 1 else char for char in plain)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens of the sentence, in order."""
        return tuple(_tokens(self.text, self.plain))

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of the tokens."""
        return tuple(token.key for token in self.tokens)

    @cached_property
    def skeleton(self) -> tuple[str, ...]:
        """The keys, but only the family of each figure: the same for sentences that differ only in figures."""
        return tuple(f"#{token.family}" if token.family else token.key for token in self.tokens)

    @cached_property
    def content_tokens(self) -> tuple[Token, ...]:
        """The tokens without function words such as articles."""
        return tuple(token for token in self.tokens if token.key not in FUNCTION_WORDS)

    @cached_property
    def figures(self) -> Counter[str]:
        """The keys of its figures, and how often each occurs."""
        return Counter(token.key for token in self.tokens if token.family)

    def written_form(self, token: Token) -> str:
        """Return a figure as it is written, with its currency, unit or year."""
        start, end = token.start, token.end
        if token.family == "number" and (sign := _CURRENCY.search(self.plain, max(0, start - 6), start)):
            start = sign.start()
        if token.family == "date":
            year = _YEAR_SIGN if token.figure and token.figure.kind == "year" else _YEAR_OF_DATE
            after = year.match(self.plain, end)
            end = after.end() if after else end
        elif token.figure and (unit := _UNIT_PATTERN.match(self.plain, end)) and unit["word"] not in FUNCTION_WORDS:
            end = unit.end()
        return self.text[start:end].strip()

    def between(self, first: Token, last: Token) -> str:
        """Return the text from one token to another one, both included."""
        return self.text[first.start : last.end]


def statement(text: str) -> Statement:
    """Return a sentence without invisible characters, and with one blank for each run of blanks."""
    return Statement(" ".join(remove_invisible(text).split()))


def _tokens(text: str, plain: str) -> Iterator[Token]:
    figures = {start: (figure, end) for figure, start, end in figures_in(plain) if _begins_word(plain, start)}
    at = 0
    while at < len(plain):
        own = _TOKEN_PATTERN.match(plain, at)
        if own and own["iso"]:
            day = float(own["month"]) * 100 + float(own["day"])
            yield _figure_token(Figure("year", float(own["year"]), 4), at, own.end())
            yield _figure_token(Figure("day", day, 3), at, own.end())
        elif own and own["time"]:
            yield Token(f"{TIME_KEY_PREFIX}{own['time'].lstrip('0')}", at, own.end(), "date")
        elif own and own["numeral"] and (numeral := _read_numeral(own["numeral"])):
            yield _figure_token(numeral, at, own.end())
        elif own and own["nth"] and (nth := _read_numeral(own["nth"])):
            yield _figure_token(Figure("ordinal", nth.value, nth.digits), at, own.end())
        elif own and own["acronym"]:
            yield Token(own["acronym"].replace(".", ""), at, own.end(), is_capitalised=text[at].isupper())
        elif at in figures:
            figure, end = figures[at]
            yield _figure_token(figure, at, end)
            at = end
            continue
        elif own:
            char = own["word"] or plain[at]
            token = Token(char, at, at + len(char), _family_of(char), is_capitalised=text[at].isupper())
            yield _month_token(char, text, at) or token
            at += len(char)
            continue
        at = own.end() if own else at + 1


def _month_token(word: str, text: str, at: int) -> Token | None:
    """Return the month if the word is "March" or "May" with a capital letter; in small letters it is another word."""
    if word not in _AMBIGUOUS_MONTHS or not text[at].isupper() or not at:
        return None
    return _figure_token(Figure("month", _AMBIGUOUS_MONTHS[word], 2), at, at + len(word))


def _figure_token(figure: Figure, start: int, end: int) -> Token:
    family = "date" if figure.kind in _DATE_KINDS else "number"
    return Token(f"#{figure.kind}:{figure.value:.12g}", start, end, family, figure)


def _begins_word(plain: str, start: int) -> bool:
    """Return whether a figure is a word by itself, not a part of a word such as `web3`.

    A currency may be written directly before the figure.
    """
    before = plain[start - 1 : start]
    follows_currency = _CURRENCY_CODE.search(plain, max(0, start - 6), start) is not None
    return follows_currency or not (before.isascii() and before.isalpha())


def _family_of(word: str) -> str:
    """Return the family of a word that is used like a figure, such as a weekday, "second" or "III"; "" for others."""
    if word in _DAYS_AND_SEASONS:
        return "date"
    return (
        "number" if word.isascii() and len(word) > 1 and word in NUMBER_WORDS and word not in _AMBIGUOUS_WORDS else ""
    )


def _read_numeral(text: str) -> Figure | None:
    """Return the number that Chinese characters write (`三千万`, `二〇二三`); None if they are not a number."""
    if all(char in _DIGITS for char in text):
        value = float("".join(str(_DIGITS[char]) for char in text))
        return Figure("year" if len(text) == _YEAR_DIGITS else "count", value, len(text))
    if text[0] not in _DIGITS and text[0] != "十":
        return None
    total, section, digit = 0, 0, 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _POWERS_OF_TEN:
            section, digit = section + (digit or 1) * _POWERS_OF_TEN[char], 0
        else:
            total, section, digit = (total + section + digit) * _MYRIADS[char], 0, 0
    value = float(total + section + digit)
    return Figure("count", value, len(f"{value:.0f}".strip("0")) or 1)


def join_keys(tokens: Sequence[Token]) -> str:
    """Return the keys of tokens as one string. Texts that differ only in blanks and punctuation get the same string."""
    return "".join(token.key for token in tokens)
