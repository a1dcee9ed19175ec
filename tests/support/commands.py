"""The command line in this process: arguments in, exit status and output out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


Monitor = Callable[..., Ended]
"""The fixture `monitor`."""
