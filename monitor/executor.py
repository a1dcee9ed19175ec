"""Run jobs in parallel: one at a time for each key, and a limited number for each group."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work with a key and a group. Jobs with the same key never run at the same time.

    `work` must handle its own exceptions: the executor drops them.
    """

    key: str
    group: str
    work: Callable[[], object]


class Executor(Protocol):
    """Runs jobs. Callers get it as an argument, so that a simulation can run jobs in its own order."""

    @property
    def busy_keys(self) -> frozenset[str]:
        """The keys of the jobs that are running."""
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
    """Runs jobs in threads: at most `workers` in all, and at most `per_group` of one group.

    `start` never queues: a refused caller tries again later, with the state of that time. `run` queues jobs by group,
    so that a slow group does not take threads from the others.
    """

    def __init__(self, workers: int, per_group: int, *, name: str) -> None:
        self._workers = workers
        self._per_group = per_group
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix=name)
        self._ended = threading.Condition(threading.RLock())  # reentrant: `run` starts jobs while it holds the lock
        self._keys: set[str] = set()
        self._groups: Counter[str] = Counter()
        self._closed = False

    @property
    def busy_keys(self) -> frozenset[str]:
        """The keys of the jobs that are running."""
        with self._ended:
            return frozenset(self._keys)

    def start(self, job: Job) -> bool:
        """Start `job`. Return False if its key is running, its group is full, no thread is free, or this is closed."""
        with self._ended:
            if self._closed or self._is_full or job.key in self._keys or self._groups[job.group] >= self._per_group:
                return False
            self._keys.add(job.key)
            self._groups[job.group] += 1
            self._pool.submit(self._work, job)
        return True

    def run(self, jobs: Iterable[Job]) -> None:
        """Run all `jobs`, each as soon as there is room for it, and wait until the last one has ended."""
        waiting: dict[str, deque[Job]] = defaultdict(deque)
        keys = set()
        for job in jobs:
            waiting[job.group].append(job)
            keys.add(job.key)
        with self._ended:
            while waiting and not self._closed:
                self._start_ready(waiting)
                if waiting:
                    self._ended.wait()
            self._ended.wait_for(lambda: not keys & self._keys)

    def close(self) -> None:
        """Wait for the running jobs to end. After this call, no job can start."""
        with self._ended:
            self._closed = True
            self._ended.notify_all()
        self._pool.shutdown(wait=True)

    @property
    def _is_full(self) -> bool:
        return len(self._keys) >= self._workers

    def _start_ready(self, waiting: dict[str, deque[Job]]) -> None:
        """Start the jobs that have room, and remove them from `waiting`."""
        for group in list(waiting):
            while waiting[group] and self.start(waiting[group][0]):
                waiting[group].popleft()
            if not waiting[group]:
                del waiting[group]
            if self._is_full:
                return

    def _work(self, job: Job) -> None:
        try:
            job.work()
        finally:
            with self._ended:
                self._keys.discard(job.key)
                self._groups[job.group] -= 1
                if not self._groups[job.group]:
                    del self._groups[job.group]
                self._ended.notify_all()


class InlineExecutor:
    """Runs each job at once in the calling thread. For simulations and tests, where the order must not vary."""

    @property
    def busy_keys(self) -> frozenset[str]:
        """Always empty: a job has ended when `start` returns."""
        return frozenset()

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
