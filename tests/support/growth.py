"""How the cost of work grows with its size. A machine that is slow or busy changes no ratio of two costs for long."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

FACTOR: Final = 4
"""How much larger the second size is. A linear cost then grows 4 times, a square 16 times."""
MAX_RATIO: Final = 9.0
"""The ratio that still counts as linear: sorting and caches take more than 4 times, a power of 1.5 takes 8 times."""
MIN_SECONDS: Final = 0.002
"""Seconds. A shorter cost of the first size counts as this: less is overhead and the resolution of clocks."""
MAX_MEASUREMENTS: Final = 6
"""Measurements before a bad ratio is believed: noise goes away, a square does not."""


def assert_grows_with_size(
    work: Callable[[int], object], size: int, *, clock: Callable[[], float] = time.thread_time
) -> None:
    """Fail if `work` takes much more than four times as long for four times the `size`.

    `work` makes its input itself, in a time that does not matter. `size` is large enough for a square to show, that is
    for `FACTOR * size` to take some hundredths of a second if it were one. `clock` counts seconds of this thread alone.
    """
    small = min(_cost(work, size, clock) for _ in range(2))  # the first may still import, compile and cache
    large = _cost(work, FACTOR * size, clock)
    for _ in range(MAX_MEASUREMENTS - 1):
        if large <= MAX_RATIO * max(small, MIN_SECONDS):
            return
        small = min(small, _cost(work, size, clock))
        large = min(large, _cost(work, FACTOR * size, clock))
    assert large <= MAX_RATIO * max(small, MIN_SECONDS), (
        f"size {size:,} takes {small:.4f} s and size {FACTOR * size:,} takes {large:.4f} s:"
        f" over {MAX_RATIO:g} times as long"
    )


def _cost(work: Callable[[int], object], size: int, clock: Callable[[], float]) -> float:
    begun = clock()
    work(size)
    return clock() - begun
