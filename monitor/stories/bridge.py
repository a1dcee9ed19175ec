"""Compare reports in two languages: figures, Latin names, names by their sound, and things in the gazetteer.

A match only suggests that two articles are about the same thing: they are shown together, but not joined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from sys import intern
from typing import Final

from monitor.stories.figures import Figure
from monitor.stories.gazetteer import NamedThing
from monitor.stories.pinyin import sound_of, spoken_names

_MAX_SOUND_TEXT_LENGTH: Final = 400
"""Maximum number of characters of a text whose sound is compared."""

_KIND_WEIGHTS: Final = {"place": 0.5, "office": 0.9, "theme": 0.6, "stage": 0.4}
_TITLE_FACTOR: Final = 1.5
_LATIN_NAME_WEIGHT: Final = 1.0
_SPOKEN_NAME_WEIGHT: Final = 1.2
_COMMON_FIGURE_WEIGHT: Final = 0.3
"""Weight of a figure that many texts have: a year, a month, a small count."""


@dataclass(frozen=True, slots=True)
class BridgeKeys:
    """The parts of a report that can be found in a report in another language.

    `keys` are parts that may be the same in both languages, each with its weight. `pinyin_names` are the names in a
    Latin text that consist of Chinese syllables. They are searched in `sound`, the syllables of the Chinese text.
    """

    keys: Mapping[str, float]
    sound: str
    pinyin_names: frozenset[str]


def read_bridge_keys(
    text: str,
    *,
    han: bool,
    names: Iterable[str],
    figures: Iterable[Figure],
    named: Iterable[NamedThing],
    title_named: frozenset[NamedThing],
) -> BridgeKeys:
    """Return the parts of a report that can be found in a report in another language."""
    keys = {intern(f"{figure.kind} {figure.value:g}"): _figure_weight(figure) for figure in figures}
    keys.update((intern(f"name {name}"), _LATIN_NAME_WEIGHT) for name in names)
    for one in named:
        keys[intern(f"{one.kind} {one.name}")] = _KIND_WEIGHTS[one.kind] * (
            _TITLE_FACTOR if one in title_named else 1.0
        )
    lead = text[:_MAX_SOUND_TEXT_LENGTH]
    return BridgeKeys(keys, sound_of(lead) if han else "", frozenset() if han else spoken_names(lead))


def _figure_weight(figure: Figure) -> float:
    """Return the weight of a figure that reports in two languages share. A figure with more digits has more weight."""
    if figure.is_common:
        return _COMMON_FIGURE_WEIGHT
    return 0.9 if figure.kind == "day" else min(1.6, 0.8 + 0.3 * figure.digits)


def compare_bridge_keys(a: BridgeKeys, b: BridgeKeys, rarity: Callable[[str], float]) -> tuple[float, float]:
    """Return the total weight of the shared keys, and this weight divided by the smaller total of the two reports.

    `rarity` returns the factor, up to 1, by which the weight of a key is multiplied.
    """
    shared = sum(min(weight, b.keys[key]) * rarity(key) for key, weight in a.keys.items() if key in b.keys)
    matching_names = {name for name in a.pinyin_names if name in b.sound} | {
        name for name in b.pinyin_names if name in a.sound
    }
    shared += _SPOKEN_NAME_WEIGHT * sum(
        not any(name != other and name in other for other in matching_names) for name in matching_names
    )
    smaller_weight = min(sum(weight * rarity(key) for key, weight in side.keys.items()) for side in (a, b))
    return shared, min(1.0, shared / smaller_weight) if smaller_weight else 0.0
