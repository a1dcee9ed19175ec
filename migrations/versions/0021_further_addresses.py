"""Further addresses of articles, related articles, and what editions left out.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_address",
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_address_article_id_article")),
        sa.PrimaryKeyConstraint("address_key", "article_id", name=op.f("pk_article_address")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "related_article",
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("other_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("likeness", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_related_article_article_id_article")),
        sa.ForeignKeyConstraint(["other_id"], ["article.id"], name=op.f("fk_related_article_other_id_article")),
        sa.PrimaryKeyConstraint("article_id", "other_id", name=op.f("pk_related_article")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_related_article_other_id"), "related_article", ["other_id"])
    op.create_index(op.f("ix_edition_article_article_id"), "edition_article", ["article_id"])
    op.create_index(op.f("ix_match_matched_at"), "match", ["matched_at"])
    op.add_column("edition", sa.Column("left_out", sa.Integer(), nullable=True))
