r"""Rewrite regular expressions of Python's `re` for RE2.

RE2 has no look-around, and its `\b` knows only Latin letters and digits. So a border is rewritten as a class of
characters that the match includes: `\bai\b` becomes `(?:^|[^\pL\pN_])ai(?:$|[^\pL\pN_])`. This finds the same texts if
the border is at an end of an alternative. A border between two signs that always have a border between them is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_TOKEN = re.compile(
    r"(?P<look>\(\?<?[=!])|(?P<flags>\(\?[aimsLux]+\))|(?P<open>\((?:\?(?:P<\w+>|[aimsLux]*:))?)|(?P<close>\))|(?P<bar>\|)"
    r"|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<repeat>(?:[*+?]|\{\d*,?\d*\})[?+]?)|(?P<char>\\(?:u[0-9a-fA-F]{4}|.)|.)",
    re.DOTALL,
)
_LETTERS = r"\pL\pN_"
_RE2_CLASSES = {r"\w": f"[{_LETTERS}]", r"\W": f"[^{_LETTERS}]", r"\Z": r"\z"}
_RE2_WORD_START = f"(?:^|[^{_LETTERS}])"
_RE2_WORD_END = f"(?:$|[^{_LETTERS}])"
_RE2_NO_MATCH = r"[^\x00-\x{10FFFF}]"
_REGEX_SIGNS = frozenset("\\[](){}.*+?^$|")


class NoCounterpart(ValueError):
    """Raised if RE2 has no equivalent of an expression. The message says why."""


def split_alternatives(source: str) -> list[str]:
    """Split an expression at each `|` that is not inside parentheses."""
    parts, depth = [""], 0
    for token in _TOKEN.finditer(source):
        depth += (token.lastgroup in {"look", "open"}) - (token.lastgroup == "close")
        if token.lastgroup == "bar" and not depth:
            parts.append("")
        else:
            parts[-1] += token.group()
    return parts


def split_conditions(source: str) -> tuple[list[tuple[bool, str]], str]:
    """Split off the conditions at the start: `^(?!.*a)(?=.*b)c` gives the conditions "not a" and "b", and c."""
    found: list[tuple[bool, str]] = []
    rest = source.removeprefix("^")
    while rest.startswith(("(?=.*", "(?!.*")):
        tokens = [(token.lastgroup or "", token.group()) for token in _TOKEN.finditer(rest)]
        end = _closing_parenthesis(tokens, 0)
        found.append((rest[2] == "=", "".join(text for _, text in tokens[3:end])))
        rest = "".join(text for _, text in tokens[end + 1 :])
    return (found, rest.removeprefix(".*").removesuffix("$").removesuffix(".*")) if found else ([], source)


def literal_text(source: str) -> str | None:
    """Return the text that an expression without operators finds; None if it has an operator."""
    text = ""
    for token in _TOKEN.finditer(source):
        char = token.group()
        if token.lastgroup != "char" or char in {".", "^", "$"}:
            return None
        if char.startswith("\\") and (len(char) > 2 or char[1:].isalnum()):  # noqa: PLR2004  # a backslash and one sign
            return None
        text += char.removeprefix("\\") if char != "\\" else char
    return text


def to_re2(source: str) -> str:
    """Return an expression for RE2 that finds the same texts.

    Raises:
        NoCounterpart: RE2 has no equivalent.
    """
    return "".join(_rewrite_tokens([(token.lastgroup or "", token.group()) for token in _TOKEN.finditer(source)]))


def _rewrite_tokens(tokens: Sequence[tuple[str, str]]) -> Iterator[str]:
    at = 0
    while at < len(tokens):
        kind, text = tokens[at]
        if kind == "look":
            end = _closing_parenthesis(tokens, at)
            text_for_re2 = _look_around_for_re2(text, "".join(part for _, part in tokens[at + 1 : end]))
            skip = _match_all_text(tokens[end + 1 : end + 3]) if text == "(?!" else ""
            yield f"(?:{text_for_re2}{skip})?" if skip else text_for_re2
            at = end + 2 if skip else end
        elif text == r"\b":
            yield _border_for_re2(tokens[at - 1] if at else None, tokens[at + 1] if at + 1 < len(tokens) else None)
        elif kind == "set":
            yield text.replace(r"\w", _LETTERS)
        elif kind == "char" and text[:1] == "/":
            yield r"\/"
        elif kind == "repeat":
            yield text.replace("{,", "{0,")
        elif kind == "char" and re.fullmatch(r"\\[1-9]", text):
            raise NoCounterpart("it has a back-reference")
        else:
            yield _RE2_CLASSES.get(text, text)
        at += 1


def _match_all_text(tokens: Sequence[tuple[str, str]]) -> str:
    """Return the text of the tokens if it is `.*` or similar, which matches every text; else ""."""
    text = "".join(part for _, part in tokens)
    return text if re.fullmatch(r"\.(?:\*|\{0?,\d*\})\??", text) else ""


def _closing_parenthesis(tokens: Sequence[tuple[str, str]], at: int) -> int:
    depth = 0
    for end in range(at, len(tokens)):
        depth += (tokens[end][0] in {"look", "open"}) - (tokens[end][0] == "close")
        if not depth:
            return end
    raise NoCounterpart("a parenthesis is never closed")


def _border_for_re2(before: tuple[str, str] | None, behind: tuple[str, str] | None) -> str:
    r"""Return the RE2 equivalent of a `\b` between the tokens `before` and `behind`."""
    left, right = _is_letter(before), _is_letter(behind)
    if left is not None and right is not None:
        return "" if left != right else _RE2_NO_MATCH
    ends = left or (right is False and before is not None) or (right is None and before is not None and behind is None)
    neighbour = behind if ends else before
    free = neighbour is None or neighbour[0] in {"bar", "open", "close", "repeat", "look"} or neighbour[1] == "."
    return (_RE2_WORD_END if ends else _RE2_WORD_START) if free else r"\b"


def _is_letter(token: tuple[str, str] | None) -> bool | None:
    """Return whether the token is a letter or digit; None if this depends on the text, or an alternative ends here."""
    if token is None or token[0] != "char" or token[1] == ".":
        return None
    if token[1].startswith("\\"):
        return {"w": True, "d": True, "s": False, "W": False}.get(token[1][1], None if token[1][1].isalnum() else False)
    return token[1].isalnum() or token[1] == "_"


def _look_around_for_re2(opening: str, inner: str) -> str:
    """Return the RE2 equivalent of a look-around: an expression for the text that must, or may, be there."""
    if opening in {"(?=", "(?<="}:
        return f"(?:{to_re2(inner)})"
    is_behind = opening == "(?<!"
    edge = "^" if is_behind else "$"
    if re.fullmatch(r"\[\^?\]?(?:\\.|[^\]\\])*\]", inner):
        inverse = f"[{inner[2:]}" if inner.startswith("[^") else f"[^{inner[1:]}"
        return f"(?:{edge}|{inverse.replace(chr(92) + 'w', _LETTERS)})"
    if inner in {r"\w", r"\d", r"\s"}:
        return f"(?:{edge}|[^{_LETTERS if inner == chr(92) + 'w' else inner}])"
    words = [literal_text(part) for part in split_alternatives(inner)]
    if not all(words):
        raise NoCounterpart("its look-around is too complex")
    return _no_word_of([word[::-1] if is_behind else word for word in words if word], is_behind=is_behind)


def _no_word_of(words: Sequence[str], *, is_behind: bool) -> str:
    """Return an expression that matches where none of the words occurs. Its match is as short as possible."""
    firsts = sorted({word[0] for word in words})
    ways = ["^" if is_behind else "$", f"[^{''.join(map(_escape, firsts))}]"]
    for first in firsts:
        rests = [word[1:] for word in words if word[0] == first]
        if all(rests):
            rest = _no_word_of(rests, is_behind=is_behind)
            ways.append(rest + _escape(first) if is_behind else _escape(first) + rest)
    return f"(?:{'|'.join(ways)})"


def _escape(char: str) -> str:
    return f"\\{char}" if char in _REGEX_SIGNS or char in "-/" else char
