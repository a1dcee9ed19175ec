"""Hosts that asked not to be requested for some time, sources that moved, and how often feeds ask to be polled.

Revision ID: 0023
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "host_rest",
        sa.Column("host_key", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("host_key", name=op.f("pk_host_rest")),
    )
    op.add_column("source", sa.Column("moved_to", sa.Text(), nullable=True))
    op.add_column("source", sa.Column("moved_answers", sa.Integer(), nullable=True))
    op.add_column("source", sa.Column("poll_hints", sa.Text(), nullable=True))
    op.add_column("source", sa.Column("obeys_robots", sa.Boolean(), nullable=True))
