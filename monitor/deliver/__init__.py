"""HALF 2: from recorded matches to sent digests.

    due digests | edition | render | freeze | claim | send | mark

It begins in the database, where `monitor.collect` ended. Building an edition is one transaction: the matches are bound,
the payloads frozen and the deliveries queued together. Sending comes after it, one delivery at a time: claimed and
committed before the first byte, marked and committed after the last.
"""

from monitor.deliver.direct import DatabaseOutage
from monitor.deliver.editions import EditionBuilder, StoredEdition
from monitor.deliver.operator import Operator, is_broken
from monitor.deliver.outbox import Outbox, SendResult, decide_retry
from monitor.deliver.reroute import HoldResult, RerouteResult, hold_removed, reroute
from monitor.deliver.round import BuildResult, build_all
from monitor.deliver.watch import KINDS as OUTBOX_KINDS
from monitor.deliver.watch import outbox_notices

__all__ = [
    "OUTBOX_KINDS",
    "BuildResult",
    "DatabaseOutage",
    "EditionBuilder",
    "HoldResult",
    "Operator",
    "Outbox",
    "RerouteResult",
    "SendResult",
    "StoredEdition",
    "build_all",
    "decide_retry",
    "hold_removed",
    "is_broken",
    "outbox_notices",
    "reroute",
]
