"""The backfill of rules: their meanings, and their matches in articles recorded before a rule was known.

Matches of a rule in the archive are suppressed until the rule was matched against the whole archive, and then released
together. So all of them are in one edition, even if the backfill takes long or the program is stopped meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, update

from monitor.model.backfill import BackfillArticle, BackfillBatch, BackfillJob, LateMatch, RuleVersion
from monitor.store.database import Database
from monitor.store.schema import article, entry, match, rule, source
from monitor.store.values import article_of, chunks, clean_text, spans_value

BACKFILL: Final = "backfill"
"""The mark of a match that was found in the archive."""

NOT_RELEASED: Final = "the archive is still being looked through"
"""The reason why a match from the archive is not sent yet."""

_ABOVE_ALL_IDS: Final = 2_147_483_647  # above every id


def sync_rules(connection: Connection, versions: Iterable[RuleVersion], now: dt.datetime) -> None:
    """Write the meaning of each rule. A rule with a new meaning gets a backfill. A removed rule is deleted."""
    known = {row.name: row for row in connection.execute(select(rule))}
    wanted = {clean_text(version.name): version for version in versions}
    _delete_rules(connection, known.keys() - wanted.keys())
    newest: int = connection.execute(select(func.coalesce(func.max(article.c.id), 0))).scalar_one()
    new = []
    for name, version in wanted.items():
        row = known.get(name)
        if row is None:
            new.append({"name": name, **_new_backfill(version, newest, now)})
        elif not row.meaning:
            connection.execute(update(rule).where(rule.c.name == name).values(meaning=version.meaning))
        elif row.meaning != version.meaning:
            _drop_unfinished(connection, name)
            floor = newest if row.below is None else row.floor
            connection.execute(update(rule).where(rule.c.name == name).values(**_new_backfill(version, floor, now)))
    if new:
        connection.execute(insert(rule), new)


def _new_backfill(version: RuleVersion, floor: int, now: dt.datetime) -> dict[str, Any]:
    since = now - version.backfill if version.backfill else None
    return {"meaning": version.meaning, "floor": floor, "since": since, "below": _ABOVE_ALL_IDS}


def _delete_rules(connection: Connection, names: Collection[str]) -> None:
    for name in names:
        _drop_unfinished(connection, name)
    for chunk in chunks(names):
        connection.execute(delete(rule).where(rule.c.name.in_(chunk)))


def _drop_unfinished(connection: Connection, name: str) -> None:
    """Delete the unreleased matches that a rule with its earlier meaning had in the archive."""
    connection.execute(delete(match).where(match.c.rule == name, match.c.held == NOT_RELEASED))


class BackfillStore(Database):
    """Reads and records backfills."""

    def backfill_jobs(self) -> tuple[BackfillJob, ...]:
        """Return the rules that must still be matched against articles recorded before the rule was known."""
        query = select(rule).where(rule.c.below.is_not(None)).order_by(rule.c.name)
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return tuple(BackfillJob(row.name, row.meaning, row.floor, row.since, row.below) for row in rows)

    def articles_between(self, *, above: int, below: int, limit: int) -> tuple[BackfillArticle, ...]:
        """Return articles with ids greater than `above` and less than `below`, newest first."""
        query = select(article).where(article.c.id > above, article.c.id < below)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(article.c.id.desc()).limit(limit)).all()
            listed = _entries_by_article(connection, [row.id for row in rows])
        return tuple(
            BackfillArticle(
                id=row.id,
                article=article_of(row),
                seen=row.first_seen_at,
                sources=tuple(dict.fromkeys(line.name for line in listed.get(row.id, ()))),
                tags=tuple(dict.fromkeys(tag for line in listed.get(row.id, ()) for tag in line.tags or ())),
                baseline=row.id in listed and all(line.baseline for line in listed[row.id]),
            )
            for row in rows
        )

    def record_backfill(self, batch: BackfillBatch, now: dt.datetime) -> Mapping[str, int] | None:
        """Write the matches and the progress of a batch; return, for each finished rule, how many matches are released.

        A rule that was changed meanwhile, or that another process continues, is left out. If an article was revised
        since it was read, nothing is written and None is returned, because the matches would have wrong places.
        """
        with self._transaction() as connection:
            if _any_was_revised(connection, batch.found):
                return None
            valid = {job.rule for job in batch.jobs if _is_current(connection, job)}
            _add_matches(connection, [late for late in batch.found if late.match.rule in valid], now)
            done: dict[str, int] = {}
            for job, reached in zip(batch.jobs, batch.reached, strict=True):
                if job.rule in valid:
                    connection.execute(update(rule).where(rule.c.name == job.rule).values(below=reached))
                    if reached is None:
                        done[job.rule] = _release_matches(connection, job.rule)
            return done


def _entries_by_article(connection: Connection, ids: Iterable[int]) -> dict[int, list[Any]]:
    """Return, for each article, its entries with the names of their sources."""
    found: dict[int, list[Any]] = {}
    for chunk in chunks(ids):
        columns = (entry.c.article_id, source.c.name, entry.c.baseline, entry.c.tags)
        query = select(*columns).join(source, source.c.id == entry.c.source_id)
        for row in connection.execute(query.where(entry.c.article_id.in_(chunk)).order_by(entry.c.id)):
            found.setdefault(row.article_id, []).append(row)
    return found


def _any_was_revised(connection: Connection, found: Iterable[LateMatch]) -> bool:
    read_articles = {late.archived.id: late.archived.article for late in found}
    for chunk in chunks(read_articles):
        query = select(article.c.id, article.c.title, article.c.text).where(article.c.id.in_(chunk))
        for row in connection.execute(query):
            if (row.title, row.text) != (read_articles[row.id].title, read_articles[row.id].text):
                return True
    return False


def _is_current(connection: Connection, job: BackfillJob) -> bool:
    columns = rule.c
    condition = (columns.name == job.rule, columns.meaning == job.meaning, columns.below == job.below)
    return connection.execute(select(columns.name).where(*condition)).first() is not None


def _add_matches(connection: Connection, found: Collection[LateMatch], now: dt.datetime) -> None:
    """Write new matches. A match that was suppressed for another reason is replaced."""
    known = _known_matches(connection, [late.archived.id for late in found])
    rows, replaced = [], []
    for late in found:
        before = known.get((late.archived.id, clean_text(late.match.rule)))
        if before is not None and before.held in (None, NOT_RELEASED):
            continue
        if before is not None:
            replaced.append(before.id)
        rows.append(
            {
                "article_id": late.archived.id,
                "rule": late.match.rule,
                "spans": spans_value(late.match),
                "matched_at": now,
                "held": NOT_RELEASED if late.backfilled else None,
                "mark": BACKFILL if late.backfilled else None,
            }
        )
    for chunk in chunks(replaced):
        connection.execute(delete(match).where(match.c.id.in_(chunk)))
    if rows:
        connection.execute(insert(match), rows)


def _known_matches(connection: Connection, ids: Iterable[int]) -> dict[tuple[int, str], Any]:
    found: dict[tuple[int, str], Any] = {}
    for chunk in chunks(ids):
        query = select(match.c.id, match.c.article_id, match.c.rule, match.c.held)
        for row in connection.execute(query.where(match.c.article_id.in_(chunk))):
            found[row.article_id, row.rule] = row
    return found


def _release_matches(connection: Connection, name: str) -> int:
    suppressed = update(match).where(match.c.rule == name, match.c.held == NOT_RELEASED)
    return int(connection.execute(suppressed.values(held=None)).rowcount)
