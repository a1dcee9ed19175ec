"""Keyed work side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from monitor.lanes import Lanes


class Gatekeeper:
    """Work that goes on until it is let go."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.begun = threading.Semaphore(0)

    def __call__(self) -> None:
        self.begun.release()
        assert self.open.wait(10)


@pytest.fixture
def work() -> Iterator[Gatekeeper]:
    keeper = Gatekeeper()
    yield keeper
    keeper.open.set()


@pytest.fixture
def lanes(work: Gatekeeper) -> Iterator[Lanes]:
    made = Lanes(3, 2, name="test")
    yield made
    work.open.set()
    made.close()


def test_a_key_is_under_way_once(lanes: Lanes, work: Gatekeeper) -> None:
    assert lanes.start("a", "host", work)
    assert not lanes.start("a", "host", work)
    assert lanes.busy == {"a"}


def test_a_group_has_so_many_lanes_and_leaves_the_others_to_others(lanes: Lanes, work: Gatekeeper) -> None:
    assert lanes.start("a", "host", work)
    assert lanes.start("b", "host", work)
    assert not lanes.start("c", "host", work)
    assert lanes.start("d", "other", work)


def test_what_finds_no_thread_is_refused_and_not_queued(lanes: Lanes, work: Gatekeeper) -> None:
    assert all(lanes.start(key, key, work) for key in "abc")
    assert not lanes.start("d", "d", work)


def failing() -> None:
    raise ValueError("contained by whoever starts it")


@pytest.mark.parametrize("done", [lambda: None, failing], ids=["it ends", "it fails"])
def test_a_key_is_free_again_when_its_work_is_over(done: Callable[[], None]) -> None:
    lanes = Lanes(1, 1, name="test")
    assert lanes.start("a", "host", done)
    lanes.close()
    assert lanes.busy == frozenset()


def test_work_runs_side_by_side(lanes: Lanes, work: Gatekeeper) -> None:
    lanes.start("a", "one", work)
    lanes.start("b", "two", work)
    assert work.begun.acquire(timeout=5)
    assert work.begun.acquire(timeout=5)
