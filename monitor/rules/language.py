"""The parser of the rule language, with an LALR grammar: text → tokens (`lexer`) → tree.

Precedence, from the tightest to the loosest: NOT; NEAR and BEFORE; AND and the blank; OR.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NoReturn, cast

from lark import Lark, Token, Transformer, UnexpectedToken
from lark.lexer import Lexer

from monitor.errors import RuleError
from monitor.rules.lexer import Scanner
from monitor.rules.operators import OPERATORS
from monitor.rules.operators.base import Operator, position_of
from monitor.rules.problems import RuleWarning
from monitor.rules.tree import And, Concept, Negation, Node, Or, Regex, Term, flatten

GRAMMAR = """
    ?start: either
    ?either: every (_OR every)*
    ?every: close (_AND? close)*
    ?close: single (({between}) single)*
    ?single: NOT single -> negation
           | unit
    ?unit: operand
         {unit}
    ?operand: WORD -> word
            | PHRASE -> phrase
            | REGEX -> regex
            | CASED_REGEX -> cased_regex
            | CONCEPT -> concept
            | LPAR either _RPAR -> group
            {operand}
    %declare {tokens}
"""
_TERM_TOKENS = "WORD PHRASE REGEX CASED_REGEX CONCEPT NOT _AND _OR LPAR _RPAR _COMMA"
_BINARY_OPERATORS = {operator.syntax: operator for operator in OPERATORS if operator.written == "between"}
_CALL_OPERATORS = {call[1]: operator for operator in OPERATORS if (call := re.search(r"(\w+) LPAR", operator.syntax))}
_PREFIX_AND_BINARY_OPERATORS: dict[str, Operator[Any]] = _BINARY_OPERATORS | {
    operator.syntax.split()[0]: operator for operator in OPERATORS if operator.written == "unit"
}


@dataclass(frozen=True, slots=True)
class ParsedRule:
    """A parsed rule: its tree, and warnings about probable mistakes."""

    tree: Node
    warnings: tuple[RuleWarning, ...]


class _Tokens(Lexer):
    """Passes the scanner's tokens to the grammar."""

    def __init__(self, _: object) -> None: ...

    def lex(self, tokens: Sequence[Token]) -> Iterator[Token]:  # type: ignore[override]  # lark's custom lexers
        return iter(tokens)


class _Builder(Transformer[Token, Node]):
    """Builds the nodes while the parser runs, so that no second pass over a parse tree is needed."""

    def word(self, items: tuple[Token]) -> Node:
        return Term(items[0].value, at=position_of(items[0]))

    def phrase(self, items: tuple[Token]) -> Node:
        return Term(items[0].value, phrase=True, at=position_of(items[0]))

    def regex(self, items: tuple[Token]) -> Node:
        return Regex(items[0].value, at=position_of(items[0]))

    def cased_regex(self, items: tuple[Token]) -> Node:
        return Regex(items[0].value, cased=True, at=position_of(items[0]))

    def concept(self, items: tuple[Token]) -> Node:
        return Concept(items[0].value, at=position_of(items[0]))

    def group(self, items: tuple[Token, Node]) -> Node:
        """Return the node in the parentheses. If it is an AND or OR, its place becomes the opening parenthesis."""
        opening, node = items
        return replace(node, at=position_of(opening)) if isinstance(node, And | Or) else node

    def negation(self, items: tuple[Token, Node]) -> Node:
        sign, part = items
        return part.part if isinstance(part, Negation) else Negation(part, at=position_of(sign))

    def close(self, items: list[Node | Token]) -> Node:
        """Combine operands and the operators between them, from left to right."""
        node = cast("Node", items[0])
        for token, right in zip(items[1::2], items[2::2], strict=True):
            token = cast("Token", token)
            node = _BINARY_OPERATORS[token.type].build([token], [node, cast("Node", right)])
        return node

    def every(self, parts: list[Node]) -> Node:
        return flatten(And, tuple(parts))

    def either(self, parts: list[Node]) -> Node:
        return flatten(Or, tuple(parts))


def build_function_of(operator: Operator[Any]) -> Callable[[list[Token | Node]], Node]:
    """Return a function that makes the node of `operator` from the items that the parser passes."""

    def build(items: list[Token | Node]) -> Node:
        tokens = [item for item in items if isinstance(item, Token) and item.type != "LPAR"]
        return operator.build(tokens, [item for item in items if isinstance(item, Node)])

    return build


