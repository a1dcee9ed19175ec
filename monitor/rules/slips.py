"""What people write when they mean something else: each is read as it stands, and warned about with what they meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lark import Token

_OPERATORS = {
    "and": "AND",
    "or": "OR",
    "not": "NOT",
    "和": "AND",
    "与": "AND",
    "與": "AND",
    "且": "AND",
    "并且": "AND",
    "或": "OR",
    "或者": "OR",
    "非": "NOT",
}
_DISTANCE = re.compile(r"(near|before|w|n|pre|onear|within)/([0-9]+)", re.IGNORECASE)
_OPERANDS = {
    "WORD",
    "PHRASE",
    "REGEX",
    "CASED_REGEX",
    "SENTENCE",
    "CASE",
    "COUNT",
    "CONCEPT",
    "_RPAR",
    "LPAR",
    "NOT",
    "FIELD",
}


def _alternatives(word: str) -> str:
    parts = [part for part in re.split(r"[|｜]+", word) if part]
    return f"for either write ({' OR '.join(parts)})" if len(parts) > 1 else "for alternatives write OR"


def _listed(word: str) -> str:
    parts = [part for part in re.split(r"[,;，；、]+", word) if part]
    if len(parts) == 1:
        return f"write {parts[0]}"
    return f"to ask for all write {' AND '.join(parts)}, for any write {' OR '.join(parts)}; to keep it, use quotes"


def _apart(word: str) -> str:
    apart = re.sub("(AND|OR|NOT)", r" \1 ", word).strip()
    return f"put blanks around it: {apart}"


_SIGNS: tuple[tuple[re.Pattern[str], str, Callable[[str], str]], ...] = (
    (re.compile(r".*[|｜]"), 'the "|" is read literally', _alternatives),
    (
        re.compile(r"(.*[㐀-鿿])?(AND|OR|NOT)[㐀-鿿]|.*[㐀-鿿](AND|OR|NOT)$"),
        "an operator is read as part of the term",
        _apart,
    ),
    (re.compile(r"\+\w"), 'the "+" is read literally', lambda word: f"all terms are asked for; write {word[1:]}"),
    (re.compile(r"[!！]\w"), 'the "!" is read literally', lambda word: f"to exclude write -{word[1:]}"),
    (
        re.compile(r"~[0-9]+$"),
        'the "~" is read literally',
        lambda word: f"for words close to each other write a NEAR/{word[1:]} b",
    ),
    (re.compile(r"'|.*'$"), "the single quote is read literally", lambda _: 'a phrase stands in double quotes: "…"'),
    (re.compile(r".*([,;，；]$|[，；、])"), "the comma is read literally", _listed),
)


def in_word(word: str) -> tuple[str, str] | None:
    """What is odd about a bare term, and what was likely meant."""
    return next(((message, hint(word)) for sign, message, hint in _SIGNS if sign.match(word)), None)


def _counts(tokens: Sequence[Token], index: int) -> bool:
    """Is it an `of` between a number and a group?"""
    if index == 0 or index + 1 == len(tokens) or not str(tokens[index - 1]).isdecimal():
        return False
    return tokens[index].type == "WORD" and tokens[index] == "of" and tokens[index + 1].type == "LPAR"


def as_operator(tokens: Sequence[Token], index: int) -> tuple[str, str] | None:
    """What is odd about the token at `index` if it looks like an operator between terms and is none."""
    word = str(tokens[index])
    distance = _DISTANCE.fullmatch(word) if tokens[index].type == "WORD" and 0 < index < len(tokens) - 1 else None
    if distance:
        name = "BEFORE" if distance[1].casefold() in {"before", "pre", "onear"} else "NEAR"
        return (
            f'"{word}" is read as a term',
            f"the operator is {name}/{distance[2]}, in capitals; to keep the word, use quotes",
        )
    if _counts(tokens, index):
        return f'"{word}" is read as a term', f"to ask for some of several write {tokens[index - 1]} OF (a, b, c)"
    if word in {"SENTENCE", "CASE"} and tokens[index].type == "WORD" and index + 1 < len(tokens):
        return f'"{word}" is read as a term', f'the operator is {word}(…); to search for the word, write "{word}"'
    meant = _OPERATORS.get(word.casefold())
    if tokens[index].type != "WORD" or meant is None:
        return None
    before = tokens[index - 1].type in _OPERANDS - {"LPAR", "NOT", "FIELD"} if index else meant == "NOT"
    after = index + 1 < len(tokens) and tokens[index + 1].type in _OPERANDS - {"_RPAR"}
    if not (before and after):
        return None
    return (
        f'"{word}" is read as a term',
        f'the operator is {meant}, in capitals; to search for the word, write "{word}"',
    )
