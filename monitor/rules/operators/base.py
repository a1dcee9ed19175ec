"""The base classes of operators. An operator is one object with everything that the rule language must know about it.

The grammar is built from the `syntax` of all operators. The scanner passes each word to the `read` of each operator.
The operator's plan (`monitor.rules.plan`) decides when it matches, at which places, and what words a text must have.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from re import Pattern
from typing import ClassVar, Generic, Literal, TypeVar

from lark import Token

from monitor.model import Need
from monitor.rules.hits import Hits, Sentences, TermId
from monitor.rules.plan import Plan, TermAssignment, TermIds, describe
from monitor.rules.planner import Planner, Scope
from monitor.rules.prefilter import all_needs
from monitor.rules.problems import RuleWarning
from monitor.rules.tree import Node, Position

Hint = tuple[str, str]
"""A message about a mistake, and what to write instead."""
Slip = tuple[Pattern[str], str, Callable[[str], str]]
"""A pattern of terms that are probably mistakes, the message, and a function that returns what was probably meant."""


class IncompleteOperator(ValueError):
    """Raised for an incomplete operator. `hint` says how to write it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A token of an operator. `length` is the number of characters it takes from the word; `slip` is a warning."""

    kind: str
    value: str
    length: int
    slip: Hint | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A word of an expression, as the scanner shows it to the operators."""

    written: str  # as the expression has it
    visible_text: str  # without invisible characters
    text: str  # `visible_text` with full-width characters replaced by plain ones
    opens_group: bool  # whether an opening parenthesis follows
    token_before: Token | None
    follows_field: bool  # whether `token_before` is a field (`title:`), without a blank between

    def token(self, kind: str) -> Lexeme:
        """Return the whole word as a token of this kind, with a warning if it is written in full-width letters."""
        odd = None
        if self.text != self.visible_text:
            odd = (f"the full-width {self.visible_text} is read as {self.text}", f"write {self.text}")
        return Lexeme(kind, self.text, len(self.written), odd)


NodeT = TypeVar("NodeT", bound=Node)


class Operator(ABC, Generic[NodeT]):
    """An operator. `syntax` is what it adds to the grammar (`monitor.rules.language`). `written` is where it may be:

    - `operand`: wherever a term may be, also after a field: `SENTENCE(…)`
    - `unit`: wherever a term may be, but not after a field: `title:…`
    - `between`: between two operands; then `syntax` is a single token: `NEAR/5`
    """

    node: type[NodeT]
    syntax: ClassVar[str]
    written: ClassVar[Literal["operand", "unit", "between"]] = "operand"
    takes_commas: ClassVar[str] = ""  # the token whose parentheses hold a list with commas
    slips: ClassVar[Sequence[Slip]] = ()

    @abstractmethod
    def read(self, word: Word) -> Lexeme | None:
        """Return the operator's token if the word is this operator, else None.

        Raises:
            IncompleteOperator: the word is this operator, but incomplete.
        """

    @abstractmethod
    def build(self, tokens: list[Token], parts: list[Node]) -> Node:
        """Make the node from its tokens (without parentheses) and its operands, both in the order of the text."""

    @abstractmethod
    def plan(self, node: NodeT, planner: Planner, scope: Scope) -> Plan:
        """Make the plan of a node whose terms are searched in `scope`.

        Raises:
            RuleError: the node cannot be used, for example because of its operands (see `planner.raise_error`).
        """

    def narrow_scope(self, node: NodeT, planner: Planner, scope: Scope) -> Scope | None:
        """Return the scope of the terms in the node if the operator only changes the scope, else None."""

    def slip(self, tokens: Sequence[Token], index: int) -> str | None:
        """Return what the term at `index` probably means if it looks like this operator, else None."""

    def missing_operand(self, token: Token) -> Hint:
        """Return the error for an operator without its operand."""
        return (
            f"a term is missing after {token}",
            "an operator needs a term after it; a word in quotes is not an operator",
        )

    def explain_unfit(self, token: Token) -> Hint | None:
        """Return what is wrong with a token in the operator's parentheses that the parser cannot accept, if known."""

    def warnings(self, node: NodeT, rule: str) -> Iterable[RuleWarning] | None:
        """Return warnings about probable mistakes in a node of this operator."""


