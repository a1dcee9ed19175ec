"""Write the results of polls, the new state of sources, and the notices."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from sqlalchemy import ColumnElement, bindparam, delete, insert, literal_column, select, update

from monitor.events import NoticeRaised, NoticeResolved
from monitor.model import Notice, NoticeKind, PollRecord, SitemapState, SourceState
from monitor.notices import KINDS
from monitor.store import schema
from monitor.store.schema import entry, match, part
from monitor.store.transactions import WriteTransaction
from monitor.store.values import chunks, decision_value, index_key, state_values

_KEPT_POLLS: Final = 200


AT_ONCE: Final = "storm"
"""The mark of a match that was held because its source listed far more new entries than ever."""

# The statements of every poll. To build a statement takes SQLAlchemy several times as long as to run it.
_INSERT_POLL: Final = insert(schema.poll)
_ID, _OF_SOURCE = schema.poll.c.id, schema.poll.c.source_id == bindparam("of_source")
_LAST_TO_GO: Final = select(_ID).where(_OF_SOURCE).order_by(_ID.desc()).offset(_KEPT_POLLS).limit(1).scalar_subquery()
_DELETE_OLD_POLLS: Final = delete(schema.poll).where(_OF_SOURCE, _ID <= _LAST_TO_GO)
_UPDATE_SOURCE: Final = update(schema.source).where(schema.source.c.id == bindparam("of_source"))
# All kinds are named in it, because the index of open notices has the kind first.
_OPEN_KINDS: Final = select(schema.notice.c.kind).where(
    schema.notice.c.kind.in_([literal_column(f"'{kind}'") for kind in KINDS]),
    schema.notice.c.subject == bindparam("about"),
    schema.notice.c.resolved_at.is_(None),
)


class PollWriter(WriteTransaction):
    """Writes the result of a poll."""

    def record_poll(self, source_id: int, poll: PollRecord) -> None:
        """Add a poll to the log, which keeps the last 200 polls of each source."""
        values = {field.name: getattr(poll, field.name) for field in dataclasses.fields(poll)}
        values["decisions"] = [decision_value(decision) for decision in poll.decisions] or None
        self._connection.execute(_INSERT_POLL, {"source_id": source_id, **values})
        self._connection.execute(_DELETE_OLD_POLLS, {"of_source": source_id})

    def save_state(self, state: SourceState) -> None:
        """Save the state of a source. Its name and address belong to the configuration and are not changed."""
        self._connection.execute(_UPDATE_SOURCE, {"of_source": state.id, **state_values(state)})

    def save_sitemaps(self, source_id: int, sitemaps: Mapping[str, SitemapState]) -> None:
        """Save the state of some sitemaps of a source, by key."""
        query = select(part.c.key).where(part.c.source_id == source_id)
        there = set(self._connection.execute(query).scalars()) if sitemaps else set()
        new, old = [], []
        for key, one in sitemaps.items():
            known = one.validators
            values = {
                "stated": one.stated,
                "read_at": one.read_at,
                "etag": known.etag,
                "last_modified": known.last_modified,
                "body_hash": known.body_hash,
            }
            if key in there:
                old.append({"of": source_id, "named": key, **values})
            else:
                new.append({"source_id": source_id, "key": key, **values})
        if new:
            self._connection.execute(insert(part), new)
        if old:
            condition = (part.c.source_id == bindparam("of"), part.c.key == bindparam("named"))
            self._connection.execute(update(part).where(*condition), old)

    def release_matches(self, source_id: int, reason: str, at: dt.datetime) -> int:
        """Release the matches of a source that are suppressed for `reason`, so that they are sent; return how many.

        They get new ids, above the floor of every subscription, as if they were found at `at`. They also get the mark
        `AT_ONCE`.
        """
        listed = select(entry.c.article_id).where(entry.c.source_id == source_id)
        condition = (match.c.held == reason, match.c.article_id.in_(listed))
        columns = (match.c.id, match.c.article_id, match.c.rule, match.c.spans, match.c.mark)
        rows = self._connection.execute(select(*columns).where(*condition).order_by(match.c.id)).mappings().all()
        for chunk in chunks(row["id"] for row in rows):
            self._connection.execute(delete(match).where(match.c.id.in_(chunk)))
        if rows:
            again = [{**row, "matched_at": at, "held": None, "mark": row["mark"] or AT_ONCE} for row in rows]
            for row in again:
                del row["id"]
            self._connection.execute(insert(match), again)
        self._end_baseline(source_id, reason, {row["article_id"] for row in rows})
        return len(rows)

    def _end_baseline(self, source_id: int, reason: str, released: Collection[int]) -> None:
        """Remove held entries from the baseline: the entries of `released` articles, and the entries without a match.

        Entries without a match have `reason` in their decision. A rule that is changed later may match them.
        """
        condition = (entry.c.source_id == source_id, entry.c.baseline)
        for chunk in chunks(released):
            of_them = update(entry).where(*condition, entry.c.article_id.in_(chunk))
            self._connection.execute(of_them.values(baseline=False))
        began = select(schema.source.c.storm_since).where(schema.source.c.id == source_id).scalar_subquery()
        query = select(entry.c.id, entry.c.decision).where(*condition, entry.c.first_seen_at >= began)
        held = [row.id for row in self._connection.execute(query) if row.decision and reason in row.decision[1]]
        for chunk in chunks(held):
            self._connection.execute(update(entry).where(entry.c.id.in_(chunk)).values(baseline=False))

    def open_notices(self, subject: str) -> frozenset[NoticeKind]:
        """Return the kinds of the notices that are open about a subject."""
        return frozenset(self._connection.execute(_OPEN_KINDS, {"about": index_key(subject)}).scalars())

    def raise_notice(self, notice: Notice, at: dt.datetime) -> None:
        """Open a notice. If it is already open, increase its count and update its text."""
        words = {"message": notice.message, "remedy": notice.remedy, "last_at": at}
        again = update(schema.notice).where(*_is_open(notice.kind, notice.subject))
        if self._connection.execute(again.values(**words, count=schema.notice.c["count"] + 1)).rowcount:
            return
        values = {**words, "kind": notice.kind, "subject": index_key(notice.subject), "first_at": at, "count": 1}
        self._connection.execute(insert(schema.notice), values)
        self.events.append(NoticeRaised(notice.kind, notice.subject, notice.message, notice.remedy))

    def resolve_notice(
        self, kind: NoticeKind, subject: str, at: dt.datetime, *, reason: str, quiet_for: dt.timedelta = dt.timedelta()
    ) -> None:
        """Resolve a notice if it is open and was not raised within `quiet_for` before `at`."""
        quiet = schema.notice.c.last_at <= at - quiet_for
        over = update(schema.notice).where(*_is_open(kind, subject), quiet)
        if self._connection.execute(over.values(resolved_at=at)).rowcount:
            self.events.append(NoticeResolved(kind, subject, reason))

    def resolve_all(self, subjects: Iterable[str], at: dt.datetime, *, reason: str, kept: Collection[str]) -> None:
        """Resolve the open notices about these subjects, except those of the kinds `kept`."""
        columns = schema.notice.c
        stale = (columns.kind.not_in(kept), columns.resolved_at.is_(None))
        for chunk in chunks(map(index_key, subjects)):
            over = update(schema.notice).where(*stale, columns.subject.in_(chunk)).values(resolved_at=at)
            closed = self._connection.execute(over.returning(columns.kind, columns.subject))
            self.events += [NoticeResolved(row.kind, row.subject, reason) for row in closed]


def _is_open(kind: NoticeKind, subject: str) -> tuple[ColumnElement[bool], ...]:
    columns = schema.notice.c
    return columns.kind == kind, columns.subject == index_key(subject), columns.resolved_at.is_(None)