@cache
def _parser() -> Lark:
    """Return the parser of the grammar. Each operator's syntax is a rule of the grammar with its own name."""
    builder = _Builder()
    alternatives: dict[str, list[str]] = {"operand": [], "unit": []}
    for operator in OPERATORS:
        if operator.written != "between":
            name = type(operator).__name__.lower()
            alternatives[operator.written].append(f"| {operator.syntax} -> {name}")
            setattr(builder, name, build_function_of(operator))
    own = {token for operator in OPERATORS for token in re.findall(r"\b_?[A-Z]\w*", operator.syntax)}
    grammar = GRAMMAR.format(
        between=" | ".join(_BINARY_OPERATORS),
        unit="\n".join(alternatives["unit"]),
        operand="\n".join(alternatives["operand"]),
        tokens=" ".join(sorted(own.union(_TERM_TOKENS.split()))),
    )
    return Lark(grammar, parser="lalr", lexer=_Tokens, transformer=builder)


def parse(rule: str, expression: str, *, first_quotes: bool = False) -> ParsedRule:
    """Parse the expression of one rule. `rule` is its name, used in errors and warnings.

    If `first_quotes` is set, only the quotes of the language's first version are quotes.

    Raises:
        RuleError: the expression cannot be parsed.
    """
    scanner = Scanner(rule, expression, first_quotes=first_quotes)
    tokens = scanner.scan()
    if not tokens:
        raise RuleError(rule, 1, 1, "the rule is empty", "write at least one term")
    try:
        tree = cast(
            "Node", _parser().parse(cast("str", tokens))
        )  # unlike lark's types, our lexer takes tokens and our builder returns nodes
    except UnexpectedToken as error:
        _refuse_token(scanner, error.token)
    return ParsedRule(tree, tuple(scanner.warnings))


def _refuse_token(scanner: Scanner, token: Token) -> NoReturn:
    """Raise the error for the token that the parser cannot accept: say what is missing before it."""
    operator = _enclosing_operator(scanner.tokens, token)
    if operator and (unfit := operator.explain_unfit(token)):
        _refuse_at(scanner, token, *unfit)
    at_end = token.type == "$END"
    index = len(scanner.tokens) if at_end else next(n for n, known in enumerate(scanner.tokens) if known is token)
    before = scanner.tokens[index - 1] if index else None
    if before is None:
        _refuse_at(scanner, token, f"a term is missing before {token}", f"{token} joins two terms")
    if before.type in _PREFIX_AND_BINARY_OPERATORS:
        _refuse_at(scanner, before, *_PREFIX_AND_BINARY_OPERATORS[before.type].missing_operand(before))
    if before.type in {"NOT", "_AND", "_OR"}:
        _refuse_at(
            scanner,
            before,
            f"a term is missing after {before}",
            "an operator needs a term after it; a word in quotes is not an operator",
        )
    if token.type == "_COMMA" and before.type not in {"LPAR", "_COMMA"}:
        _refuse_at(
            scanner, token, "the comma is within a group", "commas separate the operands of OF; put the text in quotes"
        )
    if before.type == "_COMMA":
        _refuse_at(
            scanner, before, "a term is missing after the comma", "write one between two commas, or leave one out"
        )
    if token.type == "_RPAR":
        _refuse_at(scanner, before, "nothing is between the parentheses", "put a term there, or leave them out")
    _refuse_at(scanner, token, f"a term is missing before {token}", f"{token} joins two terms")


def _enclosing_operator(tokens: Sequence[Token], token: Token) -> Operator[Any] | None:
    """Return the innermost operator whose parentheses contain the token; None if there is no such operator."""
    open_groups: list[Operator[Any] | None] = []
    before = ""
    for known in tokens:
        if known is token:
            break
        if known.type == "LPAR":
            open_groups.append(_CALL_OPERATORS.get(before))
        elif known.type == "_RPAR":
            open_groups.pop()
        before = known.type
    return open_groups[-1] if open_groups else None


def _refuse_at(scanner: Scanner, token: Token, message: str, hint: str) -> NoReturn:
    scanner.raise_error(token.start_pos or 0, message, hint)
