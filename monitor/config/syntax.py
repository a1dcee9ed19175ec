"""Decode the bytes of a file and parse its TOML. Each error has a place and a remedy."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from monitor.config.positions import Place
from monitor.errors import ConfigError, Problem

MAX_FILE_SIZE: Final = 8 * 1024 * 1024
MAX_DEPTH: Final = 50
"""Levels of tables and lists in the file. No setting needs ten; the limit protects recursive functions."""
_OVERLONG_DOTTED_KEY: Final = re.compile(r"(?:[\w-]+[ \t]*\.[ \t]*){1000}")

_PLACE_IN_MESSAGE: Final = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)\s*$")
_WRONG_QUOTES: Final = "“”„‟‘’＂＇「」『』«»`"
_PLAIN_SIGNS: Final = {
    "＝": "=",
    "，": ",",
    "、": ",",
    "［": "[",
    "］": "]",
    "【": "[",
    "】": "]",
    "＃": "#",
    "：": "=",
}
_BARE_TIME: Final = re.compile(r"=\s*([0-9]{1,2}:[0-9]{2})\b")
_UNUSUAL_BLANKS: Final = "\u00a0\u3000\u2003\u2002\u200b\ufeff"
_REMEDY_FOR_MESSAGE: Final = {  # patterns of tomllib's messages (3.11 to 3.14): how to fix it
    "overwrite|twice|mutate": "the key or table was written before; keep one of the two",
    "Unescaped|escape|hex": "put the text between single quotes, '…', or double each backslash",
    "Expected '='|Invalid statement": 'a line is key = value, as in name = "…", or a table, as in [[source]]',
    "Unclosed array": "a comma or the closing ] is missing",
    "Expected newline": "write each key on its own line; a text with quotes in it goes between single quotes, '…'",
}
# A name that lacks its quotes may be in a header or before an equals sign (https://toml.io/en/v1.0.0#keys).
_TABLE_HEADER: Final = re.compile(r"\s*(?P<open>\[\[?)(?P<names>[^\[\]#]+)(?P<close>\]\]?)\s*(?:#.*)?")
_KEY_AND_EQUALS: Final = re.compile(r"(?:^|[{,])\s*(?P<names>[^={},\[\]#]+?)\s*=(?=\s*(?P<value>.*))")
_KEY_NAME: Final = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^."']+)\s*(?:\.|$)""")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_MAX_LIST_SHOWN: Final = 80  # characters
_MISSING_FILE_REMEDY: Final = (
    "create one with monitor init, or name another with --config FILE or MONITOR_CONFIG; "
    "docs/configuration.md has every key"
)


