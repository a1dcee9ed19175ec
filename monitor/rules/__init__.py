"""The rule language: named queries over articles, for people who know search engines.

`AND`, `OR`, `NOT` in capitals (a blank is AND, `-term` is NOT), parentheses, `"phrases"`, `prefix*` and `*suffix`,
`@concept`, `/regex/`, operators (`a NEAR/5 b`, `SENTENCE(…)`, `2 OF (a, b, c)` and others), and the fields
`title: text: url: source: tag: lang: author:`, each before a term, a phrase or a group. `docs/rules.md` teaches it.
A term without a field is searched in title and text. Terms and texts are folded in the same way (`monitor.text.fold`).
Where a word ends depends on its script (`scripts`).

How a rule is processed: `lexer` and `language` parse its text into a tree, and `planner` turns the tree into a plan.
`compiler` refuses plans that never match, or that match without any of their terms (`logic`). `automaton` finds the
terms of all rules in a text at once (`hits`), and `engine` evaluates the plans. AND, OR, NOT and parentheses are built
into the language. Every other operator has a file of its own in `operators`.
"""

from monitor.rules.engine import Explanation, RuleSet, compile_rules
from monitor.rules.problems import RuleWarning
from monitor.rules.reach import Reach

__all__ = ["Explanation", "Reach", "RuleSet", "RuleWarning", "compile_rules"]
