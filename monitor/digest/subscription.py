"""The settings of a digest, as the configuration states them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from monitor.digest.schedule import Schedule

Follow = Literal["lines", "none", "all"]
"""How a digest shows further reports of a story: as one line each, not at all, or in full."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest: its rules, schedule, time zone and channels.

    `rules` are names of rules, in the order in which the digest shows them. `to` are names of channels. `send_empty`:
    send a due edition even if nothing matched. `sources` are the sources that the rules can match (None: all sources).
    `follow` says how further reports of a story are shown. Reports of `official` sources come first, and are always
    shown, at least as a line. `changes`: also send changes that publishers make to articles that were sent.
    """

    name: str
    rules: tuple[str, ...]
    schedule: Schedule
    timezone: str
    to: tuple[str, ...]
    send_empty: bool = False
    sources: frozenset[str] | None = None
    follow: Follow = "lines"
    official: frozenset[str] = frozenset()
    changes: bool = False
