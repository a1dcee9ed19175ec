"""Split a rule's text into tokens. Refuse what no rule can contain, and collect probable mistakes.

Words that look like full-width operators are read as these operators, with a warning.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from typing import NoReturn

from lark import Token

from monitor.errors import RuleError
from monitor.rules import slips
from monitor.rules.operators import OPERATORS
from monitor.rules.operators.base import IncompleteOperator, Lexeme, Word
from monitor.rules.patterns import UnusableTerm, patterns_of
from monitor.rules.problems import RuleWarning
from monitor.rules.regexes import check_regex, has_border_next_to_han, regex_at
from monitor.rules.tree import QUOTES, QUOTES_OF_FIRST_VERSION
from monitor.text.fold import remove_invisible

MAX_DEPTH = 30  # levels of parentheses; limits the recursion over the tree

_BOOLEAN_TOKENS = {"AND": "_AND", "OR": "_OR", "NOT": "NOT"}  # each word, and its token in the grammar
_LIST_OPERATORS = {operator.takes_commas for operator in OPERATORS}
_SPECIAL_SIGNS = '()（）"“”„‟＂「」『』'
_GROUP_START = re.compile(r"\s*[(（]")
_WORD = re.compile(rf"[^\s{_SPECIAL_SIGNS}]+")
_LIST_ITEM = re.compile(rf"[^\s{_SPECIAL_SIGNS},，、]+")  # a word between commas
_ASCII_SIGNS = str.maketrans("（）＠＊－−–—", "()@*----")  # editors turn hyphens into dashes


class Scanner:
    """Splits one expression into tokens. With `first_quotes`, only the quotes of the first version are quotes."""

    def __init__(self, rule: str, expression: str, *, first_quotes: bool = False) -> None:
        self.tokens: list[Token] = []
        self.warnings: list[RuleWarning] = []
        self._rule = rule
        self._text = expression
        self._quotes = QUOTES_OF_FIRST_VERSION if first_quotes else QUOTES
        self._at = 0
        self._lines = [0, *(end.end() for end in re.finditer("\n", expression))]
        self._groups: list[int] = []
        self._lists: list[int] = []  # the open groups that are lists with commas

    def scan(self) -> list[Token]:
        """Return all tokens, in order.

        Raises: RuleError: the expression has something that no rule can contain.
        """
        while self._at < len(self._text):
            if _is_invisible(self._text[self._at]):
                self._at += 1
            else:
                self._read_token()
        if self._groups:
            self.raise_error(self._groups[-1], "this parenthesis is never closed", 'add the ")" that belongs to it')
        for index, token in enumerate(self.tokens):
            slip = slips.slip_as_operator(self.tokens, index)
            if slip and token.start_pos is not None:
                self._warn(token.start_pos, *slip)
        return self.tokens

    def raise_error(self, at: int, message: str, hint: str = "") -> NoReturn:
        """Raise a RuleError that points at the code point `at` of the expression."""
        raise RuleError(self._rule, *self.position_of(at), message, hint)

    def position_of(self, at: int) -> tuple[int, int]:
        """Return the line and column of the code point `at`, both counted from 1."""
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1

    def _warn(self, at: int, message: str, hint: str) -> None:
        self.warnings.append(RuleWarning(self._rule, *self.position_of(at), message, hint))

    def _add_token(self, kind: str, value: str, length: int) -> None:
        line, column = self.position_of(self._at)
        self.tokens.append(Token(kind, value, start_pos=self._at, line=line, column=column))
        self._at += length

    def _read_token(self) -> None:
        char = self._text[self._at]
        closing = next((closing for opening, closing in self._quotes if char in opening), None)
        if closing:
            self._read_phrase(closing)
        elif char in "()（）":
            self._read_parenthesis(char)
        elif char in _SPECIAL_SIGNS:
            self.raise_error(
                self._at,
                f"the quote {char} has no opening quote",
                "put the phrase between two quotes that belong together",
            )
        elif char == "/":
            self._read_regex()
        elif self._lists and char in ",，、":
            if char != ",":
                self._warn(self._at, f"the full-width {char} is read as a comma", "write ,")
            self._add_token("_COMMA", char, 1)
        else:
            word = (_LIST_ITEM if self._lists else _WORD).match(self._text, self._at)
            self._read_word(word.group() if word else char)

    def _read_regex(self) -> None:
        try:
            source, cased, end = regex_at(self._text, self._at)
            check_regex(source, cased=cased)
        except UnusableTerm as error:
            self.raise_error(self._at, error.message, error.hint)
        if has_border_next_to_han(source):
            hint = "leave the \\b out: Chinese does not part its words"
            self._warn(self._at, "the \\b next to a Chinese character does not find the end of a word", hint)
        self._add_token("CASED_REGEX" if cased else "REGEX", source, end - self._at)

    def _read_parenthesis(self, char: str) -> None:
        if char in "（）":
            self._warn(
                self._at, f"the full-width {char} is read as a parenthesis", f"write {char.translate(_ASCII_SIGNS)}"
            )
        if char in "(（":
            self._groups.append(self._at)
            if self.tokens and self.tokens[-1].type in _LIST_OPERATORS:
                self._lists.append(self._at)
            if len(self._groups) > MAX_DEPTH:
                self.raise_error(self._at, "parentheses are nested too deeply", f"nest at most {MAX_DEPTH} of them")
            self._add_token("LPAR", char, 1)
            return
        if not self._groups:
            self.raise_error(
                self._at, "this parenthesis was never opened", "leave it out, or add the one that opens it"
            )
        if self._groups.pop() in self._lists[-1:]:
            self._lists.pop()
        self._add_token("_RPAR", char, 1)

    def _read_phrase(self, closing: str) -> None:
        end = next((at for at in range(self._at + 1, len(self._text)) if self._text[at] in closing), None)
        if end is None:
            self.raise_error(self._at, "this quote is never closed", f"add {closing[0]} after the phrase")
        phrase = remove_invisible(self._text[self._at + 1 : end])
        self._check_usable(phrase)
        if slip := slips.slip_in_phrase(phrase):
            self._warn(self._at, *slip)
        self._add_token("PHRASE", phrase, end + 1 - self._at)

    def _read_word(self, written: str) -> None:
        word = remove_invisible(written)
        lexeme = self._read_operator(written, word)
        if lexeme:
            if lexeme.slip:
                self._warn(self._at, *lexeme.slip)
            self._add_token(lexeme.kind, lexeme.value, lexeme.length)
        elif word[:1].translate(_ASCII_SIGNS) == "-":
            self._read_minus(word)
        else:
            self._read_operand(word, len(written))

    def _read_operator(self, written: str, visible_word: str) -> Lexeme | None:
        """Return the token of the operator that the word is or begins with; None if the word is a term."""
        word = Word(
            written,
            visible_word,
            unicodedata.normalize("NFKC", visible_word),
            opens_group=bool(_GROUP_START.match(self._text, self._at + len(written))),
            token_before=self.tokens[-1] if self.tokens else None,
            follows_field=self._follows_directly("FIELD"),
        )
        if word.text in _BOOLEAN_TOKENS:
            return word.token(_BOOLEAN_TOKENS[word.text])
        try:
            return next((lexeme for operator in OPERATORS if (lexeme := operator.read(word))), None)
        except IncompleteOperator as error:
            self.raise_error(self._at, error.message, error.hint)

    def _follows_directly(self, *kinds: str) -> bool:
        """Return whether a token of one of these kinds is directly before the current place, without a blank."""
        glued = self._at > 0 and not _is_invisible(self._text[self._at - 1])
        return glued and bool(self.tokens) and self.tokens[-1].type in kinds

    def _read_minus(self, word: str) -> None:
        sign = word[0]
        following = self._text[self._at + 1 : self._at + 2]
        if self._follows_directly("PHRASE", "_RPAR"):
            self.raise_error(
                self._at, f'a blank is missing before "{sign}"', "without it, it is not clear what is excluded"
            )
        if self._follows_directly("FIELD"):
            self.raise_error(self._at, f'"{sign}" follows a field', 'write the sign before the field: "-title:term"')
        if not following or following in ")）" or _is_invisible(following) or following.translate(_ASCII_SIGNS) == "-":
            self.raise_error(self._at, f'"{sign}" excludes nothing', "put it once, directly before what it excludes")
        if sign != "-":
            self._warn(self._at, f'the dash "{sign}" is read as "-", which excludes', 'write "-" or NOT')
        self._add_token("NOT", sign, 1)

    def _read_operand(self, word: str, length: int) -> None:
        meant = re.sub("^＠", "@", word).replace("＊", "*")
        if meant != word:
            self._warn(self._at, f"the full-width sign in {word} is read as an operator", f"write {meant}")
        if meant.startswith("@"):
            self._add_token("CONCEPT", meant[1:], length)
            return
        self._check_usable(meant)
        slip = slips.slip_in_word(meant)
        if slip:
            self._warn(self._at, *slip)
        self._add_token("WORD", meant, length)

    def _check_usable(self, term: str) -> None:
        try:
            patterns_of(term)
        except UnusableTerm as error:
            self.raise_error(self._at, error.message, error.hint)


def _is_invisible(char: str) -> bool:
    """Return whether a character is a blank, or an invisible character such as text copied from web pages has."""
    return char.isspace() or not remove_invisible(char)
