"""The whole suite on every core; anything less in this process, where it starts at once and can be debugged."""

from __future__ import annotations

import os

import pytest

MOST = 4
"""Workers. Each has a mail server, a web server, readers and more processes of its own."""
USUAL = 240.0
"""The limit of a test that sets none, in seconds: `timeout` in pyproject.toml."""
CHOOSING = ("keyword", "lf", "failedfirst", "stepwise", "collectonly", "usepdb", "trace")
"""Options that choose a few tests, or that need the terminal."""


def asks_for_the_whole_suite(config: pytest.Config) -> bool:
    """Return whether nothing is chosen by name. `-m` may leave marks out."""
    chosen = any(config.getoption(name, None) for name in CHOOSING)
    shown = config.getoption("capture") == "no"
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not chosen and not shown


def workers() -> int:
    """Return how many workers this machine can use; 0 is none besides this process.

    One more than there are cores: for a fifth of the time a worker waits for a process, a database or a deadline.
    """
    cores = len(os.sched_getaffinity(0))
    return min(cores + 1, MOST) if cores > 1 else 0


def use_them(config: pytest.Config) -> None:
    """Let pytest-xdist run the whole suite, unless `-n` says otherwise.

    Each worker begins with a stretch of neighbouring tests, which share what their modules set up; one that is done
    takes over some of another's. A worker calls this too, with the arguments of the whole run, and starts none itself.
    """
    is_worker = hasattr(config, "workerinput") or "PYTEST_XDIST_WORKER" in os.environ
    if not is_worker and config.getoption("numprocesses", 0) is None and asks_for_the_whole_suite(config):
        config.option.numprocesses = workers()
        config.option.dist = "worksteal"


def may_take(item: pytest.Item) -> tuple[float, bool]:
    """Return a key by which tests that may take longer are larger: by their limits, then by their marks."""
    limit = item.get_closest_marker("timeout")
    return float(limit.args[0]) if limit is not None else USUAL, item.get_closest_marker("slow") is not None
