"""Insert text into a TOML file so that everything else stays unchanged.

A file is changed by splices: places in its text, and the text to put there. No other line changes, so comments, blank
lines and style are kept.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import tree_sitter
import tree_sitter_toml

from monitor.config.toml import toml_key

_LANGUAGE: Final = tree_sitter.Language(tree_sitter_toml.language())
_KEY_NODE_TYPES: Final = ("bare_key", "quoted_key", "dotted_key")
_TABLE_NODE_TYPES: Final = ("table", "table_array_element")


@dataclass(frozen=True, slots=True)
class Splice:
    """A replacement of the bytes from `start` to `end` of the file's UTF-8 text by `text`."""

    start: int
    end: int
    text: str


def apply_splices(text: str, splices: Iterable[Splice]) -> str:
    """Return `text` with all splices made.

    They must not overlap; several at the same place are made in the given order.
    """
    body = text.encode("utf-8")
    pieces: list[bytes] = []
    at = 0
    for splice in sorted(splices, key=lambda splice: splice.start):
        pieces += (body[at : splice.start], splice.text.encode("utf-8"))
        at = splice.end
    return b"".join((*pieces, body[at:])).decode("utf-8")


class Layout:
    """Finds the places for new text in a TOML text with plain line ends."""

    def __init__(self, text: str) -> None:
        self._bytes = text.encode("utf-8")
        self._lines = text.split("\n")
        self._root = tree_sitter.Parser(_LANGUAGE).parse(self._bytes).root_node

    def add_tables(self, key: str, blocks: list[str], inline: list[str]) -> list[Splice]:
        """Return splices that add tables to `[[key]]`. Add `inline` if the file has `key = [ … ]`, else `blocks`."""
        if not blocks:
            return []
        pair = self._find_pair(self._root, (key,))
        if pair is not None:
            return self._insert_into_array(_value_of(pair), inline)
        rows = [
            self._last_row(node)
            for node in self._root.children
            if node.type in _TABLE_NODE_TYPES and self._is_under(node, key)
        ]
        if not rows:
            return [self._append(blocks)]
        # A blank line before each block, and a blank line after the last block if there is none.
        at, behind = self._end_of(max(rows)), self._lines[max(rows) + 1 :]
        last = "\n" if (behind and behind[0].strip()) or behind == [] else ""
        return [Splice(at, at, "".join(f"\n\n{block}" for block in blocks) + last)]

    def add_entries(self, table: str, entries: Mapping[str, str]) -> list[Splice]:
        """Return splices that write `entries` (keys and values as TOML) into `[table]`, or replace existing values."""
        new = dict(entries)
        changed = [self._replace_value(pair, new.pop(key)) for key, pair in self._entries_of(table) if key in new]
        return [*changed, *(self._new_entries(table, new) if new else ())]

    def _new_entries(self, table: str, entries: Mapping[str, str]) -> list[Splice]:
        inline = self._find_pair(self._root, (table,))
        if inline is not None:
            value_node = _value_of(inline)
            added = [f"{key} = {value}" for key, value in entries.items()]
            present = [child for child in value_node.children if child.type == "pair"]
            if not present:
                return [Splice(value_node.start_byte, value_node.end_byte, "{ " + ", ".join(added) + " }")]
            return [Splice(present[-1].end_byte, present[-1].end_byte, "".join(f", {entry}" for entry in added))]
        for node in self._root.children:
            if node.type == "table" and self._key_names(node) == (table,):
                pairs = [child for child in node.children if child.type == "pair"]
                indent = " " * pairs[-1].start_point[1] if pairs else ""
                lines = [f"{indent}{key} = {value}" for key, value in entries.items()]
                return [self._insert_below(self._last_row(node, with_comments=False), lines)]
        dotted = [node for node in self._root.children if node.type == "pair" and self._is_under(node, table)]
        if dotted:
            return [self._insert_below(dotted[-1].end_point[0], [f"{table}.{key} = {entries[key]}" for key in entries])]
        block = "\n".join([f"[{table}]", *(f"{key} = {value}" for key, value in entries.items())])
        return [self._append([block])]

    def _entries_of(self, table: str) -> Iterator[tuple[str, tree_sitter.Node]]:
        """Yield the keys of `[table]` with the nodes of their pairs, for all ways to write the table."""
        for node in self._root.children:
            if node.type == "table" and self._key_names(node) == (table,):
                yield from ((_key_text(self._key_names(pair)), pair) for pair in node.children if pair.type == "pair")
            elif node.type == "pair" and self._key_names(node) == (table,):
                pairs = (child for child in _value_of(node).children if child.type == "pair")
                yield from ((_key_text(self._key_names(pair)), pair) for pair in pairs)
            elif node.type == "pair" and self._is_under(node, table):
                yield _key_text(self._key_names(node)[1:]), node

    def _find_pair(self, parent: tree_sitter.Node, names: tuple[str, ...]) -> tree_sitter.Node | None:
        return next((node for node in parent.children if node.type == "pair" and self._key_names(node) == names), None)

    def _is_under(self, node: tree_sitter.Node, key: str) -> bool:
        return self._key_names(node)[0] == key

    def _key_names(self, node: tree_sitter.Node) -> tuple[str, ...]:
        """Return the parts of a dotted key: of the key of a pair, or of the header of a table."""
        found: list[str] = []
        for child in node.children:
            if child.type == "dotted_key":
                found.extend(self._key_names(child))
            elif child.type == "bare_key":
                found.append(self._text(child))
            elif child.type == "quoted_key":
                found.append(str(tomllib.loads(f"key = {self._text(child)}")["key"]))
        return tuple(found)

    def _text(self, node: tree_sitter.Node) -> str:
        return self._bytes[node.start_byte : node.end_byte].decode("utf-8")

    def _last_row(self, table: tree_sitter.Node, *, with_comments: bool = True) -> int:
        """Return the number of a table's last line: its last key, or the last comment directly below it."""
        row = next(child.end_point[0] for child in reversed(table.children) if child.type != "comment")
        if not with_comments:
            return row
        end = row
        while end + 1 < len(self._lines) and self._lines[end + 1].lstrip().startswith("#"):
            end += 1
        below = self._lines[end + 1].strip() if end + 1 < len(self._lines) else ""
        return end if not below else row

    def _replace_value(self, pair: tree_sitter.Node, value: str) -> Splice:
        old = _value_of(pair)
        return Splice(old.start_byte, old.end_byte, value)

    def _insert_below(self, row: int, lines: list[str]) -> Splice:
        at = self._end_of(row)
        return Splice(at, at, "".join(f"\n{line}" for line in lines))

    def _append(self, blocks: list[str]) -> Splice:
        kept = len(self._bytes.rstrip())
        text = "\n\n".join(blocks) + "\n"
        return Splice(kept, len(self._bytes), f"\n\n{text}" if kept else text)

    def _end_of(self, row: int) -> int:
        return len("\n".join(self._lines[: row + 1]).encode("utf-8"))

    def _insert_into_array(self, array: tree_sitter.Node, items: list[str]) -> list[Splice]:
        """Return splices that put `items` before the closing bracket.

        In a list of several lines, each gets its own line.
        """
        inside = [child for child in array.children[1:-1] if child.type != "comment"]
        closing = array.children[-1]
        lines = array.start_point[0] != closing.start_point[0]
        at = inside[-1].end_byte if inside else closing.start_byte
        comma = "," if inside and inside[-1].type != "," else ""
        if not lines:
            return [Splice(at, at, f"{comma}{' ' if inside else ''}{', '.join(items)}")]
        splices = [Splice(at, at, comma)] if comma else []
        indent = " " * (inside[0].start_point[1] if inside else 2)
        at = closing.start_byte
        alone = not self._lines[closing.start_point[0]][: closing.start_point[1]].strip()
        before = "" if alone else "\n"
        at = at - closing.start_point[1] if alone else at
        return [*splices, Splice(at, at, before + "".join(f"{indent}{item},\n" for item in items))]


def _value_of(pair: tree_sitter.Node) -> tree_sitter.Node:
    return [child for child in pair.named_children if child.type not in (*_KEY_NODE_TYPES, "comment")][-1]


def _key_text(names: tuple[str, ...]) -> str:
    """Return a dotted key as TOML text."""
    return ".".join(toml_key(name) for name in names)
