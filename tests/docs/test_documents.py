"""The documents keep to the facts: links lead somewhere, examples are valid, commands exist, quoted output is real."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "requirements").glob("*.md")])

_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)|^\[[^\]]+\]: (?P<reference>\S+)$", re.MULTILINE)


class Block(NamedTuple):
    """A fenced block of a document."""

    place: str
    language: str
    text: str


def _blocks(document: Path, language: str) -> Iterator[Block]:
    text = document.read_text("utf-8")
    for found in _FENCE.finditer(text):
        if found["language"] == language:
            line = text.count("\n", 0, found.start()) + 1
            yield Block(f"{document.relative_to(ROOT)}:{line}", language, textwrap.dedent(found["body"]))


def _all(language: str) -> list[Block]:
    return [block for document in DOCUMENTS for block in _blocks(document, language)]


def _place(block: Block) -> str:
    return block.place


def _anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as the usual hosts make them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    prose = _FENCE.sub("", document.read_text("utf-8"))
    for found in _LINK.finditer(prose):
        target = found["target"] or found["reference"]
        if not target.startswith("https://"):
            path, _, anchor = target.partition("#")
            linked = (document.parent / path).resolve() if path else document
            assert linked.exists(), target
            assert not anchor or anchor in _anchors(linked), target


@pytest.mark.parametrize("block", _all("toml"), ids=_place)
def test_toml_is_toml(block: Block) -> None:
    assert tomllib.loads(block.text)


@pytest.mark.parametrize("block", _all("python"), ids=_place)
def test_python_is_python(block: Block) -> None:
    assert ast.parse(block.text).body


def _commands(block: Block) -> Iterator[list[str]]:
    """Yield the words of each call of the program in a shell block, wherever in a line it is."""
    for line in block.text.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        for part in _split(words, {"&&", "||", "|", ";"}):
            calls = [index for index, word in enumerate(part) if Path(word).name == "monitor" and _is_call(part, index)]
            if calls:
                yield part[calls[-1] + 1 :]


def _is_call(words: Sequence[str], index: int) -> bool:
    """Return whether the word there is the program, and not the name of a service or unit for another program."""
    return index == 0 or words[index].endswith("bin/monitor") or words[index - 1].startswith("monitor")


def _split(words: Sequence[str], separators: set[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for word in words:
        if word in separators:
            yield part
            part = []
        else:
            part.append(word)
    yield part


@pytest.mark.parametrize("block", _all("sh"), ids=_place)
def test_commands_are_there(block: Block, cli_has: Callable[[Sequence[str]], None]) -> None:
    for words in _commands(block):
        cli_has(words)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("monitor run", [["run"]]),
        (".venv/bin/monitor check  # is it right?", [["check"]]),
        ("x && .venv/bin/monitor db upgrade && y", [["db", "upgrade"]]),
        ("sudo A=b /opt/monitor/.venv/bin/monitor status --json", [["status", "--json"]]),
        ("docker compose exec monitor monitor status", [["status"]]),
        ("docker compose logs --follow monitor", []),
        ("sudo systemctl enable --now monitor", []),
    ],
)
def test_the_finder_finds_commands(line: str, words: list[list[str]]) -> None:
    assert list(_commands(Block("here:1", "sh", line))) == words


@pytest.mark.parametrize(
    "words",
    [["runn"], ["run", "--nope"], ["db", "downgrade"], ["db", "backup", "--nope"], ["once", "--sourc=x"]],
    ids=" ".join,
)
def test_a_command_that_is_not_there_is_found_out(words: list[str], cli_has: Callable[[Sequence[str]], None]) -> None:
    with pytest.raises(AssertionError, match=r"no (command|option)"):
        cli_has(words)


def test_variables_of_the_documents_are_read_by_the_program() -> None:
    named = {name for document in DOCUMENTS for name in re.findall(r"\bMONITOR_[A-Z_]+", document.read_text("utf-8"))}
    files = ("Dockerfile", "compose.yaml", "deploy/monitor.service")
    named |= {name for file in files for name in re.findall(r"\bMONITOR_[A-Z_]+", (ROOT / file).read_text("utf-8"))}
    read = "".join(path.read_text("utf-8") for path in (ROOT / "monitor" / "config").rglob("*.py"))
    assert {name for name in named if f'"{name}"' not in read} == set()


# --- README.md


def test_the_first_two_shell_blocks_of_the_readme_are_one_command_each() -> None:
    install, test = list(_blocks(ROOT / "README.md", "sh"))[:2]
    assert [len(block.text.splitlines()) for block in (install, test)] == [1, 1], "CI runs them as they stand"
    assert install.text.rstrip().endswith("monitor demo")
    assert test.text.rstrip().endswith("pytest")


def _quoted(command: str) -> str:
    for block in _all("text"):
        first, _, rest = block.text.partition("\n")
        if first == f"$ {command}":
            return rest.strip()
    raise AssertionError(f"no document shows {command}")


@pytest.mark.slow
@pytest.mark.parametrize("command", ["monitor --help"])
def test_quoted_help_is_the_help(command: str) -> None:
    program, *words = command.split()
    code = f"from monitor.cli.app import app; app({words!r}, prog_name={program!r})"
    environment = {**os.environ, "COLUMNS": "80", "LC_ALL": "C.UTF-8"}
    shown = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert shown.stderr == ""
    assert shown.stdout.strip() == _quoted(command)
