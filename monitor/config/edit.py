"""Change `sources.toml` for commands: add sources, rules and concepts.

Comments and layout are kept. A change is checked before it is written, and is written completely or not at all.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from monitor.config.layout import Layout, apply_splices
from monitor.config.loader import load_text
from monitor.config.replace import exclusive_access, write_config
from monitor.config.syntax import MAX_FILE_SIZE, decode_text, parse, read_bytes
from monitor.config.toml import toml_key, toml_table, toml_value
from monitor.errors import ConfigError, Problem

__all__ = ["Draft", "open_draft", "write_config"]

NEW_FILE: Final = """\
# What to watch, what to look for, and who gets it. Change it as you like, then:
#
#     monitor check           find mistakes: each with its line and how to fix it; test every rule's examples
#     monitor check --live    test whether every source answers
#     monitor run             watch and send until you stop it
#
# docs/configuration.md explains every key.
"""

_BOM: Final = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Draft:
    """A configuration file that is being changed. `original` are its bytes when it was opened, None for a new file.

    `text` has plain line ends and no byte order mark. `save` restores the line ends and the mark of the file.
    """

    path: Path
    text: str
    original: bytes | None = field(default=None, repr=False)

    @property
    def data(self) -> Mapping[str, Any]:
        """The values in the current text."""
        return parse(self.path, self.text)

    def add_sources(self, tables: Iterable[Mapping[str, Any]]) -> None:
        """Add `[[source]]` tables after the last one, with their keys in the order given."""
        self._add_tables("source", tables)

    def add_rules(self, tables: Iterable[Mapping[str, Any]]) -> None:
        """Add `[[rule]]` tables after the last one."""
        self._add_tables("rule", tables)

    def set_concepts(self, concepts: Mapping[str, Sequence[str]]) -> None:
        """Add entries to `[concept]`, or replace the terms of existing entries."""
        written = {toml_key(name): toml_value(terms) for name, terms in concepts.items()}
        self.text = apply_splices(self.text, Layout(self.text).add_entries("concept", written))

    def _add_tables(self, key: str, tables: Iterable[Mapping[str, Any]]) -> None:
        tables_given = list(tables)
        blocks = [toml_table(f"[[{key}]]", table) for table in tables_given]
        self.text = apply_splices(
            self.text, Layout(self.text).add_tables(key, blocks, [toml_value(table) for table in tables_given])
        )

    def check(self, environ: Mapping[str, str]) -> tuple[Problem, ...]:
        """Return the warnings that the change adds.

        Raises ConfigError with the errors that the change adds.
        """
        if len(self._with_original_line_ends().encode("utf-8")) > MAX_FILE_SIZE:
            what = f"with this change the file would be larger than {MAX_FILE_SIZE >> 20} MiB, and nothing was written"
            raise ConfigError((Problem(str(self.path), 0, 0, "", what, "add fewer entries at once"),))
        errors, warnings = _problems_in(self.path, self.text, environ)
        if self.original is not None:
            old_errors, old_warnings = _problems_in(self.path, decode_text(self.path, self.original), environ)
            errors, warnings = _new_problems(errors, old_errors), _new_problems(warnings, old_warnings)
        if errors:
            raise ConfigError(errors)
        return warnings

    def save(self, environ: Mapping[str, str]) -> tuple[Problem, ...]:
        """Check the text, then replace the file by it in one step. Return the warnings that the change adds.

        Raises ConfigError, and does not change the file, if the change adds errors, if somebody else changed the file
        since it was read, or if it cannot be written.
        """
        warnings = self.check(environ)
        with exclusive_access(self.path):
            if _read_if_present(self.path) != self.original:
                what = "another program changed the file in the meantime, and nothing was written"
                raise ConfigError((Problem(str(self.path), 0, 0, "", what, "run the command again"),))
            write_config(self.path, self._with_original_line_ends())
        return warnings

    def _with_original_line_ends(self) -> str:
        """Return the text with the line ends and the byte order mark of the original file."""
        original = self.original or b""
        windows = original.count(b"\r\n") * 2 > original.count(b"\n")
        text = self.text.replace("\n", "\r\n") if windows else self.text
        return f"\ufeff{text}" if original.startswith(_BOM) else text


def open_draft(path: Path) -> Draft:
    """Return the file at `path` as a draft. If the file is missing, the draft begins with a few lines of help.

    Raises ConfigError if the file cannot be read or is not TOML.
    """
    original = _read_if_present(path)
    if original is None:
        return Draft(path, NEW_FILE)
    draft = Draft(path, decode_text(path, original), original)
    parse(path, draft.text)
    return draft


def _read_if_present(path: Path) -> bytes | None:
    """Return the bytes of the file; None if it does not exist. Raises ConfigError if it cannot be read."""
    return read_bytes(path) if os.path.lexists(os.path.realpath(path)) else None


def _problems_in(path: Path, text: str, environ: Mapping[str, str]) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Return the errors and the warnings of a text. If it has errors, warnings are not known and left out."""
    try:
        return (), load_text(path, text, environ, without_secrets=True).warnings
    except ConfigError as wrong:
        return wrong.problems, ()


def _new_problems(problems: Sequence[Problem], old: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return the problems that are not in `old`. Problems are compared without their lines and columns."""
    left = Counter((problem.where, problem.what) for problem in old)
    found: list[Problem] = []
    for problem in problems:
        key = (problem.where, problem.what)
        if left[key]:
            left[key] -= 1
        else:
            found.append(problem)
    return tuple(found)
