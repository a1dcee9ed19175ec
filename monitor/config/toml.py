"""Write values as TOML text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import tomlkit

MAX_LINE_WIDTH: Final = 100
"""Characters. A wider list is written with one value on each line."""


def toml_key(name: str) -> str:
    """Return a key as TOML text, with quotes only if it needs them."""
    return tomlkit.key(name).as_string()


def toml_value(value: Any) -> str:
    """Return a text, number, boolean, list or table as TOML text, to be written after the equals sign.

    A text that contains quotes or backslashes gets single quotes if possible, so that expressions stay readable.
    Raises ValueError for a text that cannot be encoded (half a surrogate pair), TypeError for other kinds of values.
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
        fits = len(line) <= MAX_LINE_WIDTH or len(items) < 2  # noqa: PLR2004 - a single value stays there
        return line if fits else "[\n" + "".join(f"  {item},\n" for item in items) + "]"
    raise TypeError(f"{type(value).__name__} is not a TOML value")


def toml_table(header: str, entries: Mapping[str, Any]) -> str:
    """Return a table as TOML text: its header, and one line for each key."""
    return "\n".join([header, *(f"{toml_key(key)} = {toml_value(value)}" for key, value in entries.items())])
