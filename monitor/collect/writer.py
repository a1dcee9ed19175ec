"""Write the results of many polls in one transaction.

Polls run in threads, and each transaction waits for the disk, even if it is small. So a poll adds its result to a
queue. The poll whose turn comes next writes all results in the queue, each under its own savepoint. Databases call this
group commit (docs/decisions/0015). No poll waits for a timer: if the writer is idle, a result is written at once.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final, Generic, Protocol, TypeVar

from monitor.clock import Clock
from monitor.collect.ports import WriteTransaction
from monitor.errors import DatabaseFailed

FLUSH_AFTER: Final = 0.2
"""Seconds after which a transaction takes no further results, because those in it wait for the commit."""

T = TypeVar("T")
W = TypeVar("W")
W_co = TypeVar("W_co", covariant=True)


class Batch(Protocol[W_co]):
    """A write transaction that takes several results."""

    def savepoint(self) -> AbstractContextManager[W_co]:
        """Yield a writer for one result. If the block raises, only this result is undone.

        Raises DatabaseFailed if the whole transaction is lost.
        """
        ...


class _Queued(Generic[W, T]):
    """A result in the queue, and, after it was written, the outcome of that."""

    def __init__(self, apply: Callable[[W], T]) -> None:
        self.apply = apply
        self.ended = False
        self.error: BaseException | None = None
        self._value: tuple[T] | None = None

    def write(self, batch: Batch[W]) -> None:
        """Write the result under its own savepoint. Raises DatabaseFailed if the whole transaction is lost."""
        try:
            with batch.savepoint() as tx:
                self._value = (self.apply(tx),)
        except DatabaseFailed:
            raise
        except Exception as error:  # noqa: BLE001 - raised in the poll to which the result belongs
            self.error = error

    def value(self) -> T:
        """Return what `apply` returned, or raise what it raised."""
        if self.error is not None:
            raise self.error
        assert self._value is not None  # noqa: S101 - it has ended without an error
        return self._value[0]


class ResultWriter(Generic[W]):
    """Writes the results of polls. All results that are ready are written in one transaction."""

    def __init__(
        self, transaction: Callable[[], AbstractContextManager[Batch[W]]], monotonic: Callable[[], float]
    ) -> None:
        self._transaction = transaction
        self._monotonic = monotonic
        self._queue: deque[_Queued[W, Any]] = deque()
        self._turn = threading.Lock()

    def write(self, apply: Callable[[W], T]) -> T:
        """Write a result with `apply`. Return the value of `apply` after the result is committed.

        Raises the error of `apply`: in this case nothing of this result is kept, but other results are kept. Raises
        DatabaseFailed if the transaction could not begin or be committed: in this case none of its results is kept.
        """
        mine: _Queued[W, T] = _Queued(apply)
        self._queue.append(mine)
        with self._turn:
            while not mine.ended:  # another thread may have written it in its turn
                self._write_ready()
        return mine.value()

    def _write_ready(self) -> None:
        """Write all results in the queue in one transaction, also those that are added within `FLUSH_AFTER` seconds."""
        taken: list[_Queued[W, Any]] = []
        try:
            with self._transaction() as batch:
                until = self._monotonic() + FLUSH_AFTER
                while self._queue and (not taken or self._monotonic() < until):
                    taken.append(self._queue.popleft())
                    taken[-1].write(batch)
        except BaseException as error:
            if not taken:  # the transaction did not begin: all waiting polls must get the error
                taken += [self._queue.popleft() for _ in range(len(self._queue))]
            reason = str(error) if isinstance(error, DatabaseFailed) else f"{type(error).__name__}: {error}"
            for one in taken:
                one.error = DatabaseFailed(reason)  # raised in each of the polls whose results are lost
            if not isinstance(error, Exception):
                raise
        finally:
            for one in taken:
                one.ended = True


class Store(Protocol):
    """The methods of the store that the writer uses."""

    def writing_many(self) -> AbstractContextManager[Batch[WriteTransaction]]:
        """Open a write transaction for many results. Only one write transaction is open at a time."""
        ...


def result_writer(store: Store, clock: Clock) -> ResultWriter[WriteTransaction]:
    """Return the writer for the polls of a program, which must be the only one."""
    return ResultWriter(store.writing_many, clock.monotonic)
