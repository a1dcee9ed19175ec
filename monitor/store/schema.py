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

# One row: which database this is. Message-IDs carry `instance_id`.
meta: Final = Table(
    "meta",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("instance_id", CleanText, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

# Who held the database, and when. The lock itself is the kernel's or the server's.
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

# "order" is a word of SQL's own. `holder_id` is who may carry it out.
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

# `url` is the form that may be shown; the hashes tell whether what was configured has changed. `kind` "" is found out.
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
    Column("gap_since", UtcTime),  # what came after it may not all have been read
    *(Column(name, CleanText) for name in ("found_kind", "found_url", "found_reason")),
    Column("found_at", UtcTime),
    Column("empty_answers", Integer),
    Column("cut_hash", CleanText),
    Column("cut_since", UtcTime),
    Column("storm_since", UtcTime),  # entries that it listed then are held
)

# A document that a source is made of, as a sitemap of an index.
# `stated` is what the index said of it when it was last read, or when it was first seen (`read_at` is empty then).
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

poll: Final = Table(  # the log of visits, kept for the last few hundred of each source
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
    Column("decisions", JsonText),  # [kind, reason] of each
    Index(None, "source_id", "id"),
)

# Its first article is the one with the least id.
story: Final = Table(
    "story",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("first_seen_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

# `source_id` is the source that first listed it. `address_key` is `address` as an index takes it.
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
    # The first of its copies; empty for the first itself. Without a foreign key: SQLite would write the table again.
    Column("lead_id", Integer, index=True),
    # What it would be to `of_article`, where joining is only tried.
    Column("shadow", CleanText),
    sqlite_autoincrement=True,
)

# What was joined, or would have been, without a look at all other articles.
_JOINED: Final = text("of_article IS NOT NULL")
Index("ix_article_joined", article.c.first_seen_at, sqlite_where=_JOINED, postgresql_where=_JOINED)

# Further addresses of articles, in their canonical form, as an index takes them. "named": its page names it as its own,
# or a source lists it there. "former": it had this address before its source gave it another one.
article_address: Final = Table(
    "article_address",
    metadata,
    Column("address_key", CleanText, primary_key=True),
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("kind", CleanText, nullable=False),
    sqlite_with_rowid=False,
)

# Articles of about the same thing that were not joined: `likeness` says what they have in common, `reason` why not.
# `other_id` is the earlier one.
related_article: Final = Table(
    "related_article",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("other_id", ForeignKey("article.id"), primary_key=True, autoincrement=False, index=True),
    Column("likeness", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    sqlite_with_rowid=False,
)

# What people decided about two articles, of which `one_id` is the less: "apart", never in one story, or "together".
# Each decision has a new id: who keeps places of articles in memory sees by the last one that they may have changed.
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

# The search index, but for its words.
# `dated_at` orders the archive: when an article was published, or first seen if that is not known or later. `version`
# says by which program its words were taken.
article_index: Final = Table(
    "article_index",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("dated_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False, index=True),
    Index(None, "dated_at", "article_id"),
)

# By what near copies of an article are found; of articles that are copies themselves there is none.
# The keys are as in `fingerprint_key`, eight bytes each, in the order in which they were computed.
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

# How many articles of a site have a sentence, by its hash: what several have is boilerplate. `last_id` is the last of
# them: what none has had for long is forgotten.
site_sentence: Final = Table(
    "site_sentence",
    metadata,
    Column("site", CleanText, primary_key=True),
    Column("sentence", BigInteger, primary_key=True, autoincrement=False),
    Column("articles", Integer, nullable=False),
    Column("last_id", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What an article said before it was replaced. `differences` are those of a material edit; empty for any other one.
revision: Final = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("article.id"), nullable=False, index=True),
    Column("title", CleanText, nullable=False),
    Column("text", CleanText, nullable=False),
    Column("replaced_at", UtcTime, nullable=False),
    Column("differences", JsonText),  # [kind, before, after] of each
)

# The pages of sent articles that are read again: when next (never, if it is empty), and what is known of them. `title`
# is the page's own; `gone_since` is when it was not there first.
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
    Column("page_due_at", UtcTime),  # when its article's page is tried again
    Column("page_tries", Integer),
    Column("page_reason", CleanText),
    Column("page_read_at", UtcTime),
    Column("tags", JsonText),
    Column("decision", JsonText),  # [kind, reason]: what a poll took it for last
    UniqueConstraint("source_id", "key"),
    Index(None, "source_id", "page_due_at"),
)

# `held` says why it is not to be sent. Ids only grow: a subscription asks for those above its floor.
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

# One that the configuration no longer has is not active, and keeps its subscriptions for its return. `changes_after` is
# the last revision that it need not be sent; empty if it asks for no changes.
digest: Final = Table(
    "digest",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("born_at", UtcTime, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("changes_after", Integer),
)

# A digest binds only matches above the floor: one that is new, or newly has the rule, does not send the archive. What
# was found while it had a rule still waits when it has it no more: `until_match_id` is then the last such match.
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
    # Articles that the digest's own setting left out since the last edition that was sent. Of one that is sent it is 0:
    # that one says how many there are. Empty for editions of earlier versions.
    Column("left_out", Integer),
    UniqueConstraint("digest", "slot"),
    Index(None, "digest", "window_end"),
    sqlite_autoincrement=True,
)
# What a digest has bound: groups of copies, by their first article, and articles. These two constraints are "nothing
# twice".
edition_item: Final = Table(
    "edition_item",
    metadata,
    Column("digest", CleanText, primary_key=True),
    Column("lead_id", ForeignKey("article.id"), primary_key=True),
    Column("headline", CleanText),  # of the item that showed it; empty if the digest's own setting left it out
    Column("edition_id", ForeignKey("edition.id"), nullable=False, index=True),
)
edition_article: Final = Table(
    "edition_article",
    metadata,
    Column("digest", CleanText, primary_key=True),
    Column("article_id", ForeignKey("article.id"), primary_key=True, index=True),
    Column("edition_id", ForeignKey("edition.id"), nullable=False, index=True),
)

# What the operator was notified of, through the outbox. A payload and a delivery belong to one or the other.
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

attempt: Final = Table(  # the ledger: every attempt to send, from before its first byte
    "attempt",
    metadata,
    Column("delivery_id", ForeignKey("delivery.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("outcome", CleanText),
    Column("reason", CleanText),
)

# `notified_at` is when the operator was notified last that it is open, `end_notified_at` when that it was closed.
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

# What each rule means, as a hash ("": not known, since it is older than this table), and how far it has been asked of
# articles that were recorded before it was known: of all down to `below`; of all if that is null.
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
# PostgreSQL. SQLAlchemy and alembic know neither, so it is created and dropped here, and left out of comparisons.
WORDS: Final = "article_words"
"""The table of words, and how the names of those begin that FTS5 adds to it."""

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
