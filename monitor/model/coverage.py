"""How complete an edition is: which sources have entries that may be missing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class SourceIssue:
    """A source whose entries may be missing from an edition, as the edition shows it.

    `blind`: it gave no complete answer in the whole window. `gap`: it is read, but entries may have been missed.
    """

    source: str
    reason: str
    since: dt.datetime | None = None
    blind: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """How complete an edition is: how many sources are watched, and which of them may have missing entries.

    `restored_at`: when the database was restored from a backup, if that was within the window. The database no longer
    knows what was sent between the backup and the restore, so the edition may repeat articles that were sent then.
    """

    sources: int = 0
    issues: tuple[SourceIssue, ...] = ()
    restored_at: dt.datetime | None = None

    @property
    def blind(self) -> frozenset[str]:
        """The sources that gave no complete answer in the whole window."""
        return frozenset(issue.source for issue in self.issues if issue.blind)


NOT_KNOWN: Final = Coverage()
"""The coverage of an edition whose coverage is not known."""
