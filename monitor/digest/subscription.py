"""A digest as it is subscribed to."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.digest.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Digest:
    """Which rules, when, in whose time, through which channels.

    `rules` are names, in the order in which the digest shows them; `to` are names of channels. `send_empty`: send a due
    edition also when nothing matched. `sources` are those that its rules could match; None: all.
    """

    name: str
    rules: tuple[str, ...]
    schedule: Schedule
    timezone: str
    to: tuple[str, ...]
    send_empty: bool = False
    sources: frozenset[str] | None = None
