"""`monitor status`: is everything being watched, and did everything get through?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli.common import (
    ATTENTION,
    DONE,
    ConfigOption,
    JsonOption,
    counted,
    finish,
    load_config,
    local,
    plain,
    show,
    show_json,
    tell,
)
from monitor.clock import SystemClock
from monitor.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.model.reports import DigestReport, SourceReport, Status

STALE = dt.timedelta(minutes=2)
"""A daemon whose last heartbeat is older than this does not live: it beats every twenty seconds."""


def status(
    health: Annotated[
        bool, typer.Option("--health", help="Only tell whether the daemon lives: exit 0 or 1, for a container's check.")
    ] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Sources with their health, notices, digests and the outbox."""
    from monitor.app.wiring import open_store

    loaded, wrong = _configuration(config)
    clock = SystemClock()
    try:
        with open_store(loaded, clock, create=False) as store:
            if health:
                last, now = store.last_beat(), clock.now()
                if json:
                    show_json({"alive": _alive(last, now), "last_beat": last})
                finish(_health(last, now))
            found = store.status(clock.now())
    except StoreError:
        if wrong:  # it may well be the reason
            raise wrong from None
        raise
    if json:
        show_json(_document(found, loaded))
    else:
        show("\n".join(_lines(found, loaded)))
    if wrong:
        tell("the file that names the zone cannot be used, so times are in UTC:")
        raise wrong
    finish(ATTENTION if _needs_attention(found) else DONE)


def _configuration(given: Path | None) -> tuple[Config, ConfigError | None]:
    """The configuration; while its file cannot be used, only where the database is, and what is wrong.

    A daemon goes on with the one that it has, and whether it lives must be seen.
    """
    from monitor import config

    try:
        return load_config(given), None
    except ConfigError as error:
        environ = config.environment()
        return config.bare(config.config_path(environ, given), environ), error


def _health(last: dt.datetime | None, now: dt.datetime) -> int:
    if _alive(last, now):
        return DONE
    tell("the daemon does not run" if last is None else f"the daemon was last alive at {last:%Y-%m-%d %H:%M:%S} UTC")
    return ATTENTION


def _alive(last: dt.datetime | None, now: dt.datetime) -> bool:
    return last is not None and now - last <= STALE


def _needs_attention(found: Status) -> bool:
    return bool(found.notices or found.troubled) or any(s.health in ("failing", "paused") for s in found.sources)


def _document(found: Status, loaded: Config) -> dict[str, object]:
    """The state as one document, with the time at which each digest is due next; null where that is no matter of it."""
    coming = _coming(found, loaded)
    digests = [{**plain(digest), "next_at": coming.get(digest.name)} for digest in found.digests]
    return {**plain(found), "digests": digests}


def _coming(found: Status, loaded: Config) -> dict[str, dt.datetime]:
    """When each digest that has a schedule is due next."""
    from monitor.digest import next_due

    due = {digest.name: next_due(digest.schedule, digest.timezone, found.at) for digest in loaded.digests}
    return {name: at for name, at in due.items() if at is not None}


def _lines(found: Status, loaded: Config) -> list[str]:
    zone = ZoneInfo(loaded.timezone)
    lines = [f"Sources ({len(found.sources)}; times in {loaded.timezone})"]
    lines += [line for source in found.sources for line in _source(source, zone)]
    lines += ["", "Digests"]
    coming = _coming(found, loaded)
    lines += [_digest(digest, coming.get(digest.name), zone) for digest in found.digests]
    counts = ", ".join(f"{count} {state}" for state, count in (found.outbox or {}).items() if count) or "empty"
    lines += ["", f"Outbox: {counts}"]
    for delivery in found.troubled:
        again = f", next try {local(delivery.next_at, zone)}" if delivery.next_at else ""
        lines.append(f"  {delivery.state} {delivery.channel} → {delivery.recipient}: {delivery.last_error}{again}")
    if any(delivery.state == "parked" for delivery in found.troubled):
        lines.append("  what is parked is tried again by: monitor once --retry-parked")
    lines += ["", "Notices" if found.notices else "No notices"]
    for notice in found.notices:
        since = local(notice.first_at, zone) if notice.first_at else "?"
        lines.append(f"  {notice.kind} {notice.subject}: {notice.message} (since {since}, {notice.count} ×)")
        if notice.remedy:
            lines.append(f"    → {notice.remedy}")
    return lines


def _digest(digest: DigestReport, coming: dt.datetime | None, zone: ZoneInfo) -> str:
    last = digest.last
    told = f"last edition {local(last.built_at, zone)}, {counted(last.items, 'item')}" if last else "no edition yet"
    return f"  {digest.name}: {told}" + (f", next due {local(coming, zone)}" if coming else "")


def _source(source: SourceReport, zone: ZoneInfo) -> list[str]:
    seen = f"read {local(source.last_success_at, zone)}" if source.last_success_at else "never read"
    upcoming = f", next {local(source.next_poll_at, zone)}" if source.next_poll_at and not source.paused else ""
    lines = [f"  {source.health:<8}{source.name}: {counted(source.entries, 'entry', 'entries')}, {seen}{upcoming}"]
    if source.found:
        lines.append(f"          {source.found.kind} at {source.found.url or source.url}: {source.found.reason}")
    if source.last_error:
        lines.append(f"          {source.last_error}" + (f" ({source.failures} × in a row)" if source.failures else ""))
    return lines
