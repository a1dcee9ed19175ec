"""Report whether everything is being watched, and whether everything got through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from monitor.config import Config
from monitor.digest import next_due
from monitor.model.reports import Status
from monitor.store import Store

STALE: Final = dt.timedelta(minutes=2)
"""A daemon whose last heartbeat is older than this does not live: it beats every twenty seconds."""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a daemon works on the database, and when it last said so."""

    alive: bool
    last_beat: dt.datetime | None


@dataclass(frozen=True, slots=True)
class State:
    """The recorded state, and by digest when it is due next; one without a schedule has no such time."""

    status: Status
    next_at: Mapping[str, dt.datetime]

    @property
    def needs_attention(self) -> bool:
        """A notice is open, a delivery did not get through, or a source is failing or paused."""
        status = self.status
        ailing = any(source.health in ("failing", "paused") for source in status.sources)
        return bool(status.notices or status.troubled) or ailing


def read_state(store: Store, config: Config, now: dt.datetime) -> State:
    """Return the state of the program as it is recorded at `now`."""
    due = {digest.name: next_due(digest.schedule, digest.timezone, now) for digest in config.digests}
    return State(store.status(now), {name: at for name, at in due.items() if at is not None})


def read_health(store: Store, now: dt.datetime) -> Health:
    """Return whether a daemon lives, by its last heartbeat."""
    last = store.last_beat()
    return Health(last is not None and now - last <= STALE, last)
