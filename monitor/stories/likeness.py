"""The likeness of two reports in one language."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from monitor.stories.conflicts import find_missing_facts
from monitor.stories.figures import Figure
from monitor.stories.reports import Report, Terms

_MIN_NAMES_WEIGHT: Final = 18.0
"""Minimum total idf of the names that are compared, about that of three names: fewer shared names mean little."""

_DAY_WEIGHT: Final = 0.9
_COMMON_FIGURE_WEIGHT: Final = 0.15
_MAX_FIGURE_WEIGHT: Final = 1.5


WEIGHTS: Final = {
    "cosine": 9.0,
    "smaller_title_share": 1.8,
    "larger_title_share": 2.7,
    "titles": 0.5,
    "names": 2.5,
    "figures": 2.2,
    "unshared_figures": -2.0,
    "missing_names": -1.0,
    "quantities": -2.2,
    "missing_facts": -0.8,
}
BIAS: Final = -4.2
"""WeightArray and bias are from logistic regressions on the two halves of the labelled data, averaged and rounded.

See docs/decisions/0024-events-group-and-never-suppress.md.
"""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The likeness of two reports, each part between 0 and 1.

    `cosine` is the cosine similarity of all weighted terms, `titles` the cosine similarity of the titles alone. A part
    of each title also occurs in the other report: `smaller_title_share` and `larger_title_share` are the sizes of these
    two parts. `names` is the share of the names that both reports have. `figures` grows with the weight of the shared
    figures, `unshared_figures` with the weight of the figures in only one report. `missing_names` are names in a title
    that the other report lacks, `missing_facts` are figures and places in a title that the other report lacks.
    `quantities` are things that both reports count, with different numbers.
    """

    cosine: float
    smaller_title_share: float
    larger_title_share: float
    titles: float
    names: float
    figures: float
    unshared_figures: float
    missing_names: float
    quantities: float
    missing_facts: float

    @property
    def score(self) -> float:
        """The weighted sum: the logarithm of the odds that both report one event."""
        return BIAS + sum(float(getattr(self, part)) * weight for part, weight in WEIGHTS.items())


@dataclass(frozen=True, slots=True)
class Probe:
    """A report that is compared with many others, prepared with its weight of each term."""

    report: Report
    terms: Mapping[int, float]
    title: Mapping[int, float]
    names: Mapping[int, float]

    @classmethod
    def of(cls, report: Report) -> Probe:
        """Return the probe of a report."""
        return cls(report, report.terms.by_code(), report.title.by_code(), report.names.by_code())

    def compare(self, other: Report) -> Likeness:
        """Return the likeness of this report and the other one."""
        terms, title = other.terms.by_code(), other.title.by_code()
        there, back = _coverage(other.title, self.terms), _coverage(self.report.title, terms)
        shared, unshared = _compare_figures(self.report.figures, other.figures)
        return Likeness(
            cosine=_dot_product(other.terms, self.terms),
            smaller_title_share=min(there, back),
            larger_title_share=max(there, back),
            titles=_title_cosine(other.title, self.title),
            names=_name_overlap(other.names, self.names),
            figures=1 - math.exp(-shared / 2),
            unshared_figures=1 - math.exp(-unshared / 2),
            missing_names=min(
                _missing_names(other.names, title, self.terms), _missing_names(self.report.names, self.title, terms)
            ),
            quantities=_differing_quantities(self.report.quantities, other.quantities),
            missing_facts=1
            - math.exp(-max(len(find_missing_facts(self.report, other)), len(find_missing_facts(other, self.report)))),
        )


def _dot_product(terms: Terms, weights: Mapping[int, float]) -> float:
    return sum(weight * weights[code] for code, weight in terms.items() if code in weights)


def _coverage(title: Terms, weights: Mapping[int, float]) -> float:
    whole = sum(title.weights)
    return sum(weight for code, weight in title.items() if code in weights) / whole if whole else 0.0


def _title_cosine(title: Terms, weights: Mapping[int, float]) -> float:
    length = math.sqrt(sum(w * w for w in title.weights) * sum(w * w for w in weights.values()))
    return _dot_product(title, weights) / length if length else 0.0


def _name_overlap(names: Terms, weights: Mapping[int, float]) -> float:
    """Return the weight of the shared names, divided by the weight of the names in the report with fewer names."""
    shared = sum(weight for code, weight in names.items() if code in weights)
    return min(1.0, shared / max(min(sum(names.weights), sum(weights.values())), _MIN_NAMES_WEIGHT))


def _missing_names(names: Terms, title: Mapping[int, float], weights: Mapping[int, float]) -> float:
    """Return the weight of names in a title that the other report lacks."""
    missing = sum(weight for code, weight in names.items() if code in title and code not in weights)
    return 1 - math.exp(-missing / _MIN_NAMES_WEIGHT)


def _compare_figures(one: frozenset[Figure], other: frozenset[Figure]) -> tuple[float, float]:
    """Return the weight of the shared figures, and the weight of the unshared figures.

    The unshared figures are those of the report whose figures have the smaller total weight.
    """
    shared = sum(
        _figure_weight(figure) for figure in one if figure in other or any(figure.agrees(each) for each in other)
    )
    least = min(sum(map(_figure_weight, one)), sum(map(_figure_weight, other)))
    return shared, max(0.0, least - shared)


def _differing_quantities(a: Mapping[str, set[float]], b: Mapping[str, set[float]]) -> float:
    """Return how many things both count with different numbers, minus how many they count with an equal number."""
    common = a.keys() & b.keys()
    other = sum(not a[unit] & b[unit] for unit in common)
    return 1 - math.exp(-max(0, 2 * other - len(common)))


def _figure_weight(figure: Figure) -> float:
    """Return the weight of a figure. Figures with more digits and larger values have more weight."""
    if figure.is_common:
        return _COMMON_FIGURE_WEIGHT
    return (
        _DAY_WEIGHT
        if figure.kind in {"day", "ordinal"}
        else min(_MAX_FIGURE_WEIGHT, 0.3 * figure.digits + 0.15 * math.log10(1 + figure.value))
    )
