"""The result of reading another program's file, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.rules.problems import RuleWarning


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Something that was left out. `where` is the place in the file, `what` the item or its key, `reason` why."""

    where: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceCandidate:
    """A source in the file, as a `[[source]]` table that is not checked yet.

    `unmapped` holds its parts that have no counterpart. Without one of the keys in `needs` it would be another source,
    so that it is left out as a whole if one of these cannot be used.
    """

    where: str
    table: Mapping[str, Any]
    unmapped: tuple[Unmapped, ...] = ()
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WordList:
    """Rules and concepts that mean what a list of words meant to the program it was written for.

    `warnings` are about what its author hardly intended, and what could not be kept. In them `line` counts the lines
    of the list, and `rule` is the name of the group.
    """

    rules: Mapping[str, str]
    concepts: Mapping[str, tuple[str, ...]]
    warnings: tuple[RuleWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """All that a file holds."""

    candidates: tuple[SourceCandidate, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()
    warnings: tuple[str, ...] = ()
    words: WordList = field(default_factory=lambda: WordList({}, {}))


class UnreadableFile(Exception):
    """Raised for a file that cannot be read: the place, what is wrong, and what to do. `line` 0: no line."""

    def __init__(self, line: int, column: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.line, self.column, self.what, self.remedy = line, column, what, remedy


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its name for people, a test whether a text has it, and its reader.

    `parse` raises Unreadable.
    """

    label: str
    fits: Callable[[str], bool]
    parse: Callable[[str], ParsedFile]


@dataclass(slots=True)
class CandidateBuilder:
    """Collects one source while it is read: its table, and what is left out of it."""

    where: str
    table: dict[str, Any] = field(default_factory=dict)
    unmapped: list[Unmapped] = field(default_factory=list)
    needs: set[str] = field(default_factory=set)

    def leave_out(self, what: str, reason: str) -> None:
        """Note that `what` is left out."""
        self.unmapped.append(Unmapped(self.where, what, reason))

    def send(self, headers: Mapping[Any, Any]) -> None:
        """Add headers of the request to the table; `User-Agent` has a key of its own."""
        sent = {str(key): str(value) for key, value in headers.items()}
        if agent := next((key for key in sent if key.lower() == "user-agent"), None):
            self.table["user_agent"] = sent.pop(agent)
        if sent:
            self.table["headers"] = sent

    def candidate(self) -> SourceCandidate:
        """Return the item as it was read."""
        return SourceCandidate(self.where, self.table, tuple(self.unmapped), frozenset(self.needs))
