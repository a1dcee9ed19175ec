"""Read what a robots.txt allows (RFC 9309), with the library Protego."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

MAX_SIZE: Final = 500 << 10
"""Bytes of a robots.txt that are read. RFC 9309, 2.5 asks for at least as many."""


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether an address may be requested, and the pause between requests that its site asks for, in seconds."""

    allowed: bool = True
    pause: float = 0.0


def read_permission(body: bytes, url: str, agent: str) -> Permission:
    """Return what the robots.txt `body` says about `url` for a program with the user agent `agent`."""
    from protego import Protego  # needed in children only

    rules = Protego.parse(body[:MAX_SIZE].decode("utf-8-sig", "replace"))
    pause = rules.crawl_delay(agent) or 0.0
    return Permission(rules.can_fetch(url, agent), pause if math.isfinite(pause) and pause > 0 else 0.0)
