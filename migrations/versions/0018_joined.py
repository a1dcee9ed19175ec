"""An index of what was joined, or would have been, by when it was first seen.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    joined = sa.text("of_article IS NOT NULL")
    op.create_index("ix_article_joined", "article", ["first_seen_at"], sqlite_where=joined, postgresql_where=joined)
