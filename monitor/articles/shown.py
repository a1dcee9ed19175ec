"""Decide which of the visible dates on a page is the date of publication. Pure.

A date counts after a label of publication, in a byline, alone on its line, or as a dateline at the start of a
paragraph. A date within a sentence is that of an event, of history or of a deadline. No date is better than a wrong
date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final, Literal

from monitor.text.dates.labels import (
    DATE_WORDS,
    OTHER_LABELS,
    PREPOSITIONS,
    PUBLISHED_HAN_LABELS,
    PUBLISHED_LABEL,
    UPDATED_HAN_LABELS,
    UPDATED_LABELS,
    alternatives,
)
from monitor.text.dates.others import OTHER_DATE, OTHER_DATE_BEHIND, is_label_of_other_date
from monitor.text.dates.plain import plain

DateRole = Literal["labelled", "alone", "changed", ""]
"""The role of a date in its line: with a label or in a byline, alone, of a change, or something else ("")."""

_LETTER: Final = r"[^\W\d_]"
_SEPARATORS: Final = "|·•,;/()[]»«>–—-:：*+~&"
_DATE_FOLLOWS: Final = rf"(?: ?:|(?: (?:{PREPOSITIONS}))?(?= \S{{0,12}} ?\S{{0,4}}\d))"
_WEAK_LABEL: Final = re.compile(
    rf"(?:录入|信息|文章|成文|印发|发文)(?:时间|日期) ?:|(?<![\u4e00-\u9fff])(?:时间|日期) ?:"
    rf"|(?<!{_LETTER})(?:{alternatives(DATE_WORDS)}){_DATE_FOLLOWS}"
)
# German blogs write a word for the article before the date, and a verb after it.
_GERMAN_LABEL: Final = re.compile(
    r"\bbeitrag wurde (?:vor )?am(?= \S{0,12} ?\d)|\bwurde am(?= \d\d?\. \w{3,9} \d{4},? um \d)"
)
_LABELLED_LINE = re.compile(
    rf"(?:信息)?(?:{PUBLISHED_HAN_LABELS}|{PUBLISHED_LABEL.pattern}|(?:成文|印发)(?:时间|日期))[ :]*"
)
_ENTRY_START = re.compile(
    r"^(?:this|the|dieser|diese|der|die|cet|cette|este|esta|questo|questa|dit|deze|den) (?:\w+ )?"
    r"(?:entry|post|article|story|item|page|notice|beitrag|artikel|eintrag|text|meldung|billet|artículo|articolo|entrada"
    r"|bericht|news) (?:was|has been|is|wurde|ist|a été|fue|è stato|foi|werd|is)(?: (?:first|originally|last))?$"
)
_PROSE_WORD = re.compile(
    rf"(?<!{_LETTER})(?:is|was|were|are|been|be|has|have|had|will|would|wurden?|wird|werden|ist|sind|war|hat|est|été|sera"
    rf"|fue|fueron|es|será|è|stat[oa]|sarà|foi|werd|wordt|был[ао]?|będzie|został[ao]?|that|which|who|und|and|et)(?!{_LETTER})"
)
_CHANGED_LABEL = re.compile(
    rf"(?:(?:{UPDATED_HAN_LABELS})|(?<!{_LETTER})(?:{alternatives(UPDATED_LABELS)})(?!{_LETTER}))[^\d|]{{0,40}}$"
)
_LAST_CHANGE_LABEL = re.compile(rf"(?:zuletzt|last|dernière|última|ultima)(?!{_LETTER})[^\d|]{{0,20}}$")
_CHANGED_LABEL_BEHIND = re.compile(r"^[^|/,;:·-]{0,12}(?:geändert|aktualisiert|bearbeitet|bijgewerkt|modifi|updated)")
_BYLINE = re.compile(
    rf"(?:^|(?<= ))(?:by|von|vom|par|por|di|da|door|af|av|od|przez|autor|author|auteur|autore)(?!{_LETTER})"
    rf"|^(?:written|geschrieben|verfasst|erstellt|eingestellt|gespeichert|created|beitrag ?von|écrit|escrito|scritto"
    rf"|posted|submitted|filed|added|reported)(?!{_LETTER})"
    rf"|^(?:作者|来源|记者|编辑|文|撰文|信息来源|稿源|发布者|发布人|发布机构)[ :/]"
)
_BYLINE_BEHIND = re.compile(rf"[ ,|]*(?:by|von|par|por|di|da|door|af|av|od|przez)(?!{_LETTER})")
_OTHER_DATE_PATTERN = re.compile(f"(?:{OTHER_DATE}|{OTHER_LABELS})[^|]{{0,30}}$")
_OTHER_DATE_BEHIND = re.compile(OTHER_DATE_BEHIND)
_SENTENCE_END = re.compile(r"(?<=\w)[.!?。！？…]['\"”’)\]]*$")
_HAN_PROSE_SIGN = re.compile("[，。；]")
_DATELINE_END = re.compile(r"^ ?(?:$|[-–—|:(\[)\]·•/\"'„“”«»‹›+*~&]|uhr\b)")
_PREPOSITION_AT_END = re.compile(rf"(?:^|(?<= ))(?:{PREPOSITIONS})$")
_OTHER_LABEL = re.compile(OTHER_LABELS)
_DATE_HINT = re.compile(r"\d|[天日刚前]|day|ago", re.IGNORECASE)
_DATE_BEGINS = re.compile(r"[^\d|]{0,40}(?:\d|昨|前|今|刚|yesterday|today)")
_DATE_GLUED_TO_TIME = re.compile(r"^((?:20)?[012]\d[-/.年]\d\d[-/.月]\d\d)(?=\d\d:\d\d)")
_DIGIT = re.compile(r"\d")
_NUMBERS_ONLY = re.compile(r"[\d\s:./年月日时分秒-]{6,30}")
_MAX_LABELLED_LENGTH: Final = 80
_MAX_SHORT_LENGTH: Final = 100
_OPENING_LENGTH: Final = 40
_MAX_INTRODUCTION_WORDS: Final = 4
_MAX_INTRODUCTION_HAN: Final = 10
_MAX_LINES: Final = 2_000


def date_role(before: str, behind: str) -> DateRole:
    """Return the role of the date between the texts `before` and `behind` of a line, normalised by `plain`."""
    head = before.strip()
    other = _OTHER_DATE_PATTERN.search(head) or _OTHER_DATE_BEHIND.search(behind) or is_label_of_other_date(head)
    if (
        _CHANGED_LABEL.search(head)
        or _CHANGED_LABEL_BEHIND.search(behind)
        or (_LAST_CHANGE_LABEL.search(head) and not other)
    ):
        return "changed"
    label = max((found.start() for found in PUBLISHED_LABEL.finditer(head)), default=0)  # the last one
    if PUBLISHED_LABEL.search(head[-_OPENING_LENGTH:]) and is_start(head[:label]):
        return "labelled"
    if other:
        return ""
    byline = (_BYLINE.search(head) and len(head) <= _MAX_SHORT_LENGTH) or (
        not _remove_preposition(head) and _BYLINE_BEHIND.match(behind)
    )
    if byline and not _PROSE_WORD.search(head) and not _continues_or_ends_sentence(head, behind):
        return "labelled"
    return "alone" if _is_set_apart(head, behind) else ""


def _is_set_apart(head: str, behind: str) -> bool:
    """Return whether the date is not part of a sentence with the text before or after it."""
    bare = _remove_preposition(head)
    if bare and not _is_introduction(bare, linked=bare != head):
        return False
    return bool(_DATELINE_END.match(behind)) or (bare == head and not _continues_or_ends_sentence(head, behind))


def _remove_preposition(head: str) -> str:
    """Return the text before a date, without the preposition that belongs to the date."""
    return _PREPOSITION_AT_END.sub("", head).rstrip()


def _is_introduction(before: str, *, linked: bool) -> bool:
    """Return whether the text before a date is a place, a section or a medium, and not the start of a sentence."""
    if _PROSE_WORD.search(before) or len(before) > _OPENING_LENGTH:
        return False
    if before[-1] in _SEPARATORS:
        return True
    few = len(before) <= _MAX_INTRODUCTION_HAN or not any("\u4e00" <= char <= "\u9fff" for char in before)
    return not linked and len(before.split()) <= _MAX_INTRODUCTION_WORDS and few


def _continues_or_ends_sentence(head: str, behind: str) -> bool:
    """Return whether the text after a date is prose, or the end of a sentence."""
    rest = behind.strip()
    if len(rest) > _MAX_SHORT_LENGTH or _HAN_PROSE_SIGN.search(rest) or _PROSE_WORD.search(rest):
        return True
    return bool(_SENTENCE_END.search(rest)) and len(f"{head} {rest}".split()) > _MAX_INTRODUCTION_WORDS


def is_start(before: str) -> bool:
    """Return whether a word after the text `before` can be a label, and is not a verb in a sentence."""
    head = before.strip()
    if not head or head[-1] in _SEPARATORS or _ENTRY_START.match(head):
        return True
    return (
        len(head.split()) <= _MAX_INTRODUCTION_WORDS and not _PROSE_WORD.search(head) and len(head) <= _OPENING_LENGTH
    )


def has_only_date(line: str) -> bool:
    """Return whether `line` has only a label or byline with a date, or only a date."""
    form = plain(line)
    return (
        len(form) <= _MAX_LABELLED_LENGTH
        and (_LABELLED_LINE.match(form) or _WEAK_LABEL.match(form) or _NUMBERS_ONLY.fullmatch(form)) is not None
    )


def labelled_dates(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the text after each label of publication, and a description of the label. Ambiguous labels come last."""
    forms = [(line, plain(line[: 2 * _MAX_LABELLED_LENGTH])) for line in _join_label_and_value(lines[:_MAX_LINES])]
    for find in (_find_strong_label, _find_weak_label):
        for line, form in forms:
            if found := find(form):
                begin, end = found
                source = line if len(line) == len(form) else form
                date_text = _DATE_GLUED_TO_TIME.sub(r"\1 ", form[end : end + _MAX_LABELLED_LENGTH].lstrip(" :"))
                yield date_text, f"the text {source[begin:end].strip(' :：')}"


