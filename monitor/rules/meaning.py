"""The meaning of a rule for the database: a hash that stays the same while the rule asks for the same.

A rule with a new meaning is matched against the archive as far as its `backfill` says. So a new version of the program
that reads rules in another way keeps the meaning of existing ones.
"""

from __future__ import annotations

import hashlib
import json

from monitor.errors import RuleError
from monitor.rules.concepts import Concepts
from monitor.rules.language import ParsedRule, parse
from monitor.rules.tree import QUOTES_OF_LATER_VERSIONS, Concept, Node, every_node


def with_first_quotes(name: str, expression: str) -> ParsedRule | None:
    """Read a rule with quotes of later versions as the first version did; None if that is not possible.

    It keeps its meaning this way, and if it is invalid with the later quotes, it is used as before.
    """
    if not any(sign in expression for opening, closing in QUOTES_OF_LATER_VERSIONS for sign in opening + closing):
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
