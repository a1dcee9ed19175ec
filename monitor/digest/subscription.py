"""A digest as configured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from monitor.digest.schedule import Schedule

Follow = Literal["lines", "none", "all"]
"""How further reports of a story are shown: as a line each, not at all, or in full."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest: its rules, schedule, time zone and channels.

    `rules` are names, in the order in which the digest shows them; `to` are names of channels. `send_empty`: send a due
    edition also when nothing matched. `sources` are those that its rules could match; None: all. `follow` says what
    happens to a story's further reports; those of `official` sources lead, and always have at least a line. `changes`:
    send what publishers change of articles that the digest has sent.
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
