r"""Regular expressions, run by RE2, which takes linear time for every expression.

They run on the text with its original case and line ends, so that places are those of the original. Only Traditional
characters become Simplified, and full-width letters plain, one for one, in text and expression. `^` and `$` match
only at the ends of a field's text. For `\b`, only Latin letters and digits are parts of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2  # type: ignore[import-untyped]  # it has no types

from monitor.rules.patterns import UnusableTerm
from monitor.text.fold import simplify

MAX_TEXT_LENGTH = 500_000  # code points of a text that are searched: stored texts are not longer
_MAX_EXPRESSION_LENGTH = 4_000  # code points of an expression
_MAX_INSTRUCTIONS = 4_000  # instructions, with classes of characters counted as one
_MAX_REPEATED_INSTRUCTIONS = 600  # of an expression with counted repetitions, which are slow in RE2
_MAX_HITS = 1_000
_MAX_SEARCHED_LENGTH = 10_000_000  # code points searched again, at worst, to find one hit after the other
_TEXTS_WITHOUT_TERM = ("一", "x", "7", " ", "一 x7")  # an expression that matches all of these is useless
_REASON_BY_RE2_ERROR = (
    ("invalid perl operator: (?<", "RE2 has no look-behind"),
    ("invalid perl operator: (?", "RE2 has no look-ahead"),
    ("invalid escape sequence: \\", "RE2 has no back-references, and does not know this escape"),
    ("invalid repetition size", "repeat at most 1,000 times"),
    ("pattern too large", "make its repetitions smaller"),
    ("missing )", 'a "(" is never closed; to search for the sign, write \\('),
    ("unexpected )", 'a ")" was never opened; to search for the sign, write \\)'),
)
_UNKNOWN_ESCAPE = re.compile(
    r"\\u(?!00[0-7])([0-9a-fA-F]{4})|\\.", re.DOTALL
)  # escapes that RE2 does not know; not of signs that have a meaning in its syntax
_CODE_POINT = re.compile(r"\\x\{[0-9a-fA-F]+\}")
_FLAGS_PATTERN = re.compile(r"[^\s()（）,，、\"]*")
_CHARACTER_CLASS = re.compile(r"\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]", re.DOTALL)
_BYTE_ESCAPE = re.compile(r"(?:^|[^\\])(?:\\\\)*\\C")
_BORDER_NEXT_TO_HAN = re.compile(r"\\b[\u3400-\u9fff]|[\u3400-\u9fff]\\b")


@dataclass(frozen=True, slots=True)
class RegexPattern:
    """A regular expression as written between the slashes. `cased` says whether case matters."""

    source: str
    cased: bool = False

    def implies(self, other: object) -> bool:
        """Return whether every text with a hit of this also has a hit of `other`."""
        return self == other

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the start and end of each hit that is not empty, from left to right."""
        seen = simplify(text[:MAX_TEXT_LENGTH])
        data = seen.encode()
        most = min(_MAX_HITS, max(20, _MAX_SEARCHED_LENGTH // (len(seen) + 1)))
        done = at = 0
        for hit in _compile(self.source, self.cased).finditer(data):
            first, last = hit.span()
            if first == last:
                continue
            start = at + len(data[done:first].decode())
            done, at = last, start + len(data[first:last].decode())
            yield start, at
            most -= 1
            if not most:
                return


def check_regex(source: str, *, cased: bool = False) -> RegexPattern:
    """Check a regular expression of a rule, and return it.

    Raises:
        UnusableTerm: RE2 cannot run it, it is too large, or it would match any text.
    """
    if len(source) > _MAX_EXPRESSION_LENGTH:
        raise UnusableTerm("the regular expression is too long", f"at most {_MAX_EXPRESSION_LENGTH:,} characters")
    if _BYTE_ESCAPE.search(source):
        raise UnusableTerm("\\C stands for a byte, which may be a part of a character", "write . for any character")
    run = _compile(source, cased)
    limit = _MAX_REPEATED_INSTRUCTIONS if re.search(r"\{\d", source) else _MAX_INSTRUCTIONS
    if _count_instructions(source, cased) > limit:
        raise UnusableTerm("the regular expression is too large to be run quickly", "make its repetitions smaller")
    if run.search(b"") or all(run.search(text.encode()) for text in _TEXTS_WITHOUT_TERM):
        raise UnusableTerm(f"the regular expression /{source}/ holds for any text", "ask for at least one character")
    return RegexPattern(source, cased)


def has_border_next_to_han(source: str) -> bool:
    r"""Return whether a `\\b` is next to a Chinese character, where it never matches as meant."""
    return bool(_BORDER_NEXT_TO_HAN.search(source))


def _count_instructions(source: str, cased: bool) -> int:
    """Return the number of RE2 instructions of the expression for single-byte text: about one for each character."""
    try:
        return int(_compile_program(_CODE_POINT.sub("~", source), cased, "LATIN1").programsize)
    except re2.error:  # a class that does not exist for single-byte text
        return int(_compile(source, cased).programsize)


@lru_cache(maxsize=4096)
def _compile(source: str, cased: bool) -> Any:
    try:
        return _compile_program(source, cased, "UTF8")
    except re2.error as error:
        said = error.args[0]
        reason = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        hint = next((hint for sign, hint in _REASON_BY_RE2_ERROR if reason.startswith(sign)), "")
        raise UnusableTerm(f"the regular expression cannot be run: {reason}", hint) from None


def _compile_program(source: str, cased: bool, encoding: str) -> Any:
    options = re2.Options()
    options.case_sensitive = cased
    options.never_capture = True
    options.log_errors = False
    options.encoding = getattr(re2.Options.Encoding, encoding)
    return re2.compile(_simplify_source(source).encode(), options=options)


def _simplify_source(source: str) -> str:
    """Return the expression with Simplified characters, except at the ends of ranges (`[一-龥]`)."""
    text = _UNKNOWN_ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[0], source)
    around = zip(" " + text, text, text[1:] + " ", strict=False)
    ranges = ["-" in (before, after) and not "\ud800" <= char <= "\udfff" for before, char, after in around]
    return "".join(char if in_range else simplify(char) for char, in_range in zip(text, ranges, strict=True))


def regex_at(text: str, start: int) -> tuple[str, bool, int]:
    """Return the source of the regular expression whose first slash is `text[start]`, whether it is cased, and its end.

    Raises:
        UnusableTerm: it is never closed, or has a flag that the language does not know.
    """
    end = _closing_slash(text, start + 1)
    if end is None:
        hint = "add the / that closes it; to search for a text with a slash, put it in quotes"
        raise UnusableTerm("this regular expression is never closed", hint)
    found = _FLAGS_PATTERN.match(text, end + 1)
    flags = found.group() if found else ""
    if flags not in {"", "i", "c"}:
        hint = "/…/ and /…/i ignore case, /…/c does not; write a slash inside as \\/"
        raise UnusableTerm(f'"{flags}" after a regular expression is not a flag', hint)
    return text[start + 1 : end], flags == "c", end + 1 + len(flags)


def _closing_slash(text: str, at: int) -> int | None:
    while at < len(text):
        group = _CHARACTER_CLASS.match(text, at)
        if group:
            at = group.end()
        elif text[at] == "/":
            return at
        else:
            at += 2 if text[at] == "\\" else 1
    return None
