"""Reasons why similar reports are about different events: different figures, stages or places, a series, a round-up.

Most wrong joins are follow-ups and similar events, because they share most of their words. Their titles show the
difference. A fact in one title is not a conflict if the other report states the same fact anywhere.
"""

from __future__ import annotations

from typing import Final

from monitor.lazy import lazy_pattern
from monitor.stories.figures import NUMBER_WORDS, Figure, Kind
from monitor.stories.gazetteer import NamedThing, find_named, places_around
from monitor.stories.reports import Report
from monitor.stories.terms import terms_of
from monitor.text.fold import plain_signs
from monitor.text.kinds import HAN

_KIND_WORDS: Final[dict[Kind, str]] = {
    "count": "numbers",
    "percent": "percentages",
    "ordinal": "numbers",
    "day": "dates",
    "month": "months",
    "quarter": "quarters",
    "year": "years",
}
_ALWAYS_STATED_STAGES: Final = frozenset({"law.draft", "text.correction"})
"""Stages that every report about them names. A report that does not name the stage is about something else."""

_TOKEN: Final = lazy_pattern(rf"[{HAN}]|[^\W_{HAN}]+")
_MIN_SHARED_ENDS: Final = 0.6
"""Minimum share of two titles that is equal at their beginnings and ends, if they belong to one series."""

_MAX_DIFFERING_LENGTH: Final = 6
"""Maximum length of the part in which two titles of a series differ, in Chinese characters or words."""


def find_conflict(a: Report, b: Report) -> str:
    """Return why two reports are about different events, as the end of a sentence; "" if there is no reason."""
    if a.is_round_up or b.is_round_up:
        return "one of them is a round-up"
    return _figure_conflict(a, b) or _stage_conflict(a, b) or _fact_conflict(a, b) or _series_conflict(a, b)


def find_missing_facts(a: Report, b: Report) -> list[str]:
    """Return the figures and places in the title of the first report that the second one lacks."""
    figures = [
        f"{one.value:g}" for one in a.title_figures if not one.is_common and not _share_a_figure({one}, b.figures)
    ]
    known_places = {larger_place for place in _places_in(b.named) for larger_place in places_around(place)}
    return figures + sorted(_places_in(a.title_named) - known_places)


def _figure_conflict(a: Report, b: Report) -> str:
    for kind, word in _KIND_WORDS.items():
        figures_a, figures_b = _title_figures(a, kind), _title_figures(b, kind)
        if (
            figures_a
            and figures_b
            and not _share_a_figure(figures_a, figures_b)
            and not (_share_a_figure(figures_a, b.figures) and _share_a_figure(figures_b, a.figures))
        ):
            return f"their titles state different {word}"
    return ""


def _title_figures(report: Report, kind: Kind) -> set[Figure]:
    """Return the figures of this kind in the title, without small counts ("three things")."""
    return {one for one in report.title_figures if one.kind == kind and not (kind == "count" and one.is_common)}


def _share_a_figure(ones: set[Figure], others: set[Figure] | frozenset[Figure]) -> bool:
    return any(one.agrees(other) for one in ones for other in others)


def _stage_conflict(a: Report, b: Report) -> str:
    """Return a conflict if the two reports are about different stages of a process.

    Stages of different processes are compared too ("approves", "opens"), because a title states the stage that is new.
    """
    stages_a, stages_b = _stages_in(a.title_named), _stages_in(b.title_named)
    differ = (
        any(one.name in _ALWAYS_STATED_STAGES and one not in b.named for one in stages_a)
        or any(other.name in _ALWAYS_STATED_STAGES and other not in a.named for other in stages_b)
        or (
            stages_a
            and stages_b
            and not stages_a & stages_b
            and not stages_a & b.lead_named
            and not stages_b & a.lead_named
        )
    )
    return "they report different stages" if differ else ""


def _stages_in(named: frozenset[NamedThing]) -> set[NamedThing]:
    return {one for one in named if one.kind == "stage"}


def _fact_conflict(a: Report, b: Report) -> str:
    """Return a conflict if each title states a figure or a place that the other report lacks."""
    missing_in_b, missing_in_a = find_missing_facts(a, b), find_missing_facts(b, a)
    if not missing_in_b or not missing_in_a:
        return ""
    places_a, places_b = _places_in(a.title_named), _places_in(b.title_named)
    places_differ = (
        places_a and places_b and not any(_is_same_place(one, other) for one in places_a for other in places_b)
    )
    if places_differ:
        return "their titles name different places"
    return "each title states a fact that the other report lacks"


def _places_in(named: frozenset[NamedThing]) -> set[str]:
    return {one.name for one in named if one.kind == "place"}


def _is_same_place(one: str, other: str) -> bool:
    return one in places_around(other) or other in places_around(one)


def _series_conflict(a: Report, b: Report) -> str:
    """Return a conflict if two titles differ in only one part, and that part names two different things."""
    tokens_a, tokens_b = _TOKEN.findall(plain_signs(a.headline)), _TOKEN.findall(plain_signs(b.headline))
    start = _count_equal_at_start(tokens_a, tokens_b)
    end = _count_equal_at_start(tokens_a[start:][::-1], tokens_b[start:][::-1])
    middle_a, middle_b = tokens_a[start : len(tokens_a) - end], tokens_b[start : len(tokens_b) - end]
    if not middle_a or not middle_b or max(len(middle_a), len(middle_b)) > _MAX_DIFFERING_LENGTH:
        return ""
    if start + end < _MIN_SHARED_ENDS * max(len(tokens_a), len(tokens_b)) or not (
        _can_name_member(middle_a) and _can_name_member(middle_b)
    ):
        return ""
    places_a, places_b = (
        _places_in(find_named(terms_of(part))) for part in (_join_tokens(middle_a), _join_tokens(middle_b))
    )
    if any(_is_same_place(one, other) for one in places_a for other in places_b):
        return ""
    return f"their titles differ in one part: {_join_tokens(middle_a)} / {_join_tokens(middle_b)}"


def _count_equal_at_start(ones: list[str], others: list[str]) -> int:
    """Return the number of equal words at the start of two titles."""
    pairs = enumerate(zip(ones, others, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(ones), len(others)))


def _can_name_member(part: list[str]) -> bool:
    """Return whether a part of a title can name a member of a series: a name, a number in words, or Chinese text."""
    return any(word in NUMBER_WORDS or not (word.islower() or word.isdecimal()) for word in part)


def _join_tokens(part: list[str]) -> str:
    return ("" if not part[0].isascii() else " ").join(part)
