"""Common mistakes in rules. The rule is used as written, with a warning that says what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lark import Token

from monitor.lazy import lazy_pattern
from monitor.rules.operators import OPERATORS
from monitor.rules.operators.base import Slip, is_call

_BOOLEAN_WORDS = {
    "and": "AND",
    "or": "OR",
    "not": "NOT",
    "和": "AND",
    "与": "AND",
    "與": "AND",
    "且": "AND",
    "及": "AND",
    "以及": "AND",
    "并且": "AND",
    "或": "OR",
    "或者": "OR",
    "或是": "OR",
    "非": "NOT",
    "不含": "NOT",
    "不包括": "NOT",
}
_OPERAND_TOKENS = {"WORD", "PHRASE", "REGEX", "CASED_REGEX", "CONCEPT", "_RPAR", "LPAR", "NOT"}
_OPERAND_TOKENS |= {operator.syntax.split()[0] for operator in OPERATORS if operator.written != "between"}


def _hint_for_alternatives(word: str) -> str:
    parts = [part for part in re.split(r"[|｜]+", word) if part]
    return f"for either write ({' OR '.join(parts)})" if len(parts) > 1 else "for alternatives write OR"


def _hint_for_list(word: str) -> str:
    parts = [part for part in re.split(r"[,;，；、]+", word) if part]
    if len(parts) == 1:
        return f"to ask for all write {parts[0]} AND …, for any write {parts[0]} OR …"
    return f"to ask for all write {' AND '.join(parts)}, for any write {' OR '.join(parts)}; to keep it, use quotes"


def _hint_for_glued_operator(word: str) -> str:
    apart = re.sub("(AND|OR|NOT)", r" \1 ", word).strip()
    return f"put blanks around it: {apart}"


_SLIPS: tuple[Slip, ...] = (
    *(slip for operator in OPERATORS for slip in operator.slips),
    (re.compile(r".*[|｜]"), 'the "|" is read literally', _hint_for_alternatives),
    (
        re.compile(r"(.*[㐀-鿿])?(AND|OR|NOT)[㐀-鿿]|.*[㐀-鿿](AND|OR|NOT)$"),
        "an operator is read as part of the term",
        _hint_for_glued_operator,
    ),
    (re.compile(r"\+\w"), 'the "+" is read literally', lambda word: f"all terms are asked for; write {word[1:]}"),
    (re.compile(r"[!！]\w"), 'the "!" is read literally', lambda word: f"to exclude write -{word[1:]}"),
    (
        re.compile(r".+~[0-9.]*$"),
        'the "~" is read literally',
        lambda word: (
            f"spellings are not guessed; list them, joined by OR, or end the word with *: {word.partition('~')[0]}*"
        ),
    ),
    (re.compile(r".+\^[0-9.]+$"), 'the "^" is read literally', lambda word: f"write {word.partition('^')[0]}"),
    (
        re.compile(r"[^/]*\w[?？](\w|$)"),
        'the "?" is read literally',
        lambda _: "for any letter write an expression, such as /colou?r/ or /wom.n/; for more of a word write *",
    ),
    (re.compile(r"[\[{【｛]|[^\[{]+[\]}]$"), "the bracket is read literally", lambda _: "put groups in ( and )"),
    (
        re.compile(r"[:：]\w"),
        "the colon is read literally",
        lambda word: f"put a field right before it: title:{word[1:]}",
    ),
    (
        re.compile(r"['`]|.*['`]$"),
        "the single quote is read literally",
        lambda _: 'put a phrase in double quotes: "…"',
    ),
    (re.compile(r".*[;；]"), "the semicolon is read literally", _hint_for_list),
    (re.compile(r".*([,，]$|[，、]|[^\W\d],\w|\w,[^\W\d])"), "the comma is read literally", _hint_for_list),
)
_OPERATOR_IN_PHRASE = lazy_pattern(r"\S\s+(AND|OR|NOT)\s+\S")
_EXCLUDING_OPERATOR = lazy_pattern(r"AND[-_]?NOT|BUTNOT|EXCEPT")


def slip_in_word(word: str) -> tuple[str, str] | None:
    """Return what is unusual about an unquoted term, and what was probably meant; None if it looks fine."""
    return next(((message, hint(word)) for sign, message, hint in _SLIPS if sign.match(word)), None)


def slip_in_phrase(phrase: str) -> tuple[str, str] | None:
    """Return what is unusual about a phrase, and what was probably meant; None if it looks fine."""
    if not _OPERATOR_IN_PHRASE.search(phrase):
        return None
    return (
        "the operator within the quotes is read as a word",
        "quote the terms one by one; to keep it, use small letters",
    )


def slip_as_operator(tokens: Sequence[Token], index: int) -> tuple[str, str] | None:
    """Return a warning for the token at `index` if it looks like an operator between terms, but is not one."""
    meant = _suggest_meaning(tokens, index) if tokens[index].type == "WORD" else None
    return None if meant is None else (f'"{tokens[index]}" is read as a term', meant)


def _suggest_meaning(tokens: Sequence[Token], index: int) -> str | None:
    meant = next((slip for operator in OPERATORS if (slip := operator.slip(tokens, index))), None)
    if meant is not None:
        return meant
    word = str(tokens[index])
    if 0 < index < len(tokens) - 1 and _EXCLUDING_OPERATOR.fullmatch(word) and not is_call(tokens, index):
        return "the operator is written AND NOT; to keep the word, use quotes"
    boolean = _BOOLEAN_WORDS.get(word.casefold())
    if boolean is None:
        return None
    # An operator comes between operands; NOT may also come before the first one.
    before = tokens[index - 1].type in _OPERAND_TOKENS - {"LPAR", "NOT", "FIELD"} if index else boolean == "NOT"
    if not before or index + 1 >= len(tokens) or tokens[index + 1].type not in _OPERAND_TOKENS - {"_RPAR"}:
        return None
    return f'the operator is {boolean}, in capitals; to search for the word, write "{word}"'
