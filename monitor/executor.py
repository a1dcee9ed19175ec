"""Run jobs in parallel: one at a time for each key, and a limited number for each group.

A job says with `waiting_for_server` that it does nothing else. If it waits for long, it hangs: it costs nothing but its
thread, and another job may run in its place (decision 0003).
"""

from __future__ import annotations

import math
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from monitor.clock import Clock, SystemClock

_CHECK_SECONDS: Final = 0.25
"""Seconds between two checks of `KeyedExecutor.run` whether running jobs hang."""

_LONGEST_REFUSAL: Final = 60.0
"""Seconds for which a job that hung the last time is refused because half of the usual places are not free."""


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work with a key and a group. Jobs with the same key never run at the same time.

    `work` must handle its own exceptions: the executor drops them. `per_group` is the maximum number of jobs of this
    group at the same time; None: the executor's.
    """

    key: str
    group: str
    work: Callable[[], object]
    per_group: int | None = None


@dataclass(frozen=True, slots=True)
class SpareThreads:
    """Threads that run jobs in the place of jobs that hang.

    A job hangs if it has waited for a server for `patience` seconds. For each job that hangs another one may run: up to
    `total` in all, and up to `per_group` of one group, if its jobs allow more of the group than usual. Jobs that waited
    for `hung_after` seconds the last time get at most half of these threads, and of the places of their group. They
    begin only while half of the usual places are free, or after a minute of refusals. So they never keep the other jobs
    waiting, and always get a turn. `hung_after` is longer than `patience`, because a server that is only slow is no
    reason for that.
    """

    total: int
    per_group: int
    patience: float
    hung_after: float


@dataclass(slots=True)
class _Run:
    """A running job. `hung_before`: it hung the last time. The waits are in seconds of the clock.

    `is_queued`: what it waits for is not the server, but its turn. `longest_wait` is without such waits.
    """

    group: str
    hung_before: bool
    waiting_since: float | None = None
    is_queued: bool = False
    longest_wait: float = 0.0


_thread = threading.local()  # `run` and `clock`, while the thread works on a job


@contextmanager
def waiting_for_server(*, queued: bool = False) -> Iterator[None]:
    """Note that the job of this thread only waits for a server inside the block. Outside of a job it does nothing.

    `queued`: the job waits for its turn, so its wait says nothing about the server, and it lends no place of its group.
    A block inside such a block, for the request itself, has a wait of its own.
    """
    run: _Run | None = getattr(_thread, "run", None)
    if run is None:
        yield
        return
    clock: Clock = _thread.clock
    outer = run.waiting_since, run.is_queued
    since = clock.monotonic()
    run.waiting_since, run.is_queued = since, queued
    try:
        yield
    finally:
        run.waiting_since, run.is_queued = outer
        if not queued:
            run.longest_wait = max(run.longest_wait, clock.monotonic() - since)


class Executor(Protocol):
    """Runs jobs. Callers get it as an argument, so that a simulation can run jobs in its own order."""

    @property
    def busy_keys(self) -> frozenset[str]:
        """The keys of the jobs that are running."""
        ...

    @property
    def has_room(self) -> bool:
        """Whether `start` may succeed for any job now."""
        ...

    def start(self, job: Job) -> bool:
        """Start `job` if there is room for it now, and return whether it was started."""
        ...

    def run(self, jobs: Iterable[Job]) -> None:
        """Run all `jobs`, each as soon as there is room for it, and wait until the last one has ended."""
        ...

    def close(self) -> None:
        """Wait for the running jobs to end. After this call, no job can start."""
        ...


class KeyedExecutor:
    """Runs jobs in threads: at most `workers` in all, and at most `per_group` of one group, not counting `spare`.

    `start` never queues: a refused caller tries again later, with the state of that time. `run` queues jobs by group,
    so that a slow group does not take threads from the others.
    """

    def __init__(
        self, workers: int, per_group: int, *, name: str, spare: SpareThreads | None = None, clock: Clock | None = None
    ) -> None:
        self._workers = workers
        self._per_group = per_group
        self._spare = spare or SpareThreads(0, 0, math.inf, math.inf)
        self._clock = clock or SystemClock()
        self._pool = ThreadPoolExecutor(workers + self._spare.total, thread_name_prefix=name)
        self._ended = threading.Condition(threading.RLock())  # reentrant: `run` starts jobs while it holds the lock
        self._running: dict[str, _Run] = {}
        self._groups: Counter[str] = Counter()
        self._hung_keys: dict[str, float] = {}  # the keys whose last job hung, and since when they are refused
        self._closed = False

    @property
    def busy_keys(self) -> frozenset[str]:
        """The keys of the jobs that are running."""
        with self._ended:
            return frozenset(self._running)

    @property
    def has_room(self) -> bool:
        """Whether a thread is free for any job."""
        with self._ended:
            return not self._closed and self._free_places() > 0

    def start(self, job: Job) -> bool:
        """Start `job`. Return False if its key is running, its group is full, no thread is free, or this is closed.

        Raises RuntimeError if the system gives no thread. Then the job has not started.
        """
        with self._ended:
            if self._closed or job.key in self._running:
                return False
            if not self._has_room_for(job):
                if job.key in self._hung_keys:
                    self._hung_keys[job.key] = min(self._hung_keys[job.key], self._clock.monotonic())
                return False
            run = self._running[job.key] = _Run(job.group, job.key in self._hung_keys)
            self._groups[job.group] += 1
            try:
                self._pool.submit(self._work, job, run)
            except BaseException:
                self._remove(job)
                raise
        return True

    def run(self, jobs: Iterable[Job]) -> None:
        """Run all `jobs`, each as soon as there is room for it, and wait until the last one has ended."""
        waiting: dict[str, deque[Job]] = defaultdict(deque)
        with self._ended:
            ordered = sorted(jobs, key=lambda job: job.key in self._hung_keys)  # so that none waits behind these
            for job in ordered:
                waiting[job.group].append(job)
            keys = {job.key for job in ordered}
            while waiting and not self._closed:
                self._start_ready(waiting)
                if waiting:
                    self._ended.wait(min(_CHECK_SECONDS, self._spare.patience) if self._spare.total else None)
            self._ended.wait_for(lambda: not keys & self._running.keys())

    def close(self) -> None:
        """Wait for the running jobs to end. After this call, no job can start."""
        with self._ended:
            self._closed = True
            self._ended.notify_all()
        self._pool.shutdown(wait=True)

    def _free_places(self) -> int:
        """Return how many jobs may start, as far as their groups allow."""
        free = self._workers - len(self._running)
        return free if free > 0 else free + min(len(self._hanging()), self._spare.total)

    def _hanging(self) -> list[_Run]:
        until = self._clock.monotonic() - self._spare.patience
        return [run for run in self._running.values() if run.waiting_since is not None and run.waiting_since <= until]

    def _has_room_for(self, job: Job) -> bool:
        """Return whether `job` may start now."""
        workers, per_group, spare = self._workers, job.per_group or self._per_group, self._spare
        again = job.key in self._hung_keys
        if not again and len(self._running) < workers and self._groups[job.group] < per_group:
            return True  # as nearly always: then nothing needs to be counted
        hanging = self._hanging()
        of_group = sum(run.group == job.group and not run.is_queued for run in hanging)
        free = workers - len(self._running) + min(len(hanging), spare.total)
        spare_of_group = spare.per_group if per_group > self._per_group else 0
        free_of_group = per_group - self._groups[job.group] + min(of_group, spare_of_group)
        if not again:
            return free > 0 and free_of_group > 0
        others = [run.group for run in self._running.values() if run.hung_before]
        is_below_half = len(others) < spare.total / 2 and others.count(job.group) < max(spare_of_group, per_group) / 2
        is_late = self._clock.monotonic() - self._hung_keys[job.key] >= _LONGEST_REFUSAL
        left, left_of_group = (0, 0) if is_late else (workers // 2, per_group // 2)
        return is_below_half and free > left and free_of_group > left_of_group

    def _start_ready(self, waiting: dict[str, deque[Job]]) -> None:
        """Start the jobs that have room, and remove them from `waiting`."""
        for group in list(waiting):
            if self._free_places() <= 0:
                return
            while waiting[group] and self.start(waiting[group][0]):
                waiting[group].popleft()
            if not waiting[group]:
                del waiting[group]

    def _remove(self, job: Job) -> None:
        """Give the key and the place of `job` to others. The caller holds the lock."""
        del self._running[job.key]
        self._groups[job.group] -= 1
        if not self._groups[job.group]:
            del self._groups[job.group]

    def _work(self, job: Job, run: _Run) -> None:
        with self._ended:
            if self._running.get(job.key) is not run:
                return  # `start` has raised: the pool queues the work before it asks the system for a thread
        _thread.run, _thread.clock = run, self._clock
        try:
            job.work()
        finally:
            _thread.run = None
            with self._ended:
                self._remove(job)
                if run.longest_wait >= self._spare.hung_after:
                    self._hung_keys[job.key] = math.inf
                else:
                    self._hung_keys.pop(job.key, None)
                self._ended.notify_all()


class InlineExecutor:
    """Runs each job at once in the calling thread. For simulations and tests, where the order must not vary."""

    @property
    def busy_keys(self) -> frozenset[str]:
        """Always empty: a job has ended when `start` returns."""
        return frozenset()

    @property
    def has_room(self) -> bool:
        """Always true."""
        return True

    def start(self, job: Job) -> bool:
        """Run `job` to its end."""
        job.work()
        return True

    def run(self, jobs: Iterable[Job]) -> None:
        """Run all `jobs` in their order."""
        for job in jobs:
            job.work()

    def close(self) -> None:
        """Do nothing: no job is running."""
