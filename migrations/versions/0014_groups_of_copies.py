"""Stories hold several reports of one event, each with its copies: what a digest sends once is a group of copies.

Until here the articles of a story were copies of its first one.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_FIRST = "(SELECT min(a.id) FROM article a WHERE a.story_id = {}.story_id)"


def upgrade() -> None:
    op.add_column("article", sa.Column("lead_id", sa.Integer(), nullable=True))
    of_article, of_item = _FIRST.format("article"), _FIRST.format("i")
    op.execute(f"UPDATE article SET lead_id = {of_article} WHERE id > {of_article}")  # noqa: S608 - constants of this file
    bound = f"SELECT i.digest, {of_item} AS lead_id, i.edition_id FROM edition_item i"  # noqa: S608 - the same
    op.create_index(op.f("ix_article_lead_id"), "article", ["lead_id"])
    op.execute(f"CREATE TABLE bound_before AS {bound}")
    op.drop_table("edition_item")
    op.create_table(
        "edition_item",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=True),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["article.id"], name=op.f("fk_edition_item_lead_id_article")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_item_edition_id_edition")),
        sa.PrimaryKeyConstraint("digest", "lead_id", name=op.f("pk_edition_item")),
    )
    op.create_index(op.f("ix_edition_item_edition_id"), "edition_item", ["edition_id"])
    op.execute(
        "INSERT INTO edition_item (digest, lead_id, headline, edition_id) "
        "SELECT b.digest, b.lead_id, a.title, b.edition_id FROM bound_before b JOIN article a ON a.id = b.lead_id"
    )
    op.drop_table("bound_before")
    op.create_index(op.f("ix_delivery_sent_at"), "delivery", ["sent_at"])  # each minute: what went out late
