"""Translate XPath into an equivalent CSS selector, if there is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_STEP: Final = re.compile(
    r"(?P<axis>//|/)(?P<test>[A-Za-z_][\w.-]*|\*)(?P<conditions>(?:\[(?:[^\[\]\"']|\"[^\"]*\"|'[^']*')*\])*)"
)
_CONDITION: Final = re.compile(r"\[((?:[^\[\]\"']|\"[^\"]*\"|'[^']*')*)\]")
_RESULT_STEP: Final = re.compile(r"/(?:@([\w-]+)|text\(\)|/text\(\))$")
_POSITION_IN_PARENTHESES: Final = re.compile(r"^\((?P<path>.*)\)(?P<count>\[[^\]]*\])(?P<rest>/.*)?$", re.DOTALL)
_EQUALS_CONDITION: Final = re.compile(r"@([\w-]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_CONTAINS_CONDITION: Final = re.compile(r"contains\(\s*@([\w-]+)\s*,\s*(\"[^\"]+\"|'[^']+')\s*\)")
_STARTS_WITH_CONDITION: Final = re.compile(r"starts-with\(\s*@([\w-]+)\s*,\s*(\"[^\"]+\"|'[^']+')\s*\)")
_HAS_ATTRIBUTE_CONDITION: Final = re.compile(r"@([\w-]+)")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class TranslatedSelector:
    """A CSS selector, the attribute to read, and whether a restriction to the first element was lost (`widened`)."""

    css: str
    attribute: str = ""
    widened: bool = False


def to_css(xpath: str) -> TranslatedSelector | None:
    """Return a selector for what `xpath` selects from a whole page; None if CSS has no exact equivalent.

    `(…)[1]`, the first of all elements found, has no equivalent: the result selects all of them, and `widened` is set.
    `//x[2]` and `/x[2]` need no different treatment, since both XPath and CSS count among the siblings.
    """
    text = xpath.strip()
    widened = False
    if found := _POSITION_IN_PARENTHESES.match(text):
        text, widened = found["path"].strip() + (found["rest"] or ""), True
    attribute = ""
    if last := _RESULT_STEP.search(text):
        attribute, text = last[1] or "", text[: last.start()]
    pieces = list(_translate_steps(text))
    if not pieces or None in pieces:
        return None
    css = "".join(piece for piece in pieces if piece).removeprefix(" > ").strip()
    return TranslatedSelector(css, attribute, widened)


def _translate_steps(text: str) -> Iterator[str | None]:
    """Yield a compound selector with its combinator for each step, and None for a step that cannot be translated."""
    at = 0
    for step in _STEP.finditer(text):
        if step.start() != at:
            break
        at = step.end()
        yield _translate_step(step)
    if at != len(text):
        yield None


def _translate_step(step: re.Match[str]) -> str | None:
    parts: list[str] = []
    for number, condition in enumerate(_CONDITION.findall(step["conditions"])):
        part = _translate_condition(condition.strip(), step["test"])
        # In XPath, a position counts only the elements that fulfil the conditions before it.
        if part is None or (number and part.startswith(":")):
            return None
        parts.append(part)
    combinator = " > " if step["axis"] == "/" else " "
    return combinator + step["test"] + "".join(parts)


def _translate_condition(text: str, test: str) -> str | None:
    if _NUMBER.fullmatch(text):
        return None if test == "*" else f":nth-of-type({text})"
    if found := _EQUALS_CONDITION.fullmatch(text):
        return f"[{found[1]}={_css_string(found[2])}]"
    if found := _CONTAINS_CONDITION.fullmatch(text):
        return f"[{found[1]}*={_css_string(found[2])}]"
    if found := _STARTS_WITH_CONDITION.fullmatch(text):
        return f"[{found[1]}^={_css_string(found[2])}]"
    if found := _HAS_ATTRIBUTE_CONDITION.fullmatch(text):
        return f"[{found[1]}]"
    return None


def _css_string(text: str) -> str:
    """Return an XPath text as a CSS string, with backslashes escaped."""
    inner = text[1:-1].replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'
