"""`monitor run` and `monitor once`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final
from zoneinfo import ZoneInfo

import typer

from monitor.cli.common import (
    ATTENTION,
    DONE,
    ConfigOption,
    JsonOption,
    NowOption,
    clock_at,
    counted,
    finish,
    load_config,
    local,
    show,
    show_json,
    tell,
)
from monitor.cli.progress import working
from monitor.clock import SystemClock

if TYPE_CHECKING:
    from monitor.app.program import Pass

_NEW: Final = "nothing is known yet, so what the sources list now is new"


def run(config: ConfigOption = None) -> None:
    """Poll and deliver until told to stop (SIGTERM, Ctrl-C)."""
    from monitor.app.status import DAEMON
    from monitor.app.wiring import has_database, open_program
    from monitor.config import config_path, environment
    from monitor.config.watch import Watch
    from monitor.daemon import Daemon, Reload
    from monitor.log import logger

    environ = environment()
    watch = Watch(config_path(environ, config))
    loaded = load_config(config, daemon=True)
    clock = SystemClock()
    new = not has_database(loaded)
    with open_program(loaded, clock, command=DAEMON) as program:
        if new:
            logger("run").warning("new_database", database=program.store.shown_url, meaning=_NEW)
        daemon = Daemon(program, Reload(program, loaded, watch, environ))
        daemon.listen()
        finish(daemon.run())


def once(
    *,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="NAME", help="Poll this source, due or not. May be repeated."),
    ] = None,
    no_send: Annotated[bool, typer.Option("--no-send", help="Poll only: build and send nothing.")] = False,
    retry_parked: Annotated[
        bool, typer.Option("--retry-parked", help="Try deliveries again that were given up; to whom they go now.")
    ] = False,
    now: NowOption = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """One pass: poll what is due, build and send what is due."""
    from monitor.app.wiring import has_database, open_program

    loaded = load_config(config)
    clock = clock_at(now, loaded.timezone)
    new = not has_database(loaded)
    with open_program(loaded, clock, command="monitor once") as program:
        if new:
            tell(f"new database {program.store.shown_url}: {_NEW}")
        if retry_parked:
            changed = program.retry_parked()
            if changed.dropped:
                tell(
                    f"not to be sent any more, their recipients are gone: {changed.dropped};"
                    f" queued for new recipients: {changed.queued}"
                )
        with working("polling and delivering"):
            done = program.once(source or (), send=not no_send)
    if json:
        show_json(_summary(done))
    else:
        show("\n".join(_lines(done)))
    finish(ATTENTION if done.needs_attention else DONE)


def _summary(done: Pass) -> dict[str, object]:
    return {
        "sources": [
            {"source": collected.source, "failed": collected.failed, "poll": collected.poll}
            for collected in done.collected
        ],
        "editions": [
            {
                "digest": built.digest,
                "slot": built.edition.window.slot if built.edition else None,
                "items": len(built.edition.items) if built.edition else 0,
                "crash": built.crash,
            }
            for built in done.built
            if built.edition or built.crash
        ],
        "deliveries": [
            {
                "digest": sending.delivery.digest,
                "channel": sending.delivery.channel,
                "recipient": sending.delivery.recipient,
                "outcome": sending.outcome.kind,
                "reason": sending.outcome.reason,
            }
            for sending in done.sendings
        ],
        "parked": done.parked,
    }


def _lines(done: Pass) -> list[str]:
    polls = [collected.poll for collected in done.collected]
    new, matches = sum(poll.new for poll in polls), sum(poll.matches for poll in polls)
    found = f"{counted(new, 'new entry', 'new entries')}, {counted(matches, 'match', 'matches')}"
    lines = [f"{counted(len(polls), 'source')} polled: {found}"]
    lines += [
        f"  FAILED {collected.source}: {collected.poll.reason}" for collected in done.collected if collected.failed
    ]
    for built in done.built:
        if built.edition is not None:
            end = local(built.edition.window.end, ZoneInfo(built.edition.timezone))
            lines.append(f'digest "{built.digest}", {end}: {counted(len(built.edition.items), "item")}')
        elif built.crash is not None:
            lines.append(f'  FAILED digest "{built.digest}": {built.crash}')
    for sending in done.sendings:
        sent = sending.outcome.kind == "sent"
        told = "sent" if sent else f"NOT SENT ({sending.outcome.kind}): {sending.outcome.reason}"
        lines.append(f"  {sending.delivery.channel} → {sending.delivery.recipient}: {told}")
    if done.parked:
        waiting = counted(done.parked, "delivery is parked", "deliveries are parked")
        again = "it" if done.parked == 1 else "them"
        lines.append(f"{waiting}; try {again} again: monitor once --retry-parked")
    return lines