def _join_label_and_value(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines that may state a date. A line with only a label is joined with the next line."""
    for line, behind in zip_longest(lines, lines[1:], fillvalue=""):
        if (
            len(line) <= _OPENING_LENGTH
            and _DATE_HINT.search(behind[:_MAX_LABELLED_LENGTH])
            and _LABELLED_LINE.fullmatch(plain(line))
        ):
            yield f"{line.rstrip(' :：')}: {behind}"
        elif _DATE_HINT.search(line[:_MAX_LABELLED_LENGTH]):
            yield line


def _find_strong_label(line: str) -> tuple[int, int] | None:
    for found in (
        *PUBLISHED_LABEL.finditer(line[:_MAX_LABELLED_LENGTH]),
        *_GERMAN_LABEL.finditer(line[:_MAX_LABELLED_LENGTH]),
    ):
        before, behind = line[: found.start()], line[found.end() :].lstrip()
        if _OTHER_LABEL.search(before[-10:]):
            continue
        if behind[:1] == ":" or found.re is _GERMAN_LABEL or (is_start(before) and _DATE_BEGINS.match(behind)):
            return found.span()
    return None


def _find_weak_label(line: str) -> tuple[int, int] | None:
    found = _WEAK_LABEL.search(line[:_MAX_LABELLED_LENGTH])
    if found is None or not is_start(line[: found.start()]):
        return None
    number = _DIGIT.search(line, found.end())
    before = line[: number.start() if number else found.end()]  # `fecha` may begin `fecha límite`, a deadline
    other = (
        is_label_of_other_date(before)
        or is_label_of_other_date(line[: found.end()])
        or _OTHER_DATE_PATTERN.search(line[: found.start()])
    )
    return None if other else found.span()
