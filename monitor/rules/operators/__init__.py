"""The operators of the rule language: one file each, and one line here. `docs/adding.md` says how to add one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.rules.operators.base import Operator
from monitor.rules.operators.case import CaseOperator
from monitor.rules.operators.count_of import CountOfOperator
from monitor.rules.operators.field import FieldOperator
from monitor.rules.operators.near import NearOperator
from monitor.rules.operators.sentence import SentenceOperator
from monitor.rules.operators.start import StartOperator
from monitor.rules.tree import Node

OPERATORS: tuple[Operator[Any], ...] = (
    NearOperator(),
    SentenceOperator(),
    StartOperator(),
    CountOfOperator(),
    CaseOperator(),
    FieldOperator(),
)

OPERATOR_OF_NODE: Mapping[type[Node], Operator[Any]] = {operator.node: operator for operator in OPERATORS}
