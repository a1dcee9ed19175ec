"""Split ill-formed XML into tokens: certain tags, sections and comments; everything else is text."""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.entities import html5
from typing import Final, Literal

Kind = Literal["start", "end", "text", "section", "doctype"]

_NAME: Final = r"[A-Za-z_][A-Za-z0-9_.-]*+(?::[A-Za-z_][A-Za-z0-9_.-]*+)?"  # of other letters XML knows some only
_VALUE: Final = r"""(?:"[^">]*+"|"[^"<]*+"|'[^'>]*+'|'[^'<]*+'|[^\s"'<>=]++)"""
_START = re.compile(rf"<({_NAME})((?:\s++[\w:.-]++(?:\s*+=\s*+{_VALUE})?+)*+)\s*+/?>")
_SLOPPY = re.compile(rf"<({_NAME})(\s[^<>]*+)>")  # quotes that are never closed, blanks that are missing
_END = re.compile(rf"</\s*+({_NAME})(?:\s[^<>]*+)?>")
_ATTRIBUTE = re.compile(r"""([\w:.-]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++)))?""")
_ASSIGNED = re.compile(r"""([\w:.-]++)\s*+=\s*+["']?+([^\s"'<>]*+)""")
_ATTRIBUTE_NAME = re.compile(_NAME)
_AMPERSAND = re.compile(r"&(?:(#0*[0-9]{1,7}|#[xX]0*[0-9A-Fa-f]{1,6}|[A-Za-z_][\w.-]{0,63});)?")
NO_CHARACTER = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold, as it is or by a reference: https://www.w3.org/TR/xml/#charsets"""
_XML: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a document: its `text` as written; for a tag its `name`, `attributes` and whether it is `empty`."""

    kind: Kind
    text: str
    name: str = ""
    attributes: Mapping[str, str] | None = None
    empty: bool = False


def tokens(text: str) -> Iterator[Token]:
    """Split `text` into tokens. Comments and processing instructions are dropped; a `<` that begins no tag is text.

    A comment that contains the start of another one was never closed, and is text. The same holds for one that is open
    at the end.
    """
    place, last_close = 0, {close: text.rfind(close) for close in ("-->", "]]>", "?>")}
    while (sign := text.find("<", place)) >= 0:
        if sign > place:
            yield Token("text", text[place:sign])
        token, place = _at(text, sign, last_close)
        if token is not None:
            yield token
    if place < len(text):
        yield Token("text", text[place:])


def _at(text: str, sign: int, last_close: Mapping[str, int]) -> tuple[Token | None, int]:
    """Return the token that begins at `sign` (None: dropped), and where the next one begins."""
    if text.startswith("<![CDATA[", sign) and sign < last_close["]]>"]:
        end = text.index("]]>", sign)
        return Token("section", text[sign + 9 : end]), end + 3
    if text.startswith("<!--", sign) and sign + 4 <= last_close["-->"]:
        end = text.index("-->", sign + 4)
        return None, (end + 3 if text.find("<!--", sign + 4, end) < 0 else sign + 4)
    if text.startswith("<?", sign) and sign < last_close["?>"]:
        return None, text.index("?>", sign) + 2
    if text.startswith(("<!DOCTYPE", "<!doctype"), sign) and (end := _doctype_end(text, sign)):
        return Token("doctype", text[sign:end]), end
    for opener in ("<![CDATA[", "<!--"):
        if text.startswith(opener, sign):
            return None, sign + len(opener)
    return _tag(text, sign)


def _doctype_end(text: str, sign: int) -> int:
    inner = text.find("[", sign, sign + 400)
    close = text.find(">", sign)
    if 0 <= inner < close:
        close = text.find(">", text.find("]", inner))
    return close + 1


def _tag(text: str, sign: int) -> tuple[Token, int]:
    if end := _END.match(text, sign):
        return Token("end", end[0], end[1]), end.end()
    if start := _START.match(text, sign):
        return _start_tag(start, _attributes(start[2])), start.end()
    if (start := _SLOPPY.match(text, sign)) and (stated := _attributes(start[2], sloppy=True)):
        return _start_tag(start, stated), start.end()
    return Token("text", "<"), sign + 1


def _start_tag(tag: re.Match[str], attributes: Mapping[str, str]) -> Token:
    return Token("start", tag[0], tag[1], attributes, tag[0].endswith("/>"))


def _attributes(said: str, *, sloppy: bool = False) -> dict[str, str]:
    """Return the attributes of a tag; of equal names the first counts. `sloppy`: quotes are not trusted."""
    stated: dict[str, str] = {}
    for name, *values in (_ASSIGNED if sloppy else _ATTRIBUTE).findall(said):
        if _ATTRIBUTE_NAME.fullmatch(name):
            stated.setdefault(name, "".join(values) or ("" if "=" in said else name))
    return stated


def escape(text: str) -> str:
    """Return `text` as it has to be written in XML to mean itself."""
    return text.translate(_ESCAPES)


def references(text: str, declared: Mapping[str, str]) -> str:
    """Escape each `&` of `text` that begins no reference; replace names of HTML and `declared` ones by characters.

    A reference to an invalid character is removed. A name without its semicolon is not a reference: addresses have
    `&lang=`, `&copy=` and `&sect=`.
    """
    return _AMPERSAND.sub(lambda found: _reference(found, declared), text)


def _reference(found: re.Match[str], declared: Mapping[str, str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;"
    if name in _XML:
        return found[0]
    if name.startswith("#"):
        code = int(f"0{name[1:]}", 16) if name[1] in "xX" else int(name[1:].lstrip("0") or "0")
        return found[0] if code <= sys.maxunicode and not NO_CHARACTER.match(chr(code)) else ""
    if name in declared:
        return escape(html.unescape(declared[name]))
    return escape(html5[f"{name};"]) if f"{name};" in html5 else f"&amp;{name};"
