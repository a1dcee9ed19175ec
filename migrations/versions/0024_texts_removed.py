"""When the text of an article was removed, and indexes of the articles with a text and of those without it.

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article", sa.Column("text_removed_at", sa.DateTime(timezone=True), nullable=True))
    kept, removed = sa.text("text <> ''"), sa.text("text_removed_at IS NOT NULL")
    op.create_index("ix_article_kept_text", "article", ["first_seen_at"], sqlite_where=kept, postgresql_where=kept)
    op.create_index(
        "ix_article_removed_text", "article", ["first_seen_at"], sqlite_where=removed, postgresql_where=removed
    )
