"""The archive: articles, their stories and revisions, their matches, and the entries that lead to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, select, update

from monitor.errors import StoreError
from monitor.model import EntryChange, KnownArticle, Match, Placement
from monitor.store.addresses import AddressWriter
from monitor.store.fulltext.index import dated_at
from monitor.store.schema import article, entry, match, packed_report, revision, source, story
from monitor.store.stories import StoryWriter
from monitor.store.texts import is_edit, is_text_removed
from monitor.store.values import (
    chunks,
    clean_text,
    decision_value,
    differences_value,
    index_key,
    moment_values,
    spans_value,
)

_SELECT_ARTICLES: Final = select(
    *article.c["id", "story_id", "address", "text_key", "title", "text", "url", "lead_id", "text_removed_at"]
)

# The statements of every new article, built once.
_INSERT_STORY: Final = insert(story).returning(story.c.id)
_INSERT_ARTICLE: Final = insert(article).returning(article.c.id)
_DELETE_PACKED: Final = delete(packed_report).where(packed_report.c.article_id == bindparam("of_article"))
_INSERT_MATCH: Final = insert(match)
_INSERT_ENTRY: Final = insert(entry)


class ArchiveWriter(StoryWriter, AddressWriter):
    """Writes the results of a poll."""

    def candidates(self, addresses: Iterable[str], text_keys: Iterable[str]) -> tuple[KnownArticle, ...]:
        """Return the articles with any of the addresses or texts, oldest first, with the names of their sources."""
        found: dict[int, Any] = {}
        asked = {index_key(address): address for address in addresses if address}
        further = self.having_addresses(asked)
        for column, values in (
            (article.c.address_key, asked),
            (article.c.text_key, [key for key in text_keys if key]),
            (article.c.id, further),
        ):
            for chunk in chunks(values):
                rows = self._connection.execute(_SELECT_ARTICLES.where(column.in_(chunk)))
                found.update({row.id: row for row in rows})
        listing = self.source_names(tuple(found))
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
                further=tuple(further.get(row.id, ())),
                text_removed=is_text_removed(row),
            )
            for _, row in sorted(found.items())
        )

    def source_names(self, articles: Collection[int]) -> dict[int, list[str]]:
        """Return, for each article, the names of the sources that list it, in the order in which they first did."""
        names: dict[int, dict[str, None]] = {}  # a dict keeps each name once, in order
        for chunk in chunks(articles):
            query = select(entry.c.article_id, source.c.name).join(source).where(entry.c.article_id.in_(chunk))
            for row in self._connection.execute(query.order_by(entry.c.id)):
                names.setdefault(row.article_id, {})[row.name] = None
        return {article_id: list(listing) for article_id, listing in names.items()}

    def add_article(self, change: EntryChange, placement: Placement, source_id: int, at: dt.datetime) -> KnownArticle:
        """Add a new article to its story; a placement without a story begins a new story.

        Returns the article without sources: `link_entries` adds the sources that list it.
        """
        story_id = placement.story
        if story_id is None:
            story_id = self._connection.execute(_INSERT_STORY, {"first_seen_at": at}).scalar_one()
        of_article, lead = self._original_and_lead(story_id, placement)
        values = {
            **_article_values(change),
            "first_seen_at": at,
            "source_id": source_id,
            "story_id": story_id,
            "lead_id": lead,
            "relation": placement.relation,
            "of_article": of_article,
            "score": placement.score,
            "reason": placement.reason,
            "shadow": placement.shadow and placement.shadow.relation,
        }
        article_id = self._connection.execute(_INSERT_ARTICLE, values).scalar_one()
        self._added.add(article_id)
        self._unmatched.add(article_id)
        self._index.add(article_id, change.article.title, change.article.text, dated_at(values["published_at"], at))
        return KnownArticle(
            id=article_id,
            story_id=story_id,
            address=change.address,
            text_key=change.text_key,
            title=change.article.title,
            text=change.article.text,
            url=change.article.url,
        )

    def revise_article(self, article_id: int, change: EntryChange, at: dt.datetime) -> KnownArticle:
        """Replace the text and the address of an article by those of `change`. Returns the new state.

        If the earlier text was different, it becomes a revision with the time `at` and the differences of `change`.
        Raises StoreError if there is no such article.
        """
        condition = article.c.id == article_id
        before = self._connection.execute(_SELECT_ARTICLES.where(condition)).first()
        if before is None:
            raise StoreError(f"no article {article_id} is in the database")
        new = change.article
        if is_edit(before, new.title, new.text):
            old_text = {"article_id": article_id, "title": before.title, "text": before.text, "replaced_at": at}
            old_text["differences"] = differences_value(change.differences)
            self._connection.execute(insert(revision), old_text)
        self._connection.execute(update(article).where(condition).values(values := _article_values(change)))
        self._connection.execute(_DELETE_PACKED, {"of_article": article_id})
        if before.address and before.address != values["address"]:
            self.keep_former_address(article_id, before.address)
        self._index.revise(article_id, (before.title, before.text), (new.title, new.text), values["published_at"])
        return KnownArticle(
            id=article_id,
            story_id=before.story_id,
            address=change.address,
            text_key=change.text_key,
            title=new.title,
            text=new.text,
            url=new.url,
            sources=tuple(self.source_names([article_id]).get(article_id, ())),
            is_copy=before.lead_id is not None,
        )

    def link_entries(self, source_id: int, listed: Iterable[tuple[EntryChange, int]], at: dt.datetime) -> None:
        """Record that a source lists articles: new and changed entries, each with the id of its article.

        If several entries have the same key, the last of them counts.
        """
        last = {index_key(change.entry.key): (change, article_id) for change, article_id in listed}
        renamed = {key: index_key(change.known.key) for key, (change, _) in last.items() if change.known is not None}
        ids: dict[str, int] = {}
        for chunk in chunks([*last, *renamed.values()]):
            query = select(entry.c.key, entry.c.id).where(entry.c.source_id == source_id, entry.c.key.in_(chunk))
            ids.update({row.key: row.id for row in self._connection.execute(query)})
        known = {key: ids[key] for key in last if key in ids}
        former = {old: key for key, old in renamed.items() if key not in known}
        known |= {key: ids[old] for old, key in former.items() if old in ids}
        new, changed = [], []
        for key, (change, article_id) in last.items():
            values = {
                "key": key,
                "title": change.entry.title,
                "url": change.entry.url,
                "content_hash": change.content_hash,
                "article_id": article_id,
                "page_due_at": change.page_due,
                "page_tries": change.page_tries,
                "page_reason": change.page_reason or None,
                "page_read_at": at if change.page_read else None,
                "tags": [clean_text(tag) for tag in change.entry.tags],
                "decision": None if change.decision is None else decision_value(change.decision),
            }
            if key in known:
                changed.append({**values, "changed_at": at, "row": known[key]})
            else:
                baseline = change.suppressed_reason is not None
                new.append({**values, "source_id": source_id, "first_seen_at": at, "baseline": baseline})
        if changed:
            self._connection.execute(update(entry).where(entry.c.id == bindparam("row")), changed)
        if new:
            self._connection.execute(_INSERT_ENTRY, new)

    def postpone_page(self, source_id: int, key: str, due: dt.datetime | None, tries: int, reason: str) -> None:
        """Record that an entry's page could not be read in `tries` tries, with the reason and the time of the next try.

        `due` None: there is no next try.
        """
        condition = (entry.c.source_id == source_id, entry.c.key == index_key(key))
        values = {"page_due_at": due, "page_tries": tries, "page_reason": reason}
        self._connection.execute(update(entry).where(*condition).values(values))

    def add_matches(
        self, article_id: int, matches: Iterable[Match], at: dt.datetime, suppressed_reason: str | None
    ) -> int:
        """Record the rules that match an article; return the number of new matches.

        `suppressed_reason` says why the matches are not sent; None: they are sent. A match that was suppressed and is
        not suppressed any more gets a new id, above the floor of every subscription, so that it is sent like a new
        match. Any other known match is not changed.
        """
        wanted = {one.rule: one for one in matches}
        if not wanted:
            return 0
        known: dict[str, Any] = {}
        if article_id in self._unmatched:
            self._unmatched.remove(article_id)
        else:
            query = select(match.c.id, match.c.rule, match.c.held).where(match.c.article_id == article_id)
            known = {row.rule: row for row in self._connection.execute(query)}
        suppressed = [row.id for rule, row in known.items() if rule in wanted and row.held is not None]
        released = suppressed if suppressed_reason is None else []
        if released:
            self._connection.execute(delete(match).where(match.c.id.in_(released)))
        rows = [
            {
                "article_id": article_id,
                "rule": rule,
                "spans": spans_value(one),
                "matched_at": at,
                "held": suppressed_reason,
            }
            for rule, one in wanted.items()
            if rule not in known or known[rule].id in released
        ]
        if rows:
            self._connection.execute(_INSERT_MATCH, rows)
        return len(rows)

    def refresh_matches(self, article_id: int, matches: Sequence[Match]) -> None:
        """Update the places of an article's matches in its present text. Rules that no longer match have no places."""
        rows = [{"for_rule": one.rule, "now": spans_value(one)} for one in matches]
        condition = match.c.article_id == article_id
        others = match.c.rule.not_in([one.rule for one in matches])
        self._connection.execute(update(match).where(condition, others).values(spans=[]))
        if rows:
            this_one = match.c.rule == bindparam("for_rule")
            self._connection.execute(update(match).where(condition, this_one).values(spans=bindparam("now")), rows)


def _article_values(change: EntryChange) -> dict[str, Any]:
    """Return the values of those columns of an article that a later revision replaces: its text and address."""
    new = change.article
    return {
        "title": new.title,
        "text": new.text,
        "language": new.language,
        "site": new.site,
        "authors": [clean_text(author) for author in new.authors],
        "dated_by": new.dated_by or None,
        "origin": new.origin,
        **moment_values(new.published),
        "url": new.url,
        "address": change.address,
        "address_key": index_key(change.address),
        "text_key": change.text_key,
    }
