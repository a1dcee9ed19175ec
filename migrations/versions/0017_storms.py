"""Sources that brought far more new entries than ever, which are held until they are listed again.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("storm_since", sa.DateTime(timezone=True), nullable=True))
