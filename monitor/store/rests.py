"""Hosts that asked not to be requested for some time. These waits outlast a restart of the program."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, insert, select

from monitor.model import HostRest
from monitor.store.database import Database
from monitor.store.schema import host_rest


class RestStore(Database):
    """Reads and writes the rests of hosts."""

    def host_rests(self, now: dt.datetime) -> tuple[HostRest, ...]:
        """Return the rests of hosts that are not over."""
        with self._reading() as connection:
            rows = connection.execute(select(host_rest).where(host_rest.c.until > now))
            return tuple(HostRest(row.host_key, row.since, row.until) for row in rows)

    def keep_host_rest(self, rest: HostRest) -> None:
        """Record a rest instead of an earlier one of the same host. Rests that were over when it began are deleted."""
        with self._transaction() as connection:
            columns = host_rest.c
            outdated = (columns.host_key == rest.host_key) | (columns.until <= rest.since)
            connection.execute(delete(host_rest).where(outdated))
            values = {"host_key": rest.host_key, "since": rest.since, "until": rest.until}
            connection.execute(insert(host_rest).values(values))
