"""Write values as TOML text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import tomlkit

MAX_LINE_WIDTH: Final = 100
"""A list that is wider gets a line for each of its values."""


def toml_key(name: str) -> str:
    """Return a key as it is written: with quotes only if it needs them."""
    return tomlkit.key(name).as_string()


def toml_value(value: Any) -> str:
    """Return a text, number, boolean, list or table, as it is written after the equals sign.

    A text with quotes or backslashes in it gets single quotes where it can, as people write expressions.
    Raises ValueError for a text that no file can hold (half a surrogate pair), TypeError for another kind of value.
    """
    if isinstance(value, str):
        value.encode("utf-8")  # UnicodeEncodeError is a ValueError
        literal = ("\\" in value or '"' in value) and "'" not in value and value.isprintable()
        return f"'{value}'" if literal else tomlkit.string(value).as_string()
    if isinstance(value, bool | int | float):
        return tomlkit.item(value).as_string()
    if isinstance(value, Mapping):
        entries = ", ".join(f"{toml_key(key)} = {toml_value(inner)}" for key, inner in value.items())
        return f"{{ {entries} }}" if entries else "{}"
    if isinstance(value, list | tuple):
        items = [toml_value(inner) for inner in value]
        line = f"[{', '.join(items)}]"
        fits = len(line) <= MAX_LINE_WIDTH or len(items) < 2  # noqa: PLR2004 - one value gains nothing by a line of its own
        return line if fits else "[\n" + "".join(f"  {item},\n" for item in items) + "]"
    raise TypeError(f"{type(value).__name__} is not a TOML value")


def toml_table(header: str, entries: Mapping[str, Any]) -> str:
    """Return a table with its header, a line for each key."""
    return "\n".join([header, *(f"{toml_key(key)} = {toml_value(value)}" for key, value in entries.items())])
