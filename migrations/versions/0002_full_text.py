"""Article pages: which are due for another try, what dated an article, and which outlet it names as its origin.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entry", sa.Column("page_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("entry", sa.Column("page_tries", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_entry_source_id_page_due_at"), "entry", ["source_id", "page_due_at"], unique=False)
    op.add_column("article", sa.Column("dated_by", sa.Text(), nullable=True))
    op.add_column("article", sa.Column("origin", sa.Text(), nullable=True))
