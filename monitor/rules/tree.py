"""A rule as a tree. `str(tree)` is a rule again, and parsing it gives the same tree.

The basic nodes are here. The nodes of operators are in `operators`, each next to its operator.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import ClassVar, TypeAlias

FIELDS = ("title", "text", "url", "source", "tag", "lang", "author")
DEFAULT_FIELDS = ("title", "text")  # where a term without a field is searched
# What opens a phrase, and what closes it. The quotes of later versions are apart: older rules may use them in words.
QUOTES_OF_FIRST_VERSION = (('"“”„‟＂', '"“”„‟＂'), ("「", "」"), ("『", "』"), ("‘", "’"))
QUOTES_OF_LATER_VERSIONS = (("«", "»"), ("‹", "›"), ("〝", "〞〟"))
QUOTES = QUOTES_OF_FIRST_VERSION + QUOTES_OF_LATER_VERSIONS

Position: TypeAlias = tuple[int, int]


class Binding(IntEnum):
    """The precedence of a node when it is printed.

    A node with lower precedence needs parentheses inside a higher one.
    """

    OR = 1
    AND = 2
    BETWEEN = 3
    NOT = 4
    FIELD = 5
    CLOSED = 6


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a rule. `at` is its line and column, from 1, for errors. Comparisons of nodes ignore `at`."""

    binding: ClassVar[Binding] = Binding.CLOSED
    repeats: ClassVar[bool] = False  # whether it makes sense for two parts to be the same term

    at: Position = field(default=(1, 1), compare=False, repr=False, kw_only=True)

    def children(self) -> tuple[Node, ...]:
        """Return the parts of the node."""
        return ()


@dataclass(frozen=True, slots=True)
class Term(Node):
    """A word, or a phrase between quotes. `text` is the term as the rule has it, with `*` but without the quotes."""

    text: str
    phrase: bool = False

    def __str__(self) -> str:
        if not self.phrase:
            return self.text
        opening, closing = next(pair for pair in QUOTES if not set(pair[1]) & set(self.text))
        return f"{opening[0]}{self.text}{closing[0]}"


@dataclass(frozen=True, slots=True)
class Concept(Node):
    """`@name`: any of the terms of a concept."""

    name: str

    def __str__(self) -> str:
        return f"@{self.name}"


@dataclass(frozen=True, slots=True)
class Regex(Node):
    """`/source/`, a regular expression for RE2, or `/source/c` if it is `cased`."""

    source: str
    cased: bool = False

    def __str__(self) -> str:
        return f"/{self.source}/{'c' if self.cased else ''}"


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`NOT part` or `-part`. `part` itself is never a `Negation`, since double negations are removed."""

    binding = Binding.NOT

    part: Node

    def __str__(self) -> str:
        return f"NOT {parenthesize(self.part, Binding.NOT)}"

    def children(self) -> tuple[Node, ...]:
        """Return the part that is negated."""
        return (self.part,)


@dataclass(frozen=True, slots=True)
class Group(Node):
    """Several parts, of which at least `least()` must match."""

    parts: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        """Return the parts."""
        return self.parts

    def min_matches(self) -> int:
        """Return how many of the parts must match."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class And(Group):
    """An AND of at least two parts. No part is itself an `And`."""

    binding = Binding.AND

    def __str__(self) -> str:
        return " AND ".join(parenthesize(part, Binding.AND) for part in self.parts)

    def min_matches(self) -> int:
        """Return the number of all parts."""
        return len(self.parts)


@dataclass(frozen=True, slots=True)
class Or(Group):
    """An OR of at least two parts. No part is itself an `Or`."""

    binding = Binding.OR

    def __str__(self) -> str:
        return " OR ".join(map(str, self.parts))

    def min_matches(self) -> int:
        """Return 1: a single part is enough."""
        return 1


def parenthesize(node: Node, within: Binding) -> str:
    """Return a node as text, in parentheses if the node around it has a higher precedence."""
    return f"({node})" if node.binding < within else str(node)


def every_node(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes in it, each node before its parts."""
    yield node
    for part in node.children():
        yield from every_node(part)


def flatten(kind: type[And | Or], parts: tuple[Node, ...]) -> Node:
    """Return the parts as one node of a kind. Merge parts of that kind into it; return a single part as it is."""
    if len(parts) == 1:
        return parts[0]
    inner = tuple(one for part in parts for one in (part.parts if isinstance(part, kind) else (part,)))
    return kind(inner, at=parts[0].at)
