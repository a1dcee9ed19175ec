"""The second half of the program: from recorded matches to sent digests.

    due digests | edition | render | freeze | claim | send | mark

It begins in the database, where `monitor.collect` ends. An edition is built in one transaction: it binds the matches,
freezes the payloads and queues the deliveries. Then the deliveries are sent, one at a time. Before the first byte of a
delivery is sent, its claim is committed. After the last byte, its result is committed.
"""

from typing import TYPE_CHECKING

from monitor.lazy import lazily

if TYPE_CHECKING:
    from monitor.deliver.direct import DatabaseOutage
    from monitor.deliver.editions import EditionBuilder, StoredEdition
    from monitor.deliver.operator import Operator, is_broken
    from monitor.deliver.outbox import Outbox, SendResult, decide_retry
    from monitor.deliver.reroute import HoldResult, RerouteResult, hold_removed
    from monitor.deliver.round import BuildResult, build_all
    from monitor.deliver.watch import OUTBOX_KINDS, outbox_notices

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
]

__getattr__ = lazily(
    __name__,
    {
        "monitor.deliver.direct": "DatabaseOutage",
        "monitor.deliver.editions": "EditionBuilder StoredEdition",
        "monitor.deliver.operator": "Operator is_broken",
        "monitor.deliver.outbox": "Outbox SendResult decide_retry",
        "monitor.deliver.reroute": "HoldResult RerouteResult hold_removed",
        "monitor.deliver.round": "BuildResult build_all",
        "monitor.deliver.watch": "OUTBOX_KINDS outbox_notices",
    },
)
