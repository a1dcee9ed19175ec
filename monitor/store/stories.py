"""Copies of articles, and the data to find them: fingerprints, and the boilerplate of sites."""

from __future__ import annotations

import datetime as dt
import struct
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import bindparam, case, delete, func, insert, select, update

from monitor.model import SUPPRESSING_RELATIONS, Article, Placement
from monitor.model.fingerprints import (
    MAX_ARTICLES_PER_KEY,
    MAX_CANDIDATES,
    MAX_SENTENCE_COUNT,
    MIN_BOILERPLATE_ARTICLES,
    EarlierArticle,
    Fingerprint,
    StoredReport,
)
from monitor.model.stories import PairVerdict, RelatedArticle
from monitor.store.schema import (
    article,
    edition_article,
    fingerprint,
    fingerprint_key,
    match,
    packed_report,
    pair_decision,
    related_article,
    site_sentence,
    source,
)
from monitor.store.texts import is_text_removed
from monitor.store.transactions import Transaction, WriteTransaction
from monitor.store.values import article_of, chunks, index_key

_FORGET_AFTER: Final = 20_000  # a rare sentence that so many later articles do not have is deleted
_SWEEP_EVERY: Final = 100  # number of articles between two searches for such sentences
_KEYS_PER_QUERY: Final = 40  # maximum number of SELECTs in one UNION; SQLite accepts 500

_COUNT_SENTENCES: Final = (
    "INSERT INTO site_sentence (site, sentence, articles, last_id) VALUES (?, ?, 1, ?) "  # noqa: S608 - of constants
    "ON CONFLICT (site, sentence) DO UPDATE SET last_id = excluded.last_id, articles = CASE WHEN "
    f"site_sentence.articles < {MAX_SENTENCE_COUNT} THEN site_sentence.articles + 1 ELSE {MAX_SENTENCE_COUNT} END"
)

# The statements of every new article, built once.
_SELECT_COUNTS: Final = select(site_sentence.c.sentence, site_sentence.c.articles).where(
    site_sentence.c.site == bindparam("of_site"), site_sentence.c.sentence.in_(bindparam("asked", expanding=True))
)
_SELECT_URLS: Final = select(article.c.id, article.c.url).where(article.c.id.in_(bindparam("ids", expanding=True)))
_INSERT_FINGERPRINT: Final = insert(fingerprint)
_INSERT_KEY: Final = 'INSERT INTO fingerprint_key ("key", article_id) VALUES (?, ?)'
_INSERT_PACKED: Final = insert(packed_report)
_WITHOUT_TEXT: Final = tuple(column for column in article.c if column.name != "text")
_INSERT_RELATED: Final = insert(related_article)


class ReportReads(Transaction):
    """Queries about the reports of the last days."""

    def last_decision(self) -> int:
        """Return the id of the last decision by hand; 0 if there is no decision. A decision may have moved articles."""
        last: int | None = self._connection.execute(select(func.max(pair_decision.c.id))).scalar()
        return last or 0

    def pair_decisions(self) -> tuple[tuple[int, int, PairVerdict], ...]:
        """Return what people decided about pairs of articles, first decision first."""
        rows = self._connection.execute(select(pair_decision).order_by(pair_decision.c.id))
        return tuple((row.one_id, row.other_id, row.decision) for row in rows)

    def matched_reports(self, above: int, since: dt.datetime, form: str) -> tuple[StoredReport, ...]:
        """Return the matched articles that are not copies, were seen since `since` and have ids above `above`.

        Those whose report is kept packed in this `form` have it, and have no text.
        """
        if above == 0:  # otherwise all articles would be read to compare the times
            recent = select(func.min(match.c.article_id)).where(match.c.matched_at >= since)
            first = self._connection.execute(recent).scalar()
            if first is None:
                return ()
            above = first - 1
        kept = packed_report.c.body
        query = (
            select(*_WITHOUT_TEXT, case((kept.is_(None), article.c.text), else_="").label("text"))
            .add_columns(source.c.name.label("source"), kept)
            .select_from(article)
            .join(source)
            .outerjoin(packed_report, (packed_report.c.article_id == article.c.id) & (packed_report.c.form == form))
            .where(article.c.id > above, article.c.lead_id.is_(None), article.c.first_seen_at >= since)
            .where(select(match.c.id).where(match.c.article_id == article.c.id).exists())
            .order_by(article.c.id)
        )
        rows = self._connection.execute(query)
        return tuple(
            StoredReport(row.id, row.story_id, article_of(row), row.source, row.first_seen_at, row.body) for row in rows
        )

    def addresses_of(self, articles: Collection[int]) -> dict[int, str]:
        """Return the addresses of the articles that are in the archive, by id."""
        found: dict[int, str] = {}
        for chunk in chunks(articles):
            found.update(map(tuple, self._connection.execute(_SELECT_URLS, {"ids": chunk})))
        return found


