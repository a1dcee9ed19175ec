"""Report whether all sources are being watched, and whether all deliveries succeeded."""

from __future__ import annotations

import datetime as dt
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

from monitor.app.rules import list_rules
from monitor.config import Config
from monitor.deliver import outbox_notices
from monitor.digest import next_due
from monitor.model import Notice
from monitor.model.reports import Health as SourceHealth
from monitor.model.reports import HolderReport, SourceReport, Status
from monitor.model.rules import RuleReport
from monitor.notices import severity_of
from monitor.store import Store

DAEMON: Final = "monitor run"
"""The command by which the daemon is recorded as the process that has locked the database."""

_HEALTH_RANK: Final[Mapping[SourceHealth, int]] = {"paused": 0, "failing": 0}

STALE: Final = dt.timedelta(minutes=2)
"""A daemon whose last heartbeat is older than this is dead. It sends a heartbeat every twenty seconds.

A heartbeat that is further in the future was written while the clock was ahead, and does not count.
"""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a daemon is using the database, and the time of its last heartbeat."""

    alive: bool
    last_heartbeat: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Daemon:
    """The state of the daemon: whether it is running, since when, and the time of its last heartbeat.

    `died` means that it should be running: it was started and did not stop normally. `ended_at` is when it stopped
    normally. `silent` is the process id of a daemon on this machine that exists but sends no heartbeats.
    """

    running: bool
    since: dt.datetime | None = None
    last_heartbeat: dt.datetime | None = None
    died: bool = False
    ended_at: dt.datetime | None = None
    silent: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """The recorded state, the daemon's state, the matches of rules, and when each digest's next edition is due.

    The sources that need attention come first. A digest without a schedule is not in `next_at`.
    """

    status: Status
    next_at: Mapping[str, dt.datetime]
    daemon: Daemon = Daemon(running=False)
    rules: tuple[RuleReport, ...] = ()

    @property
    def problems(self) -> tuple[Notice, ...]:
        """The open notices that need action."""
        return tuple(notice for notice in self.status.notices if severity_of(notice.kind) == "problem")

    @property
    def information(self) -> tuple[Notice, ...]:
        """The open notices that need no action."""
        return tuple(notice for notice in self.status.notices if severity_of(notice.kind) == "information")

    @property
    def needs_attention(self) -> bool:
        """Whether the daemon died, a problem is open, a delivery failed, or a source is failing or paused."""
        ailing = any(source.health in ("failing", "paused") for source in self.status.sources)
        troubled = any(delivery.state != "held" for delivery in self.status.troubled)
        return bool(self.problems or troubled) or ailing or self.daemon.died


def read_state(store: Store, config: Config, now: dt.datetime) -> State:
    """Return the recorded state of the program at `now`."""
    due = {digest.name: next_due(digest.schedule, digest.timezone, now) for digest in config.digests}
    next_at = {name: at for name, at in due.items() if at is not None}
    status = store.status(now)
    found = outbox_notices(store.channel_reports(now), ZoneInfo(config.timezone), now)
    # Add the notices that a daemon that is dead, or cannot write, should have raised.
    known = {(notice.kind, notice.subject) for notice in status.notices}
    fresh = (one for one in found if (one.kind, one.subject) not in known)
    status = replace(
        status, notices=(*status.notices, *(replace(one, first_at=status.at, last_at=status.at) for one in fresh))
    )
    rules = tuple(rule.report for rule in list_rules(config, store, now))
    return State(worst_first(status), next_at, daemon_of(store.last_holder(DAEMON), now), rules)


def worst_first(status: Status) -> Status:
    """Return the status with the sources in the order of their problems, else in the order of the configuration.

    First come those that are paused or fail, then those with an open notice about a problem.
    """
    noticed = {notice.subject for notice in status.notices if severity_of(notice.kind) == "problem"}

    def rank(source: SourceReport) -> int:
        """Return the place of a source among the others: the smaller, the worse."""
        return _HEALTH_RANK.get(source.health, 2 if source.name not in noticed else 1)

    return replace(status, sources=tuple(sorted(status.sources, key=rank)))


def daemon_of(holder: HolderReport | None, now: dt.datetime) -> Daemon:
    """Return the state of the daemon. `holder` is the record of the last daemon that locked the database."""
    if holder is None:
        return Daemon(running=False)
    fresh = holder.beat_at is not None and abs(now - holder.beat_at) <= STALE
    running = holder.ended_at is None and (fresh or abs(now - holder.since) <= STALE) and _lives(holder)
    died = holder.ended_at is None and not running
    silent = holder.pid if died and holder.host == socket.gethostname() and _lives(holder) else None
    return Daemon(running, holder.since, holder.beat_at, died=died, ended_at=holder.ended_at, silent=silent)


def _lives(holder: HolderReport) -> bool:
    """Return whether the process may be alive. For a process on another machine this is not known, so return True."""
    if holder.host != socket.gethostname():
        return True
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # the process belongs to another user
        return True
    return True


def read_health(store: Store, now: dt.datetime) -> Health:
    """Return whether a daemon is alive: by its last heartbeat and, on the same machine, also by its process."""
    last, holder = store.last_heartbeat(), store.last_holder(DAEMON)
    return Health(last is not None and abs(now - last) <= STALE and (holder is None or _lives(holder)), last)
