"""Orders: requests of commands to the daemon, which alone may work on the database while it runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

OrderState = Literal["waiting", "claimed", "done", "refused", "failed", "withdrawn", "lost"]
"""waiting → claimed by the daemon → done, refused (a name that it does not know) or failed; lost: the daemon died.

A waiting order ends as withdrawn: the command takes it back, or its daemon has ended.
"""


@dataclass(frozen=True, slots=True)
class PassRequest:
    """A pass over named sources, due or not. `retry_parked` queues parked deliveries; `send` delivers."""

    sources: tuple[str, ...] = ()
    retry_parked: bool = False
    send: bool = True


@dataclass(frozen=True, slots=True)
class DigestRequest:
    """An edition of all that is pending for a digest, now."""

    digest: str


OrderRequest = PassRequest | DigestRequest


@dataclass(frozen=True, slots=True)
class OrderResult:
    """The result of an order. `reason` says why it was refused or failed; `result` is a small JSON value."""

    state: Literal["done", "refused", "failed"]
    reason: str = ""
    result: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class OrderReport:
    """An order in its present state."""

    id: int
    state: OrderState
    reason: str = ""
    result: Mapping[str, Any] | None = None
    claimed_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class SendAttempt:
    """The result of an attempt to send, as commands show it; `outcome` as in `Outcome.kind`."""

    digest: str
    channel: str
    recipient: str
    outcome: str
    reason: str
