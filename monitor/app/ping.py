"""A dead man's switch: this program calls an address while all is well, and a service outside alerts if calls stop.

The calls are those of https://healthchecks.io/docs/http_api/: `/start` at the start, the address itself while all is
well, and `/fail` with the reasons as the body.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

from monitor.clock import Clock
from monitor.deliver import is_broken
from monitor.errors import Stopped, StoreError
from monitor.fetch import FetchError, Gate
from monitor.log import logger
from monitor.model import Request
from monitor.secret import Secret, redact
from monitor.store import Store

OVERDUE_AFTER: Final = dt.timedelta(minutes=15)
"""Polls and deliveries normally start within seconds of their time. If one is this late, something is wrong."""

_MAX_REASONS: Final = 10_000
"""Maximum number of characters of reasons in a call."""

_log = logger("ping")


@dataclass(frozen=True, slots=True)
class Ping:
    """Calls `address` through the gate, so that the rules about private networks apply. The address is never shown."""

    address: Secret
    gate: Gate
    store: Store
    clock: Clock

    def start(self) -> None:
        """Report the start of the program."""
        self._call("/start")

    def beat(self) -> None:
        """Report that all is well, or the reasons why it is not."""
        reasons = tuple(self.reasons())
        if reasons:
            self._call("/fail", "\n".join(reasons)[:_MAX_REASONS])
        else:
            self._call()

    def reasons(self) -> Iterator[str]:
        """Yield what is wrong: the database accepts no writes, polls do not start, deliveries are not sent."""
        now = self.clock.now()
        try:
            self.store.record_heartbeat(now)
        except StoreError as error:
            yield f"the database accepts no writes: {error}"
        try:
            overdue, late = (
                self.store.overdue_polls(now - OVERDUE_AFTER),
                self.store.overdue_deliveries(now - OVERDUE_AFTER),
            )
            reports = self.store.channel_reports(now)
        except StoreError as error:
            yield f"the database cannot be read: {error}"
            return
        if overdue:
            yield f"polls do not start: {overdue} are overdue"
        if late:
            yield f"deliveries do not go out: {late} are overdue"
        for report in reports:
            if report.stuck:
                yield f'channel "{report.channel}": {report.stuck} attempts do not end'
            elif is_broken(report, now):
                yield f'channel "{report.channel}": nothing gets through: {report.reason or report.parked_reason}'

    def _call(self, path: str = "", body: str = "") -> None:
        request = Request("POST", body.encode("utf-8", "replace")) if body else Request()
        try:
            answer = self.gate.get(append_path(self.address.reveal(), path), request=request)
        except Stopped:
            return
        if isinstance(answer, FetchError):
            _log.warning("unanswered", reason=redact(answer.reason, _secrets_of(self.address)))


def append_path(address: str, path: str) -> str:
    """Return `address` with `path` appended to its path, before its query."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}{path}")) if path else address


def _secrets_of(address: Secret) -> tuple[Secret, ...]:
    """Return the address and its secret parts, in all forms in which an error message may contain them."""
    parts = urlsplit(address.reveal())
    pieces = (address.reveal(), parts.path, parts.query, *parts.path.split("/"), parts.password or "")
    return tuple(Secret(form) for piece in pieces if len(piece) > 1 for form in {piece, unquote(piece)})
