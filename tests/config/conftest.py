"""A file is written, loaded, and its problems are compared as a reader sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from monitor.config import Config, load
from monitor.errors import ConfigError

Loader = Callable[..., Config]
Refuser = Callable[..., list[str]]


@pytest.fixture
def loaded(tmp_path: Path) -> Loader:
    """Load a text as `sources.toml`."""

    def load_text(text: str, environ: Mapping[str, str] | None = None) -> Config:
        path = tmp_path / "sources.toml"
        path.write_text(text, encoding="utf-8")
        return load(path, environ or {})

    return load_text


@pytest.fixture
def problems(loaded: Loader, tmp_path: Path) -> Refuser:
    """Load a wrong text, and return its errors without the folder."""

    def refused(text: str, environ: Mapping[str, str] | None = None) -> list[str]:
        with pytest.raises(ConfigError) as wrong:
            loaded(text, environ)
        return [str(problem).replace(f"{tmp_path}/", "") for problem in wrong.value.problems]

    return refused


@pytest.fixture
def warnings(loaded: Loader, tmp_path: Path) -> Refuser:
    """Load a good text, and return its warnings without the folder."""

    def warned(text: str, environ: Mapping[str, str] | None = None) -> list[str]:
        return [str(problem).replace(f"{tmp_path}/", "") for problem in loaded(text, environ).warnings]

    return warned
