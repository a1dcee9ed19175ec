"""The fixtures of the world, for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import config
from monitor.config import Config
from tests.support import statements
from tests.support.configuration import Configure, feed, sources_toml, write
from tests.support.world import FarEnds, World

statements.share()


@pytest.fixture(scope="session")
def far_ends() -> Iterator[FarEnds]:
    """Yield the servers of every world."""
    ends = FarEnds()
    yield ends
    ends.close()


@pytest.fixture
def world(far_ends: FarEnds) -> World:
    """Return a world in which nothing happened yet."""
    return far_ends.world()


@pytest.fixture
def configure(world: World, tmp_path: Path) -> Configure:
    """`configure("one.xml", "two.xml", at="now")` writes a sources.toml with these feeds and loads it."""

    def make(*feeds: str, at: str = "now", extra: str = "", replace: tuple[str, str] = ("", "")) -> Config:
        sources = "".join(feed(world, path) for path in feeds) + extra
        return config.load(write(tmp_path, sources_toml(world, sources, at=at), replace), {})

    return make
