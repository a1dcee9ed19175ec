"""Messages to the operator go through the outbox: a message is no edition.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "operator_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_message")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("payload") as batch:
        batch.alter_column("edition_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("operator_message_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_payload_operator_message_id_operator_message"), "operator_message", ["operator_message_id"], ["id"]
        )
        batch.create_unique_constraint(
            op.f("uq_payload_operator_message_id_channel_part"), ["operator_message_id", "channel", "part"]
        )
    # SQLite cannot change a column: there the table is built again, with the counter that never gives an id twice.
    with op.batch_alter_table("delivery", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("edition_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("operator_message_id", sa.Integer(), nullable=True))
        name = op.f("fk_delivery_operator_message_id_operator_message")
        batch.create_foreign_key(name, "operator_message", ["operator_message_id"], ["id"])
    op.create_index(op.f("ix_delivery_operator_message_id"), "delivery", ["operator_message_id"])
    op.create_index(op.f("ix_delivery_channel_sent_at"), "delivery", ["channel", "sent_at"])
    op.add_column("notice", sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notice", sa.Column("end_notified_at", sa.DateTime(timezone=True), nullable=True))
