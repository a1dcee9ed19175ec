"""`monitor digest`: show an edition, or send one now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from json import loads
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from monitor.cli.common import (
    ATTENTION,
    DONE,
    ConfigOption,
    JsonOption,
    NowOption,
    clock_at,
    finish,
    load_config,
    moment,
    show,
    show_json,
    tell,
)
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.clock import Clock
    from monitor.config import Config
    from monitor.digest import Digest
    from monitor.model import Edition
    from monitor.store import Store

Format = Literal["text", "html", "slack", "json"]


def digest(
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The digest.")],
    preview: Annotated[
        bool, typer.Option("--preview", help="Show what would be sent now; send and store nothing.")
    ] = False,
    format: Annotated[Format, typer.Option("--format", help="How to show it.")] = "text",  # noqa: A002 - the option's name
    window: Annotated[
        tuple[str, str] | None,
        typer.Option("--window", metavar="START END", help="Show the editions that were built for this time (ISO)."),
    ] = None,
    now: NowOption = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Send what is pending for a digest now, whatever its schedule; or show it, or what was sent."""
    from monitor.app.wiring import open_store

    loaded = load_config(config)
    clock = clock_at(now, loaded.timezone)
    chosen = _chosen(loaded, name)
    form: Format = "json" if json else format
    if not preview and window is None:
        finish(_send(loaded, chosen, clock, form))
    with open_store(loaded, clock, create=False) as store:
        if window is not None:
            bounds = (moment(window[0], chosen.timezone, "--window"), moment(window[1], chosen.timezone, "--window"))
            editions = _kept(store, name, bounds)
        else:
            editions = _pending(store, chosen, clock)
    if not editions:
        tell(f'digest "{name}": nothing ' + ("was built for this time" if window else "is pending"))
    _show(editions, form)
    finish(DONE)


def _chosen(loaded: Config, name: str) -> Digest:
    digests = {found.name: found for found in loaded.digests}
    if name not in digests:
        raise UsageError(f'no digest is called "{name}"; digests are: {", ".join(digests) or "none"}')
    return digests[name]


def _send(loaded: Config, chosen: Digest, clock: Clock, form: Format) -> int:
    from monitor.app.wiring import open_program

    with open_program(loaded, clock, command="monitor digest") as program:
        program.look_back()
        bound = program.builder.build(chosen, clock.now(), forced=True)
        if bound is None:
            tell(f'digest "{chosen.name}": nothing is pending')
            _show([], form)
            return DONE
        sendings = program.outbox.send_due(bound.id)
    _show([bound.edition], form)
    failed = [sending for sending in sendings if sending.outcome.kind != "sent"]
    for sending in failed:
        tell(f"{sending.delivery.channel} → {sending.delivery.recipient}: {sending.outcome.reason}")
    return ATTENTION if failed else DONE


def _pending(store: Store, chosen: Digest, clock: Clock) -> list[Edition]:
    from monitor.deliver import EditionBuilder

    edition = EditionBuilder(store, {}).preview(chosen, clock.now())
    return [] if edition is None else [edition]


def _kept(store: Store, name: str, bounds: tuple[dt.datetime, dt.datetime]) -> list[Edition]:
    from monitor.digest import load

    return [load(kept.encoded) for kept in store.editions_in(name, *bounds)]


def _show(editions: Sequence[Edition], form: Format) -> None:
    """Print the editions; as JSON they are one document, however many there are."""
    if form == "json":
        from monitor.digest import dump

        show_json({"editions": [loads(dump(edition)) for edition in editions]})
        return
    for edition in editions:
        _print(edition, form)


def _print(edition: Edition, form: Format) -> None:
    import sys

    from monitor.channels.render import as_html, as_text
    from monitor.channels.slack import blocks

    if form == "text":
        show(as_text(edition))
    elif form == "html":
        sys.stdout.write(as_html(edition))
    else:
        sys.stdout.write("\n".join(blocks.messages(edition)) + "\n")
