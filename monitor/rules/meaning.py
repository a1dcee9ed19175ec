"""What a rule means to the database: a hash that stays while the rule asks for the same, in whatever version.

A rule whose meaning is new looks back as far as its `backfill` says. So what changes how rules are read keeps the
meaning of those that were in use before.
"""

from __future__ import annotations

import hashlib
import json

from monitor.errors import RuleError
from monitor.rules.concepts import Concepts
from monitor.rules.language import ParsedRule, parse
from monitor.rules.tree import LATER_QUOTES, Concept, Node, every_node


def with_first_quotes(name: str, expression: str) -> ParsedRule | None:
    """Read a rule that has later quotes as it was read before there were these; None if it could not be.

    It keeps its meaning by that, and when it cannot be used with them it is used as it was.
    """
    if not any(sign in expression for opening, closing in LATER_QUOTES for sign in opening + closing):
        return None
    try:
        return parse(name, expression, first_quotes=True)
    except RuleError:
        return None


def meaning_of(tree: Node, concepts: Concepts) -> str:
    """Return the meaning of a rule: of its expression, however that is spaced, and of the concepts in it."""
    used = {node.name for node in every_node(tree) if isinstance(node, Concept)}
    terms = {name: sorted(set(concepts.written.get(name, ()))) for name in used}
    return hashlib.sha256(json.dumps([str(tree), terms], sort_keys=True).encode()).hexdigest()
