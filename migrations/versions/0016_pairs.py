"""What people decided about pairs of articles, and what would have been joined had it not been tried only.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pair_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["one_id"], ["article.id"], name=op.f("fk_pair_decision_one_id_article")),
        sa.ForeignKeyConstraint(["other_id"], ["article.id"], name=op.f("fk_pair_decision_other_id_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_decision")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_pair_decision_one_id_other_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_pair_decision_other_id"), "pair_decision", ["other_id"])
    op.add_column("article", sa.Column("shadow", sa.Text(), nullable=True))
