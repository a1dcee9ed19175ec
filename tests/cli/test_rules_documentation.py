"""What the pages on the rule language show of commands is what these print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.support.archive import Piece, write_archive
from tests.support.commands import Monitor

DOCS = Path(__file__).parents[2] / "docs"
PIECES = [
    Piece("A metaverse game", age=12),
    Piece("Metaverse plan", age=5),
    Piece("两江新区发布互联网3.0方案", "重庆两江新区设立互联网3.0基金。", sources=("east", "west")),
]
SHOWN = [
    (page, *block)
    for page in ("rules.md", "rules.zh.md")
    for block in re.findall(
        r"^```console\n\$ monitor ([^\n]*)\n(.*?)^```$", (DOCS / page).read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
]


@pytest.mark.parametrize(("page", "command", "shown"), SHOWN, ids=[f"{page}: {command}" for page, command, _ in SHOWN])
def test_shown_output_is_real(page: str, command: str, shown: str, monitor: Monitor, tmp_path: Path) -> None:
    write_archive(tmp_path, PIECES).close()
    words = shlex.split(command)
    clock = [] if words[0] == "match" else ["--now", "2026-11-21T12:00"]
    assert monitor(*words, *clock).out == shown


def test_every_command_is_shown_in_both_languages() -> None:
    commands = {page: [command for shown, command, _ in SHOWN if shown == page] for page in ("rules.md", "rules.zh.md")}
    assert commands["rules.md"] == commands["rules.zh.md"]
    assert [command.split()[0] for command in commands["rules.md"]] == ["match", "search", "backtest"]
