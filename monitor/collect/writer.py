"""The one writer of polls: many results, one transaction.

Polls run in threads, and each transaction waits for the disk, however small it is. So a poll queues its result, and the
poll whose turn comes next writes all queued results, each under its own savepoint: the group commit of databases
(docs/decisions/0015). Nobody waits for a timer: a result that finds the writer idle is written at once.
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
"""Seconds after which a transaction takes no further result: those in it wait for its commit."""

T = TypeVar("T")
W = TypeVar("W")
W_co = TypeVar("W_co", covariant=True)


class Batch(Protocol[W_co]):
    """A write transaction that takes several results."""

    def savepoint(self) -> AbstractContextManager[W_co]:
        """Yield a writer for one result. If the block raises, only this result is undone.

        Raises DatabaseFailed when the whole transaction is lost.
        """
        ...


class _Queued(Generic[W, T]):
    """A result that waits to be written, and later the outcome."""

    def __init__(self, apply: Callable[[W], T]) -> None:
        self.apply = apply
        self.ended = False
        self.error: BaseException | None = None
        self._value: tuple[T] | None = None

    def write(self, batch: Batch[W]) -> None:
        """Write the result under its savepoint. Raises DatabaseFailed when the whole transaction is lost."""
        try:
            with batch.savepoint() as tx:
                self._value = (self.apply(tx),)
        except DatabaseFailed:
            raise
        except Exception as error:  # noqa: BLE001 - it belongs to the poll whose result this is, and is raised there
            self.error = error

    def value(self) -> T:
        """Return what `apply` returned, or raise what it raised."""
        if self.error is not None:
            raise self.error
        assert self._value is not None  # noqa: S101 - it ended, and without an error
        return self._value[0]


class ResultWriter(Generic[W]):
    """Writes the results of polls, as many as are ready in one transaction."""

    def __init__(
        self, transaction: Callable[[], AbstractContextManager[Batch[W]]], monotonic: Callable[[], float]
    ) -> None:
        self._transaction = transaction
        self._monotonic = monotonic
        self._queue: deque[_Queued[W, Any]] = deque()
        self._turn = threading.Lock()

    def write(self, apply: Callable[[W], T]) -> T:
        """Write a result by `apply` and return what it returned, once that is committed.

        Raises the error of `apply`: then nothing of this result is kept, but all other results are. Raises
        DatabaseFailed when the transaction could not begin or be committed: then nothing of any result in it is kept.
        """
        mine: _Queued[W, T] = _Queued(apply)
        self._queue.append(mine)
        with self._turn:
            while not mine.ended:  # whoever had the turn before may have written it
                self._write_ready()
        return mine.value()

    def _write_ready(self) -> None:
        """Write the queued results, and those queued until `FLUSH_AFTER` is over, in one transaction."""
        taken: list[_Queued[W, Any]] = []
        try:
            with self._transaction() as batch:
                until = self._monotonic() + FLUSH_AFTER
                while self._queue and (not taken or self._monotonic() < until):
                    taken.append(self._queue.popleft())
                    taken[-1].write(batch)
        except BaseException as error:
            if not taken:  # it did not even begin: whoever waits must hear of it
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
        """Open the one serialised write transaction, for many results."""
        ...


def result_writer(store: Store, clock: Clock) -> ResultWriter[WriteTransaction]:
    """Return the one writer of the polls of a program."""
    return ResultWriter(store.writing_many, clock.monotonic)
