"""`monitor digest`: show editions of a digest, or send an edition now."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.common import (
    EXIT_ATTENTION,
    EXIT_DONE,
    ConfigOption,
    JsonOption,
    NowOption,
    clock_at,
    finish,
    load_config,
    parse_moment_argument,
    print_error,
    show_json,
)
from monitor.cli.listing import command_listing, complete
from monitor.cli.progress import working

if TYPE_CHECKING:
    from monitor.clock import Clock
    from monitor.config import Config
    from monitor.digest import Digest
    from monitor.model import Edition


def _formats() -> tuple[str, ...]:
    from monitor.app.digests import format_names

    return format_names()


DigestCommand = command_listing("format", _formats)


def digest(
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The digest.")],
    preview: Annotated[
        bool, typer.Option("--preview", help="Show what would be sent now; send and store nothing.")
    ] = False,
    format: Annotated[  # noqa: A002 - the name of the option
        str, typer.Option("--format", help="How to show it.", autocompletion=complete(_formats))
    ] = "text",
    window: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--window",
            metavar="START END",
            help="Show the editions that were already built for this period (ISO); send nothing.",
        ),
    ] = None,
    now: NowOption = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Send what is pending for a digest now, whatever its schedule; or only show it.

    With --window, show the editions that were already built for this period; nothing is sent.
    """
    from monitor.app.digests import JSON_FORMAT, check_format, find_digest, kept_editions, preview_edition
    from monitor.app.opening import open_store

    loaded = load_config(config, without_secrets=preview or window is not None)
    clock = clock_at(now, loaded.timezone)
    chosen = find_digest(loaded, name)
    check_format(format)
    form = JSON_FORMAT if json else format
    if not preview and window is None:
        finish(_send(loaded, chosen, clock, form, orderable=now is None))
    with open_store(loaded, clock, create=False) as store:
        if window is not None:
            start, end = (parse_moment_argument(text, chosen.timezone, "window") for text in window)
            editions = kept_editions(store, name, start, end)
        else:
            pending = preview_edition(store, chosen, clock.now())
            editions = () if pending is None else (pending,)
    if not editions:
        print_error(f'digest "{name}": nothing ' + ("was built for this time" if window else "is pending"))
    _show(editions, form)
    finish(EXIT_DONE)


def _send(loaded: Config, chosen: Digest, clock: Clock, form: str, *, orderable: bool) -> int:
    """Send in this process or, if the daemon has locked the database, let the daemon send. Return the exit status."""
    from monitor.app.digests import send_now
    from monitor.app.orders import order_digest
    from monitor.app.wiring import open_program
    from monitor.errors import LockHeld

    try:
        with open_program(loaded, clock, command="monitor digest") as program:
            sent = send_now(program, chosen)
    except LockHeld as held:
        if not orderable:
            raise
        with working("waiting for the daemon"):
            sent = order_digest(loaded, clock, chosen.name, held)
    if sent.edition is None:
        print_error(f'digest "{chosen.name}": nothing is pending')
    _show([] if sent.edition is None else [sent.edition], form)
    for tried in sent.failed:
        print_error(f"{tried.channel} → {tried.recipient}: {tried.reason}")
    return EXIT_ATTENTION if sent.failed else EXIT_DONE


def _show(editions: Sequence[Edition], form: str) -> None:
    """Print the editions. In the JSON format, they are one document."""
    from monitor.app.digests import JSON_FORMAT, editions_as_data, show_edition

    if form == JSON_FORMAT:
        show_json(editions_as_data(editions))
        return
    for edition in editions:
        text = show_edition(edition, form)
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
