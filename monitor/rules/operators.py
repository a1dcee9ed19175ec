"""The words that the language keeps for operators, and how they are read."""

from __future__ import annotations

import re

BOOLEAN = {"AND": "_AND", "OR": "_OR", "NOT": "NOT"}  # the word, and the token that the grammar knows it by
CALLS = {"SENTENCE": "SENTENCE", "CASE": "CASE", "OF": "_OF"}  # directly before an opening parenthesis only
MOST_WORDS = 1_000  # between the operands of NEAR; far more than a text of one matter has use for

_DISTANCE = re.compile(r"(NEAR|BEFORE)(?:/(.*))?")
_COUNT = re.compile(r"[0-9]{1,4}")
_FLAGS = re.compile(r"[^\s()（）,，、\"]*")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]", re.DOTALL)


class Misread(ValueError):
    """An operator that is not complete. `hint` says how it is written."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def distance(word: str) -> str | None:
    """The operator in a word like `NEAR/5`; None if it is none.

    Raises:
        Misread: it is one, but does not say how many words.
    """
    found = _DISTANCE.fullmatch(word)
    if not found:
        return None
    name, words = found[1], found[2] or ""
    if _COUNT.fullmatch(words) and 1 <= int(words) <= MOST_WORDS:
        return name
    message = f"{word} does not say how many words may stand between its operands"
    raise Misread(
        message, f"write {name}/5, with a number from 1 to {MOST_WORDS:,}; to search for the word, use quotes"
    )


def is_count(word: str) -> bool:
    """May the word stand before OF?"""
    return bool(_COUNT.fullmatch(word))


def regex_at(text: str, start: int) -> tuple[str, bool, int]:
    """The regular expression whose first slash is `text[start]`: its source, whether it minds the case, its end.

    Raises:
        Misread: it is never closed, or carries a flag that the language does not know.
    """
    end = _closing_slash(text, start + 1)
    if end is None:
        hint = "add the / that closes it; to search for a text with a slash, put it in quotes"
        raise Misread("this regular expression is never closed", hint)
    found = _FLAGS.match(text, end + 1)
    flags = found.group() if found else ""
    if flags not in {"", "i", "c"}:
        hint = "/…/ and /…/i ignore case, /…/c minds it; a slash within is written \\/"
        raise Misread(f'"{flags}" behind a regular expression is no flag', hint)
    return text[start + 1 : end], flags == "c", end + 1 + len(flags)


def _closing_slash(text: str, at: int) -> int | None:
    while at < len(text):
        group = _CLASS.match(text, at)
        if group:
            at = group.end()
        elif text[at] == "/":
            return at
        else:
            at += 2 if text[at] == "\\" else 1
    return None
