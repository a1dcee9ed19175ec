"""Why a poll and what it took an entry for were decided so.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("poll", sa.Column("decisions", sa.Text(), nullable=True))
    op.add_column("entry", sa.Column("decision", sa.Text(), nullable=True))
