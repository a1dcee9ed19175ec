"""Update the database to the configuration, in one transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, update

from monitor.events import publish_all
from monitor.model import DEFAULT_REQUEST, Activity, Request, Source, SourceState, Validators
from monitor.model.backfill import RuleVersion
from monitor.model.polling import CONFIGURATION_SUBJECT
from monitor.notices import KINDS, digest_subject
from monitor.notices.config import CONFIG
from monitor.notices.dropped import DROPPED, unsent_notice
from monitor.store.backfill import sync_rules
from monitor.store.changes import sync_changes
from monitor.store.database import Database
from monitor.store.editions import EditionReads
from monitor.store.endpoints import endpoint_values
from monitor.store.polls import PollWriter
from monitor.store.schema import digest, feed_slices, match, part, source, subscription
from monitor.store.values import chunks, state_values

_OUTLIVING_KINDS: Final = tuple(one.kind for one in KINDS.values() if one.outlives_subject)


class ConfigSync(Database):
    """Updates the database to the configuration."""

    def sync(
        self,
        sources: Iterable[Source],
        subscriptions: Mapping[str, Sequence[str]],
        now: dt.datetime,
        rules: Iterable[RuleVersion] = (),
        *,
        changes: Collection[str] = (),
    ) -> None:
        """Update the database to the configuration: sources, the rules of each digest, and the meanings of rules.

        A source with a changed address is polled at once, like a new source: its known entries stay known, and the
        other entries at the new address are its baseline. A source that is read in another way (kind, options, zone)
        loses its validators, because with them the server might answer "not modified", and what is kept of its last
        answer. Removed sources are kept but not
        polled. A digest begins with its first sync, and a new subscription begins now: the archive is not sent. Matches
        found during a subscription wait for the digest even after the subscription has ended. A digest that was removed
        and is put back continues where it stopped. Notices about removed sources and digests are resolved. A rule with
        a new meaning gets a backfill: see `backfill_jobs`. `changes` are the digests that ask for changes.
        """
        instance = self.instance_id
        with self._transaction() as connection:
            notices = PollWriter(connection)
            sync_sources(connection, sources, instance, now)
            sync_digests(connection, notices, subscriptions, now)
            sync_changes(connection, changes)
            sync_rules(connection, rules, now)
            resolve_stale_notices(connection, notices, now)
        publish_all(notices.events)


def sync_sources(connection: Connection, sources: Iterable[Source], instance: str, now: dt.datetime) -> None:
    """Write the settings of each source. Sources that are no longer configured are kept but not polled."""
    known = {row.name: row for row in connection.execute(select(source))}
    configured = {one.name: one for one in sources}
    wanted = {name: _configured_values(one, instance) for name, one in configured.items()}
    new = [
        {**values, **state_values(SourceState(id=0, name=name, url="")), "added_at": now}
        for name, values in wanted.items()
        if name not in known
    ]
    if new:
        connection.execute(insert(source), new)
    for name in wanted.keys() & known.keys():
        if changed := _earlier_poll(known[name], configured[name].every) | _changed_values(
            known[name], wanted[name], now
        ):
            if "body_hash" in changed:  # another address, or another way of reading
                for table in (part, feed_slices):
                    connection.execute(delete(table).where(table.c.source_id == known[name].id))
            connection.execute(update(source).where(source.c.name == name).values(**changed))
    gone = [row.id for row in known.values() if row.active and row.name not in wanted]
    for chunk in chunks(gone):
        connection.execute(update(source).where(source.c.id.in_(chunk)).values(active=False))


def _configured_values(configured: Source, instance: str) -> dict[str, Any]:
    """Return the values that come from the configuration. An address may be secret: only its salted hash is stored."""
    return {
        "name": configured.name,
        "kind": configured.kind,
        "url": configured.shown_url or configured.url,
        "url_hash": _hash(instance, configured.url, *_body_parts(configured.request)),
        "reading_hash": _hash(
            configured.kind, configured.timezone, dict(configured.options), *_request_hash(configured.request, instance)
        ),
        "active": True,
    }


def _body_parts(request: Request) -> tuple[object, ...]:
    """Return the body of a request as further parts of the address: another body gets another document."""
    return () if request.method == "GET" else (request.method, (request.body or b"").hex())


def _request_hash(request: Request, instance: str) -> tuple[object, ...]:
    """Return a salted hash of other request settings that may change the document. The settings may be secret."""
    said = (request.headers, request.user_agent)
    return () if said == (DEFAULT_REQUEST.headers, DEFAULT_REQUEST.user_agent) else (instance, *said)


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def _earlier_poll(row: Any, every: dt.timedelta | None) -> dict[str, Any]:
    """Return an earlier time of the next poll if `every` has become shorter. After errors the time is not changed."""
    if every is None or row.failures or row.last_polled_at is None or row.next_poll_at is None:
        return {}
    latest = row.last_polled_at + every
    return {"next_poll_at": latest} if row.next_poll_at > latest else {}


def _changed_values(row: Any, wanted: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    """Return the values to write for a known source; empty if nothing changed."""
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if "url_hash" in changed or "reading_hash" in changed or "active" in changed:
        changed["next_poll_at"] = None
    if "url_hash" in changed or "reading_hash" in changed:
        blank = Validators()
        changed |= {"etag": blank.etag, "last_modified": blank.last_modified, "body_hash": blank.body_hash}
    if "url_hash" in changed or "kind" in changed:
        changed |= endpoint_values(None) | {"moved_to": None, "moved_answers": 0, "poll_hints": None}
    if "url_hash" in changed:
        changed |= {"added_at": now, "obeys_robots": True}
        changed |= {"failures": 0, "interval_seconds": None, "last_error": None, "paused": None}
        changed |= {"page_failures": 0, "gap_since": None}
        changed |= {"empty_answers": 0, "cut_hash": None, "cut_since": None}
        # The entries that the new address already lists are its baseline, and its rhythm is learned from them.
        changed |= {"last_success_at": None, "last_new_at": None, "newest_at": None, "unmodified_since": None}
        changed |= {"activity": Activity().encoded(), "quiet_check_at": None, "days": None}
    return changed


def sync_digests(
    connection: Connection, notices: PollWriter, subscriptions: Mapping[str, Sequence[str]], now: dt.datetime
) -> None:
    """Write the digests and their subscriptions to rules.

    Nothing of a removed digest is lost: a notice states the number of its pending articles, and its subscriptions are
    kept.
    """
    known = {row.name: row for row in connection.execute(select(digest))}
    if new := [{"name": name, "born_at": now, "active": True} for name in subscriptions if name not in known]:
        connection.execute(insert(digest), new)
    for name in sorted(known.keys() & subscriptions.keys()):
        connection.execute(update(digest).where(digest.c.name == name).values(active=True))
        notices.resolve_notice(DROPPED.kind, digest_subject(name), now, reason="the digest is configured again")
    for name in sorted(known.keys() - subscriptions.keys()):
        if known[name].active:
            _drop_digest(connection, notices, name, now)
    _sync_subscriptions(connection, subscriptions)


def _drop_digest(connection: Connection, notices: PollWriter, name: str, now: dt.datetime) -> None:
    connection.execute(update(digest).where(digest.c.name == name).values(active=False))
    if waiting := EditionReads(connection).count_pending(name):
        notices.raise_notice(unsent_notice(name, waiting), now)


def _sync_subscriptions(connection: Connection, subscriptions: Mapping[str, Sequence[str]]) -> None:
    """Begin new subscriptions, and end the subscriptions to rules that a digest no longer has."""
    rows = connection.execute(select(subscription).where(subscription.c.until_match_id.is_(None)))
    open_ones = {(row.digest, row.rule) for row in rows if row.digest in subscriptions}
    wanted = {(name, rule) for name, rules in subscriptions.items() for rule in rules}
    if open_ones == wanted:
        return
    last: int = connection.execute(select(func.coalesce(func.max(match.c.id), 0))).scalar_one()
    for name, rule in sorted(open_ones - wanted):
        _end_subscription(connection, name, rule, last)
    for name, rule in sorted(wanted - open_ones):
        _begin_subscription(connection, name, rule, last)


def _end_subscription(connection: Connection, name: str, rule: str, last: int) -> None:
    """End a subscription at the latest match. Delete the subscription if no match can belong to it."""
    columns = subscription.c
    condition = (columns.digest == name, columns.rule == rule, columns.until_match_id.is_(None))
    connection.execute(delete(subscription).where(*condition, columns.after_match_id >= last))
    connection.execute(update(subscription).where(*condition).values(until_match_id=last))


def _begin_subscription(connection: Connection, name: str, rule: str, last: int) -> None:
    row = {"digest": name, "rule": rule, "after_match_id": last, "until_match_id": None}
    connection.execute(insert(subscription), row)


def resolve_stale_notices(connection: Connection, notices: PollWriter, now: dt.datetime) -> None:
    """Resolve the notices about removed sources and digests, except kinds that remain open after a removal.

    The notice about an invalid configuration is resolved too, because a valid configuration is in use now.
    """
    notices.resolve_notice(CONFIG.kind, CONFIGURATION_SUBJECT, now, reason="a configuration is in use")
    names = connection.execute(select(source.c.name).where(~source.c.active)).scalars()
    digests = connection.execute(select(digest.c.name).where(~digest.c.active)).scalars()
    notices.resolve_all(
        [*names, *map(digest_subject, digests)], now, reason="it is no longer configured", kept=_OUTLIVING_KINDS
    )
