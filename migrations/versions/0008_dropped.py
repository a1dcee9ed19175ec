"""Deliveries may be dropped: closed without being sent, since nobody is to get them any more.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_STATES = "state IN ('queued', 'claimed', 'sent', 'retry', 'ambiguous', 'parked', 'dropped')"


def upgrade() -> None:
    # SQLite cannot change a constraint: there the table is rebuilt, with the counter that never gives an id again.
    with op.batch_alter_table("delivery", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_constraint(op.f("ck_delivery_state"), type_="check")
        batch.create_check_constraint(op.f("ck_delivery_state"), _STATES)
