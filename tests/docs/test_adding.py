"""The steps of docs/adding.md, carried out in a copy of the program: what they add works, and takes two files."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.forking import Forked, forking
from tests.support.world import World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]  # they start a program

ROOT = Path(__file__).parent.parent.parent
GUIDE = (ROOT / "docs" / "adding.md").read_text("utf-8")

SECTIONS = ("A kind of source", "A channel", "A notice", "An operator of the rule language")

NEWS = "2026-11-20 | City plans metaverse classrooms | /a/1\n"
DAY = "2026-11-21T08:00+08:00"
DAY_AFTER = "2026-11-22T08:00+08:00"
LATER = "2026-11-22T09:00+08:00"

CONFIGURATION = """
timezone = "Asia/Shanghai"
[fetch]
allow_private = ["127.0.0.0/8"]
[[source]]
name = "list"
url = "{base}/list.txt"
kind = "lines"
[[rule]]
name = "themes"
match = "metaverse"
[[digest]]
name = "flash"
rules = ["themes"]
at = "now"
to = ["room"]
[channel.room]
kind = "chat"
webhook = "{base}/hooks/CANARY"
"""


def _steps(section: str) -> tuple[str, str, str, list[str]]:
    """Return what a section says: the path of the new file and its text, that of the registry and its new lines."""
    text = GUIDE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    code = textwrap.dedent(text.partition("```python\n")[2].partition("   ```\n")[0])
    (path,) = re.findall(r"All of\s+`(monitor/\S+\.py)`", text)
    (registry,) = re.findall(r"Register it in `(?:KINDS|OPERATORS)` of `(monitor/\S+)`", text)
    difference = textwrap.dedent(text.partition("```diff\n")[2].partition("   ```\n")[0])
    return path, code, registry, difference.splitlines()


def _register(text: str, difference: list[str]) -> str:
    """Return the text of a registry with the lines that a difference adds: an import, and one line in the registry."""
    imported, line = (each[1:] for each in difference if each.startswith("+"))
    (opening,) = (each[1:] for each in difference if each.startswith((" KINDS", " OPERATORS")))
    assert text.count(opening) == 1, "the document shows the registry as it is"
    return text.replace("from monitor.", f"{imported}\nfrom monitor.", 1).replace(opening, f"{opening}\n{line}")


def _copy(folder: Path) -> Path:
    """Copy the program: with what is compiled, but not what is being written of it."""
    for name in ("monitor", "migrations"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.pyc.*"))
    return folder


def _add(section: str, code: Path) -> None:
    """Carry out the steps of a section in a copy of the program."""
    path, text, registry, difference = _steps(section)
    assert not (ROOT / path).exists()
    (code / path).write_text(text, "utf-8")
    known = code / registry
    known.write_text(_register(known.read_text("utf-8"), difference), "utf-8")


def _environment(code: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(code), "COLUMNS": "200"}


@dataclass(frozen=True, slots=True)
class Program:
    """A copy of the program to which everything was added, in a folder of this test."""

    forked: Forked
    folder: Path

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the copy in its folder."""
        return self.forked.run(words, self.folder)


@pytest.fixture(scope="module")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forked]:
    """Carry out the steps of all sections in one copy, and yield what runs it."""
    code = _copy(tmp_path_factory.mktemp("added"))
    for section in SECTIONS:
        _add(section, code)
    with forking(_environment(code)) as forked:
        yield forked


@pytest.fixture
def program(forked: Forked, tmp_path: Path, world: World) -> Program:
    """Return the program with a configuration that uses a new kind of source and a new channel."""
    world.pages["/list.txt"] = ("text/plain", NEWS.encode())
    (tmp_path / "sources.toml").write_text(CONFIGURATION.format(base=world.base), "utf-8")
    return Program(forked, tmp_path)


def test_a_kind_of_source_reads_what_the_program_fetches(program: Program, world: World) -> None:
    world.pages["/list.txt"] = ("text/plain", f"{NEWS}no entry\n".encode())
    tried = program.run("try", "list", "--json", "--now", DAY)
    assert tried.returncode == 0, tried.stderr
    reading = json.loads(tried.stdout)["reading"]
    (entry,) = reading["entries"]
    assert (entry["title"], entry["url"]) == ("City plans metaverse classrooms", f"{world.base}/a/1")
    assert entry["published"]["at"].startswith("2026-11-20")
    assert reading["problems"] == ["1 lines have no date, title and address"]
    assert "|lines|" in program.run("try", "--help").stdout.replace("<", "|")


def test_a_channel_sends_what_it_renders_and_shows_it(program: Program, world: World) -> None:
    checked = program.run("check")
    assert checked.returncode == 0, checked.stderr
    sent = program.run("once", "--now", DAY)
    assert sent.returncode == 0, sent.stderr
    ((message),) = world.posts
    assert "City plans metaverse classrooms" in message["text"]
    assert "|chat|" in program.run("digest", "--help").stdout.replace("<", "|")
    shown = program.run("digest", "flash", "--window", "2026-11-01", "2026-12-01", "--format", "chat")
    assert shown.stdout.strip() == message["text"].strip()


def test_a_notice_is_raised_shown_and_closed(program: Program, world: World) -> None:
    assert program.run("once", "--now", DAY).returncode == 0
    many = "".join(f"2026-11-20 | Notice number {number} | /a/{number}\n" for number in range(2, 1002))
    world.pages["/list.txt"] = ("text/plain", f"{NEWS}{many}".encode())
    assert program.run("once", "--source", "list", "--now", DAY_AFTER).returncode == 1
    shown = program.run("status")
    assert shown.returncode == 1
    assert "it lists 1,001 entries" in shown.stdout
    world.pages["/list.txt"] = ("text/plain", NEWS.encode())
    assert program.run("once", "--source", "list", "--now", LATER).returncode == 0
    assert "it lists" not in program.run("status").stdout


def test_an_operator_holds_where_it_says_and_is_explained(program: Program) -> None:
    rule = "TWICE(metaverse OR 元宇宙) -game"
    held, failed = json.loads(program.run("match", rule, "Metaverse, or 元宇宙", "a metaverse", "--json").stdout)
    assert [span["term"] for span in held["spans"]] == ["metaverse", "元宇宙"]
    assert (failed["holds"], failed["failed"]) == (False, "metaverse OR 元宇宙 does not occur twice in one field")
    slip = program.run("match", "twice(metaverse)", "twice a metaverse")
    assert "the operator is written TWICE(a OR b)" in slip.stderr
    refused = program.run("match", "x TWICE(a b)", "a")
    assert refused.returncode == 2
    assert "column 9: a AND b is an operand of TWICE, at x TWICE(▸a b); operands are terms" in refused.stderr
    never = program.run("match", "TWICE(a) -a", "a")
    assert "TWICE(a) AND NOT a can never hold" in never.stderr


def test_without_its_line_in_the_registry_an_operator_is_a_word(tmp_path: Path) -> None:
    path, text, _, _ = _steps("An operator of the rule language")
    (_copy(tmp_path) / path).write_text(text, "utf-8")
    words = [sys.executable, "-m", "monitor", "match", "TWICE(metaverse)", "twice a metaverse"]
    shown = subprocess.run(
        words, cwd=tmp_path, env=_environment(tmp_path), capture_output=True, text=True, check=True, timeout=200
    )
    assert shown.stdout == "holds: [twice] a [metaverse]\n"
