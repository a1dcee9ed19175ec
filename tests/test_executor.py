"""Keyed work side by side."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from monitor.executor import InlineExecutor, Job, KeyedExecutor, SpareThreads, waiting_for_server
from tests.support.waiting import SOON


class Gatekeeper:
    """Work that goes on until it is let go."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.begun = threading.Semaphore(0)

    def __call__(self) -> None:
        self.begun.release()
        assert self.open.wait(SOON)


class Unanswered(Gatekeeper):
    """Work that waits for a server until it is let go."""

    def __call__(self) -> None:
        with waiting_for_server():
            super().__call__()


class Queued(Gatekeeper):
    """Work that waits for its turn at a server until it is let go."""

    def __call__(self) -> None:
        with waiting_for_server(queued=True):
            super().__call__()


class HandClock:
    """A clock that moves when a test moves it."""

    at = 0.0

    def monotonic(self) -> float:
        return self.at

    def now(self) -> dt.datetime:
        raise AssertionError("no executor asks for the date")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def unanswered() -> Iterator[Unanswered]:
    keeper = Unanswered()
    yield keeper
    keeper.open.set()


@pytest.fixture
def queued() -> Iterator[Queued]:
    keeper = Queued()
    yield keeper
    keeper.open.set()


PATIENCE = 1.0
HUNG_AFTER = 10.0
MINUTE = 60.0


@pytest.fixture
def patient(unanswered: Unanswered, clock: HandClock) -> Iterator[KeyedExecutor]:
    """Make an executor with 4 threads, 2 for a group, and 4 spare ones, 2 for a group."""
    made = KeyedExecutor(4, 2, name="test", spare=SpareThreads(4, 2, PATIENCE, HUNG_AFTER), clock=clock)
    yield made
    unanswered.open.set()
    made.close()


@pytest.fixture
def work() -> Iterator[Gatekeeper]:
    keeper = Gatekeeper()
    yield keeper
    keeper.open.set()


@pytest.fixture
def threads(work: Gatekeeper) -> Iterator[KeyedExecutor]:
    made = KeyedExecutor(3, 2, name="test")
    yield made
    work.open.set()
    made.close()


def test_a_key_is_under_way_once(threads: KeyedExecutor, work: Gatekeeper) -> None:
    assert threads.start(Job("a", "host", work))
    assert not threads.start(Job("a", "host", work))
    assert threads.busy_keys == {"a"}


def test_a_group_takes_only_its_share_of_the_threads(threads: KeyedExecutor, work: Gatekeeper) -> None:
    assert threads.start(Job("a", "host", work))
    assert threads.start(Job("b", "host", work))
    assert not threads.start(Job("c", "host", work))
    assert threads.start(Job("d", "other", work))


def test_what_finds_no_thread_is_refused_and_not_queued(threads: KeyedExecutor, work: Gatekeeper) -> None:
    assert all(threads.start(Job(key, key, work)) for key in "abc")
    assert not threads.start(Job("d", "d", work))


def failing() -> None:
    raise ValueError("contained by whoever starts it")


@pytest.mark.parametrize("done", [lambda: None, failing], ids=["it ends", "it fails"])
def test_a_key_is_free_again_when_its_work_is_over(done: Callable[[], None]) -> None:
    threads = KeyedExecutor(1, 1, name="test")
    assert threads.start(Job("a", "host", done))
    threads.close()
    assert threads.busy_keys == frozenset()


def test_a_job_for_which_the_system_has_no_thread_leaves_its_key_and_its_place_and_does_not_run_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    executor = KeyedExecutor(2, 1, name="test")
    done: list[str] = []
    with monkeypatch.context() as system:
        system.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="can't start new thread"):
            executor.start(Job("a", "host", partial(done.append, "refused")))
    assert executor.busy_keys == frozenset()
    assert executor.start(Job("a", "host", partial(done.append, "started")))
    executor.close()
    assert done == ["started"], "the pool had queued the other one, too"


