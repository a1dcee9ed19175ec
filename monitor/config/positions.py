"""The places of keys and values in a TOML text: tomllib reads the values, tree-sitter finds their places."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import tree_sitter
import tree_sitter_toml

Path = tuple[str | int, ...]

_LANGUAGE: Final = tree_sitter.Language(tree_sitter_toml.language())
_KEY_NODE_TYPES: Final = ("bare_key", "quoted_key", "dotted_key")
_TABLE_NODE_TYPES: Final = ("table", "table_array_element")
# One unit of a basic string in the file. A backslash at a line end removes the line end and the blanks after it.
_STRING_UNIT: Final = re.compile(
    r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\x[0-9A-Fa-f]{2}|(\\[ \t]*\n[ \t\n]*)|\\.|.", re.DOTALL
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line and a column of a file. Both count from 1, columns in code points."""

    line: int
    column: int


class Positions:
    """The places of keys and values in a TOML text, by path. `("source", 2, "url")` is `url` in the third `[[source]]`.

    The text must have plain line ends. For a path that is not in the text, the place of its nearest parent is returned,
    so that an error about a missing key points at its table.
    """

    def __init__(self, text: str) -> None:
        self._bytes = text.encode("utf-8")
        self._lines = self._bytes.split(b"\n")
        self._keys: dict[Path, Place] = {}
        self._values: dict[Path, Place] = {}
        self._strings: dict[Path, tuple[str, Place]] = {}
        self._counts: dict[Path, int] = {}
        self._read_document(tree_sitter.Parser(_LANGUAGE).parse(self._bytes).root_node)

    def key(self, path: Path) -> Place:
        """Return the place of the key. For an element of a list, return the place of the element."""
        return self._nearest_place(path, self._keys, self._values)

    def value(self, path: Path) -> Place:
        """Return the place where the value begins. For a table, return the place of its header."""
        return self._nearest_place(path, self._values, self._keys)

    def inside(self, path: Path, index: int) -> Place:
        """Return the place in the file of a string's code point.

        `index` is the index of the code point in the string's value; the length of the value means the closing quote.
        """
        if path not in self._strings:
            return self.value(path)
        raw, start = self._strings[path]
        before = raw[: _offset_in_literal(raw, index)]
        line = before.count("\n")
        column = len(before) - (before.rfind("\n") + 1)
        return Place(start.line + line, column + (1 if line else start.column))

    def _nearest_place(self, path: Path, *maps: dict[Path, Place]) -> Place:
        for end in range(len(path), 0, -1):
            for places in maps:
                if path[:end] in places:
                    return places[path[:end]]
        return Place(1, 1)

    def _read_document(self, document: tree_sitter.Node) -> None:
        for node in document.named_children:
            if node.type in _TABLE_NODE_TYPES:
                self._read_table(node)
            elif node.type == "pair":
                self._read_pair(node, ())

    def _read_table(self, node: tree_sitter.Node) -> None:
        names = list(self._key_parts(node))
        path: Path = ()
        for name, place in names[:-1]:
            path = self._current_path((*path, name))
            self._keys.setdefault(path, place)
        name, place = names[-1]
        path = (*path, name)
        if node.type == "table_array_element":
            self._keys.setdefault(path, place)
            self._values.setdefault(path, self._place_of(node))
            self._counts[path] = self._counts.get(path, -1) + 1
            path = self._current_path(path)
            self._keys[path] = self._place_of(node)
        else:
            self._keys.setdefault(path, place)
        self._values.setdefault(path, self._place_of(node))
        for child in node.named_children:
            if child.type == "pair":
                self._read_pair(child, path)

    def _current_path(self, path: Path) -> Path:
        """Return `path` or, if it names a list of tables, the path of the list's last element."""
        return (*path, self._counts[path]) if path in self._counts else path

    def _read_pair(self, node: tree_sitter.Node, path: Path) -> None:
        names = list(self._key_parts(node))
        values = [child for child in node.named_children if child.type not in (*_KEY_NODE_TYPES, "comment")]
        for name, place in names:
            path = (*path, name)
            self._keys.setdefault(path, place)
            self._values.setdefault(path, place)
        self._read_value(values[-1], path)

    def _read_value(self, node: tree_sitter.Node, path: Path) -> None:
        self._values[path] = place = self._place_of(node)
        if node.type == "string":
            self._strings[path] = (self._text(node), place)
        elif node.type == "inline_table":
            for child in node.named_children:
                if child.type == "pair":
                    self._read_pair(child, path)
        elif node.type == "array":
            elements = (child for child in node.named_children if child.type != "comment")
            for index, child in enumerate(elements):
                self._read_value(child, (*path, index))

    def _key_parts(self, node: tree_sitter.Node) -> Iterator[tuple[str, Place]]:
        """Yield the names in a key in order, each with its place. A dotted key has several names."""
        for child in node.named_children:
            if child.type == "dotted_key":
                yield from self._key_parts(child)
            elif child.type == "bare_key":
                yield self._text(child), self._place_of(child)
            elif child.type == "quoted_key":
                yield str(tomllib.loads(f"key = {self._text(child)}")["key"]), self._place_of(child)

    def _text(self, node: tree_sitter.Node) -> str:
        return self._bytes[node.start_byte : node.end_byte].decode("utf-8")

    def _place_of(self, node: tree_sitter.Node) -> Place:
        row, column = node.start_point
        return Place(row + 1, len(self._lines[row][:column].decode("utf-8")) + 1)


def _offset_in_literal(raw: str, index: int) -> int:
    """Return the index in the string literal `raw` at which the code point `index` of its value is written."""
    mark = raw[:3] if raw[:3] in ('"""', "'''") else raw[:1]
    at, end = len(mark), len(raw) - len(mark)
    if len(mark) == 3 and raw.startswith("\n", at):  # noqa: PLR2004 - three quotes open a string of several lines
        at += 1
    if mark[0] == "'":
        return min(at + index, end)
    left = index
    while at < end:
        unit = _STRING_UNIT.match(raw, at, end)
        assert unit is not None, "every character is a unit"  # noqa: S101 - the pattern ends in `.` with DOTALL
        if unit[1] is None:
            if left == 0:
                break
            left -= 1
        at = unit.end()
    return at
