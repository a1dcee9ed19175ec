"""The words that the language keeps for operators, and what is said of those that it does not have yet.

An operator that arrives leaves `PLANNED`; until then its words are refused rather than searched for.
"""

from __future__ import annotations

import re

BOOLEAN = {"AND": "_AND", "OR": "_OR", "NOT": "NOT"}  # the word, and the token that the grammar knows it by

PLANNED = {
    "NEAR": re.compile(r"NEAR(/\S*)?\(?"),
    "BEFORE": re.compile(r"BEFORE(/\S*)?\(?"),
    "SENTENCE": re.compile(r"SENTENCE\("),
    "CASE": re.compile(r"CASE\("),
    "OF": re.compile(r"OF\("),
    "A regular expression": re.compile(r"/.*"),
}


def planned(word: str, *, before_group: bool) -> str | None:
    """The operator that a word would be, if it is one that this version does not have.

    Before an opening parenthesis words that are otherwise ordinary are operators: `CASE(…)`, `2 OF (…)`.
    """
    call = f"{word}(" if before_group else word
    return next((name for name, pattern in PLANNED.items() if pattern.fullmatch(call)), None)
