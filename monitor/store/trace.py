"""The trace of one article: everything that the program did with it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Connection, or_, select

from monitor.model import (
    AttemptReport,
    DeliveryReport,
    EditionReport,
    Payload,
    PollRecord,
    Revision,
    StoryMember,
    Trace,
    TraceEntry,
    TraceMatch,
)
from monitor.model.stories import PairDecision, RelatedTrace
from monitor.store.backfill import BACKFILL
from monitor.store.database import Database
from monitor.store.endpoints import endpoint_of
from monitor.store.schema import (
    article,
    article_address,
    attempt,
    delivery,
    edition,
    edition_article,
    edition_item,
    entry,
    match,
    pair_decision,
    payload,
    poll,
    related_article,
    reread,
    revision,
    source,
)
from monitor.store.status import deliveries_query, delivery_report
from monitor.store.values import (
    article_of,
    decision_of,
    differences_of,
    edition_of,
    index_key,
    match_of,
    poll_of,
)

_MAX_AT_ADDRESS: Final = 20  # maximum number of articles at the same address that are named
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


class TraceReads(Database):
    """Queries for `monitor why`."""

    def trace(self, url: str, address: str = "") -> Trace | None:
        """Return the trace of the article at `url` with the canonical address `address`; None if it is not archived.

        `url` may also be an address under which a source lists the article, or the id of the article.
        """
        with self._reading() as connection:
            found = find_articles(connection, url, address)
            return _trace(connection, found[0], found[1:]) if found else None

    def payload_of(self, delivery_id: int) -> Payload:
        """Return the stored payload of a delivery."""
        query = select(payload.c.body, payload.c.part).join(delivery).where(delivery.c.id == delivery_id)
        with self._reading() as connection:
            row = connection.execute(query).one()
            return Payload(row.body, row.part)


def find_articles(connection: Connection, url: str, address: str) -> tuple[int, ...]:
    """Return the ids of the articles at `url`, oldest first, up to a maximum number. `url` may also be an id.

    The search uses the canonical address, which is indexed, then further and former addresses. Without a result it uses
    the addresses of articles and entries as they were listed.
    """
    by_article = select(article.c.id).order_by(article.c.id).limit(_MAX_AT_ADDRESS)
    by_address = select(article_address.c.article_id).order_by(article_address.c.article_id).limit(_MAX_AT_ADDRESS)
    by_entry = select(entry.c.article_id).distinct().where(entry.c.url == url).order_by(entry.c.article_id)
    number = int(url) if _NUMBER.fullmatch(url) else 0
    for query, wanted in (
        (by_article.where(article.c.address_key == index_key(address)), address),
        (by_article.where(article.c.address_key == index_key(url)), url),
        (by_address.where(article_address.c.address_key == index_key(address or url)), address or url),
        (by_article.where(article.c.url == url), url),
        (by_entry.limit(_MAX_AT_ADDRESS), url),
        (by_article.where(article.c.id == number), number),
    ):
        if wanted and (found := connection.execute(query).scalars().all()):
            return tuple(found)
    return ()


def _trace(connection: Connection, article_id: int, at_its_address: Collection[int] = ()) -> Trace:
    query = select(article, source.c.name.label("source")).join(source).where(article.c.id == article_id)
    row = connection.execute(query).one()
    again = connection.execute(select(reread).where(reread.c.article_id == article_id)).first()
    return Trace(
        article_id=row.id,
        story_id=row.story_id,
        address=row.address,
        article=article_of(row),
        source=row.source,
        first_seen_at=row.first_seen_at,
        entries=_entries(connection, row.id),
        revisions=_revisions(connection, row.id),
        members=_members(connection, row.story_id),
        matches=_matches(connection, row.id),
        editions=_editions(connection, row),
        decisions=_decisions(connection, row.id),
        reread_times=again.times if again else 0,
        reread_due_at=again.due_at if again else None,
        related=_related(connection, row.id),
        at_its_address=_titles(connection, at_its_address),
        text_removed_at=row.text_removed_at,
    )


def _titles(connection: Connection, articles: Collection[int]) -> dict[int, str]:
    query = select(article.c.id, article.c.title).where(article.c.id.in_(articles)).order_by(article.c.id)
    return {row.id: row.title for row in connection.execute(query)} if articles else {}


def _entries(connection: Connection, article_id: int) -> tuple[TraceEntry, ...]:
    found = (source.c.found_kind, source.c.found_url, source.c.found_reason, source.c.found_at)
    query = select(entry, source.c.name.label("source"), *found).join(source).where(entry.c.article_id == article_id)
    rows = connection.execute(query.order_by(entry.c.first_seen_at, entry.c.id)).all()
    return tuple(
        TraceEntry(
            source=row.source,
            key=row.key,
            title=row.title,
            url=row.url,
            first_seen_at=row.first_seen_at,
            changed_at=row.changed_at,
            baseline=row.baseline,
            polls=_polls(connection, row),
            tags=tuple(row.tags or ()),
            page_read_at=row.page_read_at,
            page_due_at=row.page_due_at,
            page_tries=row.page_tries or 0,
            page_reason=row.page_reason or "",
            found=endpoint_of(row),
            decision=decision_of(row.decision),
        )
        for row in rows
    )


def _polls(connection: Connection, row: Any) -> tuple[PollRecord, ...]:
    """Return the poll that found the entry, the poll that last changed it, and the source's latest poll.

    Polls that the log does not have any more are left out.
    """
    visits = select(poll).where(poll.c.source_id == row.source_id)
    found = visits.where(poll.c.at == row.first_seen_at).order_by(poll.c.id).limit(1)
    changed = visits.where(poll.c.at == row.changed_at).order_by(poll.c.id).limit(1)
    latest = visits.order_by(poll.c.id.desc()).limit(1)
    rows = {one.id: one for query in (found, changed, latest) for one in connection.execute(query)}
    return tuple(poll_of(one) for one in rows.values())


def _revisions(connection: Connection, article_id: int) -> tuple[Revision, ...]:
    query = select(revision).where(revision.c.article_id == article_id).order_by(revision.c.id)
    return tuple(
        Revision(row.title, row.text, row.replaced_at, differences_of(row.differences))
        for row in connection.execute(query)
    )


def _members(connection: Connection, story_id: int) -> tuple[StoryMember, ...]:
    like = article.alias("like")
    query = (
        select(article, source.c.name.label("source"), like.c.url.label("of"))
        .select_from(
            article.join(source, source.c.id == article.c.source_id).outerjoin(like, like.c.id == article.c.of_article)
        )
        .where(article.c.story_id == story_id)
        .order_by(article.c.id)
    )
    return tuple(
        StoryMember(
            article_id=row.id,
            title=row.title,
            url=row.url,
            source=row.source,
            first_seen_at=row.first_seen_at,
            relation=row.relation,
            of=row.of,
            score=row.score,
            reason=row.reason,
            shadow=row.shadow,
        )
        for row in connection.execute(query)
    )


def _matches(connection: Connection, article_id: int) -> tuple[TraceMatch, ...]:
    query = select(match).where(match.c.article_id == article_id).order_by(match.c.id)
    return tuple(
        TraceMatch(match_of(row), row.matched_at, row.held, row.mark == BACKFILL) for row in connection.execute(query)
    )


def _decisions(connection: Connection, article_id: int) -> tuple[PairDecision, ...]:
    """Return what people decided about an article and other articles, first decision first."""
    condition = or_(pair_decision.c.one_id == article_id, pair_decision.c.other_id == article_id)
    is_other = article.c.id == pair_decision.c.one_id + pair_decision.c.other_id - article_id
    query = select(pair_decision, article.c.url, article.c.title).join(article, is_other).where(condition)
    rows = connection.execute(query.order_by(pair_decision.c.decided_at, article.c.id))
    return tuple(PairDecision(row.decision, row.url, row.title, row.decided_at) for row in rows)


def _related(connection: Connection, article_id: int) -> tuple[RelatedTrace, ...]:
    """Return the articles that are related to an article, earliest first."""
    here, there = related_article.c.article_id, related_article.c.other_id
    is_other = article.c.id == here + there - article_id
    columns = (article.c.id, article.c.title, article.c.url, source.c.name)
    query = (
        select(*columns, related_article.c.likeness, related_article.c.reason)
        .select_from(related_article.join(article, is_other).join(source, source.c.id == article.c.source_id))
        .where(or_(here == article_id, there == article_id))
        .order_by(article.c.id)
    )
    rows = connection.execute(query)
    return tuple(RelatedTrace(row.id, row.title, row.url, row.name, row.likeness, row.reason) for row in rows)


def _editions(connection: Connection, row: Any) -> tuple[EditionReport, ...]:
    """Return the editions to which the article, or an original of it, belongs."""
    by_lead = select(edition_item.c.edition_id).where(edition_item.c.lead_id == (row.lead_id or row.id))
    by_article = select(edition_article.c.edition_id).where(edition_article.c.article_id == row.id)
    bound = edition.c.id.in_(by_lead) | edition.c.id.in_(by_article)
    editions = connection.execute(select(edition).where(bound).order_by(edition.c.id)).all()
    return tuple(dataclasses.replace(edition_of(one), deliveries=_deliveries(connection, one.id)) for one in editions)


def _deliveries(connection: Connection, edition_id: int) -> tuple[DeliveryReport, ...]:
    rows = connection.execute(deliveries_query().where(delivery.c.edition_id == edition_id)).all()
    query = select(attempt).join(delivery).where(delivery.c.edition_id == edition_id)
    ledger: dict[int, list[AttemptReport]] = {}
    for row in connection.execute(query.order_by(attempt.c.number)):
        ledger.setdefault(row.delivery_id, []).append(
            AttemptReport(row.number, row.started_at, row.ended_at, row.outcome, row.reason)
        )
    return tuple(dataclasses.replace(delivery_report(row), ledger=tuple(ledger.get(row.id, ()))) for row in rows)
