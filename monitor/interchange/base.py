"""The result of reading another program's file, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.rules.problems import RuleWarning


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A part that was left out: `where` in the file it is, `what` it is, and the `reason`."""

    where: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceCandidate:
    """A source in the file, as a `[[source]]` table that is not checked yet.

    `unmapped` holds its parts without an equivalent. If one of the keys in `needs` cannot be used, the whole source is
    left out, since it would be another source without that key.
    """

    where: str
    table: Mapping[str, Any]
    unmapped: tuple[Unmapped, ...] = ()
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WordList:
    """The rules and concepts with the meaning of a list of words.

    `warnings` are about probable mistakes, and about what could not be kept. In them `line` counts the lines of the
    list, and `rule` is the name of the group.
    """

    rules: Mapping[str, str]
    concepts: Mapping[str, tuple[str, ...]]
    warnings: tuple[RuleWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """The content of a file."""

    candidates: tuple[SourceCandidate, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()
    warnings: tuple[str, ...] = ()
    words: WordList = field(default_factory=lambda: WordList({}, {}))


class UnreadableFile(Exception):
    """Raised for a file that cannot be read: the place, the error, and a remedy. `line` 0: no line."""

    def __init__(self, line: int, column: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.line, self.column, self.what, self.remedy = line, column, what, remedy


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its name for people, a test for texts, and its reader.

    `parse` raises UnreadableFile.
    """

    label: str
    fits: Callable[[str], bool]
    parse: Callable[[str], ParsedFile]


@dataclass(slots=True)
class CandidateBuilder:
    """Collects one source while it is read: its table, and the parts that are left out."""

    where: str
    table: dict[str, Any] = field(default_factory=dict)
    unmapped: list[Unmapped] = field(default_factory=list)
    needs: set[str] = field(default_factory=set)

    def leave_out(self, what: str, reason: str) -> None:
        """Note that `what` is left out."""
        self.unmapped.append(Unmapped(self.where, what, reason))

    def add_headers(self, headers: Mapping[Any, Any]) -> None:
        """Add headers of the request to the table; `User-Agent` has a key of its own."""
        kept = {str(key): str(value) for key, value in headers.items()}
        if agent := next((key for key in kept if key.lower() == "user-agent"), None):
            self.table["user_agent"] = kept.pop(agent)
        if kept:
            self.table["headers"] = kept

    def build(self) -> SourceCandidate:
        """Return the source as it was read."""
        return SourceCandidate(self.where, self.table, tuple(self.unmapped), frozenset(self.needs))
