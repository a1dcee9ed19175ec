"""Work side by side: each key once at a time, and of each group only so many.

What cannot begin now is not queued but refused: whoever asks again later asks about the world as it is then.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


class Lanes:
    """Threads for keyed work. `workers` in all, `per_group` of one group."""

    def __init__(self, workers: int, per_group: int, *, name: str) -> None:
        self._workers = workers
        self._per_group = per_group
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._keys: set[str] = set()
        self._groups: Counter[str] = Counter()

    def start(self, key: str, group: str, work: Callable[[], object]) -> bool:
        """Begin `work`, and say so; False when `key` is under way, its group is full, or every thread is taken.

        `work` must contain its own failures: what it raises ends in nothing.
        """
        with self._lock:
            if key in self._keys or self._groups[group] >= self._per_group or len(self._keys) >= self._workers:
                return False
            self._keys.add(key)
            self._groups[group] += 1
        self._pool.submit(self._run, key, group, work)
        return True

    @property
    def busy(self) -> frozenset[str]:
        """The keys that are under way."""
        with self._lock:
            return frozenset(self._keys)

    def close(self) -> None:
        """Wait for what is under way; nothing can begin any more."""
        self._pool.shutdown(wait=True)

    def _run(self, key: str, group: str, work: Callable[[], object]) -> None:
        try:
            work()
        finally:
            with self._lock:
                self._keys.discard(key)
                self._groups[group] -= 1
