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
from monitor.rules.operators.base import Lexeme, Misread, Word
from monitor.rules.patterns import Unusable, patterns_of
from monitor.rules.problems import RuleWarning
from monitor.rules.regexes import border_next_to_han, regex_at, regex_of
from monitor.rules.tree import FIRST_QUOTES, QUOTES
from monitor.text.fold import remove_invisible

DEEPEST = 30  # parentheses within parentheses; bounds the recursion over the tree

_BOOLEAN = {"AND": "_AND", "OR": "_OR", "NOT": "NOT"}  # the word, and the token that the grammar knows it by
_LISTS = {operator.takes_commas for operator in OPERATORS}
_MARKS = '()（）"“”„‟＂「」『』'
_GROUP = re.compile(r"\s*[(（]")
_WORD = re.compile(rf"[^\s{_MARKS}]+")
_ITEM = re.compile(rf"[^\s{_MARKS},，、]+")  # a word between commas
_FULL_WIDTH = str.maketrans("（）＠＊－−–—", "()@*----")  # and the dashes that editors make of a hyphen


class Scanner:
    """Reads one expression from left to right. `first_quotes`: quotes of later versions are ordinary signs."""

    def __init__(self, rule: str, expression: str, *, first_quotes: bool = False) -> None:
        self.tokens: list[Token] = []
        self.warnings: list[RuleWarning] = []
        self._rule = rule
        self._text = expression
        self._quotes = FIRST_QUOTES if first_quotes else QUOTES
        self._at = 0
        self._lines = [0, *(end.end() for end in re.finditer("\n", expression))]
        self._groups: list[int] = []
        self._lists: list[int] = []  # those of the groups that are lists with commas

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
            self.refuse(self._groups[-1], "this parenthesis is never closed", 'add the ")" that belongs to it')
        for index, token in enumerate(self.tokens):
            slip = slips.as_operator(self.tokens, index)
            if slip and token.start_pos is not None:
                self._warn(token.start_pos, *slip)
        return self.tokens

    def refuse(self, at: int, message: str, hint: str = "") -> NoReturn:
        """Raise the error, pointing at the code point `at` of the expression."""
        raise RuleError(self._rule, *self.place(at), message, hint)

    def place(self, at: int) -> tuple[int, int]:
        """Return line and column of a code point, from 1."""
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1

    def _warn(self, at: int, message: str, hint: str) -> None:
        self.warnings.append(RuleWarning(self._rule, *self.place(at), message, hint))

    def _token(self, kind: str, value: str, length: int) -> None:
        line, column = self.place(self._at)
        self.tokens.append(Token(kind, value, start_pos=self._at, line=line, column=column))
        self._at += length

    def _read_token(self) -> None:
        char = self._text[self._at]
        closing = next((closing for opening, closing in self._quotes if char in opening), None)
        if closing:
            self._phrase(closing)
        elif char in "()（）":
            self._parenthesis(char)
        elif char in _MARKS:
            self.refuse(
                self._at, f"the quote {char} closes nothing", "put the phrase between two quotes that belong together"
            )
        elif char == "/":
            self._regex()
        elif self._lists and char in ",，、":
            if char != ",":
                self._warn(self._at, f"the full-width {char} is read as a comma", "write ,")
            self._token("_COMMA", char, 1)
        else:
            word = (_ITEM if self._lists else _WORD).match(self._text, self._at)
            self._word(word.group() if word else char)

    def _regex(self) -> None:
        try:
            source, cased, end = regex_at(self._text, self._at)
            regex_of(source, cased=cased)
        except Unusable as error:
            self.refuse(self._at, error.message, error.hint)
        if border_next_to_han(source):
            hint = "leave the \\b out: Chinese does not part its words"
            self._warn(self._at, "the \\b next to a Chinese character does not find the end of a word", hint)
        self._token("CASED_REGEX" if cased else "REGEX", source, end - self._at)

    def _parenthesis(self, char: str) -> None:
        if char in "（）":
            self._warn(
                self._at, f"the full-width {char} is read as a parenthesis", f"write {char.translate(_FULL_WIDTH)}"
            )
        if char in "(（":
            self._groups.append(self._at)
            if self.tokens and self.tokens[-1].type in _LISTS:
                self._lists.append(self._at)
            if len(self._groups) > DEEPEST:
                self.refuse(self._at, "parentheses are nested too deeply", f"nest at most {DEEPEST} of them")
            self._token("LPAR", char, 1)
            return
        if not self._groups:
            self.refuse(self._at, "this parenthesis was never opened", "leave it out, or add the one that opens it")
        if self._groups.pop() in self._lists[-1:]:
            self._lists.pop()
        self._token("_RPAR", char, 1)

    def _phrase(self, closing: str) -> None:
        end = next((at for at in range(self._at + 1, len(self._text)) if self._text[at] in closing), None)
        if end is None:
            self.refuse(self._at, "this quote is never closed", f"add {closing[0]} after the phrase")
        phrase = remove_invisible(self._text[self._at + 1 : end])
        self._usable(phrase)
        if slip := slips.in_phrase(phrase):
            self._warn(self._at, *slip)
        self._token("PHRASE", phrase, end + 1 - self._at)

    def _word(self, written: str) -> None:
        word = remove_invisible(written)
        lexeme = self._operator(written, word)
        if lexeme:
            if lexeme.slip:
                self._warn(self._at, *lexeme.slip)
            self._token(lexeme.kind, lexeme.value, lexeme.length)
        elif word[:1].translate(_FULL_WIDTH) == "-":
            self._minus(word)
        else:
            self._operand(word, len(written))

    def _operator(self, written: str, visible_word: str) -> Lexeme | None:
        """Return the token of an operator that is the word, or begins it; None if the word is a term."""
        word = Word(
            written,
            visible_word,
            unicodedata.normalize("NFKC", visible_word),
            opens=bool(_GROUP.match(self._text, self._at + len(written))),
            before=self.tokens[-1] if self.tokens else None,
            follows_field=self._follows("FIELD"),
        )
        if word.text in _BOOLEAN:
            return word.token(_BOOLEAN[word.text])
        try:
            return next((lexeme for operator in OPERATORS if (lexeme := operator.read(word))), None)
        except Misread as error:
            self.refuse(self._at, error.message, error.hint)

    def _follows(self, *kinds: str) -> bool:
        """Return whether one of these tokens is directly before this place, without a blank."""
        glued = self._at > 0 and not _is_invisible(self._text[self._at - 1])
        return glued and bool(self.tokens) and self.tokens[-1].type in kinds

    def _minus(self, word: str) -> None:
        sign = word[0]
        following = self._text[self._at + 1 : self._at + 2]
        if self._follows("PHRASE", "_RPAR"):
            self.refuse(self._at, f'a blank is missing before "{sign}"', "without it, it is not clear what is excluded")
        if self._follows("FIELD"):
            self.refuse(self._at, f'"{sign}" follows a field', 'exclude the whole: "-title:term"')
        if not following or following in ")）" or _is_invisible(following) or following.translate(_FULL_WIDTH) == "-":
            self.refuse(self._at, f'"{sign}" excludes nothing', "put it once, directly before what it excludes")
        if sign != "-":
            self._warn(self._at, f'the dash "{sign}" is read as "-", which excludes', 'write "-" or NOT')
        self._token("NOT", sign, 1)

    def _operand(self, word: str, length: int) -> None:
        meant = re.sub("^＠", "@", word).replace("＊", "*")
        if meant != word:
            self._warn(self._at, f"the full-width sign in {word} is read as an operator", f"write {meant}")
        if meant.startswith("@"):
            self._token("CONCEPT", meant[1:], length)
            return
        self._usable(meant)
        slip = slips.in_word(meant)
        if slip:
            self._warn(self._at, *slip)
        self._token("WORD", meant, length)

    def _usable(self, term: str) -> None:
        try:
            patterns_of(term)
        except Unusable as error:
            self.refuse(self._at, error.message, error.hint)


def _is_invisible(char: str) -> bool:
    """Return whether a character is a blank, or an invisible one that is copied from web pages."""
    return char.isspace() or not remove_invisible(char)