def read_text(path: Path) -> str:
    """Return the text of the file, with plain line ends and without a byte order mark. Raises ConfigError."""
    return decode_text(path, read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """Return the bytes of the file. Raises ConfigError if it is missing, too large, or cannot be read."""
    try:
        with path.open("rb") as file:
            body = file.read(MAX_FILE_SIZE + 1)
    except FileNotFoundError:
        raise _make_error(path, None, "there is no such file", _MISSING_FILE_REMEDY) from None
    except IsADirectoryError:
        raise _make_error(
            path, None, "this is a folder", f"name the file in it, as in {path / 'sources.toml'}"
        ) from None
    except OSError as wrong:
        raise _make_error(
            path, None, f"this cannot be read: {wrong.strerror}", "give this user read access to it"
        ) from None
    if len(body) > MAX_FILE_SIZE:
        raise _make_error(
            path, None, f"this is larger than {MAX_FILE_SIZE >> 20} MiB", "check that it is the right file"
        )
    return body


def decode_text(path: Path, body: bytes) -> str:
    """Decode the bytes of the file at `path` like `read_text`. Raises ConfigError if they are not UTF-8."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _make_error(path, Place(1, 1), "the file is UTF-16", "save it as UTF-8")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        good = body[: wrong.start].decode("utf-8-sig", "ignore")
        what = f"the file is not UTF-8 (byte 0x{body[wrong.start]:02X})"
        raise _make_error(path, _place_at(good, len(good)), what, "save it as UTF-8") from None
    return text.replace("\r\n", "\n")


def parse(path: Path, text: str) -> dict[str, Any]:
    """Parse the TOML in `text`. Raises ConfigError with the place and, for common mistakes, with a remedy."""
    if endless := _OVERLONG_DOTTED_KEY.search(text):  # tomllib takes quadratic time for such a key
        raise _too_deep_error(path, text[endless.start() :].partition(".")[0], text.count("\n", 0, endless.start()) + 1)
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        message = str(wrong)
        found = _PLACE_IN_MESSAGE.search(message)
        what = _PLACE_IN_MESSAGE.sub("", message)
        place = Place(int(found[1]), int(found[2])) if found and found[1] else _place_at(text, len(text))
        place, remedy = _find_mistake(text, place, what)
        raise _make_error(path, place, f"this is not valid TOML: {what[:1].lower()}{what[1:]}", remedy) from None
    except RecursionError:
        raise _make_error(path, Place(1, 1), "this is not valid TOML: it is nested too deeply", "") from None
    for key, value in read.items():
        if _is_deeper(value, MAX_DEPTH):
            raise _too_deep_error(path, key, next((n for n, line in enumerate(text.splitlines(), 1) if key in line), 1))
    return read


def _too_deep_error(path: Path, key: str, line: int) -> ConfigError:
    what = f'"{key.strip()[:40]}" is nested more than {MAX_DEPTH} levels deep'
    return _make_error(path, Place(line, 1), what, "no setting needs that: remove it")


def _is_deeper(value: object, levels: int) -> bool:
    """Return whether tables and lists are nested deeper than `levels`. Each part of a dotted key is a level."""
    level = [value]
    for _ in range(levels):
        inner = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        level = [child for children in inner for child in children]
        if not level:
            return False
    return any(isinstance(one, dict | list) for one in level)


def read_source_tables(path: Path) -> list[dict[str, Any]]:
    """Return the `[[source]]` tables of the file at `path`, unchecked, with `env:` and `file:` not resolved.

    Raises ConfigError if the file cannot be read.
    """
    return [dict(table) for table in parse(path, read_text(path)).get("source", ())]


def _make_error(path: Path, place: Place | None, what: str, remedy: str) -> ConfigError:
    line, column = (place.line, place.column) if place else (0, 0)
    return ConfigError((Problem(str(path), line, column, "", what, remedy),))


def _place_at(text: str, index: int) -> Place:
    before = text[:index]
    return Place(before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1)


def _find_mistake(text: str, place: Place, what: str) -> tuple[Place, str]:
    """Return the place of the probable mistake, and how to fix it."""
    lines = text.split("\n")
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    at = place.column - 1
    if (found := _name_without_quotes(line, at)) is not None:
        return Place(place.line, found[0] + 1), found[1]
    for index in (at, *range(len(line))):
        letter = line[index : index + 1]
        if letter and letter in _WRONG_QUOTES and not _is_quoted(line, index):
            return Place(place.line, index + 1), f'write plain quotes, "…", instead of {letter}'
        if letter and letter in _PLAIN_SIGNS and not _is_quoted(line, index):
            return Place(place.line, index + 1), f"write {_PLAIN_SIGNS[letter]} instead of the full-width {letter}"
        if letter and letter in _UNUSUAL_BLANKS and not _is_quoted(line, index):
            return Place(place.line, index + 1), "write a normal space instead of the special one"
    return place, _remedy_for_line(line, at, what)


def _name_without_quotes(line: str, at: int) -> tuple[int, str] | None:
    """Find the name without quotes at which the parser stopped (at `at`).

    Return where it begins, and the fixed line.
    """
    header = _TABLE_HEADER.fullmatch(line)
    for found in [header] if header else _KEY_AND_EQUALS.finditer(line):
        first, quoted = _quote_names(found["names"])
        if first is not None and -1 <= at - found.start("names") <= len(found["names"]) and not _is_equation(found):
            corrected = (
                f"{header['open']}{quoted}{header['close']}"
                if header
                else f"{quoted} = {_safe_to_show(found['value'])}"
            )
            return found.start("names") + first, f"put the name in quotes: {corrected}"
    return None


def _is_equation(key: re.Match[str]) -> bool:
    """Return whether a full-width sign in the name was meant as the equals sign, as in `url：https://a.example/?b=c`."""
    return any(sign in key["names"] for sign in "：＝") and key.groupdict().get("value", "[")[:1] not in tuple("\"'[{")


def _safe_to_show(value: str) -> str:
    """Return a short list as it is, "[…]" for other lists, and "…" for anything else, which may be a secret."""
    listed = re.match(r"\[[^\]]*\]", value)
    if listed and len(listed[0]) <= _MAX_LIST_SHOWN:
        return listed[0]
    return "[…]" if value.startswith("[") else "…"


def _quote_names(names: str) -> tuple[int | None, str]:
    """Return the index of the first name that needs quotes, and all names with their quotes, joined by dots.

    The index is None if no name needs quotes, or quotes would not be enough.
    """
    first, parts, end = None, [], 0
    while end < len(names):
        found = _KEY_NAME.match(names, end)
        if found is None or any(letter in _WRONG_QUOTES for letter in found[1]):
            return None, names
        part, end = found[1].strip(), found.end()
        if not _BARE_KEY.fullmatch(part) and part[:1] not in "\"'":
            first = found.start(1) if first is None else first
            part = f'"{part}"'
        parts.append(part)
    return first, ".".join(parts)


def _is_quoted(line: str, index: int) -> bool:
    """Return whether `line[index]` is in a quoted text or a comment, where every character is allowed."""
    mark = ""
    for letter in line[:index]:
        if mark == letter:
            mark = ""
        elif not mark and letter in "\"'#":
            mark = letter
    return bool(mark)


def _remedy_for_line(line: str, at: int, what: str) -> str:
    """Return a remedy for a common mistake on the line; "" if no mistake is recognised."""
    if at >= len(line) and (line.count('"') % 2 or line.count("'") % 2):
        return "a closing quote is missing on this line"
    if what.startswith("Invalid value"):
        return _remedy_for_value(line[at:])
    if time := _BARE_TIME.search(line[: at + 8]):
        return f'put it between quotes: "{time[1]}"'
    for sign, remedy in _REMEDY_FOR_MESSAGE.items():
        if re.search(sign, what):
            return remedy
    return ""


def _remedy_for_value(rest: str) -> str:
    """Return a remedy for an invalid value. `rest` is the line from the start of the value."""
    word = re.match(r"[^\s,\]#}]*", rest)
    value = word[0] if word else ""
    if value.lower() in ("true", "yes", "on"):
        return "write true in lower case, without quotes"
    if value.lower() in ("false", "no", "off"):
        return "write false in lower case, without quotes"
    return f'put the text between quotes: "{value}"' if value else "write a value"
