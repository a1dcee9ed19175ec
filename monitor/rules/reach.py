"""Find out which sources a rule could match, by its `source:` and `tag:` parts. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from monitor.rules.engine import RuleSet, compile_rules
from monitor.rules.language import parse
from monitor.rules.operators.field import FieldNode
from monitor.rules.tree import Group, Negation, Node

_SOURCE_FIELDS: Final = frozenset({"source", "tag"})

CanFailAndHold = tuple[bool, bool]
"""Two values: whether a part of a rule could fail, and whether it could match."""


class Reach:
    """The sources that rules could match. It looks only at the parts of the rules that ask for a source or a tag.

    Only the tags of sources count: tags that single entries of a feed might have are ignored.
    """

    def __init__(self, rules: Mapping[str, str], concepts: Mapping[str, Sequence[str]]) -> None:
        """Parse `rules`, expressions by name. Raises RuleError for an expression that cannot be parsed."""
        self._trees = {name: parse(name, expression).tree for name, expression in rules.items()}
        parts = {str(part) for tree in self._trees.values() for part in _source_parts(tree)}
        self._asked: RuleSet = compile_rules({part: part for part in parts}, concepts)

    def rules_for(self, source: str, tags: Sequence[str]) -> frozenset[str]:
        """Return the names of the rules that could match an article of a source with these tags."""
        matching_parts = {match.rule for match in self._asked.match("", source=source, tag=tags)}
        return frozenset(name for name, tree in self._trees.items() if _evaluate(tree, matching_parts)[1])


def _source_parts(node: Node) -> Iterator[FieldNode]:
    """Yield the smallest parts of a rule that ask for a source or a tag."""
    node = _distribute_field(node)
    if isinstance(node, FieldNode) and node.name in _SOURCE_FIELDS:
        yield node
        return
    for part in node.children():
        yield from _source_parts(part)


def _evaluate(node: Node, matching_parts: set[str]) -> CanFailAndHold:
    """Return what is possible for a part, by Kleene's three-valued logic. `matching_parts` are true."""
    node = _distribute_field(node)
    match node:
        case FieldNode() if node.name in _SOURCE_FIELDS:
            matches = str(node) in matching_parts
            return not matches, matches
        case Negation():
            fails, holds = _evaluate(node.part, matching_parts)
            return holds, fails
        case Group():
            parts = [_evaluate(part, matching_parts) for part in node.parts]
            certain = sum(not fails for fails, _ in parts)
            possible = sum(holds for _, holds in parts)
            return certain < node.min_matches(), possible >= node.min_matches()
        case _:
            return True, True


def _distribute_field(node: Node) -> Node:
    """Return `source:(a OR NOT b)` as `source:a OR NOT source:b`."""
    if not isinstance(node, FieldNode):
        return node
    match node.part:
        case Negation() as inner:
            return replace(inner, part=FieldNode(node.name, inner.part))
        case Group() as inner:
            return replace(inner, parts=tuple(FieldNode(node.name, part) for part in inner.parts))
        case _:
            return node
