"""Collect the errors and warnings of one file, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from monitor.config.positions import Path, Place, Positions
from monitor.config.secrets import SecretMissing
from monitor.errors import ConfigError, Problem


class Findings:
    """Collects the errors and warnings of one file. `data` is its parsed content, to name the table of a problem.

    Secrets that are not available are errors. With `tolerate` they are collected in `missing` instead, and the tables
    that name them are left out.
    """

    def __init__(self, file: str, positions: Positions, data: Mapping[str, Any], *, tolerate: bool = False) -> None:
        self.positions = positions
        self.data = data
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []
        self.missing: dict[Path, Problem] = {}
        self._tolerate = tolerate
        self._file = file

    def error(self, path: Path, what: str, remedy: str = "", *, at: Place | None = None) -> None:
        """Add an error at the value of `path`, or at the place `at` if it is given."""
        self.errors.append(self.problem(path, what, remedy, at=at))

    def value_error(self, path: Path, error: ValueError) -> None:
        """Add the error that a check of the value at `path` raised.

        Its text is what is wrong, a semicolon, and the remedy.
        """
        what, _, remedy = str(error).partition("; ")
        if self._tolerate and isinstance(error, SecretMissing):
            self.missing[path] = self.problem(path, what, remedy)
        else:
            self.error(path, what, remedy)

    def lacks_secret(self, path: Path) -> bool:
        """Return whether the table at `path` needs a secret that is in `missing`."""
        return any(missing[: len(path)] == path for missing in self.missing)

    def warning(self, path: Path, what: str, remedy: str = "", *, at: Place | None = None) -> None:
        """Add a warning about something that is probably a mistake."""
        self.warnings.append(self.problem(path, what, remedy, at=at))

    def problem(self, path: Path, what: str, remedy: str = "", *, at: Place | None = None) -> Problem:
        """Return a problem at the value of `path`, or at the place `at` if it is given."""
        place = at or self.positions.value(path)
        return Problem(self._file, place.line, place.column, table_name_at(self.data, path), what, remedy)

    def raise_errors(self) -> None:
        """Raise ConfigError with all errors, sorted by place, if there are any."""
        if self.errors:
            raise ConfigError(sort_problems(self.errors))


def sort_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems sorted by their place in the file, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: (problem.line, problem.column)))


def table_name_at(data: Mapping[str, Any], path: Path) -> str:
    """Return the table that contains `path`, as text: `[[source]] "name"`, `[channel.team]`, `[fetch]`."""
    match path:
        case (str(table), int(index), *_) if isinstance(data.get(table), list):
            element = data[table][index]
            name = element.get("name") if isinstance(element, dict) else None
            named = isinstance(name, str) and name.strip() and name.isprintable()
            return f'[[{table}]] "{name}"' if named else f"[[{table}]] number {index + 1}"
        case ("channel", str(name), *_) if isinstance(data.get("channel"), dict):
            return f"[channel.{name}]"
        case ("concept", str(name), *_) if isinstance(data.get("concept"), dict):
            return f'[concept] "{name}"'
        case (str(table), *_) if isinstance(data.get(table), dict):
            return f"[{table}]"
        case (str(key),) if not isinstance(data.get(key), list):
            return key
    return ""
