"""Writing the archive: articles, their stories and revisions, the entries that lead to them, the matches in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    false,
    insert,
    or_,
    select,
    update,
)

from monitor.errors import StoreError
from monitor.events import Event
from monitor.model import Find, KnownArticle, Match, Placement
from monitor.store.indexed import IndexWriter, dated_at
from monitor.store.rows import article_values, chunks, decision_value, spans_value
from monitor.store.schema import article, entry, match, revision, source, story
from monitor.store.types import clean, indexable


class Hand:
    """A connection within a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._names: dict[int, str] = {}
        self._index = IndexWriter(connection)
        self.events: list[Event] = []  # what happened, to be published once it is committed
        self._unmatched: set[int] = set()  # articles of this transaction, which nothing was recorded of yet

    def finish(self) -> None:
        """Write what was put off. To be called once all is said, before the transaction ends."""
        self._index.flush()

    def _name(self, source_id: int) -> str:
        """The name of a source; it does not change within a transaction."""
        if source_id not in self._names:
            query = select(source.c.name).where(source.c.id == source_id)
            self._names[source_id] = self._connection.execute(query).scalar_one()
        return self._names[source_id]


class ArchiveWriter(Hand):
    """Writes what a poll found."""

    def candidates(self, addresses: Iterable[str], text_keys: Iterable[str]) -> tuple[KnownArticle, ...]:
        """The articles with one of the addresses or of the texts, oldest first, with the names that list them."""
        found: dict[int, Any] = {}
        for column, values in (
            (article.c.address_key, [indexable(address) for address in addresses if address]),
            (article.c.text_key, [key for key in text_keys if key]),
        ):
            for chunk in chunks(values):
                found.update({row.id: row for row in self._connection.execute(_candidate(column.in_(chunk)))})
        listing = self._listing(tuple(found))
        return tuple(
            KnownArticle(
                id=row.id,
                story_id=row.story_id,
                address=row.address,
                text_key=row.text_key,
                title=row.title,
                text=row.text,
                url=row.url,
                sources=tuple(listing.get(row.id, ())),
            )
            for _, row in sorted(found.items())
        )

    def _listing(self, articles: Collection[int]) -> dict[int, list[str]]:
        """By article, the names of the sources that list it, the first one first."""
        names: dict[int, list[str]] = {}
        for chunk in chunks(articles):
            query = select(entry.c.article_id, source.c.name).join(source).where(entry.c.article_id.in_(chunk))
            for row in self._connection.execute(query.order_by(entry.c.id)):
                listed = names.setdefault(row.article_id, [])
                if row.name not in listed:
                    listed.append(row.name)
        return names

    def add_article(self, find: Find, placement: Placement, source_id: int, at: dt.datetime) -> KnownArticle:
        """Add a new article to its story; a placement without one begins a story. `link_entries` says who lists it."""
        story_id = placement.story
        if story_id is None:
            begun = self._connection.execute(insert(story), {"first_seen_at": at})
            story_id = new_id(begun.inserted_primary_key)
        values = {
            **article_values(find.article),
            **_place(find),
            "first_seen_at": at,
            "source_id": source_id,
            "story_id": story_id,
            "relation": placement.relation,
            "of_article": self._like(placement),
            "score": placement.score,
            "reason": placement.reason,
        }
        article_id = new_id(self._connection.execute(insert(article), values).inserted_primary_key)
        self._unmatched.add(article_id)
        self._index.add(article_id, find.article.title, find.article.text, dated_at(values["published_at"], at))
        return KnownArticle(
            id=article_id,
            story_id=story_id,
            address=find.address,
            text_key=find.text_key,
            title=find.article.title,
            text=find.article.text,
            url=find.article.url,
            sources=(self._name(source_id),),
        )

    def _like(self, placement: Placement) -> int | None:
        """The article of the story that the new one is like, by its address."""
        if placement.story is None or placement.of is None:
            return None
        named = or_(
            article.c.url == placement.of,
            article.c.address_key == indexable(placement.of) if placement.of else false(),
        )
        query = select(article.c.id).where(article.c.story_id == placement.story, named).order_by(article.c.id)
        found: int | None = self._connection.execute(query.limit(1)).scalar()
        return found

    def revise_article(self, article_id: int, find: Find, at: dt.datetime) -> KnownArticle:
        """Give an article the words and the address of `find`; what it is now.

        What it said before becomes a revision, replaced at `at`, if it said something else. Raises StoreError if there
        is no such article.
        """
        mine = article.c.id == article_id
        before = self._connection.execute(_candidate(mine)).first()
        if before is None:
            raise StoreError(f"no article {article_id} is in the database")
        new = find.article
        if (before.title, before.text) != (clean(new.title), clean(new.text)):
            said = {"article_id": article_id, "title": before.title, "text": before.text, "replaced_at": at}
            self._connection.execute(insert(revision), said)
        values = {**article_values(new), **_place(find)}
        self._connection.execute(update(article).where(mine).values(values))
        words = (new.title, new.text)
        self._index.revise(article_id, (before.title, before.text), words, values["published_at"])
        return KnownArticle(
            id=article_id,
            story_id=before.story_id,
            address=find.address,
            text_key=find.text_key,
            title=new.title,
            text=new.text,
            url=new.url,
            sources=tuple(self._listing([article_id]).get(article_id, ())),
        )

    def link_entries(self, source_id: int, listed: Iterable[tuple[Find, int]], at: dt.datetime) -> None:
        """Record that a source lists articles, by id: new entries, and known ones that say something new.

        What comes last under one key holds.
        """
        last = {indexable(find.entry.key): (find, article_id) for find, article_id in listed}
        known = self._entry_ids(source_id, last)
        known |= self._under_other_keys(source_id, {key: find for key, (find, _) in last.items() if key not in known})
        if changed := [
            {**_said(*last[key], at), "key": key, "changed_at": at, "row": row_id} for key, row_id in known.items()
        ]:
            self._connection.execute(update(entry).where(entry.c.id == bindparam("row")), changed)
        new = [
            {
                **_said(*one, at),
                "source_id": source_id,
                "key": key,
                "first_seen_at": at,
                "baseline": one[0].held == "baseline",
            }
            for key, one in last.items()
            if key not in known
        ]
        if new:
            self._connection.execute(insert(entry), new)

    def _under_other_keys(self, source_id: int, finds: Mapping[str, Find]) -> dict[str, int]:
        """Return by key the entries that are there under the key that they had."""
        former = {indexable(find.known.key): key for key, find in finds.items() if find.known is not None}
        return {former[key]: row_id for key, row_id in self._entry_ids(source_id, former).items()}

    def _entry_ids(self, source_id: int, keys: Iterable[str]) -> dict[str, int]:
        """By key, the entries of a source that are there."""
        found: dict[str, int] = {}
        for chunk in chunks(keys):
            query = select(entry.c.key, entry.c.id).where(entry.c.source_id == source_id, entry.c.key.in_(chunk))
            found.update({row.key: row.id for row in self._connection.execute(query)})
        return found

    def postpone_page(self, source_id: int, key: str, due: dt.datetime | None, tries: int, reason: str) -> None:
        """Record that an entry's page was tried in vain `tries` times, why, and that it is to be tried when `due`."""
        mine = (entry.c.source_id == source_id, entry.c.key == indexable(key))
        tried = {"page_due_at": due, "page_tries": tries, "page_reason": reason}
        self._connection.execute(update(entry).where(*mine).values(tried))

    def add_matches(self, article_id: int, matches: Iterable[Match], at: dt.datetime, held: str | None) -> int:
        """Record the rules that hold for an article; how many are new. `held` says why they are not to be sent.

        A match that was held and no longer is gets a new id, above the floor of every subscription: it is sent like one
        made today. Any other match that is known stays as it is.
        """
        wanted = {one.rule: one for one in matches}
        if not wanted:
            return 0
        known = self._matches_of(article_id)
        freed = [row.id for rule, row in known.items() if rule in wanted and row.held is not None and held is None]
        if freed:
            self._connection.execute(delete(match).where(match.c.id.in_(freed)))
        rows = [
            {"article_id": article_id, "rule": rule, "spans": spans_value(one), "matched_at": at, "held": held}
            for rule, one in wanted.items()
            if rule not in known or known[rule].id in freed
        ]
        if rows:
            self._connection.execute(insert(match), rows)
        return len(rows)

    def _matches_of(self, article_id: int) -> dict[str, Any]:
        """What is recorded of an article, by rule; of one that is new in this transaction that is nothing."""
        if article_id in self._unmatched:
            self._unmatched.remove(article_id)
            return {}
        query = select(match.c.id, match.c.rule, match.c.held).where(match.c.article_id == article_id)
        return {row.rule: row for row in self._connection.execute(query)}

    def refresh_matches(self, article_id: int, matches: Sequence[Match]) -> None:
        """Let the matches of an article point into its present words; those that no longer hold keep no spans."""
        rows = [{"for_rule": one.rule, "now": spans_value(one)} for one in matches]
        mine = match.c.article_id == article_id
        others = match.c.rule.not_in([one.rule for one in matches])
        self._connection.execute(update(match).where(mine, others).values(spans=[]))
        if rows:
            this_one = match.c.rule == bindparam("for_rule")
            self._connection.execute(update(match).where(mine, this_one).values(spans=bindparam("now")), rows)


def _candidate(condition: ColumnElement[bool]) -> Any:
    names = (article.c.title, article.c.text, article.c.url)
    return select(article.c.id, article.c.story_id, article.c.address, article.c.text_key, *names).where(condition)


def _place(find: Find) -> dict[str, Any]:
    """The columns by which an article is found again."""
    return {
        "url": find.article.url,
        "address": find.address,
        "address_key": indexable(find.address),
        "text_key": find.text_key,
    }


def new_id(key: Any) -> int:
    """The id of a row that was inserted."""
    return int(key[0])


def _said(find: Find, article_id: int, at: dt.datetime) -> dict[str, Any]:
    """The columns of what an entry says, which change with it."""
    return {
        "title": find.entry.title,
        "url": find.entry.url,
        "content_hash": find.content_hash,
        "article_id": article_id,
        "page_due_at": find.page_due,
        "page_tries": find.page_tries,
        "page_reason": find.page_reason or None,
        "page_read_at": at if find.page_read else None,
        "tags": [clean(tag) for tag in find.entry.tags],
        "decision": None if find.decision is None else decision_value(find.decision),
    }
