"""Which sources a rule could match, by its `source:` and `tag:` parts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from monitor.rules.engine import RuleSet, compile_rules
from monitor.rules.language import parse
from monitor.rules.operators.field import Within
from monitor.rules.tree import Group, Negation, Node

_ASKED: Final = frozenset({"source", "tag"})

Possible = tuple[bool, bool]
"""Whether a part of a rule could fail, and whether it could hold."""


class Reach:
    """The sources that rules could match, by the parts of the rules that ask for a source or a tag.

    A tag that only an entry itself could have counts as absent.
    """

    def __init__(self, rules: Mapping[str, str], concepts: Mapping[str, Sequence[str]]) -> None:
        """Read `rules`, expressions by name. Raises RuleError for one that cannot be read."""
        self._trees = {name: parse(name, expression).tree for name, expression in rules.items()}
        asked = {str(part) for tree in self._trees.values() for part in _asked_parts(tree)}
        self._asked: RuleSet = compile_rules({part: part for part in asked}, concepts)

    def rules_for(self, source: str, tags: Sequence[str]) -> frozenset[str]:
        """Return the names of the rules that could hold for an article of a source with these tags."""
        holding = {match.rule for match in self._asked.match("", source=source, tag=tags)}
        return frozenset(name for name, tree in self._trees.items() if _possible(tree, holding)[1])


def _asked_parts(node: Node) -> Iterator[Within]:
    """Yield the smallest parts of a rule that ask for a source or a tag."""
    node = _distribute(node)
    if isinstance(node, Within) and node.name in _ASKED:
        yield node
        return
    for part in node.children():
        yield from _asked_parts(part)


def _possible(node: Node, holding: set[str]) -> Possible:
    """Return what is possible for a part (three-valued logic, Kleene), given the `asked` parts that match."""
    node = _distribute(node)
    match node:
        case Within() if node.name in _ASKED:
            known = str(node) in holding
            return not known, known
        case Negation():
            fails, holds = _possible(node.part, holding)
            return holds, fails
        case Group():
            parts = [_possible(part, holding) for part in node.parts]
            surely = sum(not fails for fails, _ in parts)
            perhaps = sum(holds for _, holds in parts)
            return surely < node.least(), perhaps >= node.least()
        case _:
            return True, True


def _distribute(node: Node) -> Node:
    """Return `source:(a OR NOT b)` as `source:a OR NOT source:b`."""
    if not isinstance(node, Within):
        return node
    match node.part:
        case Negation() as inner:
            return replace(inner, part=Within(node.name, inner.part))
        case Group() as inner:
            return replace(inner, parts=tuple(Within(node.name, part) for part in inner.parts))
        case _:
            return node
