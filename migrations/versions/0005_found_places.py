"""What was found out about sources of which no kind is stated: as what and where they are read, and why.

Revision ID: 0005
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("found_kind", sa.Text(), nullable=True))
    op.add_column("source", sa.Column("found_url", sa.Text(), nullable=True))
    op.add_column("source", sa.Column("found_reason", sa.Text(), nullable=True))
    op.add_column("source", sa.Column("found_at", sa.DateTime(timezone=True), nullable=True))
