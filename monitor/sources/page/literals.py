"""Read values in scripts: JSON and similar literals, with other quotes, keys and commas. Nothing is executed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

Record = Mapping[str, object]

_MAX_SCRIPT_LENGTH: Final = 1 << 20
_MAX_STARTS: Final = 20
_MAX_PUSHED_RECORDS: Final = 500
_MAX_PUSHED_LENGTH: Final = 10_000
_MAX_VALUES: Final = 50_000
_BREADCRUMB_TYPE: Final = "BreadcrumbList"  # the path to the page, not its entries
_ARRAY_START = re.compile(r"\[\s*(?://[^\n]*\s*|/\*[^*]*\*/\s*)?\{")
_STRING = r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
_STRING_OR_BRACKET = re.compile(rf"{_STRING}|[\[\]{{}}]", re.DOTALL)
_VALUE = rf"(?:{_STRING}|[\w.+-]++)"
_VALUE_ARRAY = re.compile(rf"(?:\[|\bnew Array\s?\()\s*+({_VALUE}\s*+(?:,\s*+{_VALUE}\s*+){{1,11}})[\])]")
_PUSH_CALL = re.compile(r"\.push\(\s*(?=\{)")
_TOKEN_PATTERN = re.compile(
    rf"(?P<string>{_STRING})|(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<comma>,(?=\s*[\]}}]))|(?P<name>[A-Za-z_$][\w$]*)(?=(?P<key>\s*:)?)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|.)", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_FIELD_ASSIGNMENT = re.compile(rf"\b([A-Za-z_]\w{{0,40}})\s*\[\s*[\w+ ]{{1,20}}\]\s*=\s*({_STRING})")


def arrays_of_records(script: str) -> Iterator[list[Record]]:
    """Yield each array of objects in a script as a list of records, also arrays within objects."""
    text = script[:_MAX_SCRIPT_LENGTH]
    position = 0
    for _ in range(_MAX_STARTS):
        start = _ARRAY_START.search(text, position)
        if start is None:
            break
        value, position = _read_value(text, start.start())
        yield from _nested_arrays(value)
    for found in (_assigned_records(text), _pushed_records(text)):
        if found:
            yield found


def describe_script_left_out(script: str) -> tuple[str, ...]:
    """Return a message if a script is too long to be read completely; else no message."""
    if len(script) > _MAX_SCRIPT_LENGTH:
        return (f"only the first {_MAX_SCRIPT_LENGTH >> 20} MiB of a script were read",)
    pushed = sum(1 for _ in _PUSH_CALL.finditer(script))
    return (
        (f"only the first {_MAX_PUSHED_RECORDS:,} of {pushed:,} records of a script were read",)
        if pushed > _MAX_PUSHED_RECORDS
        else ()
    )


def arrays_of_values(script: str) -> list[list[str]]:
    """Return the arrays of plain values with at least two strings: `['…', '/1.html']`, `new Array('…', '…')`."""
    found = (
        [unquote(part[0]) for part in re.finditer(_STRING, row[1])]
        for row in _VALUE_ARRAY.finditer(script[:_MAX_SCRIPT_LENGTH])
    )
    return [values for values in found if len(values) > 1]


def string_values(script: str) -> list[str]:
    """Return the values of all string literals in a script."""
    return [unquote(found[0]) for found in re.finditer(_STRING, script[:_MAX_SCRIPT_LENGTH], re.DOTALL)]


def unquote(literal: str) -> str:
    """Return the value of a string literal: without quotes, with its escapes resolved."""
    return _ESCAPE.sub(_unescape, literal[1:-1])


def _unescape(escape: re.Match[str]) -> str:
    code = escape[1]
    if code[0] in "ux" and len(code) > 1:
        return chr(int(code[1:], 16))
    return _ESCAPES.get(code, code)


def _read_value(text: str, start: int) -> tuple[object, int]:
    """Return the value at `start` and the position after it. The value is None if it cannot be read."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)
    except (ValueError, RecursionError):
        end = _closing_bracket(text, start)
    try:
        return json.loads(_TOKEN_PATTERN.sub(_as_json, text[start:end]), strict=False), end
    except (ValueError, RecursionError):
        return None, start + 1


def _closing_bracket(text: str, start: int) -> int:
    """Return the position after the bracket that closes the one at `start`. Brackets in strings are ignored."""
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(text, start):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
            if depth == 0:
                return token.end()
    return len(text)


def _as_json(token: re.Match[str]) -> str:
    if token["string"]:
        return json.dumps(unquote(token["string"]))
    if token["name"]:
        plain = token["name"] in ("true", "false", "null")
        return json.dumps(token["name"]) if token["key"] else token["name"] if plain else "null"
    return ""


def _nested_arrays(value: object) -> Iterator[list[Record]]:
    todo = [value]
    for _ in range(_MAX_VALUES):
        if not todo:
            return
        found = todo.pop(0)
        if isinstance(found, list):
            if any(isinstance(part, dict) for part in found):
                yield [part for part in found if isinstance(part, dict)]
            todo += found
        elif isinstance(found, dict) and found.get("@type") != _BREADCRUMB_TYPE:
            todo += [part for part in found.values() if isinstance(part, list | dict)]


def _assigned_records(text: str) -> list[Record]:
    """Return records from scripts that assign field by field: `urls[i]='…'; headers[i]='…'; i++;`."""
    found: list[dict[str, object]] = [{}]
    for assignment in _FIELD_ASSIGNMENT.finditer(text):
        name, value = assignment[1], unquote(assignment[2])
        if name in found[-1]:
            found.append({})
        found[-1][name] = value
    return [record for record in found if record]


def _pushed_records(text: str) -> list[Record]:
    """Return records from scripts that append them to an array one by one: `rows.push({…});`."""
    starts = (start.end() for start in islice(_PUSH_CALL.finditer(text), _MAX_PUSHED_RECORDS))
    found = (_read_value(text[start : start + _MAX_PUSHED_LENGTH], 0)[0] for start in starts)
    return [record for record in found if isinstance(record, dict)]
