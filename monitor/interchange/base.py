"""The result of reading another program's file, for all formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.rules.problems import RuleWarning


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A part of the file that was left out: `where` it is in the file, `what` it is, and the `reason`."""

    where: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceCandidate:
    """A source found in the file, as a `[[source]]` table that is not validated yet.

    `unmapped` are its parts without an equivalent. If a key in `needs` is invalid, the whole source is left out, since
    it would be a different source without that key.
    """

    where: str
    table: Mapping[str, Any]
    unmapped: tuple[Unmapped, ...] = ()
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WordList:
    """The rules and concepts that have the same meaning as a list of words.

    `warnings` are about probable mistakes, and about parts that could not be kept. In a warning, `line` is the line of
    the list, and `rule` is the name of the group.
    """

    rules: Mapping[str, str]
    concepts: Mapping[str, tuple[str, ...]]
    warnings: tuple[RuleWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """The content of another program's file."""

    candidates: tuple[SourceCandidate, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()
    warnings: tuple[str, ...] = ()
    words: WordList = field(default_factory=lambda: WordList({}, {}))


class UnreadableFile(Exception):
    """Raised for a file that cannot be read: the place, the error, and a remedy.

    `line` is 0 if the error is not on a single line.
    """

    def __init__(self, line: int, column: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.line, self.column, self.what, self.remedy = line, column, what, remedy


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its name for people, a function that recognises it in a text, and its parser.

    `parse` raises UnreadableFile.
    """

    label: str
    fits: Callable[[str], bool]
    parse: Callable[[str], ParsedFile]


@dataclass(slots=True)
class CandidateBuilder:
    """Collects the parts of one source while its entry in the file is read."""

    where: str
    table: dict[str, Any] = field(default_factory=dict)
    unmapped: list[Unmapped] = field(default_factory=list)
    needs: set[str] = field(default_factory=set)

    def leave_out(self, what: str, reason: str) -> None:
        """Note that `what` is left out, for this reason."""
        self.unmapped.append(Unmapped(self.where, what, reason))

    def add_headers(self, headers: Mapping[Any, Any]) -> None:
        """Add request headers to the table. `User-Agent` goes into its own key."""
        kept = {str(key): str(value) for key, value in headers.items()}
        if agent := next((key for key in kept if key.lower() == "user-agent"), None):
            self.table["user_agent"] = kept.pop(agent)
        if kept:
            self.table["headers"] = kept

    def build(self) -> SourceCandidate:
        """Return the source as it was read."""
        return SourceCandidate(self.where, self.table, tuple(self.unmapped), frozenset(self.needs))
