"""Dates that readers see on a page: which of them date the article. Pure.

A date counts where it is set apart: behind a label of publication, in a byline, alone on its line, or as the dateline
with which a paragraph begins. Within a sentence it is of an event, of history, a deadline. No date is better than a
wrong one.
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
"""How a line shows its date: behind a label or in a byline, alone, as that of a change, or as something else."""

_LETTER: Final = r"[^\W\d_]"
_SEPARATORS: Final = "|·•,;/()[]»«>–—-:：*+~&"
_DATE_FOLLOWS: Final = rf"(?: ?:|(?: (?:{PREPOSITIONS}))?(?= \S{{0,12}} ?\S{{0,4}}\d))"
_WEAK: Final = re.compile(
    rf"(?:录入|信息|文章|成文|印发|发文)(?:时间|日期) ?:|(?<![\u4e00-\u9fff])(?:时间|日期) ?:"
    rf"|(?<!{_LETTER})(?:{alternatives(DATE_WORDS)}){_DATE_FOLLOWS}"
)
# Weblogs in German name the article before, and what was done with it behind the date.
_GERMAN: Final = re.compile(
    r"\bbeitrag wurde (?:vor )?am(?= \S{0,12} ?\d)|\bwurde am(?= \d\d?\. \w{3,9} \d{4},? um \d)"
)
_ALONE = re.compile(rf"(?:信息)?(?:{PUBLISHED_HAN_LABELS}|{PUBLISHED_LABEL.pattern}|(?:成文|印发)(?:时间|日期))[ :]*")
_ENTRY = re.compile(
    r"^(?:this|the|dieser|diese|der|die|cet|cette|este|esta|questo|questa|dit|deze|den) (?:\w+ )?"
    r"(?:entry|post|article|story|item|page|notice|beitrag|artikel|eintrag|text|meldung|billet|artículo|articolo|entrada"
    r"|bericht|news) (?:was|has been|is|wurde|ist|a été|fue|è stato|foi|werd|is)(?: (?:first|originally|last))?$"
)
_PROSE = re.compile(
    rf"(?<!{_LETTER})(?:is|was|were|are|been|be|has|have|had|will|would|wurden?|wird|werden|ist|sind|war|hat|est|été|sera"
    rf"|fue|fueron|es|será|è|stat[oa]|sarà|foi|werd|wordt|был[ао]?|będzie|został[ao]?|that|which|who|und|and|et)(?!{_LETTER})"
)
_CHANGED = re.compile(
    rf"(?:(?:{UPDATED_HAN_LABELS})|(?<!{_LETTER})(?:{alternatives(UPDATED_LABELS)})(?!{_LETTER}))[^\d|]{{0,40}}$"
)
_LAST = re.compile(rf"(?:zuletzt|last|dernière|última|ultima)(?!{_LETTER})[^\d|]{{0,20}}$")
_CHANGED_BEHIND = re.compile(r"^[^|/,;:·-]{0,12}(?:geändert|aktualisiert|bearbeitet|bijgewerkt|modifi|updated)")
_BYLINE = re.compile(
    rf"(?:^|(?<= ))(?:by|von|vom|par|por|di|da|door|af|av|od|przez|autor|author|auteur|autore)(?!{_LETTER})"
    rf"|^(?:written|geschrieben|verfasst|erstellt|eingestellt|gespeichert|created|beitrag ?von|écrit|escrito|scritto"
    rf"|posted|submitted|filed|added|reported)(?!{_LETTER})"
    rf"|^(?:作者|来源|记者|编辑|文|撰文|信息来源|稿源|发布者|发布人|发布机构)[ :/]"
)
_BYLINE_BEHIND = re.compile(rf"[ ,|]*(?:by|von|par|por|di|da|door|af|av|od|przez)(?!{_LETTER})")
_OTHER = re.compile(f"(?:{OTHER_DATE}|{OTHER_LABELS})[^|]{{0,30}}$")
_OTHER_BEHIND = re.compile(OTHER_DATE_BEHIND)
_SENTENCE_END = re.compile(r"(?<=\w)[.!?。！？…]['\"”’)\]]*$")
_HAN_PROSE = re.compile("[，。；]")
_DATELINE = re.compile(r"^ ?(?:$|[-–—|:(\[)\]·•/\"'„“”«»‹›+*~&]|uhr\b)")
_LINKED = re.compile(rf"(?:^|(?<= ))(?:{PREPOSITIONS})$")
_NOT_PUBLICATION = re.compile(OTHER_LABELS)
_HINT = re.compile(r"\d|[天日刚前]|day|ago", re.IGNORECASE)
_DATE_BEGINS = re.compile(r"[^\d|]{0,40}(?:\d|昨|前|今|刚|yesterday|today)")
_GLUED = re.compile(r"^((?:20)?[012]\d[-/.年]\d\d[-/.月]\d\d)(?=\d\d:\d\d)")
_DIGIT = re.compile(r"\d")
_NUMBERS = re.compile(r"[\d\s:./年月日时分秒-]{6,30}")
_LABELLED: Final = 80
_SHORT: Final = 100
_OPENING: Final = 40
_FEW_WORDS: Final = 4
_FEW_HAN: Final = 10
_MOST_LINES: Final = 2_000


def date_role(before: str, behind: str) -> DateRole:
    """Return how a line shows the date between `before` and `behind`, both in the form that `plain` gives."""
    head = before.strip()
    other = _OTHER.search(head) or _OTHER_BEHIND.search(behind) or is_label_of_other_date(head)
    if _CHANGED.search(head) or _CHANGED_BEHIND.search(behind) or (_LAST.search(head) and not other):
        return "changed"
    label = max((found.start() for found in PUBLISHED_LABEL.finditer(head)), default=0)  # the last one
    if PUBLISHED_LABEL.search(head[-_OPENING:]) and opens(head[:label]):
        return "labelled"
    if other:
        return ""
    byline = (_BYLINE.search(head) and len(head) <= _SHORT) or (
        not _without_preposition(head) and _BYLINE_BEHIND.match(behind)
    )
    if byline and not _PROSE.search(head) and not _continues_or_ends_sentence(head, behind):
        return "labelled"
    return "alone" if _is_set_apart(head, behind) else ""


def _is_set_apart(head: str, behind: str) -> bool:
    """Return whether neither side makes a sentence with the date."""
    bare = _without_preposition(head)
    if bare and not _introduces(bare, linked=bare != head):
        return False
    return bool(_DATELINE.match(behind)) or (bare == head and not _continues_or_ends_sentence(head, behind))


def _without_preposition(head: str) -> str:
    """Return the text before a date, without the preposition that belongs to the date."""
    return _LINKED.sub("", head).rstrip()


def _introduces(before: str, *, linked: bool) -> bool:
    """Return whether the text before a date is a place, a section or a medium, and not the start of a sentence."""
    if _PROSE.search(before) or len(before) > _OPENING:
        return False
    if before[-1] in _SEPARATORS:
        return True
    few = len(before) <= _FEW_HAN or not any("\u4e00" <= char <= "\u9fff" for char in before)
    return not linked and len(before.split()) <= _FEW_WORDS and few


def _continues_or_ends_sentence(head: str, behind: str) -> bool:
    """Return whether the text after a date ends a sentence, or is a sentence."""
    rest = behind.strip()
    if len(rest) > _SHORT or _HAN_PROSE.search(rest) or _PROSE.search(rest):
        return True
    return bool(_SENTENCE_END.search(rest)) and len(f"{head} {rest}".split()) > _FEW_WORDS


def opens(before: str) -> bool:
    """Return whether a label after the text `before` starts something new, and is not a verb in a sentence."""
    head = before.strip()
    if not head or head[-1] in _SEPARATORS or _ENTRY.match(head):
        return True
    return len(head.split()) <= _FEW_WORDS and not _PROSE.search(head) and len(head) <= _OPENING


def dates_only(line: str) -> bool:
    """Return whether `line` is only a label or a byline with a date, or a date alone."""
    form = plain(line)
    return len(form) <= _LABELLED and (_ALONE.match(form) or _WEAK.match(form) or _NUMBERS.fullmatch(form)) is not None


def labelled_dates(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the texts after labels of publication, with the label; labels that may mislead come last."""
    forms = [(line, plain(line[: 2 * _LABELLED])) for line in _with_values(lines[:_MOST_LINES])]
    for find in (_strong, _weak):
        for line, form in forms:
            if found := find(form):
                begin, end = found
                source = line if len(line) == len(form) else form
                stated = _GLUED.sub(r"\1 ", form[end : end + _LABELLED].lstrip(" :"))
                yield stated, f"the text {source[begin:end].strip(' :：')}"


