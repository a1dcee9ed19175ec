"""A folder as a channel."""

from __future__ import annotations

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


@pytest.mark.parametrize(("form", "suffix", "sign"), [("html", ".html", "<html"), ("text", ".txt", "*Chongqing*")])
def test_an_edition_becomes_a_file_beside_the_configuration(
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


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path, edition: Edition) -> None:
    (tmp_path / "out").write_text("a file is in the way")
    made = channel(tmp_path)
    (payload,) = made.render(edition)
    outcome = made.send(payload, made.recipients[0], ID)
    assert outcome.kind == "retry"
    assert str(tmp_path / "out") in outcome.reason


def test_a_digests_name_cannot_leave_the_folder(tmp_path: Path, edition: Edition) -> None:
    made = channel(tmp_path)
    (payload,) = made.render(replace(edition, digest="../../evil/名"))
    made.send(payload, made.recipients[0], ID)
    (path,) = (tmp_path / "out").iterdir()
    assert path.parent == tmp_path / "out"
    assert "evil-名" in path.name
