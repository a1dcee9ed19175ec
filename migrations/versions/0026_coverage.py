"""When sources published, and what their polls gave on the last days.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("activity", sa.Text(), nullable=True))
    op.add_column("source", sa.Column("newest_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("source", sa.Column("quiet_check_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("source", sa.Column("unmodified_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("source", sa.Column("days", sa.Text(), nullable=True))
