"""`monitor status`: is everything being watched, and did everything get through?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli.common import ATTENTION, DONE, ConfigOption, JsonOption, finish, load_config, show, show_json, tell
from monitor.clock import SystemClock

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.model.reports import SourceReport, Status

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
    from monitor.wiring import open_store

    loaded = load_config(config)
    clock = SystemClock()
    with open_store(loaded, clock) as store:
        if health:
            finish(_health(store.last_beat(), clock.now()))
        found = store.status(clock.now())
    if json:
        show_json(found)
    else:
        show("\n".join(_lines(found, loaded)))
    finish(ATTENTION if _needs_attention(found) else DONE)


def _health(last: dt.datetime | None, now: dt.datetime) -> int:
    if last is not None and now - last <= STALE:
        return DONE
    tell("the daemon does not run" if last is None else f"the daemon was last alive at {last:%Y-%m-%d %H:%M:%S} UTC")
    return ATTENTION


def _needs_attention(found: Status) -> bool:
    return bool(found.notices or found.troubled) or any(s.health in ("failing", "paused") for s in found.sources)


def _lines(found: Status, loaded: Config) -> list[str]:
    zone = ZoneInfo(loaded.timezone)
    lines = [f"Sources ({len(found.sources)}; times in {loaded.timezone})"]
    lines += [line for source in found.sources for line in _source(source, zone)]
    lines += ["", "Digests"]
    for digest in found.digests:
        last = (
            f"last edition {_at(digest.last.built_at, zone)}, {digest.last.items} items"
            if digest.last
            else "no edition yet"
        )
        lines.append(f"  {digest.name}: {last}")
    counts = ", ".join(f"{count} {state}" for state, count in (found.outbox or {}).items() if count) or "empty"
    lines += ["", f"Outbox: {counts}"]
    for delivery in found.troubled:
        again = f", next try {_at(delivery.next_at, zone)}" if delivery.next_at else ""
        lines.append(f"  {delivery.state} {delivery.channel} → {delivery.recipient}: {delivery.last_error}{again}")
    if any(delivery.state == "parked" for delivery in found.troubled):
        lines.append("  what is parked is tried again by: monitor once --retry-parked")
    lines += ["", "Notices" if found.notices else "No notices"]
    for notice in found.notices:
        since = _at(notice.first_at, zone) if notice.first_at else "?"
        lines.append(f"  {notice.kind} {notice.subject}: {notice.message} (since {since}, {notice.count} ×)")
        if notice.remedy:
            lines.append(f"    → {notice.remedy}")
    return lines


def _source(source: SourceReport, zone: ZoneInfo) -> list[str]:
    seen = f"read {_at(source.last_success_at, zone)}" if source.last_success_at else "never read"
    upcoming = f", next {_at(source.next_poll_at, zone)}" if source.next_poll_at and not source.paused else ""
    lines = [f"  {source.health:<8}{source.name}: {source.entries} entries, {seen}{upcoming}"]
    if source.last_error:
        lines.append(f"          {source.last_error}" + (f" ({source.failures} × in a row)" if source.failures else ""))
    return lines


def _at(moment: dt.datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