def refuse(_thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_work_runs_side_by_side(threads: KeyedExecutor, work: Gatekeeper) -> None:
    threads.start(Job("a", "one", work))
    threads.start(Job("b", "two", work))
    assert work.begun.acquire(timeout=SOON)
    assert work.begun.acquire(timeout=SOON)


def test_run_starts_everything_in_time_and_never_more_of_a_group_than_it_may() -> None:
    threads = KeyedExecutor(4, 2, name="test")
    lock, running, most, done = threading.Lock(), Counter[str](), Counter[str](), list[str]()

    def work(key: str, group: str) -> None:
        with lock:
            running[group] += 1
            most[group] = max(most[group], running[group])
        with lock:
            running[group] -= 1
            done.append(key)

    jobs = [
        Job(f"{group}{number}", group, partial(work, f"{group}{number}", group))
        for group in "abc"
        for number in range(40)
    ]
    threads.run(jobs)
    assert sorted(done) == sorted(job.key for job in jobs)
    assert max(most.values()) <= 2
    assert threads.busy_keys == frozenset()


def test_a_group_that_hangs_keeps_no_other_waiting(work: Gatekeeper) -> None:
    threads = KeyedExecutor(3, 2, name="test")
    others = threading.Semaphore(0)
    slow = [Job(f"slow {number}", "slow", work) for number in range(10)]
    quick = [Job(f"quick {number}", "quick", others.release) for number in range(10)]
    waiting = threading.Thread(target=threads.run, args=([*slow, *quick],))
    waiting.start()
    assert all(others.acquire(timeout=SOON) for _ in quick)
    work.open.set()
    waiting.join(SOON)
    assert not waiting.is_alive()


def test_run_waits_for_a_key_that_is_running_already(threads: KeyedExecutor, work: Gatekeeper) -> None:
    assert threads.start(Job("a", "host", work))
    begun = threading.Event()
    waiting = threading.Thread(target=threads.run, args=([Job("a", "host", begun.set)],))
    waiting.start()
    assert not begun.wait(0.05)
    work.open.set()
    assert begun.wait(SOON)
    waiting.join(SOON)


def hang(
    executor: KeyedExecutor,
    clock: HandClock,
    work: Gatekeeper,
    *jobs: tuple[str, str],
    per_group: int | None = None,
) -> None:
    """Start jobs, and let them wait for longer than the executor's patience."""
    assert all(executor.start(Job(key, group, work, per_group)) for key, group in jobs)
    assert all(work.begun.acquire(timeout=SOON) for _ in jobs)
    clock.at += PATIENCE


def wait_and_end(
    executor: KeyedExecutor, clock: HandClock, work: Gatekeeper, *jobs: tuple[str, str], seconds: float = HUNG_AFTER
) -> None:
    """Run jobs that wait for so many seconds, to their end."""
    hang(executor, clock, work, *jobs)
    clock.at += seconds - PATIENCE
    work.open.set()
    while executor.busy_keys:
        pass
    work.open.clear()


def test_a_job_that_hangs_gives_its_place_to_another(
    patient: KeyedExecutor, unanswered: Unanswered, clock: HandClock
) -> None:
    hang(patient, clock, unanswered, *((key, key) for key in "abcd"))
    assert patient.has_room
    assert all(patient.start(Job(key, key, unanswered)) for key in "efgh")
    assert not patient.start(Job("i", "i", unanswered)), "the other jobs do not hang yet"


def test_a_job_that_computes_for_long_keeps_its_place(patient: KeyedExecutor, clock: HandClock) -> None:
    busy = Gatekeeper()
    hang(patient, clock, busy, *((key, key) for key in "abcd"))
    assert not patient.has_room
    assert not patient.start(Job("e", "e", busy))
    busy.open.set()


def test_a_group_gives_the_places_of_jobs_that_hang_to_its_others(
    patient: KeyedExecutor, unanswered: Unanswered, clock: HandClock
) -> None:
    hang(patient, clock, unanswered, *((key, "host") for key in "abc"), per_group=3)
    hang(patient, clock, unanswered, ("d", "host"), ("e", "host"), per_group=3)
    clock.at += PATIENCE
    assert not patient.start(Job("f", "host", unanswered, 3)), "no more than its share of the spare threads"
    assert patient.start(Job("g", "other", unanswered))


def test_a_group_with_the_usual_limit_never_has_more(
    patient: KeyedExecutor, unanswered: Unanswered, clock: HandClock
) -> None:
    hang(patient, clock, unanswered, ("a", "host"), ("b", "host"))
    clock.at += 100 * PATIENCE
    assert not patient.start(Job("c", "host", unanswered))
    assert patient.start(Job("d", "other", unanswered))


def test_what_hung_the_last_time_leaves_room_for_the_others(
    patient: KeyedExecutor, unanswered: Unanswered, clock: HandClock
) -> None:
    wait_and_end(patient, clock, unanswered, *((key, key) for key in "abcd"))
    started = [key for key in "abcd" if patient.start(Job(key, key, unanswered))]
    assert started == ["a", "b"], "at most half of the usual places"
    assert all(patient.start(Job(key, key, unanswered)) for key in "ef")


def test_what_hung_the_last_time_is_not_run_before_the_others_of_its_group(
    patient: KeyedExecutor, unanswered: Unanswered, clock: HandClock
) -> None:
    wait_and_end(patient, clock, unanswered, ("a", "host"))
    order: list[str] = []
    patient.run([Job(key, "host", partial(order.append, key), per_group=1) for key in "abc"])
    assert order == ["b", "c", "a"]


def test_what_is_only_slow_did_not_hang(patient: KeyedExecutor, unanswered: Unanswered, clock: HandClock) -> None:
    slow = [("a", "host"), ("b", "host")]
    wait_and_end(patient, clock, unanswered, *slow, seconds=HUNG_AFTER - 1.0)
    assert all(patient.start(Job(key, group, unanswered)) for key, group in slow)


def test_what_hung_the_last_time_gets_its_turn_in_a_group_that_is_never_free(
    patient: KeyedExecutor, unanswered: Unanswered, work: Gatekeeper, clock: HandClock
) -> None:
    wait_and_end(patient, clock, unanswered, ("a", "host"))
    assert patient.start(Job("b", "host", work))
    assert not patient.start(Job("a", "host", unanswered))
    clock.at += MINUTE - 1.0
    assert not patient.start(Job("a", "host", unanswered))
    clock.at += 1.0
    assert patient.start(Job("a", "host", unanswered))


def test_what_hung_the_last_time_leaves_half_of_its_group_to_the_others_however_late_it_is(
    patient: KeyedExecutor, unanswered: Unanswered, work: Gatekeeper, clock: HandClock
) -> None:
    wait_and_end(patient, clock, unanswered, ("a", "host"), ("b", "host"))
    assert patient.start(Job("a", "host", unanswered))
    assert not patient.start(Job("b", "host", unanswered))
    clock.at += MINUTE
    assert not patient.start(Job("b", "host", unanswered))
    assert patient.start(Job("c", "host", work))


def test_a_job_that_waits_for_its_turn_gives_its_place_to_other_groups_alone(
    patient: KeyedExecutor, unanswered: Unanswered, queued: Queued, clock: HandClock
) -> None:
    hang(patient, clock, queued, *((key, "host") for key in "abcd"), per_group=4)
    assert not patient.start(Job("e", "host", unanswered, 4)), "it would only wait, too"
    assert patient.start(Job("f", "other", unanswered))


def test_what_waited_for_its_turn_did_not_hang(
    patient: KeyedExecutor, unanswered: Unanswered, queued: Queued, clock: HandClock
) -> None:
    wait_and_end(patient, clock, queued, ("a", "host"), ("b", "host"))
    assert all(patient.start(Job(key, "host", unanswered)) for key in "ab")


def test_a_job_states_how_many_of_its_group_may_run(threads: KeyedExecutor, work: Gatekeeper) -> None:
    assert [threads.start(Job(key, "host", work, per_group=1)) for key in "ab"] == [True, False]
    assert threads.start(Job("b", "host", work, per_group=3))
    assert threads.start(Job("c", "host", work, per_group=3))


def test_waiting_outside_of_a_job_is_allowed() -> None:
    with waiting_for_server():
        pass


def test_the_inline_executor_runs_jobs_in_their_order_in_this_thread() -> None:
    seen: list[tuple[str, int]] = []
    jobs = [Job(key, "host", partial(lambda key: seen.append((key, threading.get_ident())), key)) for key in "abc"]
    executor = InlineExecutor()
    executor.run(jobs)
    assert executor.start(jobs[0])
    assert seen == [(key, threading.get_ident()) for key in "abca"]
    assert executor.busy_keys == frozenset()
    assert executor.has_room