class StoryWriter(ReportReads, WriteTransaction):
    """Writes and reads which articles are copies of each other, or related."""

    def articles_with_keys(self, keys: Sequence[int]) -> tuple[EarlierArticle, ...]:
        """Return the articles whose fingerprints have any of the keys, most keys first, then the oldest first."""
        shared = Counter(
            article_id
            for postings in self._read_postings(dict.fromkeys(keys)).values()
            if len(postings) <= MAX_ARTICLES_PER_KEY
            for article_id in postings
        )
        found = sorted(shared, key=lambda article_id: (-shared[article_id], article_id))[:MAX_CANDIDATES]
        if not found:
            return ()
        rows: dict[int, Any] = {
            row.article_id: row for row in self._connection.execute(_SELECT_EARLIER, {"ids": found})
        }
        return tuple(_earlier_article(rows[article_id]) for article_id in found if article_id in rows)

    def _read_postings(self, keys: Iterable[int]) -> dict[int, list[int]]:
        """Return the articles of each key. If a key has too many articles, only one more than the limit is returned."""
        found: dict[int, list[int]] = defaultdict(list)
        remaining = list(keys)
        mark = "?" if self._connection.dialect.name == "sqlite" else "%s"
        while remaining:
            batch, remaining = remaining[:_KEYS_PER_QUERY], remaining[_KEYS_PER_QUERY:]
            for key, article_id in self._connection.exec_driver_sql(_postings_query(len(batch), mark), tuple(batch)):
                found[key].append(article_id)
        return found

    def pairs_kept_apart(self, articles: Collection[int]) -> tuple[tuple[int, int], ...]:
        """Return the pairs of these articles that a person keeps apart."""
        one, other = pair_decision.c.one_id, pair_decision.c.other_id
        query = select(one, other).where(pair_decision.c.decision == "apart")
        rows = self._connection.execute(query.where(one.in_(articles), other.in_(articles)).order_by(one, other))
        return tuple((row.one_id, row.other_id) for row in rows)

    def sentence_counts(self, site: str, sentences: Collection[int]) -> Mapping[int, int]:
        """Return how many articles of a site have each of the sentences."""
        counts: dict[int, int] = {}
        for chunk in chunks(sentences):
            rows = self._connection.execute(_SELECT_COUNTS, {"of_site": index_key(site), "asked": chunk})
            counts.update(map(tuple, rows))
        return counts

    def count_sentences(self, site: str, sentences: Collection[int], article_id: int) -> None:
        """Count the sentences of an article for its site. Delete old sentences that only a few articles had."""
        name = index_key(site)
        self._execute_plain(_COUNT_SENTENCES, [(name, one, article_id) for one in sentences])
        if article_id % _SWEEP_EVERY == 0:
            is_rare = (site_sentence.c.site == name, site_sentence.c.articles < MIN_BOILERPLATE_ARTICLES)
            old = site_sentence.c.last_id < article_id - _FORGET_AFTER
            self._connection.execute(delete(site_sentence).where(*is_rare, old))

    def save_fingerprint(self, article_id: int, site: str, new: Fingerprint) -> None:
        """Store the fingerprint by which the article is found, replacing an earlier one."""
        condition = fingerprint.c.article_id == article_id
        is_new = article_id in self._added
        self._added.discard(article_id)
        before = None if is_new else self._connection.execute(select(fingerprint).where(condition)).first()
        if before is not None and (before.site, _fingerprint_of(before)) == (site, new):
            return
        if before is not None:
            stale = fingerprint_key.c.key.in_(_fingerprint_of(before).keys)
            self._connection.execute(delete(fingerprint_key).where(fingerprint_key.c.article_id == article_id, stale))
            self._connection.execute(delete(fingerprint).where(condition))
        values = {"article_id": article_id, "version": new.version, "site": site, "origin": new.origin}
        packed = {"sentences": _pack(new.sentences), "phrases": _pack(new.phrases), "bands": _pack(new.bands)}
        self._connection.execute(_INSERT_FINGERPRINT, {**values, **packed})
        self._execute_plain(_INSERT_KEY, [(key, article_id) for key in dict.fromkeys(new.keys)])

    def save_packed_report(self, article_id: int, form: str, packed: bytes, forget_before: dt.datetime) -> None:
        """Keep the report of a new article, packed in this `form`.

        Now and then, forget the reports of articles that were first seen before `forget_before`.
        """
        self._connection.execute(_INSERT_PACKED, {"article_id": article_id, "form": form, "body": packed})
        if article_id % _SWEEP_EVERY == 0:
            of_it = (article.c.id == packed_report.c.article_id, article.c.first_seen_at < forget_before)
            self._connection.execute(delete(packed_report).where(select(article.c.id).where(*of_it).exists()))

    def _execute_plain(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Execute a statement with `?` as placeholders for each of many rows, without SQLAlchemy's work for each."""
        mark = "?" if self._connection.dialect.name == "sqlite" else "%s"
        if rows:
            self._connection.exec_driver_sql(statement.replace("?", mark), list(rows))

    def save_related(self, article_id: int, related: Sequence[RelatedArticle]) -> None:
        """Record the articles that are related to an article and not joined to it, if they are in the archive."""
        there = self.addresses_of([one.article_id for one in related])
        rows = [
            {"article_id": article_id, "other_id": one.article_id, "likeness": one.likeness, "reason": one.reason}
            for one in related
            if one.article_id in there
        ]
        if rows:
            self._connection.execute(_INSERT_RELATED, rows)

    def turn_copy_into_report(self, article_id: int, reason: str) -> None:
        """Turn a copy into a separate report in the same story. It waits for the digests that sent it as a copy."""
        values = {"lead_id": None, "relation": "event", "score": 1.0, "reason": reason}
        self._connection.execute(update(article).where(article.c.id == article_id).values(values))
        self._connection.execute(delete(edition_article).where(edition_article.c.article_id == article_id))

    def articles_without_fingerprint(
        self, version: int, limit: int, below: int = 0
    ) -> tuple[tuple[int, Article, str], ...]:
        """Return articles that are not copies and have no fingerprint of this version, newest first, with sources.

        Only articles with an id less than `below` are returned, if it is not 0. An article whose text was removed keeps
        its fingerprint of an earlier version.
        """
        current = fingerprint.c.version == version
        lead = article.c.lead_id.is_(None) & (article.c.text_removed_at.is_(None) | (article.c.text != ""))
        if not below:  # if no fingerprint is missing, the search would read the whole archive: count first
            leads = self._connection.execute(select(func.count()).select_from(article).where(lead)).scalar_one()
            without = select(fingerprint.c.article_id).join(article).where(current, ~lead)
            kept = self._connection.execute(select(func.count()).select_from(without.subquery())).scalar_one()
            if self._connection.execute(select(func.count()).where(current)).scalar_one() - kept == leads:
                return ()
        with_fingerprint = select(fingerprint.c.article_id).where(fingerprint.c.article_id == article.c.id, current)
        query = select(article.c.id).where(lead, ~with_fingerprint.exists()).order_by(article.c.id.desc()).limit(limit)
        missing = self._connection.execute(query.where(article.c.id < below) if below else query).scalars().all()
        named = select(article, source.c.name.label("source")).join(source).where(article.c.id.in_(missing))
        rows = self._connection.execute(named.order_by(article.c.id.desc()))
        return tuple((row.id, article_of(row), row.source) for row in rows)

    def _original_and_lead(self, story_id: int, placement: Placement) -> tuple[int | None, int | None]:
        """Return the id of the article to which a placement refers and, for a copy, the first article of its group.

        A copy without a known original belongs to the first article of its story.
        """
        if placement.shadow is not None:
            return placement.shadow.of, None
        if placement.story is None and placement.of_number is None:
            return None, None
        in_story = select(article.c.id, article.c.lead_id).where(article.c.story_id == story_id).order_by(article.c.id)
        original = None
        if placement.of_number is not None:
            original = self._connection.execute(in_story.where(article.c.id == placement.of_number)).first()
        is_copy = placement.relation in SUPPRESSING_RELATIONS and placement.story is not None
        first = original or (self._connection.execute(in_story.limit(1)).first() if is_copy else None)
        lead = (first.lead_id or first.id) if first is not None and is_copy else None
        return None if original is None else original.id, lead


_TEXT_COLUMNS: Final = tuple(article.c[name] for name in ("story_id", "url", "title", "text", "text_removed_at"))
_SELECT_EARLIER: Final = (
    select(fingerprint, *_TEXT_COLUMNS).join(article).where(article.c.id.in_(bindparam("ids", expanding=True)))
)


@cache
def _postings_query(keys: int, mark: str) -> str:
    """Return the SQL query for the articles of several keys. `keys` is their number, `mark` the placeholder of a key.

    The query is text, because building it with SQLAlchemy for each article takes a hundred times as long as running it.
    """
    of_one = f'SELECT "key", article_id FROM fingerprint_key WHERE "key" = {mark} LIMIT {MAX_ARTICLES_PER_KEY + 1}'  # noqa: S608 - built of constants
    return " UNION ALL ".join(f"SELECT * FROM ({of_one}) AS k{number}" for number in range(keys))  # noqa: S608 - built of constants


def _earlier_article(row: Any) -> EarlierArticle:
    said = None if is_text_removed(row) else row.text
    return EarlierArticle(row.article_id, row.story_id, row.url, row.site, row.title, said, _fingerprint_of(row))


def _fingerprint_of(row: Any) -> Fingerprint:
    return Fingerprint(
        _unpack(row.sentences), _unpack(row.phrases), _unpack(row.bands), origin=row.origin, version=row.version
    )


def _pack(keys: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(keys)}q", *keys)


def _unpack(packed: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(packed) // 8}q", packed)
