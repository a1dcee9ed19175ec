"""Entries: their tags, whether their article's page was read, and if not, why; how many pages failed in a row.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entry", sa.Column("page_reason", sa.Text(), nullable=True))
    op.add_column("entry", sa.Column("page_read_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("entry", sa.Column("tags", sa.Text(), nullable=True))
    op.add_column("source", sa.Column("page_failures", sa.Integer(), nullable=True))
