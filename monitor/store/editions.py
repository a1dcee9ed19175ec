"""Build editions: find the matches that are not in any edition of a digest yet, and put them into an edition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select, and_, func, insert, or_, select

from monitor.errors import StoreError
from monitor.model import (
    AlternateLink,
    Coverage,
    DigestState,
    Edition,
    Match,
    NewDelivery,
    Pending,
    SourceIssue,
)
from monitor.notices import severity_of, weight_of
from monitor.store import schema
from monitor.store.backfill import BACKFILL
from monitor.store.changes import ChangeReads, ChangeWriter
from monitor.store.database import RESTORE_COMMAND
from monitor.store.polls import AT_ONCE
from monitor.store.schema import (
    article,
    delivery,
    edition_article,
    edition_item,
    entry,
    match,
    payload,
    poll,
    source,
    story,
    subscription,
)
from monitor.store.shown import ShownReads, headlines_by_lead
from monitor.store.values import article_of, chunks, index_key, match_of

_SHOWN_WITH_SOURCES: Final = ("broken", "wall", "gap", "gone")  # an edition names these sources anyway


class EditionReads(ChangeReads, ShownReads):
    """Queries for building an edition."""

    def pending(self, digest: str) -> tuple[Pending, ...]:
        """Return the matches that are not in any edition of a digest yet, sorted by when their stories were first seen.

        They are not filtered by a window: an article that is found late, or has an old date, is still new. A copy of an
        article that is in an edition is left out.
        """
        rows = self._connection.execute(pending_query(digest)).all()
        matches: dict[int, list[Match]] = {}
        for row in rows:
            matches.setdefault(row.article_id, []).append(match_of(row))
        fresh = {row.article_id for row in rows if row.mark != BACKFILL}
        calm = {row.article_id for row in rows if row.mark != AT_ONCE}
        articles: dict[int, Any] = {}
        for chunk in chunks(matches):
            query = select(article, source.c.name.label("source")).join(source).where(article.c.id.in_(chunk))
            articles.update({row.id: row for row in self._connection.execute(query)})
        stories = {row.story_id for row in articles.values()}
        alternates, sent = self._alternate_links(stories), self._shown_headlines(digest, stories)
        by_hand, related = self._joined_by_hand(articles), self.related(digest, articles)
        result = []
        for article_id, found in matches.items():
            row = articles[article_id]
            others = {  # every other place once, without the place that the item itself shows
                (link.source, link.url): link
                for listed, link in reversed(alternates.get(row.lead_id or row.id, []))
                if (listed, link.source) != (row.id, row.source)
            }
            one = Pending(
                story_id=row.story_id,
                lead_id=row.lead_id or row.id,
                article_id=row.id,
                article=article_of(row),
                source=row.source,
                seen=row.first_seen_at,
                matches=tuple(found),
                alternates=tuple(reversed(others.values())),
                sent_as=sent.get(row.story_id),
                by_hand=row.id in by_hand,
                backfilled=article_id not in fresh,
                at_once=article_id not in calm,
                see_also=tuple(related.get(row.id, ())),
            )
            result.append(one)
        return tuple(result)

    def count_pending(self, digest: str) -> int:
        """Return the number of pending articles of a digest."""
        waiting = pending_query(digest).order_by(None).with_only_columns(func.count(match.c.article_id.distinct()))
        return int(self._connection.execute(waiting).scalar_one())

    def has_pending(self, digest: str) -> bool:
        """Return whether a digest has pending articles. This is faster than reading them."""
        return self._connection.execute(pending_query(digest).order_by(None).limit(1)).first() is not None

    def _alternate_links(self, stories: Collection[int]) -> dict[int, list[tuple[int, AlternateLink]]]:
        """Return, for each leading article, the sources that list it or one of its copies, oldest listing first.

        Each source has the id of the listed article.
        """
        found: dict[int, list[tuple[int, AlternateLink]]] = {}
        listed = select(
            article.c.lead_id, article.c.id, article.c.title, article.c.url, entry.c.url.label("listed"), source.c.name
        ).select_from(entry.join(article).join(source, source.c.id == entry.c.source_id))
        for chunk in chunks(stories):
            query = listed.where(article.c.story_id.in_(chunk)).order_by(entry.c.first_seen_at, entry.c.id)
            for row in self._connection.execute(query):
                link = AlternateLink(row.title, row.listed or row.url, row.name)
                found.setdefault(row.lead_id or row.id, []).append((row.id, link))
        return found

    def digest_state(self, digest: str) -> DigestState:
        """Return when a digest was created and where its last window ended. Raises StoreError if it is unknown."""
        created_query = select(schema.digest.c.born_at).where(schema.digest.c.name == digest)
        row = self._connection.execute(created_query).first()
        if row is None:
            raise StoreError(f'the digest "{digest}" has not started yet; `monitor run` or `monitor once` starts it')
        last_end = select(func.max(schema.edition.c.window_end)).where(schema.edition.c.digest == digest)
        return DigestState(digest, row.born_at, self._connection.execute(last_end).scalar())

    def last_sent(self, digest: str) -> str | None:
        """Return the stored text of a digest's last edition that had a recipient; None if there is no such edition."""
        table, sent = schema.edition, delivery.c.edition_id == schema.edition.c.id
        query = select(table.c.encoded).where(table.c.digest == digest, select(delivery.c.id).where(sent).exists())
        found: str | None = self._connection.execute(query.order_by(table.c.id.desc()).limit(1)).scalar()
        return found

    def has_slot(self, digest: str, slot: str) -> bool:
        """Return whether the digest already has an edition for the window with this slot."""
        table = schema.edition
        query = select(table.c.id).where(table.c.digest == digest, table.c.slot == slot)
        return self._connection.execute(query).first() is not None

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


