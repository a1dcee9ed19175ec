"""How alembic reaches the database: over the connection that the program hands it, in the transaction it has begun.

A developer who writes a revision names a database that is current:
`alembic -x url=sqlite:///x.db revision --autogenerate --rev-id 0002 -m "what it adds"`.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, DateTime, create_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeDecorator

from monitor.store.schema import is_compared, metadata


def plain_type(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Return a type of the program as revisions name it: by the column type of the database, which lasts."""
    if kind != "type" or not isinstance(thing, TypeDecorator):
        return False
    return "sa.DateTime(timezone=True)" if isinstance(thing.impl_instance, DateTime) else "sa.Text()"


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=plain_type,
        include_name=is_compared,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_engine(context.get_x_argument(as_dictionary=True)["url"], poolclass=NullPool).connect() as own:
        run(own)
        own.commit()
