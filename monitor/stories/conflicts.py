"""Reasons against one event for similar reports: other figures, stages or places, series, round-ups.

Most wrong joins are follow-ups of an event and similar events, which share most of its words. Their titles show the
difference; it is no conflict if the other report states the same somewhere.
"""

from __future__ import annotations

import re
from typing import Final

from monitor.stories.figures import NUMBER_WORDS, Figure, Kind
from monitor.stories.gazetteer import Named, named_in, places_around
from monitor.stories.reports import Report
from monitor.stories.terms import terms_of
from monitor.text.fold import plain_signs
from monitor.text.kinds import HAN

_KINDS: Final[dict[Kind, str]] = {
    "count": "numbers",
    "percent": "percentages",
    "ordinal": "numbers",
    "day": "dates",
    "month": "months",
    "quarter": "quarters",
    "year": "years",
}
_MARKERS: Final = frozenset({"law.draft", "text.correction"})
"""Stages that a title always states: what has no word of them is something else."""

_TOKEN: Final = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")
_FRAME: Final = 0.6
"""Share of two titles that is equal at their beginnings and ends, from which they are of one series."""

_MIDDLE: Final = 6
"""Characters or words of the part of a title that names one of a series."""


def find_conflict(a: Report, b: Report) -> str:
    """Return why two reports are not of one event, as the end of a sentence; "" if there is no reason."""
    if a.round_up or b.round_up:
        return "one of them is a round-up"
    return _figures_differ(a, b) or _stages_differ(a, b) or _facts_differ(a, b) or _one_series(a, b)


def find_lacking(a: Report, b: Report) -> list[str]:
    """Return the figures and places in the title of the first report that the second one lacks."""
    figures = [f"{one.value:g}" for one in a.title_figures if not one.is_everywhere and not _share({one}, b.figures)]
    there = {around for place in _places(b.named) for around in places_around(place)}
    return figures + sorted(_places(a.title_named) - there)


def _figures_differ(a: Report, b: Report) -> str:
    for kind, word in _KINDS.items():
        ones, others = _stated(a, kind), _stated(b, kind)
        if ones and others and not _share(ones, others) and not (_share(ones, b.figures) and _share(others, a.figures)):
            return f"their titles state different {word}"
    return ""


def _stated(report: Report, kind: Kind) -> set[Figure]:
    """Return the figures of the title, without small counts ("three things")."""
    return {one for one in report.title_figures if one.kind == kind and not (kind == "count" and one.is_everywhere)}


def _share(ones: set[Figure], others: set[Figure] | frozenset[Figure]) -> bool:
    return any(one.agrees(other) for one in ones for other in others)


def _stages_differ(a: Report, b: Report) -> str:
    """Return a conflict if the two reports are of different stages of a matter.

    Stages of several ladders are compared too ("approves", "opens"): a title states the one that is new.
    """
    ones, others = _stages(a.title_named), _stages(b.title_named)
    differ = (
        any(one.name in _MARKERS and one not in b.named for one in ones)
        or any(other.name in _MARKERS and other not in a.named for other in others)
        or (ones and others and not ones & others and not ones & b.lead_named and not others & a.lead_named)
    )
    return "they report different stages" if differ else ""


def _stages(named: frozenset[Named]) -> set[Named]:
    return {one for one in named if one.kind == "stage"}


def _facts_differ(a: Report, b: Report) -> str:
    """Return a conflict if each title states a figure or a place that the other report lacks."""
    here, there = find_lacking(a, b), find_lacking(b, a)
    if not here or not there:
        return ""
    ones, others = _places(a.title_named), _places(b.title_named)
    apart = ones and others and not any(_one_place(one, other) for one in ones for other in others)
    return "their titles name other places" if apart else "each title states what the other report lacks"


def _places(named: frozenset[Named]) -> set[str]:
    return {one.name for one in named if one.kind == "place"}


def _one_place(one: str, other: str) -> bool:
    return one in places_around(other) or other in places_around(one)


def _one_series(a: Report, b: Report) -> str:
    """Return a conflict if two titles differ in one part only, which names different things."""
    ones, others = _TOKEN.findall(plain_signs(a.headline)), _TOKEN.findall(plain_signs(b.headline))
    start = _equal_at_start(ones, others)
    end = _equal_at_start(ones[start:][::-1], others[start:][::-1])
    mine, theirs = ones[start : len(ones) - end], others[start : len(others) - end]
    if not mine or not theirs or max(len(mine), len(theirs)) > _MIDDLE:
        return ""
    if start + end < _FRAME * max(len(ones), len(others)) or not (_names_one(mine) and _names_one(theirs)):
        return ""
    here, there = (_places(named_in(terms_of(part))) for part in (_text(mine), _text(theirs)))
    if any(_one_place(one, other) for one in here for other in there):
        return ""
    return f"their titles differ in one part: {_text(mine)} / {_text(theirs)}"


def _equal_at_start(ones: list[str], others: list[str]) -> int:
    """Return the number of equal words at the start of two titles."""
    pairs = enumerate(zip(ones, others, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(ones), len(others)))


def _names_one(part: list[str]) -> bool:
    """Return whether a part of a title can name a member of a series: a name, a number in words, or Chinese text."""
    return any(word in NUMBER_WORDS or not (word.islower() or word.isdecimal()) for word in part)


def _text(part: list[str]) -> str:
    return ("" if not part[0].isascii() else " ").join(part)
