"""`monitor db`: the database's schema, integrity, backup and restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.common import (
    EXIT_ATTENTION,
    EXIT_DONE,
    ConfigOption,
    JsonOption,
    finish,
    load_database,
    show,
    show_json,
    with_count,
)
from monitor.cli.progress import working
from monitor.clock import SystemClock

app = typer.Typer(help="Migrate, check, back up and restore the database.", no_args_is_help=True)


@app.command()
def upgrade(config: ConfigOption = None) -> None:
    """Bring the schema to this program's version."""
    from monitor.app import database

    shown = database.upgrade(load_database(config), SystemClock())
    show(f"{shown}: up to date")


@app.command()
def check(json: JsonOption = False, config: ConfigOption = None) -> None:
    """Check the database's integrity."""
    from monitor.app.database import check_integrity

    found = check_integrity(load_database(config), SystemClock())
    if json:
        show_json(found)
    else:
        show("\n".join(found.problems) if found.problems else f"{found.database}: sound")
    finish(EXIT_ATTENTION if found.problems else EXIT_DONE)


@app.command()
def reindex(config: ConfigOption = None) -> None:
    """Build the search index again from the archive."""
    from monitor.app import database

    loaded = load_database(config)
    with working("indexing the archive"):
        indexed = database.reindex(loaded, SystemClock(), command="monitor db reindex")
    show(f"{indexed.database}: {indexed.articles} articles indexed")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes; must not exist.")],
    config: ConfigOption = None,
) -> None:
    """Copy the database while it is in use (SQLite)."""
    from monitor.app.database import back_up

    back_up(load_database(config), SystemClock(), file)
    show(f"{file}: written")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup; it stays as it is.")],
    config: ConfigOption = None,
) -> None:
    """Check a backup and use it as the database; the present database is kept under another name.

    For SQLite only. Stop the daemon first.
    """
    from monitor.app import database

    restored = database.restore(load_database(config), SystemClock(), file)
    show(f"{restored.database}: restored from {file}")
    if restored.kept is not None:
        show(f"the former database is kept: {restored.kept}")
    show("what was sent since the backup was made may be sent again; digests that are built from now on say so")
    if restored.waiting:
        waiting = with_count(restored.waiting, "delivery", "deliveries")
        show(f"{waiting} had not been sent when the backup was made; they may be repeated without a warning")
