"""`monitor db`: the database's schema, integrity and backup."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.common import ATTENTION, DONE, ConfigOption, JsonOption, finish, load_config, show, show_json
from monitor.cli.progress import working
from monitor.clock import SystemClock

app = typer.Typer(help="Migrate, check and back up the database.", no_args_is_help=True)


@app.command()
def upgrade(config: ConfigOption = None) -> None:
    """Bring the schema to this program's version."""
    from monitor.store import Store

    loaded = load_config(config)
    store = Store(loaded.database_url.reveal(), clock=SystemClock())
    try:
        store.upgrade()
        show(f"{store.shown_url}: up to date")
    finally:
        store.close()


@app.command()
def check(json: JsonOption = False, config: ConfigOption = None) -> None:
    """Check the database's integrity."""
    from monitor.store import Store

    loaded = load_config(config)
    store = Store(loaded.database_url.reveal(), clock=SystemClock())
    try:
        problems = store.integrity()
    finally:
        store.close()
    if json:
        show_json({"database": store.shown_url, "problems": problems})
    else:
        show("\n".join(problems) if problems else f"{store.shown_url}: sound")
    finish(ATTENTION if problems else DONE)


@app.command()
def reindex(config: ConfigOption = None) -> None:
    """Make the search index anew from the archive."""
    from monitor.app.wiring import open_store

    loaded = load_config(config)
    with open_store(loaded, SystemClock(), create=False) as store, store.hold("monitor db reindex"):
        with working("indexing the archive"):
            count = store.reindex()
        show(f"{store.shown_url}: {count} articles indexed")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes; must not exist.")],
    config: ConfigOption = None,
) -> None:
    """Copy the database while it is in use (SQLite)."""
    from monitor.app.wiring import open_store

    loaded = load_config(config)
    with open_store(loaded, SystemClock(), create=False) as store:
        store.backup(file)
    show(f"{file}: written")
