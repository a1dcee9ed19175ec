"""How complete an edition is, and which problems were open when it was built."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import func, select

from monitor.model import Coverage, SourceIssue
from monitor.notices import severity_of, weight_of
from monitor.store import schema
from monitor.store.database import RESTORE_COMMAND, Transaction
from monitor.store.schema import poll, source
from monitor.store.values import index_key

_SHOWN_WITH_SOURCES: Final = ("broken", "wall", "gap", "gone")  # an edition names these sources anyway


class CoverageReads(Transaction):
    """Queries about the sources of an edition, and open problems."""

    def coverage(self, since: dt.datetime, sources: frozenset[str] | None = None) -> Coverage:
        """Return how complete an edition is whose window starts at `since`, for these `sources` (None: all).

        Entries may be missing from sources that fail, are paused, were never read, were read only in part, or had a gap
        between two polls.
        """
        rows = self._connection.execute(select(source).where(source.c.active).order_by(source.c.name)).all()
        watched = [row for row in rows if sources is None or row.name in sources]
        columns = schema.notice.c
        query = select(schema.notice).where(columns.kind.in_(("broken", "wall", "gap")), columns.resolved_at.is_(None))
        notices = {(row.kind, row.subject): row for row in self._connection.execute(query)}
        found = (self._issue(row, notices, since) for row in watched)
        issues = tuple(issue for issue in found if issue is not None)
        holder = schema.holder.c
        restored = select(func.max(holder.since)).where(holder.command == RESTORE_COMMAND, holder.since > since)
        return Coverage(len(watched), issues, self._connection.execute(restored).scalar())

    def open_problems(self) -> tuple[str, ...]:
        """Return descriptions of the open problems, worst first, except the problems that the coverage contains."""
        notice = schema.notice.c
        query = select(notice.kind, notice.subject, notice.message).where(notice.resolved_at.is_(None))
        rows = self._connection.execute(query.order_by(notice.first_at, notice.id)).all()
        return tuple(
            f"{row.subject}: {row.message}"
            for row in sorted(rows, key=lambda row: -weight_of(row.kind))
            if severity_of(row.kind) == "problem" and row.kind not in _SHOWN_WITH_SOURCES
        )

    def _issue(self, row: Any, notices: Mapping[tuple[str, str], Any], since: dt.datetime) -> SourceIssue | None:
        """Return the most serious reason why entries of a source may be missing; None if there is no reason."""
        broken, wall, gap = (notices.get((kind, index_key(row.name))) for kind in ("broken", "wall", "gap"))
        if row.failures or row.paused is not None:
            blind = (row.last_success_at or row.added_at) < since
            reason = row.paused or row.last_error or "could not be read"
            return SourceIssue(row.name, reason, self._failing_since(row), blind=blind)
        if row.last_success_at is None:
            return SourceIssue(row.name, "not read yet", blind=row.added_at < since)
        if (failing := broken or wall) is not None:
            return SourceIssue(row.name, failing.message, failing.first_at, blind=failing.first_at < since)
        return None if gap is None else SourceIssue(row.name, gap.message, gap.first_at, gap=True)

    def _failing_since(self, row: Any) -> dt.datetime | None:
        """Return the time of the first failure after the last success, as far as the log of polls goes back."""
        query = select(func.min(poll.c.at)).where(poll.c.source_id == row.id, poll.c.outcome == "failed")
        if row.last_success_at is not None:
            query = query.where(poll.c.at > row.last_success_at)
        since: dt.datetime | None = self._connection.execute(query).scalar()
        return since
