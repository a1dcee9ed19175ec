"""The meaning of a rule: a hash, stored in the database, that changes only when the rule looks for something else.

A rule with a new meaning is matched against the archive, as far back as its `backfill` says. Therefore existing rules
keep their meaning when a new version of the program parses rules differently.
"""

from __future__ import annotations

import hashlib
import json

from monitor.errors import RuleError
from monitor.rules.concepts import Concepts
from monitor.rules.language import ParsedRule, parse
from monitor.rules.tree import QUOTES_OF_LATER_VERSIONS, Concept, Node, every_node


def with_first_quotes(name: str, expression: str) -> ParsedRule | None:
    """Parse a rule that has quotes of later versions as the first version did; None if that is not possible.

    So the rule keeps its meaning. A rule that is invalid with the later quotes is used as before.
    """
    if not any(sign in expression for opening, closing in QUOTES_OF_LATER_VERSIONS for sign in opening + closing):
        return None
    try:
        return parse(name, expression, first_quotes=True)
    except RuleError:
        return None


def meaning_of(tree: Node, concepts: Concepts) -> str:
    """Return the meaning of a rule, which depends on its expression without spacing, and on the concepts in it."""
    used = {node.name for node in every_node(tree) if isinstance(node, Concept)}
    terms = {name: sorted(set(concepts.as_written.get(name, ()))) for name in used}
    return hashlib.sha256(json.dumps([str(tree), terms], sort_keys=True).encode()).hexdigest()
