"""What counts as growing with the size: on a clock that counts steps, so that every run is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest

from tests.support.growth import MAX_MEASUREMENTS, MIN_SECONDS, assert_grows_with_size

SIZE = 1_000


class Steps:
    """A clock that work moves on; `noise` multiplies the cost of each call of it, in their order, then nothing does."""

    def __init__(self, cost: Callable[[int], float], noise: Iterable[float] = ()) -> None:
        self.now = 0.0
        self.sizes: list[int] = []
        self._cost = cost
        self._noise: Iterator[float] = iter(noise)

    def work(self, size: int) -> None:
        self.sizes.append(size)
        self.now += self._cost(size) * next(self._noise, 1.0)

    def check(self) -> None:
        assert_grows_with_size(self.work, SIZE, clock=lambda: self.now)


@pytest.mark.parametrize(
    "cost",
    [
        lambda size: size / 1_000,
        lambda size: size * size.bit_length() / 1_000,
        lambda size: size**1.5 / 1_000,
        lambda _: 5.0,
        lambda size: 5.0 + size / 1_000,
    ],
    ids=["linear", "sorting", "a power of 1.5", "constant", "linear after a start"],
)
def test_what_grows_more_slowly_than_a_square_passes_at_the_first_try(cost: Callable[[int], float]) -> None:
    steps = Steps(cost)
    steps.check()
    assert steps.sizes == [SIZE, SIZE, 4 * SIZE]


@pytest.mark.parametrize("power", [2, 3])
def test_a_square_fails_with_both_sizes_and_both_costs(power: int) -> None:
    steps = Steps(lambda size: (size / SIZE) ** power)
    large = 4.0**power
    with pytest.raises(AssertionError, match=rf"size 1,000 takes 1\.0000 s and size 4,000 takes {large:.4f} s"):
        steps.check()
    assert steps.sizes.count(4 * SIZE) == MAX_MEASUREMENTS


@pytest.mark.parametrize("noise", [[1, 1, 5], [1, 1, 5, 1, 3], [1, 1, 9, 1, 9, 1, 9, 1, 9, 1, 9]])
def test_noise_that_goes_away_is_no_square(noise: list[float]) -> None:
    Steps(lambda size: size / 1_000, noise).check()


def test_a_slow_first_call_hides_no_square() -> None:
    with pytest.raises(AssertionError):
        Steps(lambda size: (size / SIZE) ** 2, noise=[100]).check()


def test_a_machine_that_is_slow_throughout_changes_nothing() -> None:
    Steps(lambda size: size, noise=[50] * 20).check()


def test_a_cost_too_short_to_measure_passes() -> None:
    Steps(lambda size: MIN_SECONDS / 2 if size > SIZE else MIN_SECONDS / 1_000).check()


def test_a_square_that_is_short_at_first_is_seen() -> None:
    with pytest.raises(AssertionError):
        Steps(lambda size: MIN_SECONDS * (size / SIZE) ** 2).check()


def test_the_work_is_measured_on_this_threads_own_clock() -> None:
    assert_grows_with_size(lambda size: "a" * size, SIZE)