class Call(Operator[NodeT]):
    """An operator that is written as its name in capitals directly before parentheses: `SENTENCE(a b)`."""

    name: ClassVar[str]
    example: ClassVar[str]  # shown in hints

    def __init_subclass__(cls) -> None:
        cls.syntax = getattr(cls, "syntax", f"{cls.name} LPAR either _RPAR")

    def read(self, word: Word) -> Lexeme | None:
        """Return the token if the word is the operator's name and an opening parenthesis follows."""
        return word.token(self.name) if word.text == self.name and word.opens_group else None

    def slip(self, tokens: Sequence[Token], index: int) -> str | None:
        """Return a hint for the name in small letters before a parenthesis, and for the name without a parenthesis."""
        word = tokens[index]
        if index + 1 == len(tokens):
            return None
        if word.casefold() == self.name.casefold() and is_call(tokens, index):
            return f"the operator is written {self.example}; to keep the word, use quotes"
        if word == self.name:
            return f'the operator is {self.name}(…); to search for the word, write "{self.name}"'
        return None


class NarrowingOperator(Operator[NodeT]):
    """An operator that only changes the scope of the terms in it: `title:…`, `CASE(…)`."""

    @abstractmethod
    def narrow_scope(self, node: NodeT, planner: Planner, scope: Scope) -> Scope:
        """Return the scope of the terms in the node."""

    def plan(self, node: NodeT, planner: Planner, scope: Scope) -> Plan:
        """Make the plan of the operand, with the changed scope."""
        (part,) = node.children()
        return planner.plan(part, self.narrow_scope(node, planner, scope))


@dataclass(frozen=True, slots=True)
class PlacesPlan(Plan):
    """The plan of an operator that depends on the places of terms.

    It has a number like a term (`term_id`), so that it can imply or exclude other terms. Its places are in the original
    text: there, sentences end at line ends, and regular expressions are run on it.
    """

    node: Node
    term_id: TermId

    @abstractmethod
    def parts(self) -> tuple[Plan, ...]:
        """Return the parts that must all match for the operator to match."""

    def term_ids(self, *, must_hold: bool) -> Iterator[tuple[TermId, bool]]:
        """Yield the operator's own number, and the terms of its parts whose presence helps."""
        yield self.term_id, must_hold
        if must_hold:
            inner = (each for part in self.parts() for each in part.term_ids(must_hold=True))
            yield from ((term_id, True) for term_id, helps in inner if helps)

    def triggers(self, *, must_hold: bool) -> frozenset[TermId] | None:
        """Return the triggers of one part, the one with the fewest: all parts must match."""
        sets = [needed for part in self.parts() if (needed := part.triggers(must_hold=True)) is not None]
        return min(sets, key=len, default=None) if must_hold else None

    def possible(self, assignment: TermAssignment, *, must_hold: bool) -> bool:
        """Return whether the operator and all its parts may match."""
        if not must_hold:
            return not assignment.get(self.term_id, False)
        absent = {term_id: False for term_id, held in assignment.items() if not held}
        inner = all(part.possible(absent, must_hold=True) for part in self.parts())
        return inner and assignment.get(self.term_id, True)

    def terms(self) -> Iterator[tuple[TermId, str]]:
        """Yield the terms of all parts."""
        return (each for part in self.parts() for each in part.terms())

    def need(self, term_ids: TermIds, *, must_hold: bool) -> Need | None:
        """Return the words needed by all parts together."""
        return all_needs([part.need(term_ids, must_hold=True) for part in self.parts()]) if must_hold else None

    def sentences(self, has: Mapping[TermId, Sentences]) -> Sentences | None:
        """Return the sentences in which all parts can match."""
        known = [one for part in self.parts() if (one := part.sentences(has)) is not None]
        return frozenset.intersection(*known) if known else None

    def failure(self, hits: Hits, *, must_hold: bool) -> str:
        """Return which part does not match or, if all parts match, that their places do not fit."""
        if not must_hold:
            return f"{describe(self.node)} holds, but the rule excludes it"
        failing = next((part for part in self.parts() if not part.holds(hits)), None)
        return failing.failure(hits, must_hold=True) if failing else self.misplaced_message()

    @abstractmethod
    def misplaced_message(self) -> str:
        """Return the message for a text in which all parts match, but the operator does not."""


def position_of(token: Token) -> Position:
    """Return the line and column of a token."""
    return token.line or 1, token.column or 1


def is_call(tokens: Sequence[Token], index: int) -> bool:
    """Return whether an opening parenthesis directly follows the token at `index`. It must not be the last token."""
    word, following = tokens[index], tokens[index + 1]
    return following.type == "LPAR" and following.start_pos == (word.start_pos or 0) + len(word)
