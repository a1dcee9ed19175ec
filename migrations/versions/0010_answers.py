"""Answers of a source that list nothing any more, or are cut off.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("empty_answers", sa.Integer(), nullable=True))
    op.add_column("source", sa.Column("cut_hash", sa.Text(), nullable=True))
    op.add_column("source", sa.Column("cut_since", sa.DateTime(timezone=True), nullable=True))
