"""The configuration was changed and cannot be used now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from monitor.model import Notice
from monitor.model.polling import CONFIGURATION_SUBJECT
from monitor.notices.base import NoticeType

MAX_SHOWN: Final = 3
"""Maximum number of errors that the notice about a file shows. The log has all errors."""

CONFIG = NoticeType(
    "config",
    "problem",
    meaning="the file was changed and cannot be used; the daemon goes on with what it had before",
    remedy="`monitor check` says what is wrong",
    closed_when="the file can be used again",
    weight=3,
)


def config_refused_notice(problems: Sequence[str], path: str) -> Notice:
    """Return the notice that the configuration file at `path` has these problems."""
    more = f"; and {len(problems) - MAX_SHOWN} more" if len(problems) > MAX_SHOWN else ""
    remedy = f"the former configuration stays active until the file is fixed: monitor check --config {path}"
    return CONFIG.notice(CONFIGURATION_SUBJECT, f"{'; '.join(problems[:MAX_SHOWN])}{more}", remedy)
