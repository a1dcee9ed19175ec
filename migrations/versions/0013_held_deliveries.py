"""Deliveries may be held: their recipient is gone, and may come back.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_STATES = "state IN ('queued', 'claimed', 'sent', 'retry', 'ambiguous', 'parked', 'held', 'dropped')"


def upgrade() -> None:
    # SQLite cannot change a constraint: there the table is built again, with the counter that never gives an id twice.
    with op.batch_alter_table("delivery", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_constraint(op.f("ck_delivery_state"), type_="check")
        batch.create_check_constraint(op.f("ck_delivery_state"), _STATES)
