"""The application object of the command line, with all commands."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli import (
    add,
    backtest,
    check,
    db,
    demo,
    digest,
    doctor,
    exporting,
    importing,
    init,
    inspection,
    match,
    rules,
    run,
    search,
    status,
    stories,
    why,
)

app = typer.Typer(
    name="monitor",
    help="Watches news feeds and government pages for announcements and sends digests.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("announcement-monitor"))
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Watches news feeds and government pages for announcements and sends digests."""


app.command("demo")(demo.demo)
app.command("init")(init.init)
app.command("run")(run.run)
app.command("once")(run.once)
app.command("check")(check.check)
app.command("try", cls=inspection.TryCommand)(inspection.try_)
app.command("add")(add.add)
app.command("match")(match.match)
app.command("search")(search.search)
app.command("rules")(rules.rules)
app.command("backtest")(backtest.backtest)
app.command("why")(why.why)
app.command("stories")(stories.stories)
app.command("split")(stories.split)
app.command("join")(stories.join)
app.command("status")(status.status)
app.command("doctor")(doctor.doctor)
app.command("digest", cls=digest.DigestCommand)(digest.digest)
app.command("import", cls=importing.ImportCommand)(importing.import_)
app.command("export")(exporting.export)
app.add_typer(db.app, name="db")
