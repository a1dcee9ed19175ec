"""A rule as a tree. `str(tree)` is a rule again, and reading that gives the same tree.

Positions (`at`: line and column, from 1) tell errors where to point; they take no part in comparing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

FIELDS = ("title", "text", "url", "source", "tag", "lang", "author")
BARE = ("title", "text")  # where a term without a field looks
QUOTES = (('"“”„‟＂', '"“”„‟＂'), ("「", "」"), ("『", "』"), ("‘", "’"))  # what opens a phrase, and what closes it

At: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Term:
    """A word or, between quotes, a phrase. `text` is what the rule writes, without the quotes, with its `*`."""

    text: str
    phrase: bool = False
    at: At = field(default=(1, 1), compare=False, repr=False)

    def __str__(self) -> str:
        if not self.phrase:
            return self.text
        opening, closing = next(pair for pair in QUOTES if not set(pair[1]) & set(self.text))
        return f"{opening[0]}{self.text}{closing[0]}"


@dataclass(frozen=True, slots=True)
class Concept:
    """`@name`: any of the terms of a concept."""

    name: str
    at: At = field(default=(1, 1), compare=False, repr=False)

    def __str__(self) -> str:
        return f"@{self.name}"


@dataclass(frozen=True, slots=True)
class Not:
    """`NOT part`, `-part`. What is denied twice is not denied: no part of it is a `Not`."""

    part: Node
    at: At = field(default=(1, 1), compare=False, repr=False)

    def __str__(self) -> str:
        return f"NOT {_enclosed(self.part, And, Or)}"


@dataclass(frozen=True, slots=True)
class And:
    """All parts, of which there are at least two, none itself an `And`."""

    parts: tuple[Node, ...]
    at: At = field(default=(1, 1), compare=False, repr=False)

    def __str__(self) -> str:
        return " AND ".join(_enclosed(part, Or) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the parts, of which there are at least two, none itself an `Or`."""

    parts: tuple[Node, ...]
    at: At = field(default=(1, 1), compare=False, repr=False)

    def __str__(self) -> str:
        return " OR ".join(str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Within:
    """`field:part`: what the part asks, asked of one field."""

    name: str
    part: Node
    at: At = field(default=(1, 1), compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.name}:{_enclosed(self.part, And, Or, Not)}"


Node: TypeAlias = Term | Concept | Not | And | Or | Within


def _enclosed(node: Node, *loose: type) -> str:
    return f"({node})" if isinstance(node, loose) else str(node)
