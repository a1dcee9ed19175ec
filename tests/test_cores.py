"""When the suite runs in several processes: for the whole of it, and never from within one of them."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.support import cores


class Given:
    """What pytest was called with."""

    def __init__(self, by: str = "TESTPATHS", **options: object) -> None:
        defaults = {"numprocesses": None, "capture": "fd", "dist": "no"}
        self.option = type("Options", (), {**defaults, **options})()
        self.args_source = pytest.Config.ArgsSource[by]

    def getoption(self, name: str, default: object = None) -> object:
        return getattr(self.option, name, default)


class Marked:
    """A test with marks, each with its arguments."""

    def __init__(self, **marks: tuple[object, ...]) -> None:
        self._marks = marks

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        return pytest.Mark(name, self._marks[name], {}, _ispytest=True) if name in self._marks else None


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)


def workers(given: Any) -> object:
    cores.use_them(given)
    return given.option.numprocesses


def test_the_whole_suite_uses_both_cores() -> None:
    given = Given(markexpr="not slow")
    assert workers(given) == 3
    assert given.option.dist == "worksteal"


@pytest.mark.parametrize(
    "options",
    [{"by": "ARGS"}, {"keyword": "kill"}, {"lf": True}, {"collectonly": True}, {"usepdb": True}, {"capture": "no"}],
    ids=lambda options: next(iter(options)),
)
def test_a_few_tests_stay_in_this_process(options: dict[str, Any]) -> None:
    assert workers(Given(**options)) is None


def test_what_is_asked_for_is_done() -> None:
    assert workers(Given(numprocesses=0)) == 0


def test_a_worker_starts_no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    started = Given()
    started.workerinput = {}  # type: ignore[attr-defined]  # as pytest-xdist marks a worker's configuration
    assert workers(started) is None
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    assert workers(Given()) is None


def test_one_core_is_left_to_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert workers(Given()) == 0


def test_what_may_take_longest_begins_first_and_all_else_stays_in_order() -> None:
    items: list[Any] = [Marked(), Marked(slow=()), Marked(timeout=(300,)), Marked(), Marked(timeout=(600,), slow=())]
    begun = sorted(items, key=cores.may_take, reverse=True)
    assert begun == [items[4], items[2], items[1], items[0], items[3]]
