"""Rules: what each means, how far it was asked of the archive, and which matches come from there.

A rule that a digest asked for before is known already: its meaning is taken up as it is.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("below", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rule")),
    )
    op.execute("INSERT INTO rule (name, meaning, floor) SELECT DISTINCT rule, '', 0 FROM subscription")
    op.add_column("match", sa.Column("mark", sa.Text(), nullable=True))
