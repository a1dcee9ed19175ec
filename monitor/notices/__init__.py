"""The notices to the operator: a file for each kind of notice, and the list of all kinds. Pure.

The store keeps one open notice for each kind and subject. The file of a kind says how bad such a notice is, what it
means, what the operator can do, and what closes it. The file also has the functions that make a notice of this kind.
"""

from __future__ import annotations

from typing import Final

from monitor.notices.alike import ALIKE
from monitor.notices.base import NoticeType, Severity, digest_subject
from monitor.notices.broken import BROKEN
from monitor.notices.changed import CHANGED
from monitor.notices.channel import CHANNEL
from monitor.notices.clock import CLOCK
from monitor.notices.config import CONFIG
from monitor.notices.crash import CRASH
from monitor.notices.cut import CUT
from monitor.notices.database import DATABASE
from monitor.notices.dropped import DROPPED
from monitor.notices.empty import EMPTY
from monitor.notices.flood import FLOOD
from monitor.notices.forbidden import FORBIDDEN
from monitor.notices.found import FOUND
from monitor.notices.gap import GAP
from monitor.notices.gone import GONE
from monitor.notices.late import LATE
from monitor.notices.moved import MOVED
from monitor.notices.pages import PAGES
from monitor.notices.parked import PARKED
from monitor.notices.rekeyed import REKEYED
from monitor.notices.reread import REREAD
from monitor.notices.robots import ROBOTS
from monitor.notices.shortened import SHORTENED
from monitor.notices.silent import SILENT
from monitor.notices.stale import STALE
from monitor.notices.storm import STORM
from monitor.notices.stuck import STUCK
from monitor.notices.unmatched import UNMATCHED
from monitor.notices.wall import WALL

__all__ = ["KINDS", "NoticeType", "Severity", "digest_subject", "is_announced", "severity_of", "weight_of"]

KINDS: Final[dict[str, NoticeType]] = {
    "broken": BROKEN,
    "wall": WALL,
    "gone": GONE,
    "gap": GAP,
    "cut": CUT,
    "shortened": SHORTENED,
    "empty": EMPTY,
    "silent": SILENT,
    "stale": STALE,
    "alike": ALIKE,
    "changed": CHANGED,
    "found": FOUND,
    "moved": MOVED,
    "rekeyed": REKEYED,
    "storm": STORM,
    "pages": PAGES,
    "robots": ROBOTS,
    "forbidden": FORBIDDEN,
    "reread": REREAD,
    "unmatched": UNMATCHED,
    "flood": FLOOD,
    "channel": CHANNEL,
    "stuck": STUCK,
    "parked": PARKED,
    "late": LATE,
    "database": DATABASE,
    "clock": CLOCK,
    "crash": CRASH,
    "dropped": DROPPED,
    "config": CONFIG,
}
"""The kinds, by their names in the database, in the order of the documentation.

First come the kinds about sources, then those about rules, about channels, about the program, and about the
configuration file.
"""


def severity_of(kind: str) -> Severity:
    """Return how bad a notice of this kind is. A kind that only another version knows counts as a problem."""
    return KINDS[kind].severity if kind in KINDS else "problem"


def weight_of(kind: str) -> int:
    """Return how bad a problem is compared with others. A kind that only another version knows has the weight 1."""
    return KINDS[kind].weight if kind in KINDS else 1


def is_announced(kind: str) -> bool:
    """Return whether the operator is notified of notices of this kind although they are not problems."""
    return kind in KINDS and KINDS[kind].announced
