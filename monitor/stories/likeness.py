"""The likeness of two reports in one language."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from monitor.stories.conflicts import find_lacking
from monitor.stories.figures import Figure
from monitor.stories.reports import Report, Terms

_NAMES: Final = 18.0
"""The idf of about three names: who shares fewer shares little."""

_DAY: Final = 0.9
_OFTEN: Final = 0.15
_MOST: Final = 1.5


WEIGHTS: Final = {
    "cosine": 9.0,
    "coverage": 1.8,
    "covered": 2.7,
    "titles": 0.5,
    "names": 2.5,
    "figures": 2.2,
    "clash": -2.0,
    "strangers": -1.0,
    "quantities": -2.2,
    "lacking": -0.8,
}
BIAS: Final = -4.2
"""Of logistic regressions on either half of the labelled data, averaged and rounded.

See docs/decisions/0024-events-group-and-never-suppress.md.
"""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The likeness of two reports, each part between 0 and 1.

    `cosine` is that of all weighted terms, `titles` that of the titles alone. `coverage` and `covered` are the shares
    of a title that are in the other report, the smaller and the larger one. `figures` grows with what the shared
    figures say, `clash` with what those say that only one of the two has. `strangers` are names of either title that
    the other report lacks, `lacking` figures and places of one title; `quantities` are things that both count
    otherwise.
    """

    cosine: float
    coverage: float
    covered: float
    titles: float
    names: float
    figures: float
    clash: float
    strangers: float
    quantities: float
    lacking: float

    @property
    def score(self) -> float:
        """The weighted sum: the logarithm of the odds that both report one event."""
        return BIAS + sum(float(getattr(self, part)) * weight for part, weight in WEIGHTS.items())


@dataclass(frozen=True, slots=True)
class Probe:
    """A report to compare with many others, with its weights by terms."""

    report: Report
    terms: Mapping[int, float]
    title: Mapping[int, float]
    names: Mapping[int, float]

    @classmethod
    def of(cls, report: Report) -> Probe:
        """Return the probe of a report."""
        return cls(report, report.terms.table(), report.title.table(), report.names.table())

    def compare(self, other: Report) -> Likeness:
        """Return the likeness of the two."""
        terms, title = other.terms.table(), other.title.table()
        there, back = _coverage(other.title, self.terms), _coverage(self.report.title, terms)
        shared, unshared = _figures(self.report.figures, other.figures)
        return Likeness(
            cosine=_dot(other.terms, self.terms),
            coverage=min(there, back),
            covered=max(there, back),
            titles=_title_cosine(other.title, self.title),
            names=_overlap(other.names, self.names),
            figures=1 - math.exp(-shared / 2),
            clash=1 - math.exp(-unshared / 2),
            strangers=min(_strangers(other.names, title, self.terms), _strangers(self.report.names, self.title, terms)),
            quantities=_quantities(self.report.quantities, other.quantities),
            lacking=1 - math.exp(-max(len(find_lacking(self.report, other)), len(find_lacking(other, self.report)))),
        )


def _dot(terms: Terms, weights: Mapping[int, float]) -> float:
    return sum(weight * weights[code] for code, weight in terms.items() if code in weights)


def _coverage(title: Terms, weights: Mapping[int, float]) -> float:
    whole = sum(title.weights)
    return sum(weight for code, weight in title.items() if code in weights) / whole if whole else 0.0


def _title_cosine(title: Terms, weights: Mapping[int, float]) -> float:
    length = math.sqrt(sum(w * w for w in title.weights) * sum(w * w for w in weights.values()))
    return _dot(title, weights) / length if length else 0.0


def _overlap(names: Terms, weights: Mapping[int, float]) -> float:
    """Return the shared weight as a share of the weight of the report with fewer names."""
    shared = sum(weight for code, weight in names.items() if code in weights)
    return min(1.0, shared / max(min(sum(names.weights), sum(weights.values())), _NAMES))


def _strangers(names: Terms, title: Mapping[int, float], weights: Mapping[int, float]) -> float:
    """Return the weight of names in a title that the other report lacks."""
    missing = sum(weight for code, weight in names.items() if code in title and code not in weights)
    return 1 - math.exp(-missing / _NAMES)


def _figures(one: frozenset[Figure], other: frozenset[Figure]) -> tuple[float, float]:
    """Return the weight of shared figures, and of those that only the report with less weight has."""
    shared = sum(_telling(figure) for figure in one if figure in other or any(figure.agrees(each) for each in other))
    least = min(sum(map(_telling, one)), sum(map(_telling, other)))
    return shared, max(0.0, least - shared)


def _quantities(a: Mapping[str, set[float]], b: Mapping[str, set[float]]) -> float:
    """Return how many things both count with different numbers, minus those with an equal number."""
    common = a.keys() & b.keys()
    other = sum(not a[unit] & b[unit] for unit in common)
    return 1 - math.exp(-max(0, 2 * other - len(common)))


def _telling(figure: Figure) -> float:
    """Return the weight of a figure: more for more digits and larger values."""
    if figure.is_everywhere:
        return _OFTEN
    return (
        _DAY
        if figure.kind in {"day", "ordinal"}
        else min(_MOST, 0.3 * figure.exact + 0.15 * math.log10(1 + figure.value))
    )
