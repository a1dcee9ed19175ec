"""Things with known English and Chinese names: places, offices, themes, and the stages of a process."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, Literal

from monitor.stories.terms import terms_of

Kind = Literal["place", "office", "theme", "stage"]

_KINDS: Final[dict[str, Kind]] = {"place": "place", "office": "office", "theme": "theme", "stage": "stage"}


@dataclass(frozen=True, slots=True)
class NamedThing:
    """One thing of the gazetteer. `part_of` is the larger place that contains a place."""

    kind: Kind
    name: str
    part_of: str = ""

    @property
    def process(self) -> str:
        """The process that a stage is a part of: `law` for `law.draft`."""
        return self.name.partition(".")[0]


@cache
def _text() -> str:
    return resources.files("monitor.stories").joinpath("gazetteer.txt").read_text(encoding="utf-8")


def gazetteer_hash() -> str:
    """Return a hash of the whole gazetteer, which changes with any change of it."""
    return hashlib.blake2b(_text().encode(), digest_size=8).hexdigest()


@cache
def _names_by_first_term() -> dict[str, list[tuple[tuple[str, ...], NamedThing]]]:
    """Return all names in the gazetteer, grouped by their first term. Each name is its terms and the named thing."""
    forms: dict[str, list[tuple[tuple[str, ...], NamedThing]]] = defaultdict(list)
    for line in (line for line in _text().splitlines() if "=" in line and not line.startswith("#")):
        head, _, tail = line.partition(" = ")
        named, _, around = head.partition(" < ")
        word, name = named.split()
        for terms in filter(None, (tuple(terms_of(form)) for form in tail.split(", "))):
            forms[terms[0]].append((terms, NamedThing(_KINDS[word], name, around)))
    return dict(forms)


@cache
def named_things() -> dict[tuple[str, str], NamedThing]:
    """Return all things of the gazetteer, by their kind and name."""
    return {(one.kind, one.name): one for forms in _names_by_first_term().values() for _, one in forms}


def find_named(terms: Sequence[str]) -> frozenset[NamedThing]:
    """Return the things that a text names. `terms` are the terms of the text in order."""
    return frozenset(_things_in_order(terms))


def _things_in_order(terms: Sequence[str]) -> Iterator[NamedThing]:
    forms = _names_by_first_term()
    for at, term in enumerate(terms):
        for form, named in forms.get(term, ()):
            if len(form) == 1 or tuple(terms[at : at + len(form)]) == form:
                yield named


@cache
def _larger_places() -> dict[str, str]:
    return {
        named.name: named.part_of
        for forms in _names_by_first_term().values()
        for _, named in forms
        if named.kind == "place"
    }


def places_around(place: str) -> frozenset[str]:
    """Return the place and all larger places that contain it."""
    found = set()
    while place and place not in found:
        found.add(place)
        place = _larger_places().get(place, "")
    return frozenset(found)
