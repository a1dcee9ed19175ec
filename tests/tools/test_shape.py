"""The shape of the code: what is counted on a small tree, and that this tree can be measured."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SMALL = {
    "monitor/__init__.py": '"""A package."""\n',
    "monitor/one.py": '''
from monitor.two import _shared, Row

# A comment by itself.
_TABLE = {"a": _by_table}  # fmt: skip

def public():
    """Return nothing."""
    _once()
    _twice(), _twice()
    _shared()

def _once():
    """The only one."""

def _twice(): ...

def _by_table(): ...

def _recursive():
    _recursive()

def _never(): ...

class Row:
    """A row."""

    @property
    def width(self):
        """The width, as properties say it."""
        return self._own()

    def _own(self):
        """Whether."""
        def _nested():
            return 1
        return _nested()

    def __repr__(self):
        return self._inherited()
''',
    "monitor/two.py": """
from monitor import one

def _shared(): ...

def _elsewhere(): ...

class Row:
    def _own(self): ...

    def _inherited(self):
        one._never
        return "# no comment"
""",
    "monitor/deep/three.py": '''
from monitor.two import _elsewhere as local

def call():
    """Read it."""
    return local()
''',
    "tests/test_one.py": "from monitor.one import _once\n_once()\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in SMALL.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def run(root: Path, *arguments: str) -> str:
    command = [sys.executable, "tools/shape.py", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True, timeout=200).stdout


def measure(root: Path, tree: Path) -> dict[str, Any]:
    figures: dict[str, Any] = json.loads(run(root, "--json", str(tree)))
    return figures


def test_a_helper_has_one_caller_if_one_place_of_the_program_mentions_it(root: Path, tree: Path) -> None:
    *lines, total = run(root, "--helpers", "monitor", str(tree)).splitlines()
    assert [line.split()[1] for line in lines] == [
        "_once",
        "_by_table",
        "_never",
        "Row._own",
        "_shared",
        "_elsewhere",
        "Row._inherited",
    ]
    assert total == "7 one-caller helpers"


def test_helpers_are_listed_for_a_file_or_folder_only(root: Path, tree: Path) -> None:
    in_two = run(root, "--helpers", "monitor/two.py", str(tree)).splitlines()
    assert in_two == [
        "monitor/two.py:4 _shared (1 lines)",
        "monitor/two.py:6 _elsewhere (1 lines)",
        "monitor/two.py:11 Row._inherited (3 lines)",
        "3 one-caller helpers",
    ]
    assert run(root, "--helpers", "monitor/tw", str(tree)) == "0 one-caller helpers\n"


def test_functions_and_their_lengths_are_counted(root: Path, tree: Path) -> None:
    figures = measure(root, tree)
    assert (figures["files"], figures["functions"]) == (4, 15)
    assert (figures["median"], figures["p95"], figures["longest"]) == (2, 5, 5)
    assert figures["longest_at"] == "monitor/one.py:7 public"
    assert figures["one_caller_share"] == pytest.approx(100 * 7 / 15, abs=0.05)


def test_comments_are_lines_of_their_own_and_not_within_strings(root: Path, tree: Path) -> None:
    figures = measure(root, tree)
    assert (figures["comment_lines"], figures["fmt_skip"]) == (1, 1)


def test_classes_of_one_name_are_listed(root: Path, tree: Path) -> None:
    assert measure(root, tree)["classes_defined_twice"] == {"Row": 2}


def test_openings_are_those_of_functions_and_not_of_properties(root: Path, tree: Path) -> None:
    figures = measure(root, tree)
    assert figures["openings"] == {"Return": 1, "The": 1, "Whether": 1, "Read": 1}
    assert (figures["no_verb"], figures["no_verb_share"]) == (2, 50.0)


def test_a_folder_without_the_program_is_refused(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, "tools/shape.py", str(tmp_path)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 2
    assert "no Python files in" in done.stderr


@pytest.mark.slow
def test_real_code_is_measured_for_people(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "monitor" / "rules", tmp_path / "monitor" / "rules")
    figures = measure(root, tmp_path)
    assert figures["files"] == len(list((root / "monitor" / "rules").rglob("*.py")))
    text = run(root, str(tmp_path))
    assert f"functions              {figures['functions']}\n" in text
    assert f"max {figures['longest']}" in text
