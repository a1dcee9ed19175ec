"""The language of rules: text → tokens (`lexer`) → tree, by an LALR grammar.

Precedence, tightest first: NOT; NEAR and BEFORE; AND and the blank; OR.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NoReturn, cast

from lark import Lark, Token, Transformer, UnexpectedToken
from lark.lexer import Lexer

from monitor.errors import RuleError
from monitor.rules.lexer import Scanner
from monitor.rules.problems import RuleWarning
from monitor.rules.tree import And, Case, Concept, CountOf, Near, Negation, Node, Or, Regex, Sentence, Term, Within

GRAMMAR = """
    ?start: either
    ?either: every (_OR every)*
    ?every: close (_AND? close)*
    ?close: single (NEAR single)*
    ?single: NOT single -> negation
           | unit
    ?unit: scope
         | FIELD scope -> within
    ?scope: WORD -> word
          | PHRASE -> phrase
          | REGEX -> regex
          | CASED_REGEX -> cased_regex
          | CONCEPT -> concept
          | LPAR either _RPAR -> group
          | SENTENCE LPAR either _RPAR -> sentence
          | CASE LPAR either _RPAR -> case
          | COUNT _OF LPAR either (_COMMA either)* _RPAR -> at_least
    %declare WORD PHRASE REGEX CASED_REGEX CONCEPT FIELD NOT NEAR _AND _OR LPAR _RPAR SENTENCE CASE COUNT _OF _COMMA
"""
_OPERATOR_TOKENS = {"_AND", "_OR", "NOT", "NEAR"}


@dataclass(frozen=True, slots=True)
class Parsed:
    """A rule as read: its tree, and the slips that were noticed."""

    tree: Node
    warnings: tuple[RuleWarning, ...]


class _Tokens(Lexer):
    """Hands the grammar the tokens that the scanner made."""

    def __init__(self, _: object) -> None: ...

    def lex(self, tokens: Sequence[Token]) -> Iterator[Token]:  # type: ignore[override]  # lark's form for lexers of one's own
        return iter(tokens)


class _Builder(Transformer[Token, Node]):
    """Makes nodes while the parser reduces, so no tree is ever walked to be built."""

    def word(self, items: tuple[Token]) -> Node:
        return Term(items[0].value, at=_at(items[0]))

    def phrase(self, items: tuple[Token]) -> Node:
        return Term(items[0].value, phrase=True, at=_at(items[0]))

    def regex(self, items: tuple[Token]) -> Node:
        return Regex(items[0].value, at=_at(items[0]))

    def cased_regex(self, items: tuple[Token]) -> Node:
        return Regex(items[0].value, cased=True, at=_at(items[0]))

    def concept(self, items: tuple[Token]) -> Node:
        return Concept(items[0].value, at=_at(items[0]))

    def group(self, items: tuple[Token, Node]) -> Node:
        """A conjunction or alternative in parentheses begins at the parenthesis."""
        opening, node = items
        return replace(node, at=_at(opening)) if isinstance(node, And | Or) else node

    def negation(self, items: tuple[Token, Node]) -> Node:
        sign, part = items
        return part.part if isinstance(part, Negation) else Negation(part, at=_at(sign))

    def within(self, items: tuple[Token, Node]) -> Node:
        name, part = items
        return Within(name.value, part, at=_at(name))

    def close(self, items: list[Node | Token]) -> Node:
        """Two operands; a third one is for the compiler to refuse, like all that cannot be near."""
        node = cast("Node", items[0])
        for index in range(1, len(items), 2):
            operator, right = cast("Token", items[index]), cast("Node", items[index + 1])
            name, words = operator.value.split("/")
            node = Near(node, right, int(words), ordered=name == "BEFORE", at=_at(operator))
        return node

    def sentence(self, items: tuple[Token, Token, Node]) -> Node:
        return Sentence(items[2], at=_at(items[0]))

    def case(self, items: tuple[Token, Token, Node]) -> Node:
        return Case(items[2], at=_at(items[0]))

    def at_least(self, items: list[Token | Node]) -> Node:
        count = cast("Token", items[0])
        return CountOf(int(count), tuple(cast("list[Node]", items[2:])), at=_at(count))

    def every(self, parts: list[Node]) -> Node:
        flat = (inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,)))
        return And(tuple(flat), at=parts[0].at)

    def either(self, parts: list[Node]) -> Node:
        flat = (inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,)))
        return Or(tuple(flat), at=parts[0].at)


def _at(token: Token) -> tuple[int, int]:
    return token.line or 1, token.column or 1


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer=_Tokens, transformer=_Builder())


def parse(rule: str, expression: str, *, first_quotes: bool = False) -> Parsed:
    """Read one rule; `rule` is its name, for errors and warnings. `first_quotes`: as before there were the later ones.

    Raises:
        RuleError: it cannot be read.
    """
    scanner = Scanner(rule, expression, first_quotes=first_quotes)
    tokens = scanner.scan()
    if not tokens:
        raise RuleError(rule, 1, 1, "the rule is empty", "write at least one term")
    try:
        tree = cast(
            "Node", _parser().parse(cast("str", tokens))
        )  # the builder's result; our lexer takes tokens for text
    except UnexpectedToken as error:
        _refuse(scanner, error.token)
    return Parsed(tree, tuple(scanner.warnings))


def _refuse(scanner: Scanner, token: Token) -> NoReturn:
    """Say what is missing before the token at which the grammar had to stop."""
    at_end = token.type == "$END"
    index = len(scanner.tokens) if at_end else next(n for n, known in enumerate(scanner.tokens) if known is token)
    before = scanner.tokens[index - 1] if index else None
    if before is None:
        _point(scanner, token, f"a term is missing before {token}", f"{token} stands between terms")
    if before.type in _OPERATOR_TOKENS:
        _point(
            scanner,
            before,
            f"a term is missing behind {before}",
            "an operator stands before a term; a word in quotes is no operator",
        )
    if before.type == "FIELD":
        _point(
            scanner,
            before,
            f"a term is missing behind {before}:",
            f'write {before}:term, {before}:"phrase" or {before}:(a OR b)',
        )
    if token.type == "_COMMA" and before.type not in {"LPAR", "_COMMA"}:
        _point(
            scanner, token, "the comma stands within a group", "commas part the operands of OF; put the text in quotes"
        )
    if before.type == "_COMMA":
        _point(scanner, before, "a term is missing behind the comma", "write one between two commas, or leave one out")
    if token.type == "_RPAR":
        _point(scanner, before, "nothing stands between the parentheses", "put a term there, or leave them out")
    _point(scanner, token, f"a term is missing before {token}", f"{token} stands between terms")


def _point(scanner: Scanner, token: Token, message: str, hint: str) -> NoReturn:
    scanner.refuse(token.start_pos or 0, message, hint)
