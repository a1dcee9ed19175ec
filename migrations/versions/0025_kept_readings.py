"""The entries of the last answer of each feed, and the packed reports of the last days.

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feed_slices",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("whole_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_feed_slices_source_id_source")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_feed_slices")),
    )
    op.create_table(
        "packed_report",
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_packed_report_article_id_article")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_packed_report")),
    )
