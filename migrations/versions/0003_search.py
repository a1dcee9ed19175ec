"""The search index: when each article is dated, and its words. The program fills it when it has upgraded a database.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_index",
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("dated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_index_article_id_article")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_index")),
    )
    op.create_index(
        op.f("ix_article_index_dated_at_article_id"), "article_index", ["dated_at", "article_id"], unique=False
    )
    op.create_index(op.f("ix_article_index_version"), "article_index", ["version"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE article_words"
            " USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')"
        )
    else:
        op.execute("CREATE TABLE article_words (article_id INTEGER PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("ALTER TABLE article_words ADD FOREIGN KEY (article_id) REFERENCES article (id) ON DELETE CASCADE")
        op.execute("CREATE INDEX ix_article_words_words ON article_words USING gin (words)")
