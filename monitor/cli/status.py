"""`monitor status`: show whether all sources are being watched, and whether all deliveries succeeded."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from zoneinfo import ZoneInfo

import typer

from monitor.cli.common import (
    EXIT_ATTENTION,
    EXIT_DONE,
    ConfigOption,
    JsonOption,
    finish,
    format_time,
    json_value,
    load_config,
    print_error,
    show,
    show_json,
    with_count,
)
from monitor.cli.rules import rule_document
from monitor.clock import SystemClock
from monitor.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.app.status import Daemon, Health, State
    from monitor.config import Config
    from monitor.model.activity import DayOfPolls
    from monitor.model.reports import DeliveryReport, SourceReport

_UNITS: Final = (dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1))
_LEVELS: Final = ((20, "▇"), (5, "▅"), (1, "▃"), (0, "▁"))
"""The least number of new entries of a day for each character of `strip`."""


def status(
    health: Annotated[
        bool, typer.Option("--health", help="Only check whether the daemon runs: exit 0 or 1, for a container's check.")
    ] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show sources with their health, notices, digests and the outbox."""
    from monitor.app.opening import open_store
    from monitor.app.status import read_health, read_state

    loaded, wrong = _configuration(config)
    clock = SystemClock()
    try:
        with open_store(loaded, clock, create=False) as store:
            if health:
                found = read_health(store, clock.now())
                if json:
                    show_json({"alive": found.alive, "last_beat": json_value(found.last_heartbeat)})
                finish(_health(found, ZoneInfo(loaded.timezone)))
            state = read_state(store, loaded, clock.now())
    except StoreError:
        if wrong:  # the invalid file may be the reason
            raise wrong from None
        raise
    if json:
        digests = [{**json_value(digest), "next_at": state.next_at.get(digest.name)} for digest in state.status.digests]
        daemon = {name: getattr(state.daemon, name) for name in ("running", "since")}
        daemon["last_beat"] = state.daemon.last_heartbeat  # the key that earlier versions wrote
        rules = [rule_document(rule) for rule in state.rules]
        show_json({"daemon": json_value(daemon), **json_value(state.status), "digests": digests, "rules": rules})
    else:
        show("\n".join(as_lines(state, loaded.timezone)))
    if wrong:
        print_error("the configuration cannot be used, so times are in UTC:")
        raise wrong
    finish(EXIT_ATTENTION if state.needs_attention else EXIT_DONE)


def _configuration(given: Path | None) -> tuple[Config, ConfigError | None]:
    """Return the configuration. If its file is invalid, return one with only the database's address, and the error.

    In this case a daemon continues with its old configuration, and the user must see whether it is running.
    """
    from monitor import config

    try:
        return load_config(given, without_secrets=True), None
    except ConfigError as error:
        environ = config.environment()
        return config.load_database_only(config.config_path(environ, given), environ), error


def _health(found: Health, zone: ZoneInfo) -> int:
    if found.alive:
        return EXIT_DONE
    last = found.last_heartbeat
    print_error(
        "the daemon does not run" if last is None else f"the daemon was last alive at {format_time(last, zone)}"
    )
    return EXIT_ATTENTION


def as_lines(state: State, timezone: str) -> list[str]:
    """Return the state as lines of text, with times in `timezone`."""
    zone, found = ZoneInfo(timezone), state.status
    lines = [_daemon(state.daemon, zone), "", f"Sources ({len(found.sources)}; times in {timezone})"]
    lines += [line for source in found.sources for line in _source(source, zone, found.at)]
    lines += ["", "Digests"]
    for digest in found.digests:
        last, next_at = digest.last, state.next_at.get(digest.name)
        built = (
            f"last edition {format_time(last.built_at, zone)}, {with_count(last.items, 'item')}"
            if last
            else "no edition yet"
        )
        left_out = (
            f"; {with_count(digest.left_out, 'article')} left out since an edition was sent" if digest.left_out else ""
        )
        due = f", next due {format_time(next_at, zone)}" if next_at else ""
        pending = f"; {with_count(digest.pending, 'article')} pending" if digest.pending else ""
        lines.append(f"  {digest.name}: {built}{due}{pending}{left_out}")
    counts = ", ".join(f"{count} {state}" for state, count in (found.outbox or {}).items() if count) or "empty"
    lines += ["", f"Outbox: {counts}"]
    for delivery in found.troubled:
        lines.append(
            f"  {delivery.state} {delivery.channel} → {delivery.recipient}: {_failed_delivery_line(delivery, zone)}"
        )
    if any(delivery.state == "parked" for delivery in found.troubled):
        lines.append("  what is parked is tried again by: monitor once --retry-parked")
    for heading, notices in (("Notices", state.problems), ("For information", state.information)):
        if notices:
            lines += ["", heading]
        for notice in notices:
            since = format_time(notice.first_at, zone) if notice.first_at else "?"
            lines.append(f"  {notice.kind} {notice.subject}: {notice.message} (since {since}, {notice.count} ×)")
            lines += [f"    → {notice.remedy}"] if notice.remedy else []
    return lines if found.notices else [*lines, "", "No notices"]


