"""A folder as a channel."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.channels import KINDS, Channel
from monitor.channels.file import Options
from monitor.model import Edition

ID = "0123456789abcdef"


def channel(folder: Path, form: str = "html") -> Channel:
    options = Options.model_validate({"folder": "out", "format": form}, context={"folder": folder})
    return KINDS["file"].build("folder", options)


@pytest.mark.parametrize(("form", "suffix", "sign"), [("html", ".html", "<html"), ("text", ".txt", "Chongqing aims")])
def test_an_edition_becomes_a_file_next_to_the_configuration(
    tmp_path: Path, edition: Edition, form: str, suffix: str, sign: str
) -> None:
    made = channel(tmp_path, form)
    (payload,) = made.render(edition)
    outcome = made.send(payload, made.recipients[0], ID)
    assert outcome.kind == "sent"
    (path,) = (tmp_path / "out").iterdir()
    assert path.name == f"2026-11-21-08-00-morning-01234567{suffix}"
    assert sign in path.read_text(encoding="utf-8")
    assert str(path) in outcome.reason


def test_a_repeat_is_the_same_file(tmp_path: Path, edition: Edition) -> None:
    made = channel(tmp_path)
    (payload,) = made.render(edition)
    for _ in range(2):
        made.send(payload, made.recipients[0], ID)
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_nobody_else_may_read_a_digest(tmp_path: Path, edition: Edition) -> None:
    made = channel(tmp_path)
    (payload,) = made.render(edition)
    before = os.umask(0)
    try:
        made.send(payload, made.recipients[0], ID)
    finally:
        os.umask(before)
    (path,) = (tmp_path / "out").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path, edition: Edition) -> None:
    (tmp_path / "out").write_text("a file is in the way")
    made = channel(tmp_path)
    (payload,) = made.render(edition)
    outcome = made.send(payload, made.recipients[0], ID)
    assert outcome.kind == "retry"
    assert outcome.reason == f"{tmp_path / 'out'} is not a folder; name another folder, or move what is in the way"


def test_a_folder_is_looked_at_before_anything_is_sent(tmp_path: Path) -> None:
    def fault(folder: str) -> str | None:
        options = Options.model_validate({"folder": folder}, context={"folder": tmp_path})
        found = KINDS["file"].preflight(options)
        return None if found is None else found.what

    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    (tmp_path / "there").mkdir()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    in_the_way = f"{tmp_path / 'taken'} is not a folder"
    assert fault("taken") == fault("taken/deeper/still") == in_the_way
    assert fault("dangling") == f"{tmp_path / 'dangling'} is not a folder"
    assert fault("there") is fault("there/new/deeper") is None
    assert fault("x" * 300) == f"{tmp_path / ('x' * 300)}: File name too long"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dangling", "taken", "there"]
    assert list((tmp_path / "there").iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_named(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    options = Options.model_validate({"folder": "locked/new"}, context={"folder": tmp_path})
    found = KINDS["file"].preflight(options)
    assert found is not None
    assert found.what == f"{tmp_path / 'locked'}: nothing may be written there"


def test_a_digests_name_cannot_leave_the_folder(tmp_path: Path, edition: Edition) -> None:
    made = channel(tmp_path)
    (payload,) = made.render(replace(edition, digest="../../evil/名"))
    made.send(payload, made.recipients[0], ID)
    (path,) = (tmp_path / "out").iterdir()
    assert path.parent == tmp_path / "out"
    assert "evil-名" in path.name
