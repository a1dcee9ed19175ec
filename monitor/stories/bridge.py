"""Compare reports in two languages: figures, Latin names, names by their sound, and things in the gazetteer.

A match says that two articles may be about the same thing, which is shown, and never that they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from sys import intern
from typing import Final

from monitor.stories.figures import Figure
from monitor.stories.gazetteer import Named
from monitor.stories.pinyin import sound_of, spoken_names

_SOUNDING: Final = 400
"""Characters of a text whose sound is compared."""

_WEIGHTS: Final = {"place": 0.5, "office": 0.9, "theme": 0.6, "stage": 0.4}
_IN_TITLE: Final = 1.5
_LATIN: Final = 1.0
_SOUND: Final = 1.2
_OFTEN: Final = 0.3
"""Weight of a figure that is in every text: a year, a month, a small count."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """The parts of a report that can be found in another language.

    `keys` may occur in both, each with its weight. `spoken` are names of a Latin text made of Chinese syllables, which
    are looked for in the `sound` of a Chinese one.
    """

    keys: Mapping[str, float]
    sound: str
    spoken: frozenset[str]


def read_crossing(
    text: str,
    *,
    han: bool,
    names: Iterable[str],
    figures: Iterable[Figure],
    named: Iterable[Named],
    title_named: frozenset[Named],
) -> Crossing:
    """Return the parts of a report that can be found in another language."""
    keys = {intern(f"{figure.kind} {figure.value:g}"): _weight(figure) for figure in figures}
    keys.update((intern(f"name {name}"), _LATIN) for name in names)
    for one in named:
        keys[intern(f"{one.kind} {one.name}")] = _WEIGHTS[one.kind] * (_IN_TITLE if one in title_named else 1.0)
    lead = text[:_SOUNDING]
    return Crossing(keys, sound_of(lead) if han else "", frozenset() if han else spoken_names(lead))


def _weight(figure: Figure) -> float:
    """Return the weight of a shared figure across languages: more for more digits."""
    if figure.is_everywhere:
        return _OFTEN
    return 0.9 if figure.kind == "day" else min(1.6, 0.8 + 0.3 * figure.exact)


def cross(a: Crossing, b: Crossing, rarity: Callable[[str], float]) -> tuple[float, float]:
    """Return the weight of the shared keys, and its share of the weight of the report with less.

    `rarity` says how much of its weight a key keeps.
    """
    shared = sum(min(weight, b.keys[key]) * rarity(key) for key, weight in a.keys.items() if key in b.keys)
    heard = {name for name in a.spoken if name in b.sound} | {name for name in b.spoken if name in a.sound}
    shared += _SOUND * sum(not any(name != other and name in other for other in heard) for name in heard)
    least = min(sum(weight * rarity(key) for key, weight in side.keys.items()) for side in (a, b))
    return shared, min(1.0, shared / least) if least else 0.0