def _with_values(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines that may state a date; a label alone, as in a cell of a table, with the line behind it."""
    for line, behind in zip_longest(lines, lines[1:], fillvalue=""):
        if len(line) <= _OPENING and _HINT.search(behind[:_LABELLED]) and _ALONE.fullmatch(plain(line)):
            yield f"{line.rstrip(' :：')}: {behind}"
        elif _HINT.search(line[:_LABELLED]):
            yield line


def _strong(line: str) -> tuple[int, int] | None:
    for found in (*PUBLISHED_LABEL.finditer(line[:_LABELLED]), *_GERMAN.finditer(line[:_LABELLED])):
        before, behind = line[: found.start()], line[found.end() :].lstrip()
        if _NOT_PUBLICATION.search(before[-10:]):
            continue
        if behind[:1] == ":" or found.re is _GERMAN or (opens(before) and _DATE_BEGINS.match(behind)):
            return found.span()
    return None


def _weak(line: str) -> tuple[int, int] | None:
    found = _WEAK.search(line[:_LABELLED])
    if found is None or not opens(line[: found.start()]):
        return None
    number = _DIGIT.search(line, found.end())
    before = line[: number.start() if number else found.end()]  # `fecha` may be the begin of `fecha límite`
    other = (
        is_label_of_other_date(before)
        or is_label_of_other_date(line[: found.end()])
        or _OTHER.search(line[: found.start()])
    )
    return None if other else found.span()
