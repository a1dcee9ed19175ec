# ruff: noqa: D102  (the methods are documented in `Operator`)
"""`CASE(Apple)`: finds a term only with the capitals, small letters and accents with which it is written."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lark import Token

from monitor.rules.operators.base import Call, NarrowingOperator, position_of
from monitor.rules.planner import Planner, Scope
from monitor.rules.tree import Node


@dataclass(frozen=True, slots=True)
class Case(Node):
    """The node of `CASE(part)`."""

    part: Node

    def __str__(self) -> str:
        return f"CASE({self.part})"

    def children(self) -> tuple[Node, ...]:
        return (self.part,)


class CaseOperator(NarrowingOperator[Case], Call[Case]):
    """The operator CASE."""

    node = Case
    name = "CASE"
    example = "CASE(Apple)"

    def build(self, tokens: list[Token], parts: list[Node]) -> Node:
        return Case(parts[0], at=position_of(tokens[0]))

    def narrow_scope(self, node: Case, planner: Planner, scope: Scope) -> Scope:  # noqa: ARG002 - the same for each node
        return replace(scope, cased=True)