def _failed_delivery_line(delivery: DeliveryReport, zone: ZoneInfo) -> str:
    if delivery.claimed_at:
        since = format_time(delivery.claimed_at, zone)
        return (
            f"being sent since {since}, longer than an attempt may take: its result could not be written; stop the"
            " program that keeps the database locked, or see the daemon's log"
        )
    if delivery.state == "held" and delivery.next_at:
        return (
            f"{delivery.last_error}, dropped {format_time(delivery.next_at, zone)} if the recipient is not back by then"
        )
    again = f", next try {format_time(delivery.next_at, zone)}" if delivery.next_at else ""
    return f"{delivery.last_error}{again}"


def _daemon(daemon: Daemon, zone: ZoneInfo) -> str:
    last = f"last heartbeat {format_time(daemon.last_heartbeat, zone)}" if daemon.last_heartbeat else "no heartbeat yet"
    if daemon.running and daemon.since:
        return f"Daemon: running since {format_time(daemon.since, zone)}, {last}"
    if daemon.silent is not None and daemon.since:
        return (
            f"Daemon: NO HEARTBEAT: process {daemon.silent} of {format_time(daemon.since, zone)} lives, but {last}; it"
            " cannot write, or is another program: see its log, and whether the database is locked or the disk full"
        )
    if daemon.died and daemon.since:
        started = format_time(daemon.since, zone)
        return f"Daemon: NOT RUNNING: the one of {started} died ({last}); start it again: monitor run"
    if daemon.ended_at:
        return f"Daemon: not running; stopped {format_time(daemon.ended_at, zone)}"
    return "Daemon: not running"


def _source(source: SourceReport, zone: ZoneInfo, now: dt.datetime) -> list[str]:
    seen = f"read {format_time(source.last_success_at, zone)}" if source.last_success_at else "never read"
    upcoming = f", next {format_time(source.next_poll_at, zone)}" if source.next_poll_at and not source.paused else ""
    lines = [f"  {source.health:<8}{source.name}: {with_count(source.entries, 'entry', 'entries')}, {seen}{upcoming}"]
    fetched = f"read {_in_words(source.fetch_age)} ago" if source.fetch_age is not None else ""
    newest = f"newest entry {_in_words(source.content_age)} old" if source.content_age is not None else ""
    if source.polls:
        shown = (strip(source.days, now.astimezone(zone).date()), *filter(None, (fetched, newest)))
        lines.append(f"          {', '.join(shown)}")
    if source.found:
        lines.append(f"          {source.found.kind} at {source.found.url or source.url}: {source.found.reason}")
    if source.last_error:
        lines.append(f"          {source.last_error}" + (f" ({source.failures} × in a row)" if source.failures else ""))
    return lines


def _in_words(age: dt.timedelta) -> str:
    """Return an age in its largest unit."""
    days, hours, minutes = (int(age / unit) for unit in _UNITS)
    number, unit = (days, "day") if days else (hours, "hour") if hours else (minutes, "minute")
    return with_count(number, unit)


def strip(days: Sequence[DayOfPolls], today: dt.date) -> str:
    """Return the last 14 days as a character each, today last.

    `·`: no poll. `x`: all polls failed. `▁`: nothing new. `▃`, `▅` and `▇`: new entries, at least 5 and 20 for the
    higher ones.
    """
    from monitor.model.activity import SHOWN_DAYS

    by_day = {one.day: one for one in days}
    shown = ((today - dt.timedelta(days=number)).isoformat() for number in reversed(range(SHOWN_DAYS)))
    return "".join(_of_day(by_day.get(day)) for day in shown)


def _of_day(day: DayOfPolls | None) -> str:
    """Return the character for the polls of a day."""
    if day is None:
        return "·"
    if day.failed == day.polls:
        return "x"
    return next(character for least, character in _LEVELS if day.new >= least)
