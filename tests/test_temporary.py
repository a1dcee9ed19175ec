"""Temporary files are in memory where that has room, and where somebody chose otherwise."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from tests.support import temporary


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return a folder that stands for the memory, where nobody chose a place."""
    for name in temporary.CHOSEN_BY:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(temporary, "MEMORY", tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)
    monkeypatch.setenv("TMPDIR", "")  # so that what is set below is taken back
    monkeypatch.delenv("TMPDIR")
    return tmp_path


def test_a_folder_with_room_is_used(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temporary, "ROOM", 1)
    temporary.keep_in_memory()
    assert tempfile.gettempdir() == str(elsewhere)


@pytest.mark.parametrize("name", temporary.CHOSEN_BY)
def test_what_somebody_chose_stays(name: str, elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temporary, "ROOM", 1)
    monkeypatch.setenv(name, "/somewhere")
    temporary.keep_in_memory()
    assert os.environ[name] == "/somewhere"
    assert os.environ.get("TMPDIR") != str(elsewhere)


@pytest.mark.parametrize(("folder", "room"), [("", 1 << 62), ("missing", 1)])
def test_without_room_all_stays_as_it_is(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, folder: str, room: int
) -> None:
    monkeypatch.setattr(temporary, "MEMORY", elsewhere / folder)
    monkeypatch.setattr(temporary, "ROOM", room)
    temporary.keep_in_memory()
    assert "TMPDIR" not in os.environ
