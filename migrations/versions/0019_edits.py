"""What the edit of an article makes of what it stated, and which edits a digest was sent.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("revision", sa.Column("differences", sa.Text(), nullable=True))
    op.add_column("digest", sa.Column("changes_after", sa.Integer(), nullable=True))
