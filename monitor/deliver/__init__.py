"""HALF 2: from recorded matches to sent digests.

    due digests | edition | render | freeze | claim | send | mark

It begins in the database, where `monitor.collect` ended. Building an edition is one transaction: the matches are bound,
the payloads frozen and the deliveries queued together. Sending comes after it, one delivery at a time: claimed and
committed before the first byte, marked and committed after the last.
"""

from monitor.deliver.direct import DatabaseOutage
from monitor.deliver.editions import EditionBuilder, StoredEdition
from monitor.deliver.operator import Operator, is_broken
from monitor.deliver.outbox import Outbox, Sending, next_try
from monitor.deliver.reroute import HoldResult, RerouteResult, hold_gone, reroute
from monitor.deliver.round import Built, build_all
from monitor.deliver.watch import KINDS as OUTBOX_KINDS
from monitor.deliver.watch import outbox_notices

__all__ = [
    "OUTBOX_KINDS",
    "Built",
    "DatabaseOutage",
    "EditionBuilder",
    "HoldResult",
    "Operator",
    "Outbox",
    "RerouteResult",
    "Sending",
    "StoredEdition",
    "build_all",
    "hold_gone",
    "is_broken",
    "next_try",
    "outbox_notices",
    "reroute",
]
