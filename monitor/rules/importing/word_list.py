"""What an import gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.rules.problems import RuleWarning


@dataclass(frozen=True, slots=True)
class WordList:
    """Rules and concepts that mean what a list of words meant to the program it was written for.

    `warnings` tell what its author surely did not intend, and what could not be kept. In them `line` counts the lines
    of the list, and `rule` names the group.
    """

    rules: Mapping[str, str]
    concepts: Mapping[str, tuple[str, ...]]
    warnings: tuple[RuleWarning, ...] = ()
