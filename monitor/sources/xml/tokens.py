"""Split ill-formed XML into tokens: tags, CDATA sections and comments. Everything doubtful is text."""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.entities import html5
from typing import Final, Literal

from monitor.lazy import lazy_pattern

Kind = Literal["start", "end", "text", "section", "doctype"]

_NAME: Final = r"[A-Za-z_][A-Za-z0-9_.-]*+(?::[A-Za-z_][A-Za-z0-9_.-]*+)?"  # only ASCII names are recognised
_ATTRIBUTE_VALUE: Final = r"""(?:"[^">]*+"|"[^"<]*+"|'[^'>]*+'|'[^'<]*+'|[^\s"'<>=]++)"""
_START_TAG = lazy_pattern(rf"<({_NAME})((?:\s++[\w:.-]++(?:\s*+=\s*+{_ATTRIBUTE_VALUE})?+)*+)\s*+/?>")
_SLOPPY_TAG = lazy_pattern(rf"<({_NAME})(\s[^<>]*+)>")  # a tag with unclosed quotes or missing blanks
_END_TAG = lazy_pattern(rf"</\s*+({_NAME})(?:\s[^<>]*+)?>")
_ATTRIBUTE = lazy_pattern(r"""([\w:.-]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++)))?""")
_SLOPPY_ATTRIBUTE = lazy_pattern(r"""([\w:.-]++)\s*+=\s*+["']?+([^\s"'<>]*+)""")
_ATTRIBUTE_NAME = lazy_pattern(_NAME)
_REFERENCE = lazy_pattern(r"&(?:(#0*[0-9]{1,7}|#[xX]0*[0-9A-Fa-f]{1,6}|[A-Za-z_][\w.-]{0,63});)?")
INVALID_CHARACTER = lazy_pattern(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""A character that XML forbids, also as a reference: https://www.w3.org/TR/xml/#charsets"""
_XML_ENTITIES: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a document. `text` is the part as written; a tag has a `name` and `attributes`, or `is_empty`."""

    kind: Kind
    text: str
    name: str = ""
    attributes: Mapping[str, str] | None = None
    is_empty: bool = False


def tokenize(text: str) -> Iterator[Token]:
    """Split `text` into tokens. Comments and processing instructions are dropped; a `<` that begins no tag is text.

    A comment that contains the start of another comment, or that has no end, was never closed. It is text too.
    """
    position, last_close = 0, {close: text.rfind(close) for close in ("-->", "]]>", "?>")}
    while (start := text.find("<", position)) >= 0:
        if start > position:
            yield Token("text", text[position:start])
        token, position = _token_at(text, start, last_close)
        if token is not None:
            yield token
    if position < len(text):
        yield Token("text", text[position:])


def _token_at(text: str, start: int, last_close: Mapping[str, int]) -> tuple[Token | None, int]:
    """Return the token that begins at `start` (None if it is dropped), and the position of the next token."""
    if text.startswith("<![CDATA[", start) and start < last_close["]]>"]:
        end = text.index("]]>", start)
        return Token("section", text[start + 9 : end]), end + 3
    if text.startswith("<!--", start) and start + 4 <= last_close["-->"]:
        end = text.index("-->", start + 4)
        return None, (end + 3 if text.find("<!--", start + 4, end) < 0 else start + 4)
    if text.startswith("<?", start) and start < last_close["?>"]:
        return None, text.index("?>", start) + 2
    if text.startswith(("<!DOCTYPE", "<!doctype"), start) and (end := _doctype_end(text, start)):
        return Token("doctype", text[start:end]), end
    for opener in ("<![CDATA[", "<!--"):
        if text.startswith(opener, start):
            return None, start + len(opener)
    return _read_tag(text, start)


def _doctype_end(text: str, start: int) -> int:
    inner = text.find("[", start, start + 400)
    close = text.find(">", start)
    if 0 <= inner < close:
        close = text.find(">", text.find("]", inner))
    return close + 1


def _read_tag(text: str, start: int) -> tuple[Token, int]:
    if end := _END_TAG.match(text, start):
        return Token("end", end[0], end[1]), end.end()
    if tag := _START_TAG.match(text, start):
        return _start_tag(tag, _read_attributes(tag[2])), tag.end()
    if (tag := _SLOPPY_TAG.match(text, start)) and (attributes := _read_attributes(tag[2], sloppy=True)):
        return _start_tag(tag, attributes), tag.end()
    return Token("text", "<"), start + 1


def _start_tag(tag: re.Match[str], attributes: Mapping[str, str]) -> Token:
    return Token("start", tag[0], tag[1], attributes, tag[0].endswith("/>"))


def _read_attributes(text: str, *, sloppy: bool = False) -> dict[str, str]:
    """Return the attributes of a tag. Of equal names the first one counts. With `sloppy`, quotes may be unclosed."""
    stated: dict[str, str] = {}
    for name, *values in (_SLOPPY_ATTRIBUTE if sloppy else _ATTRIBUTE).findall(text):
        if _ATTRIBUTE_NAME.fullmatch(name):
            stated.setdefault(name, "".join(values) or ("" if "=" in text else name))
    return stated


def escape_xml(text: str) -> str:
    """Return `text` with the special characters of XML escaped."""
    return text.translate(_ESCAPES)


def repair_references(text: str, declared: Mapping[str, str]) -> str:
    """Escape each `&` in `text` that begins no reference, and replace entities of HTML and `declared` entities.

    References to invalid characters are removed. A name without a semicolon is not a reference: addresses contain
    `&lang=`, `&copy=` and `&sect=`.
    """
    return _REFERENCE.sub(lambda found: _repair_reference(found, declared), text)


def _repair_reference(match: re.Match[str], declared: Mapping[str, str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    if name in _XML_ENTITIES:
        return match[0]
    if name.startswith("#"):
        code = int(f"0{name[1:]}", 16) if name[1] in "xX" else int(name[1:].lstrip("0") or "0")
        return match[0] if code <= sys.maxunicode and not INVALID_CHARACTER.match(chr(code)) else ""
    if name in declared:
        return escape_xml(html.unescape(declared[name]))
    return escape_xml(html5[f"{name};"]) if f"{name};" in html5 else f"&amp;{name};"
