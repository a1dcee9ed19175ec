"""Another program's file in the configuration, as values."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from monitor.app.importing import import_file
from monitor.config import load
from monitor.errors import ConfigError, UsageError

LIST = b"https://a.example/feed.xml\nhttps://b.example/feed.xml\n"


def test_what_is_new_is_written_and_what_is_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    first = import_file(io.BytesIO(LIST), "feeds", None, path, {})
    assert (first.format, first.written, len(first.plan.sources)) == ("list", True, 2)
    assert [source.url for source in load(path, {}).sources] == LIST.decode().split()
    again = import_file(io.BytesIO(LIST), "feeds", None, path, {})
    assert (again.written, len(again.plan.sources), len(again.plan.present)) == (False, 0, 2)


def test_a_dry_run_plans_the_same_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    planned = import_file(io.BytesIO(LIST), "feeds", "list", path, {}, dry_run=True)
    assert (planned.written, len(planned.plan.sources)) == (False, 2)
    assert not path.exists()


def test_what_is_wrong_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    with pytest.raises(UsageError, match="feeds: the file is empty"):
        import_file(io.BytesIO(b""), "feeds", None, path, {})
    with pytest.raises(UsageError) as wrong:
        import_file(io.BytesIO(LIST), "feeds", "atom", path, {})
    assert wrong.value.argument == "format"
    assert not path.exists()
    path.write_text("[[source]\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        import_file(io.BytesIO(LIST), "feeds", None, path, {})
