"""What reading a file of another program gives, whatever its format."""

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
class Candidate:
    """A source as the file has it: a `[[source]]` table, which nobody has judged yet.

    `unmapped` holds the parts of it that have no counterpart. Without one of the keys in `needs` the source would be
    another one, so that it is left out as a whole if one cannot be used.
    """

    where: str
    table: Mapping[str, Any]
    unmapped: tuple[Unmapped, ...] = ()
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WordList:
    """Rules and concepts that mean what a list of words meant to the program it was written for.

    `warnings` say what its author surely did not intend, and what could not be kept. In them `line` counts the lines
    of the list, and `rule` names the group.
    """

    rules: Mapping[str, str]
    concepts: Mapping[str, tuple[str, ...]]
    warnings: tuple[RuleWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """All that a file holds."""

    candidates: tuple[Candidate, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()
    warnings: tuple[str, ...] = ()
    words: WordList = field(default_factory=lambda: WordList({}, {}))


class Unreadable(Exception):
    """The file is not what it seems to be: the place, what is wrong, and what to do. `line` 0 is no line."""

    def __init__(self, line: int, column: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.line, self.column, self.what, self.remedy = line, column, what, remedy


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files: what people call it, whether a text is of it, and how one is read.

    `parse` raises Unreadable.
    """

    label: str
    fits: Callable[[str], bool]
    parse: Callable[[str], Parsed]


@dataclass(slots=True)
class Collecting:
    """One item while it is read: its table, and what is left out of it."""

    where: str
    table: dict[str, Any] = field(default_factory=dict)
    unmapped: list[Unmapped] = field(default_factory=list)
    needs: set[str] = field(default_factory=set)

    def leave(self, what: str, reason: str) -> None:
        """Note that `what` is left out."""
        self.unmapped.append(Unmapped(self.where, what, reason))

    def send(self, headers: Mapping[Any, Any]) -> None:
        """Note headers of the request; what introduces the program has a key of its own."""
        sent = {str(key): str(value) for key, value in headers.items()}
        if agent := next((key for key in sent if key.lower() == "user-agent"), None):
            self.table["user_agent"] = sent.pop(agent)
        if sent:
            self.table["headers"] = sent

    def candidate(self) -> Candidate:
        """Return the item as it was read."""
        return Candidate(self.where, self.table, tuple(self.unmapped), frozenset(self.needs))
