"""Changing `sources.toml` by program: add sources, rules and concepts.

Comments and layout stay. A change is checked before anything is written, and written as a whole or not at all.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from monitor.config.layout import Layout, spliced
from monitor.config.loader import load_text
from monitor.config.replace import alone, write_config
from monitor.config.syntax import LIMIT, parse, read_bytes, text_of
from monitor.config.toml import toml_key, toml_table, toml_value
from monitor.errors import ConfigError, Problem

__all__ = ["Draft", "open_draft", "write_config"]

NEW_FILE: Final = """\
# What is watched, for what, and who gets it. Make it yours, then:
#
#     monitor check           is all of this right? (errors name line and remedy; every rule's examples are tried)
#     monitor check --live    does every source answer?
#     monitor run             watch, day and night
#
# docs/configuration.md explains every key.
"""

_BOM: Final = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Draft:
    """A configuration file that is being changed: its text, until it is saved. `was`: its bytes, if it was there.

    `text` has plain line ends and no byte order mark; what the file has of both is kept when it is saved.
    """

    path: Path
    text: str
    was: bytes | None = field(default=None, repr=False)

    @property
    def data(self) -> Mapping[str, Any]:
        """The values in the text as it is now."""
        return parse(self.path, self.text)

    def add_sources(self, tables: Iterable[Mapping[str, Any]]) -> None:
        """Write `[[source]]` tables after the last one, with their keys in the order given."""
        self._add_tables("source", tables)

    def add_rules(self, tables: Iterable[Mapping[str, Any]]) -> None:
        """Write `[[rule]]` tables after the last one."""
        self._add_tables("rule", tables)

    def set_concepts(self, concepts: Mapping[str, Sequence[str]]) -> None:
        """Write entries of `[concept]`; one that is there gets these terms."""
        written = {toml_key(name): toml_value(terms) for name, terms in concepts.items()}
        self.text = spliced(self.text, Layout(self.text).add_entries("concept", written))

    def _add_tables(self, key: str, tables: Iterable[Mapping[str, Any]]) -> None:
        given = list(tables)
        blocks = [toml_table(f"[[{key}]]", table) for table in given]
        self.text = spliced(
            self.text, Layout(self.text).add_tables(key, blocks, [toml_value(table) for table in given])
        )

    def check(self, environ: Mapping[str, str]) -> tuple[Problem, ...]:
        """Return the warnings that the change brings; what was wrong or suspicious before is not among them.

        Raises ConfigError with the errors that the change brings.
        """
        if len(self._as_the_file_is().encode("utf-8")) > LIMIT:
            what = f"with this the file would be larger than {LIMIT >> 20} MiB, and nothing was written"
            raise ConfigError((Problem(str(self.path), 0, 0, "", what, "add less of it"),))
        errors, warnings = _findings(self.path, self.text, environ)
        old = _findings(self.path, text_of(self.path, self.was), environ) if self.was is not None else ((), ())
        if brought := _without(errors, old[0]):
            raise ConfigError(brought)
        return _without(warnings, old[1])

    def save(self, environ: Mapping[str, str]) -> tuple[Problem, ...]:
        """Check the text, then replace the file by it in one step. Return the warnings that the change brings.

        Raises ConfigError, and leaves the file alone, when the change brings errors, when somebody else changed the
        file since it was read, or when it cannot be written.
        """
        warnings = self.check(environ)
        with alone(self.path):
            if _bytes_of(self.path) != self.was:
                what = "the file was changed by somebody else in the meantime, and nothing was written"
                raise ConfigError((Problem(str(self.path), 0, 0, "", what, "do it again"),))
            write_config(self.path, self._as_the_file_is())
        return warnings

    def _as_the_file_is(self) -> str:
        """Return the text with the line ends and the byte order mark that the file had."""
        was = self.was or b""
        windows = was.count(b"\r\n") * 2 > was.count(b"\n")
        text = self.text.replace("\n", "\r\n") if windows else self.text
        return f"\ufeff{text}" if was.startswith(_BOM) else text


def open_draft(path: Path) -> Draft:
    """Return the file at `path`, ready for changes; a file that is not there begins with a few lines of help.

    Raises ConfigError when it cannot be read or is no TOML.
    """
    was = _bytes_of(path)
    if was is None:
        return Draft(path, NEW_FILE)
    draft = Draft(path, text_of(path, was), was)
    parse(path, draft.text)
    return draft


def _bytes_of(path: Path) -> bytes | None:
    """Return the file as it is; None where there is none. Raises ConfigError."""
    return read_bytes(path) if os.path.lexists(os.path.realpath(path)) else None


def _findings(path: Path, text: str, environ: Mapping[str, str]) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Return the errors and the warnings of a text; where there are errors, warnings are not known."""
    try:
        return (), load_text(path, text, environ, without_secrets=True).warnings
    except ConfigError as wrong:
        return wrong.problems, ()


def _without(problems: Sequence[Problem], old: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return those that are not among `old`, wherever in the file these are."""
    left = Counter((problem.where, problem.what) for problem in old)
    found: list[Problem] = []
    for problem in problems:
        key = (problem.where, problem.what)
        if left[key]:
            left[key] -= 1
        else:
            found.append(problem)
    return tuple(found)
