"""Orders: requests that a command sends to the daemon. While the daemon runs, only it may work on the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

OrderState = Literal["waiting", "claimed", "done", "refused", "failed", "withdrawn", "lost"]
"""waiting → claimed by the daemon → done, refused (the order has an unknown name) or failed.

"lost": the daemon died while it worked on the order. "withdrawn": while the order was waiting, the command withdrew it
or the daemon ended.
"""


@dataclass(frozen=True, slots=True)
class PassRequest:
    """A request for a pass over named sources, whether they are due or not.

    `retry_parked`: parked deliveries are queued again. `send`: the pass also sends deliveries.
    """

    sources: tuple[str, ...] = ()
    retry_parked: bool = False
    send: bool = True


@dataclass(frozen=True, slots=True)
class DigestRequest:
    """A request for an edition of everything that is pending for a digest, built now."""

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
    """An order and its present state."""

    id: int
    state: OrderState
    reason: str = ""
    result: Mapping[str, Any] | None = None
    claimed_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class SendAttempt:
    """The result of an attempt to send, as commands show it. `outcome` has the values of `Outcome.kind`."""

    digest: str
    channel: str
    recipient: str
    outcome: str
    reason: str
