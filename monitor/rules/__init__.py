"""The rule language: named queries over articles, for people who know search engines.

`AND`, `OR`, `NOT` in capitals (a blank is AND, `-term` is NOT), parentheses, `"phrases"`, `prefix*` and `*suffix`,
`@concept`, `/regex/`, operators (`a NEAR/5 b`, `SENTENCE(…)`, `2 OF (a, b, c)` and others), and the fields
`title: text: url: source: tag: lang: author:`, each before a term, a phrase or a group. `docs/rules.md` teaches it.
A term without a field looks in title and text. Terms and texts are folded alike (`monitor.text.fold`); where a word
ends is a matter of its script (`scripts`).

A rule's way: `lexer` and `language` make a tree of its text, `planner` a plan of the tree, `logic` refuses plans that
hold without any term or never (`compiler`), `automaton` finds the terms of all rules in a text at once (`hits`),
`engine` asks the plans. AND, OR, NOT and parentheses are the language itself; every other operator is a file of
`operators` with all that the language knows of it.
"""

from monitor.rules.engine import Explanation, RuleSet, compile_rules
from monitor.rules.problems import RuleWarning
from monitor.rules.reach import Reach

__all__ = ["Explanation", "Reach", "RuleSet", "RuleWarning", "compile_rules"]
