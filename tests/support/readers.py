"""Readers' processes that are kept from one test to the next: each takes most of a second to start."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from monitor.sandbox import pool

Limits = tuple[float, int]
_Child = pool._Child


class KeptChild(_Child):
    """A reader's process that goes back to the stock where another one ends."""

    stock: Stock
    limits: Limits

    def end(self) -> None:
        """Wait for the next pool with the same limits, if it can take another task."""
        if self.is_usable:
            self.stock.put_back(self)
        else:
            super().end()

    def end_for_good(self) -> None:
        """End it."""
        super().end()


class Stock:
    """Processes that wait for a pool.

    All are started by one thread, which outlives every pool: a process ends with the thread that started it.
    """

    def __init__(self) -> None:
        self._waiting: defaultdict[Limits, list[KeptChild]] = defaultdict(list)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="readers-stock")

    def take(self, seconds: float, memory: int) -> KeptChild:
        """Return a process with these limits that waits, or else a new one."""
        waiting = self._waiting[seconds, memory]
        while waiting:
            child = waiting.pop()
            if child.is_usable:
                return child
            child.end_for_good()
        return self._thread.submit(self._start, seconds, memory).result()

    def _start(self, seconds: float, memory: int) -> KeptChild:
        child = KeptChild(seconds, memory)
        child.stock, child.limits = self, (seconds, memory)
        return child

    def put_back(self, child: KeptChild) -> None:
        """Keep a process for the next pool."""
        self._waiting[child.limits].append(child)

    def close(self) -> None:
        """End all that wait."""
        for waiting in self._waiting.values():
            while waiting:
                waiting.pop().end_for_good()
        self._thread.shutdown()


@pytest.fixture(scope="session")
def readers_stock() -> Iterator[Stock]:
    """Yield the processes that this worker keeps."""
    stock = Stock()
    yield stock
    stock.close()


@pytest.fixture
def kept_readers(readers_stock: Stock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pools of this test use processes that were started for an earlier one."""
    monkeypatch.setattr(pool, "_Child", readers_stock.take)