class EditionWriter(EditionReads, ChangeWriter):
    """Writes editions with their pending matches, in the transaction in which the matches were read."""

    def add_edition(
        self,
        edition: Edition,
        encoded: str,
        bound: Sequence[Pending],
        deliveries: Sequence[NewDelivery],
        *,
        is_sent: bool = True,
    ) -> int:
        """Write an edition with its matches (`bound`) and its deliveries, which are due at once. Returns its id.

        `encoded` is stored as the text of the edition. `is_sent` False: nobody receives it, and the next edition counts
        the articles that this edition left out. Raises StoreError if the digest already has an edition with this slot.
        """
        table, window = schema.edition, edition.window
        if self.has_slot(edition.digest, window.slot):
            raise StoreError(f'the digest "{edition.digest}" has an edition of {window.slot}')
        values = {
            "digest": edition.digest,
            "slot": window.slot,
            "window_start": window.start,
            "window_end": window.end,
            "built_at": edition.built_at,
            "encoded": encoded,
            "items": len({item.story_id for item in edition.items}),
            "left_out": 0 if is_sent else edition.left_out + edition.left_out_before,
        }
        edition_id: int = self._connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one()
        row = {"edition_id": edition_id, "digest": edition.digest}
        if leads := headlines_by_lead(edition, bound):
            rows = [{**row, "lead_id": lead, "headline": headline} for lead, headline in leads.items()]
            self._connection.execute(insert(edition_item), rows)
        if articles := dict.fromkeys(one.article_id for one in bound):
            self._connection.execute(insert(edition_article), [{**row, "article_id": one} for one in articles])
        self._queue_deliveries(edition_id, edition.built_at, deliveries)
        return edition_id

    def _queue_deliveries(self, edition_id: int, at: dt.datetime, deliveries: Sequence[NewDelivery]) -> None:
        payloads: dict[tuple[str, int], tuple[int, str]] = {}
        rows = []
        for new in deliveries:
            place = (new.channel, new.payload.part)
            if place not in payloads:
                values = {"edition_id": edition_id, "channel": place[0], "part": place[1], "body": new.payload.body}
                added = self._connection.execute(insert(payload).values(values).returning(payload.c.id))
                payloads[place] = (added.scalar_one(), new.payload.body)
            payload_id, body = payloads[place]
            if body != new.payload.body:
                raise ValueError(f"part {place[1]} of channel {place[0]!r} is rendered once, not for each recipient")
            rows.append(queued_values(edition_id, payload_id, new, at))
        if rows:
            self._connection.execute(insert(delivery), rows)


def pending_query(digest_name: str) -> Select[Any]:
    """Return a query for the matches to which a digest subscribes and which are not in any of its editions."""
    asked = and_(
        subscription.c.digest == digest_name,
        subscription.c.rule == match.c.rule,
        match.c.id > subscription.c.after_match_id,
        or_(subscription.c.until_match_id.is_(None), match.c.id <= subscription.c.until_match_id),
    )
    bound_article = select(edition_article.c.article_id).where(
        edition_article.c.digest == digest_name, edition_article.c.article_id == article.c.id
    )
    bound_copy = select(edition_item.c.lead_id).where(
        edition_item.c.digest == digest_name, edition_item.c.lead_id == func.coalesce(article.c.lead_id, article.c.id)
    )
    return (
        select(match.c.article_id, match.c.rule, match.c.spans, match.c.mark)
        .select_from(
            match.join(subscription, asked)
            .join(article, article.c.id == match.c.article_id)
            .join(story, story.c.id == article.c.story_id)
        )
        .where(match.c.held.is_(None), ~bound_article.exists(), ~bound_copy.exists())
        .order_by(story.c.first_seen_at, story.c.id, article.c.id, match.c.id)
    )


def queued_values(edition_id: int | None, payload_id: int, new: NewDelivery, at: dt.datetime) -> dict[str, Any]:
    """Return the row of a delivery that is due at once."""
    return {
        "edition_id": edition_id,
        "payload_id": payload_id,
        "channel": new.channel,
        "recipient": new.recipient,
        "message_id": new.message_id,
        "state": "queued",
        "attempts": 0,
        "created_at": at,
        "next_at": at,
    }
