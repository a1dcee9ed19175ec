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
        return f"to ask for all write {parts[0]} AND …, for any write {parts[0]} OR …"
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
    (
        re.compile(r".+~[0-9.]*$"),
        'the "~" is read literally',
        lambda word: f"spellings are not guessed; list them, joined by OR, or open the end: {word.partition('~')[0]}*",
    ),
    (re.compile(r".+\^[0-9.]+$"), 'the "^" is read literally', lambda word: f"write {word.partition('^')[0]}"),
    (
        re.compile(r"[^/]*\w[?？](\w|$)"),
        'the "?" is read literally',
        lambda _: "for any letter write an expression, such as /colou?r/ or /wom.n/; for more of a word write *",
    ),
    (re.compile(r"[\[{【｛]|[^\[{]+[\]}]$"), "the bracket is read literally", lambda _: "groups stand in ( and )"),
    (
        re.compile(r"[:：]\w"),
        "the colon is read literally",
        lambda word: f"a field stands right before it: title:{word[1:]}",
    ),
    (
        re.compile(r"['`]|.*['`]$"),
        "the single quote is read literally",
        lambda _: 'a phrase stands in double quotes: "…"',
    ),
    (re.compile(r".*[;；]"), "the semicolon is read literally", _listed),
    (re.compile(r".*([,，]$|[，、]|[^\W\d],\w|\w,[^\W\d])"), "the comma is read literally", _listed),
)
_PHRASED = re.compile(r"\S\s+(AND|OR|NOT)\s+\S")
_FUNCTIONS = {"sentence": "SENTENCE(a b)", "case": "CASE(Apple)", "near": "a NEAR/5 b", "before": "a BEFORE/5 b"}
_NEAR = re.compile(r"(NEAR|BEFORE)([0-9]+)")
_EXCLUDING = re.compile(r"AND[-_]?NOT|BUTNOT|EXCEPT")


def in_word(word: str) -> tuple[str, str] | None:
    """What is odd about a bare term, and what was likely meant."""
    return next(((message, hint(word)) for sign, message, hint in _SIGNS if sign.match(word)), None)


def in_phrase(phrase: str) -> tuple[str, str] | None:
    """What is odd about a phrase, and what was likely meant."""
    if not _PHRASED.search(phrase):
        return None
    return (
        "the operator within the quotes is read as a word",
        "quote the terms one by one; to keep it, use small letters",
    )


def _miswritten(tokens: Sequence[Token], index: int) -> str | None:
    """How an operator is written that has the form of another language, or small letters before its parenthesis."""
    word = str(tokens[index])
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if tokens[index].type != "WORD" or following is None:
        return None
    if following.type == "LPAR" and following.start_pos == (tokens[index].start_pos or 0) + len(word):
        return _FUNCTIONS.get(word.casefold())
    if index and (found := _NEAR.fullmatch(word)):
        return f"{found[1]}/{found[2]}"
    return "AND NOT" if index and _EXCLUDING.fullmatch(word) else None


def _counts(tokens: Sequence[Token], index: int) -> bool:
    """Is it an `of` between a number and a group?"""
    if index == 0 or index + 1 == len(tokens) or not str(tokens[index - 1]).isdecimal():
        return False
    return tokens[index].type == "WORD" and tokens[index] == "of" and tokens[index + 1].type == "LPAR"


def as_operator(tokens: Sequence[Token], index: int) -> tuple[str, str] | None:
    """What is odd about the token at `index` if it looks like an operator between terms and is none."""
    meant = _meant(tokens, index) if tokens[index].type == "WORD" else None
    return None if meant is None else (f'"{tokens[index]}" is read as a term', meant)


def _meant(tokens: Sequence[Token], index: int) -> str | None:
    word = str(tokens[index])
    distance = _DISTANCE.fullmatch(word) if 0 < index < len(tokens) - 1 else None
    if distance:
        name = "BEFORE" if distance[1].casefold() in {"before", "pre", "onear"} else "NEAR"
        return f"the operator is {name}/{distance[2]}, in capitals; to keep the word, use quotes"
    if _counts(tokens, index):
        return f"to ask for some of several write {tokens[index - 1]} OF (a, b, c)"
    if (written := _miswritten(tokens, index)) is not None:
        return f"the operator is written {written}; to keep the word, use quotes"
    if word in {"SENTENCE", "CASE"} and index + 1 < len(tokens):
        return f'the operator is {word}(…); to search for the word, write "{word}"'
    meant = _OPERATORS.get(word.casefold())
    if meant is None or not _between(tokens, index, first=meant == "NOT"):
        return None
    return f'the operator is {meant}, in capitals; to search for the word, write "{word}"'


def _between(tokens: Sequence[Token], index: int, *, first: bool) -> bool:
    """Does the token stand between operands? `first`: it may also stand before the first one."""
    before = tokens[index - 1].type in _OPERANDS - {"LPAR", "NOT", "FIELD"} if index else first
    return before and index + 1 < len(tokens) and tokens[index + 1].type in _OPERANDS - {"_RPAR"}
