"""All tables, as the migrations build them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    event,
    text,
)

from monitor.store.values import CleanText, JsonText, UtcTime

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# One row, which identifies this database. Message-IDs contain `instance_id`.
meta: Final = Table(
    "meta",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("instance_id", CleanText, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

# The processes that held the lock of the database, and when. The kernel or the server has the lock itself.
holder: Final = Table(
    "holder",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("command", CleanText, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("host", CleanText, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("beat_at", UtcTime),
    Column("ended_at", UtcTime),
)

# The orders; "order" is a reserved word in SQL. Only the holder `holder_id` may carry an order out.
work_order: Final = Table(
    "work_order",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("holder_id", CleanText, nullable=False),
    Column("kind", CleanText, nullable=False),
    Column("request", JsonText, nullable=False),
    Column("state", CleanText, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("claimed_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("reason", CleanText, nullable=False),
    Column("result", JsonText),
    Index(None, "state"),
    CheckConstraint("state IN ('waiting', 'claimed', 'done', 'refused', 'failed', 'withdrawn', 'lost')", name="state"),
    sqlite_autoincrement=True,
)

# `url` is the address in the form that may be shown. The hashes show whether the configuration has changed. `kind` "":
# the kind is discovered.
source: Final = Table(
    "source",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", CleanText, nullable=False, unique=True),
    *(Column(name, CleanText, nullable=False) for name in ("kind", "url", "url_hash", "reading_hash")),
    Column("active", Boolean, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    Column("etag", LargeBinary),
    Column("last_modified", LargeBinary),
    Column("body_hash", CleanText),
    Column("polls", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("interval_seconds", Float),
    Column("next_poll_at", UtcTime),
    Column("last_polled_at", UtcTime),
    Column("last_success_at", UtcTime),
    Column("last_new_at", UtcTime),
    Column("last_error", CleanText),
    Column("paused", CleanText),
    Column("page_failures", Integer),
    Column("gap_since", UtcTime),  # entries listed after this time may be missing
    *(Column(name, CleanText) for name in ("found_kind", "found_url", "found_reason")),
    Column("found_at", UtcTime),
    Column("empty_answers", Integer),
    Column("cut_hash", CleanText),
    Column("cut_since", UtcTime),
    Column("storm_since", UtcTime),  # entries listed since this time are held
    Column("activity", JsonText),  # when it published, as `Activity.encoded` writes it
    Column("newest_at", UtcTime),
    Column("quiet_check_at", UtcTime),
    Column("unmodified_since", UtcTime),
    Column("days", JsonText),  # [day, polls, failed polls, new entries] of each of the last days
    Column("moved_to", CleanText),
    Column("moved_answers", Integer),  # in a row, to which permanent redirects to `moved_to` led
    Column("obeys_robots", Boolean),  # not set: the source was polled before the program asked for robots.txt
    Column("poll_hints", JsonText),  # [seconds, their element, hours, days, seconds of the turnover]
)

# A document of a source, such as a sitemap of a sitemap index.
# `stated` is what the index stated about the document when it was last read; if it was never read (`read_at` is empty),
# when it was first seen.
part: Final = Table(
    "part",
    metadata,
    Column("source_id", ForeignKey("source.id"), primary_key=True),
    Column("key", CleanText, primary_key=True),
    Column("stated", CleanText, nullable=False),
    Column("read_at", UtcTime),
    Column("etag", LargeBinary),
    Column("last_modified", LargeBinary),
    Column("body_hash", CleanText),
)

# The entries of the last answer of a feed, by the hash of their bytes: the key and the dates of each. The next poll
# reads only entries with other bytes.
feed_slices: Final = Table(
    "feed_slices",
    metadata,
    Column("source_id", ForeignKey("source.id"), primary_key=True, autoincrement=False),
    Column("context", CleanText, nullable=False),
    Column("whole_at", UtcTime, nullable=False),  # when all entries were last read
    Column("entries", JsonText, nullable=False),
)

# The hosts that asked for a wait, from `since` to `until`. The key is a hash, because the address of a source may be
# secret.
host_rest: Final = Table(
    "host_rest",
    metadata,
    Column("host_key", CleanText, primary_key=True),
    Column("since", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
)

poll: Final = Table(  # the log of polls, which keeps the last 200 polls of each source
    "poll",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("source.id"), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("outcome", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("status", Integer),
    Column("entries", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("matches", Integer, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("decisions", JsonText),  # [kind, reason] of each decision
    Index(None, "source_id", "id"),
)

# The first article of a story is the article with the smallest id.
story: Final = Table(
    "story",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("first_seen_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

# `source_id` is the source that first listed the article. `address_key` is `address` in the form for an index.
article: Final = Table(
    "article",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", CleanText, nullable=False),
    Column("address_key", CleanText, nullable=False, index=True),
    Column("text_key", CleanText, index=True),
    Column("url", CleanText, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("text", CleanText, nullable=False),
    Column("language", CleanText),
    Column("site", CleanText),
    Column("authors", JsonText, nullable=False),
    Column("published_at", UtcTime),
    Column("published_offset", Integer),
    Column("published_precision", CleanText),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("source_id", ForeignKey("source.id"), nullable=False),
    Column("story_id", ForeignKey("story.id"), nullable=False, index=True),
    Column("relation", CleanText, nullable=False),
    Column("of_article", ForeignKey("article.id")),
    Column("score", Float, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("dated_by", CleanText),
    Column("origin", CleanText),
    # The first article of its group of copies; empty for the first article itself. It has no foreign key, because
    # SQLite would have to rewrite the table.
    Column("lead_id", Integer, index=True),
    # The relation to `of_article` that the mode "on" would have recorded, in the mode "shadow".
    Column("shadow", CleanText),
    # When the text, and those of the revisions until then, were removed because of `keep`. A later edit brings a text.
    Column("text_removed_at", UtcTime),
    sqlite_autoincrement=True,
)

# Indexes to find the articles whose texts are removed next, and those whose texts are gone.
_KEPT_TEXT: Final = text("text <> ''")
Index("ix_article_kept_text", article.c.first_seen_at, sqlite_where=_KEPT_TEXT, postgresql_where=_KEPT_TEXT)
_REMOVED_TEXT: Final = text("text_removed_at IS NOT NULL")
Index("ix_article_removed_text", article.c.first_seen_at, sqlite_where=_REMOVED_TEXT, postgresql_where=_REMOVED_TEXT)

# An index to find the articles that were joined, or would have been, without reading all others.
_JOINED: Final = text("of_article IS NOT NULL")
Index("ix_article_joined", article.c.first_seen_at, sqlite_where=_JOINED, postgresql_where=_JOINED)

# Further addresses of articles: canonical, in the form for an index. "named": the article's page states the address, or
# a source lists the article there. "former": the article had this address before its source gave it another address.
article_address: Final = Table(
    "article_address",
    metadata,
    Column("address_key", CleanText, primary_key=True),
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("kind", CleanText, nullable=False),
    sqlite_with_rowid=False,
)

# Pairs of articles that are about the same thing but were not joined. `likeness` says what they have in common,
# `reason` why they were not joined. `other_id` is the earlier article.
related_article: Final = Table(
    "related_article",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("other_id", ForeignKey("article.id"), primary_key=True, autoincrement=False, index=True),
    Column("likeness", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    sqlite_with_rowid=False,
)

# What people decided about two articles: "apart" (never in the same story) or "together". `one_id` is less than
# `other_id`. Each decision has a new id: if the last id is new, the places of articles may have changed.
pair_decision: Final = Table(
    "pair_decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("one_id", ForeignKey("article.id"), nullable=False),
    Column("other_id", ForeignKey("article.id"), nullable=False, index=True),
    Column("decision", CleanText, nullable=False),
    Column("decided_at", UtcTime, nullable=False),
    UniqueConstraint("one_id", "other_id"),
    sqlite_autoincrement=True,
)

# The search index without its words.
# The archive is sorted by `dated_at`: the time of publication or, if that is unknown or later, the time when the
# article was first seen. `version` is the version of the index that has the article's words.
article_index: Final = Table(
    "article_index",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("dated_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False, index=True),
    Index(None, "dated_at", "article_id"),
)

# The fingerprints by which near copies of an article are found. Articles that are copies have no fingerprint.
# The keys are those of `fingerprint_key`, eight bytes each, in the order in which they were computed.
fingerprint: Final = Table(
    "fingerprint",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False, index=True),
    Column("site", CleanText, nullable=False),
    Column("origin", CleanText, nullable=False),
    *(Column(name, LargeBinary, nullable=False) for name in ("sentences", "phrases", "bands")),
)
fingerprint_key: Final = Table(
    "fingerprint_key",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# The articles of the last days that a rule matched, in the form in which their events are compared
# (`monitor.stories.packing`). `form` is the version of that.
packed_report: Final = Table(
    "packed_report",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("form", CleanText, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# How many articles of a site have a sentence, by the hash of the sentence. A sentence of several articles is
# boilerplate. `last_id` is the last article with the sentence: rows of sentences not seen for long are deleted.
site_sentence: Final = Table(
    "site_sentence",
    metadata,
    Column("site", CleanText, primary_key=True),
    Column("sentence", BigInteger, primary_key=True, autoincrement=False),
    Column("articles", Integer, nullable=False),
    Column("last_id", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Title and text of an article before they were replaced. `differences` are those of a material edit, else empty.
revision: Final = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("article.id"), nullable=False, index=True),
    Column("title", CleanText, nullable=False),
    Column("text", CleanText, nullable=False),
    Column("replaced_at", UtcTime, nullable=False),
    Column("differences", JsonText),  # [kind, before, after, sentence before, sentence after] of each
)

# The pages of sent articles that are read again, and what is known about them. `due_at` is the time of the next reading
# (empty: never), `title` the title on the page, and `gone_since` the first time when the page did not exist.
reread: Final = Table(
    "reread",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("due_at", UtcTime, index=True),
    Column("times", Integer, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("etag", LargeBinary),
    Column("last_modified", LargeBinary),
    Column("body_hash", CleanText),
    Column("gone_since", UtcTime),
)

entry: Final = Table(
    "entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("source.id"), nullable=False),
    Column("key", CleanText, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("url", CleanText, nullable=False),
    Column("content_hash", CleanText, nullable=False),
    Column("article_id", ForeignKey("article.id"), nullable=False, index=True),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime),
    Column("baseline", Boolean, nullable=False),
    Column("page_due_at", UtcTime),  # the next try to read its article's page
    Column("page_tries", Integer),
    Column("page_reason", CleanText),
    Column("page_read_at", UtcTime),
    Column("tags", JsonText),
    Column("decision", JsonText),  # [kind, reason]: what the last poll recognised it as
    UniqueConstraint("source_id", "key"),
    Index(None, "source_id", "page_due_at"),
)

# `held` says why the match is not sent. Ids only grow: a subscription selects the ids above its floor.
match: Final = Table(
    "match",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("article.id"), nullable=False),
    Column("rule", CleanText, nullable=False),
    Column("spans", JsonText, nullable=False),
    Column("matched_at", UtcTime, nullable=False),
    Column("held", CleanText),
    Column("mark", CleanText),  # "backfill": it was found in the archive; "storm": it was held with many others
    UniqueConstraint("article_id", "rule"),
    Index(None, "rule", "id"),
    Index(None, "matched_at"),
    sqlite_autoincrement=True,
)

# A digest that was removed from the configuration is not active, and keeps its subscriptions in case it is put back.
# `changes_after` is the last revision that it has handled; empty if it does not ask for changes.
digest: Final = Table(
    "digest",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("born_at", UtcTime, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("changes_after", Integer),
)

# A digest sends only matches with ids above the floor: a new subscription does not send the archive. If a digest loses
# a rule, matches found before still wait for it. `until_match_id` is then the last of them.
subscription: Final = Table(
    "subscription",
    metadata,
    Column("digest", ForeignKey("digest.name"), primary_key=True),
    Column("rule", CleanText, primary_key=True),
    Column("after_match_id", Integer, primary_key=True, autoincrement=False),
    Column("until_match_id", Integer),
)

edition: Final = Table(
    "edition",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", ForeignKey("digest.name"), nullable=False),
    Column("slot", CleanText, nullable=False),
    Column("window_start", UtcTime, nullable=False),
    Column("window_end", UtcTime, nullable=False),
    Column("built_at", UtcTime, nullable=False),
    Column("encoded", CleanText, nullable=False),
    Column("items", Integer, nullable=False),
    # Number of articles that the digest's setting left out since the last edition that was sent. For an edition that is
    # sent it is 0, because the edition itself states the number. Empty for editions of earlier program versions.
    Column("left_out", Integer),
    UniqueConstraint("digest", "slot"),
    Index(None, "digest", "window_end"),
    sqlite_autoincrement=True,
)
# What the editions of a digest contain: groups of copies, by their first article, and articles. The primary keys of
# these two tables ensure that nothing is sent twice.
edition_item: Final = Table(
    "edition_item",
    metadata,
    Column("digest", CleanText, primary_key=True),
    Column("lead_id", ForeignKey("article.id"), primary_key=True),
    Column("headline", CleanText),  # headline of its item; empty if the digest's setting left it out
    Column("edition_id", ForeignKey("edition.id"), nullable=False, index=True),
)
edition_article: Final = Table(
    "edition_article",
    metadata,
    Column("digest", CleanText, primary_key=True),
    Column("article_id", ForeignKey("article.id"), primary_key=True, index=True),
    Column("edition_id", ForeignKey("edition.id"), nullable=False, index=True),
)

# Messages to the operator, sent through the outbox. A payload and a delivery belong to an edition or to such a message.
operator_message: Final = Table(
    "operator_message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("created_at", UtcTime, nullable=False),
    Column("subject", CleanText, nullable=False),
    sqlite_autoincrement=True,
)

payload: Final = Table(
    "payload",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("edition_id", ForeignKey("edition.id")),
    Column("channel", CleanText, nullable=False),
    Column("part", Integer, nullable=False),
    Column("body", CleanText, nullable=False),
    Column("operator_message_id", ForeignKey("operator_message.id")),
    UniqueConstraint("edition_id", "channel", "part"),
    UniqueConstraint("operator_message_id", "channel", "part"),
)

delivery: Final = Table(  # the outbox
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("edition_id", ForeignKey("edition.id"), index=True),
    Column("payload_id", ForeignKey("payload.id"), nullable=False),
    Column("channel", CleanText, nullable=False),
    Column("recipient", CleanText, nullable=False),
    Column("message_id", CleanText, nullable=False, unique=True),
    Column("state", CleanText, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("next_at", UtcTime),
    Column("last_error", CleanText),
    Column("claimed_by", CleanText),
    Column("claimed_at", UtcTime),
    Column("sent_at", UtcTime),
    Column("operator_message_id", ForeignKey("operator_message.id"), index=True),
    UniqueConstraint("payload_id", "recipient"),
    Index(None, "state", "next_at"),
    Index(None, "channel", "sent_at"),
    Index(None, "sent_at"),
    CheckConstraint(
        "state IN ('queued', 'claimed', 'sent', 'retry', 'ambiguous', 'parked', 'held', 'dropped')", name="state"
    ),
    sqlite_autoincrement=True,
)

attempt: Final = Table(  # the ledger: every attempt to send, written before its first byte is sent
    "attempt",
    metadata,
    Column("delivery_id", ForeignKey("delivery.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("outcome", CleanText),
    Column("reason", CleanText),
)

# `notified_at` is when the operator was last notified that the notice is open, `end_notified_at` that it is closed.
notice: Final = Table(
    "notice",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", CleanText, nullable=False),
    Column("subject", CleanText, nullable=False),
    Column("message", CleanText, nullable=False),
    Column("remedy", CleanText, nullable=False),
    Column("first_at", UtcTime, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Column("count", Integer, nullable=False),
    Column("resolved_at", UtcTime),
    Column("notified_at", UtcTime),
    Column("end_notified_at", UtcTime),
)
_OPEN: Final = text("resolved_at IS NULL")
Index("uq_notice_open", notice.c.kind, notice.c.subject, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)

# The meaning of each rule as a hash ("": unknown, because the rule is older than this table), and the progress of its
# backfill: the rule was matched against all articles with ids from `below` on; null: against all articles.
rule: Final = Table(
    "rule",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("meaning", CleanText, nullable=False),
    Column("floor", Integer, nullable=False),
    Column("since", UtcTime),
    Column("below", Integer),
)

# The words of the search index (`monitor.store.fulltext`): an FTS5 table on SQLite, a column of text-search vectors on
# PostgreSQL. SQLAlchemy and alembic do not know these, so they are created and dropped here, and not compared.
WORDS: Final = "article_words"
"""The name of the table of words. The names of the tables that FTS5 adds to it begin in the same way."""

_CREATE_WORDS: Final = {
    "sqlite": (
        "CREATE VIRTUAL TABLE article_words USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')",
    ),
    "postgresql": (
        "CREATE TABLE article_words (article_id INTEGER PRIMARY KEY, words TSVECTOR NOT NULL)",
        "ALTER TABLE article_words ADD FOREIGN KEY (article_id) REFERENCES article (id) ON DELETE CASCADE",
        "CREATE INDEX ix_article_words_words ON article_words USING gin (words)",
    ),
}


def create_words(connection: Connection) -> None:
    """Create the table of index words."""
    for statement in _CREATE_WORDS[connection.dialect.name]:
        connection.execute(text(statement))


def drop_words(connection: Connection) -> None:
    """Drop the table of index words, if it exists."""
    connection.execute(text("DROP TABLE IF EXISTS article_words"))


def is_compared(name: str | None, kind: str, _parents: object = None) -> bool:
    """Return whether alembic compares a table or column: all except the table of index words."""
    return not (kind == "table" and name is not None and name.startswith(WORDS))


event.listen(metadata, "after_create", lambda _, connection, **__: create_words(connection))
event.listen(metadata, "before_drop", lambda _, connection, **__: drop_words(connection))
