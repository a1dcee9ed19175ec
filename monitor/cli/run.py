"""`monitor run`: poll and deliver until stopped. `monitor once`: make a single pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final
from zoneinfo import ZoneInfo

import typer

from monitor.cli.common import (
    EXIT_ATTENTION,
    EXIT_DONE,
    ConfigOption,
    JsonOption,
    NowOption,
    clock_at,
    finish,
    format_time,
    load_config,
    print_error,
    show,
    show_json,
    with_count,
)
from monitor.cli.progress import working
from monitor.clock import SystemClock

if TYPE_CHECKING:
    from monitor.app.passes import PassReport
    from monitor.clock import Clock
    from monitor.config import Config
    from monitor.model.orders import PassRequest

_EMPTY_DATABASE_NOTE: Final = "nothing is known yet, so what the sources list now is new"


def run(config: ConfigOption = None) -> None:
    """Poll and deliver until stopped (SIGTERM, Ctrl-C).

    While it runs, it also carries out the commands `monitor once --source`, `monitor once --retry-parked` and
    `monitor digest`.
    """
    from monitor.app.check import remarks_on
    from monitor.app.status import DAEMON
    from monitor.app.wiring import has_database, open_program
    from monitor.config import config_path, environment
    from monitor.config.watch import ConfigWatch
    from monitor.daemon import Daemon, Reload, ServiceManager, share_arena
    from monitor.log import logger

    environ = environment()
    share_arena(environ)
    watch = ConfigWatch(config_path(environ, config))
    loaded = load_config(config, daemon=True)
    clock = SystemClock()
    new = not has_database(loaded)
    with open_program(loaded, clock, command=DAEMON) as program:
        if new:
            logger("run").warning("new_database", database=program.store.shown_url, meaning=_EMPTY_DATABASE_NOTE)
        for information in remarks_on(loaded):
            logger("run").info("note", meaning=information)
        service = ServiceManager(environ, clock)
        daemon = Daemon(program, Reload(program, loaded, watch, environ, service=service), service=service)
        daemon.handle_signals()
        finish(daemon.run())


def once(
    *,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="NAME", help="Poll this source, due or not. May be repeated."),
    ] = None,
    no_send: Annotated[bool, typer.Option("--no-send", help="Poll only: build and send nothing.")] = False,
    retry_parked: Annotated[
        bool, typer.Option("--retry-parked", help="Retry failed deliveries, using the current recipients.")
    ] = False,
    now: NowOption = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Make one pass: poll what is due, build and send what is due.

    While `monitor run` is active, the daemon carries out --source and --retry-parked for you; a plain `once` is
    refused.
    """
    from monitor.app.orders import order_pass
    from monitor.errors import LockHeld
    from monitor.model.orders import PassRequest

    loaded = load_config(config)
    clock = clock_at(now, loaded.timezone)
    request = PassRequest(tuple(source or ()), retry_parked=retry_parked, send=not no_send)
    try:
        report = _make_pass(loaded, clock, request)
    except LockHeld as held:
        # The daemon itself polls what is due, and only at the current time, so these are not passed to it.
        if now is not None or not (request.sources or retry_parked):
            raise
        with working("waiting for the daemon"):
            report = order_pass(loaded, clock, request, held)
    if changed := report.readdressed.dropped:
        print_error(
            f"dropped, because their recipients were removed: {changed};"
            f" queued for new recipients: {report.readdressed.queued}"
        )
    if json:
        show_json(_summary(report))
    else:
        show("\n".join(_lines(report)))
    finish(EXIT_ATTENTION if report.needs_attention else EXIT_DONE)


def _make_pass(loaded: Config, clock: Clock, request: PassRequest) -> PassReport:
    """Make the pass in this process. Raises LockHeld if another process has locked the database."""
    from monitor.app.passes import make_pass
    from monitor.app.wiring import has_database, open_program

    new = not has_database(loaded)
    with open_program(loaded, clock, command="monitor once") as program:
        if new:
            print_error(f"new database {program.store.shown_url}: {_EMPTY_DATABASE_NOTE}")
        with working("polling and delivering"):
            return make_pass(program, request)


def _summary(report: PassReport) -> dict[str, object]:
    return {
        "sources": report.polls,
        "editions": [
            {
                "digest": built.digest,
                "slot": built.slot,
                "items": built.items,
                "changes": built.changes,
                "crash": built.crash,
            }
            for built in report.editions
        ],
        "deliveries": report.deliveries,
        "parked": report.parked,
    }


def _lines(report: PassReport) -> list[str]:
    polls = [polled.poll for polled in report.polls if polled.poll.outcome != "postponed"]
    postponed = [polled for polled in report.polls if polled.poll.outcome == "postponed"]
    new, matches = sum(poll.new for poll in polls), sum(poll.matches for poll in polls)
    found = f"{with_count(new, 'new entry', 'new entries')}, {with_count(matches, 'match', 'matches')}"
    lines = [f"{with_count(len(polls), 'source')} polled: {found}"]
    lines += [f"  POSTPONED {polled.source}: {polled.poll.reason}" for polled in postponed]
    lines += [f"  FAILED {polled.source}: {polled.poll.reason}" for polled in report.polls if polled.failed]
    lines += [f"  PROBLEM {polled.source}: {what}" for polled in report.polls for what in polled.problems]
    for built in report.editions:
        if built.end is not None:
            end = format_time(built.end, ZoneInfo(built.timezone))
            changes = f", {with_count(built.changes, 'change')}" if built.changes else ""
            lines.append(f'digest "{built.digest}", {end}: {with_count(built.items, "item")}{changes}')
        elif built.crash is not None:
            lines.append(f'  FAILED digest "{built.digest}": {built.crash}')
    for tried in report.deliveries:
        result = "sent" if tried.outcome == "sent" else f"NOT SENT ({tried.outcome}): {tried.reason}"
        lines.append(f"  {tried.channel} → {tried.recipient}: {result}")
    if report.parked:
        waiting = with_count(report.parked, "delivery is parked", "deliveries are parked")
        again = "it" if report.parked == 1 else "them"
        lines.append(f"{waiting}; try {again} again: monitor once --retry-parked")
    return lines
