"""What has happened is written as soon as the database takes it, or the process ends."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest

from monitor.deliver.outbox import write_persistently
from monitor.errors import NotClaimed, StoreError


class Stop(Event):
    """The event that ends the program; waiting for it takes no time here."""

    def __init__(self, after: int = -1) -> None:
        super().__init__()
        self.pauses: list[float] = []
        self._after = after

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout or 0)
        if len(self.pauses) == self._after:
            self.set()
        return self.is_set()


def failing(*errors: Exception) -> Callable[[], str]:
    left = list(errors)

    def write() -> str:
        if left:
            raise left.pop(0)
        return "written"

    return write


def test_it_is_tried_until_it_succeeds_with_pauses_that_grow_to_half_a_minute() -> None:
    stop = Stop()
    assert write_persistently(failing(*[StoreError("locked")] * 9), stop, "x") == "written"
    assert stop.pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_what_succeeds_at_once_waits_for_nothing() -> None:
    stop = Stop()
    assert write_persistently(failing(), stop, "x") == "written"
    assert stop.pauses == []


def test_the_end_of_the_program_ends_a_pause_and_then_it_is_tried_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(Event, "wait", lambda _, timeout: waited.append(timeout))
    assert write_persistently(failing(*[StoreError("locked")] * 20), Stop(after=2), "x") == "written"
    with pytest.raises(StoreError, match="locked"):
        write_persistently(failing(*[StoreError("locked")] * 99), Stop(after=2), "x")
    assert 1 < sum(waited) < 20


def test_a_claim_that_is_not_ours_is_an_error_at_once() -> None:
    with pytest.raises(NotClaimed):
        write_persistently(failing(NotClaimed("another's")), Stop(), "x")


def test_after_a_try_without_an_answer_it_means_that_the_try_was_taken() -> None:
    assert write_persistently(failing(StoreError("the connection broke"), NotClaimed("no longer")), Stop(), "x") is None


def test_a_surprise_is_not_tried_again() -> None:
    with pytest.raises(ZeroDivisionError):
        write_persistently(failing(ZeroDivisionError()), Stop(), "x")
