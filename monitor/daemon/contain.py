"""The boundary of what the daemon does again and again: a surprise ends one round of it, not the daemon."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from monitor.log import logger

_log = logger("daemon")


def contained(work: Callable[[], object]) -> None:
    """Do `work`; a surprise is logged, and what it left undone is due again at the next tick."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - the boundary of a tick: the next one must come
        _log.error("crash", trace="".join(traceback.format_exception(error)))
