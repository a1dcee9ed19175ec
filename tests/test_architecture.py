"""What the house is promised to look like, as far as import-linter and ruff do not hold it already."""

from __future__ import annotations

import ast
import math
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "monitor").rglob("*.py"))
FOLDERS = ("monitor", "migrations", "tests", "benchmarks", "tools")
EVERY_PYTHON_FILE = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]

LONGEST_FILE = 300
TABLES = ("monitor/store/schema.py",)
"""Files that are one table from top to bottom: to cut one at a number of lines would hide half of it."""
LONGEST_FUNCTION = 70
"""Lines. For the few that are a table or a ladder and would not read better in pieces."""
USUAL_FUNCTION = 45
MEDIAN_FUNCTION = 15


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", lines


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _inside(path: Path, *packages: str) -> bool:
    return any(f"{_module(path)}.".startswith(f"monitor.{package}.") for package in packages)


# --- sizes


def test_no_file_is_longer_than_a_reader_bears() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE and path not in TABLES} == {}


@pytest.mark.slow
def test_functions_are_short() -> None:
    lengths = {name: lines for path in SOURCES for name, lines in _functions(path)}
    longest = sorted(lengths.items(), key=lambda item: -item[1])
    assert [item for item in longest if item[1] > LONGEST_FUNCTION] == []
    allowed = math.floor(len(lengths) * 0.05)
    assert [item for item in longest if item[1] > USUAL_FUNCTION][allowed:] == [], "95 % are under 45 lines"
    assert statistics.median(lengths.values()) <= MEDIAN_FUNCTION


# --- the environment and the clock have one door each

_CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "gmtime", "localtime"},
}


def _attribute_uses(path: Path) -> Iterator[tuple[str, str, int]]:
    """(name before the dot, name after it, line) of every attribute, `dt.datetime.now` as ("datetime", "now")."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            yield name, node.attr, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from ((node.module or "", alias.name, node.lineno) for alias in node.names)


def _reads_environment(owner: str, name: str) -> bool:
    return owner == "os" and name in {"environ", "environb", "getenv", "getenvb", "putenv"}


def _reads_clock(owner: str, name: str) -> bool:
    return name in _CLOCKS.get(owner, set())


@pytest.mark.parametrize(
    ("forbidden", "door"),
    [pytest.param(_reads_environment, "config", id="environment"), pytest.param(_reads_clock, "clock", id="clock")],
)
def test_it_is_read_behind_one_door(forbidden: object, door: str) -> None:
    assert callable(forbidden)
    found = [
        f"{path.relative_to(ROOT)}:{line}: {owner}.{name}"
        for path in SOURCES
        if not _inside(path, door)
        for owner, name, line in _attribute_uses(path)
        if forbidden(owner, name)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("code", "environment", "clock"),
    [
        ("import os\nos.environ['X']", True, False),
        ("from os import getenv", True, False),
        ("import datetime as dt\ndt.datetime.now(dt.UTC)", False, True),
        ("from datetime import datetime\ndatetime.today()", False, True),
        ("from time import time", False, True),
        ("import time\ntime.monotonic()", False, False),
        ("clock.now()", False, False),
    ],
)
def test_the_finders_find(code: str, environment: bool, clock: bool, tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text(code, "utf-8")
    uses = [(owner, name) for owner, name, _ in _attribute_uses(path)]
    assert any(_reads_environment(*use) for use in uses) is environment
    assert any(_reads_clock(*use) for use in uses) is clock


# --- no machine is too slow for a test

_TIMERS = {"monotonic", "perf_counter", "process_time", "thread_time"}


def _measures_time(node: ast.AST, durations: set[str]) -> bool:
    """Return whether an expression reads this machine's clock, or a name to which a duration was assigned."""
    calls = (ast.unparse(part.func) for part in ast.walk(node) if isinstance(part, ast.Call))
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    of_machine = ("time", "SystemClock()", "")
    return bool(names & durations) or any(
        owner in of_machine and name in _TIMERS for owner, _, name in (call.rpartition(".") for call in calls)
    )


def _upper_bounds(tree: ast.Module) -> Iterator[int]:
    """Yield the lines of the assertions that work took less than some time."""
    durations = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and _measures_time(node.value, set())
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assert) or not isinstance(node.test, ast.Compare):
            continue
        sides = (node.test.left, *node.test.comparators)
        for left, how, right in zip(sides, node.test.ops, sides[1:], strict=False):
            smaller, larger = (left, right) if isinstance(how, ast.Lt | ast.LtE) else (right, left)
            if _measures_time(smaller, durations) and not _measures_time(larger, durations):
                yield node.lineno


@pytest.mark.slow
def test_no_test_asserts_that_work_takes_less_than_some_time() -> None:
    """What is fast is measured by a benchmark, what grows too fast by `growth`; a hang is ended by a test's limit."""
    tests = sorted((ROOT / "tests").rglob("*.py"))
    assert [f"{path.relative_to(ROOT)}:{line}" for path in tests for line in _upper_bounds(_tree(path))] == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("assert time.monotonic() - start < 5", True),
        ("assert 0.2 <= perf_counter() - start <= 5", True),
        ("assert 5 > SystemClock().monotonic() - start", True),
        ("took = time.process_time() - start\nassert took < 1", True),
        ("assert time.monotonic() - start >= 0.2", False),
        ("assert 0.2 <= time.monotonic() - start", False),
        ("assert bench.clock.monotonic() - start < 5", False),
        ("assert took < 1", False),
    ],
)
def test_an_upper_bound_of_time_is_found(code: str, found: bool) -> None:
    assert bool(list(_upper_bounds(ast.parse(code)))) is found


_PURE = ("model", "text", "sources", "articles", "rules", "stories", "digest", "notices", "interchange")


def test_the_pure_parts_open_no_file() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        if _inside(path, *_PURE)
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"open", "input"}
    ]
    assert found == []


# --- an exception from a rule says why

_SILENCED = re.compile(r"#\s*(noqa|type:\s*ignore|pragma: no cover|pragma: no branch)(?P<rest>.*)$")
_REASON = re.compile(r"^(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|\[[a-z-]+(,\s*[a-z-]+)*\])?\s*(-|—|#)\s*\S")


def _unexplained(line: str) -> bool:
    found = _SILENCED.search(line)
    return found is not None and not _REASON.match(found["rest"])


def test_every_silenced_check_has_its_reason_next_to_it() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in EVERY_PYTHON_FILE
        if path != Path(__file__)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if _unexplained(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "unexplained"),
    [
        ("x = 1  # noqa: E501", True),
        ("x = 1  # noqa", True),
        ("x = 1  # type: ignore[arg-type]", True),
        ("if x:  # pragma: no cover", True),
        ("x = 1  # noqa: E501, S101 - the table reads better so", False),
        ("x = 1  # type: ignore[arg-type]  # the library's stub says str", False),
        ("if x:  # pragma: no cover - only on Windows", False),
        ("x = 1  # nothing", False),
    ],
)
def test_a_reason_is_words_after_a_dash(line: str, unexplained: bool) -> None:
    assert _unexplained(line) is unexplained


def test_mypy_checks_every_folder_with_code() -> None:
    folders = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]["files"]
    assert set(folders) == {path.relative_to(ROOT).parts[0] for path in EVERY_PYTHON_FILE}


# --- the contracts themselves


def _contracts(folder: Path) -> list[dict[str, Any]]:
    settings = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    contracts: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return contracts


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", program, "--config", "pyproject.toml", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=200)


def _house(folder: Path) -> None:
    """Our contracts over a house of empty rooms, in which every door is used by who may."""
    contracts = _contracts(ROOT)
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    (folder / "pyproject.toml").write_text(text[text.index("[tool.importlinter]") :], "utf-8")
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    names = [name.strip(" ()") for layer in layers for name in layer.split("|")]
    _write(folder, "monitor", "")
    for name in names:
        _write(folder, f"monitor.{name}", "")
    for contract in contracts:
        if contract["type"] == "protected":
            imports = "".join(f"import {library}\n" for library in contract["protected_modules"])
            for importer in contract["allowed_importers"]:
                _write(folder, importer, "")
                _write(folder, f"{importer}.{contract['id'].replace('-', '_')}", imports)


def _write(folder: Path, module: str, code: str) -> None:
    path = folder.joinpath(*module.split("."))
    path.mkdir(parents=True, exist_ok=True)
    (path / "__init__.py").write_text(code, "utf-8")


@pytest.mark.slow
def test_the_contracts_hold_in_a_house_that_keeps_them(tmp_path: Path) -> None:
    _house(tmp_path)
    done = _lint(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


_BREACHES = [
    ("monitor.utils", "", "layers"),
    ("monitor.text.upward", "import monitor.rules", "layers"),
    ("monitor.rules.sideways", "import monitor.stories", "layers"),
    ("monitor.collect.sideways", "import monitor.deliver", "layers"),
    ("monitor.collect.upward", "import monitor.app", "layers"),
    ("monitor.app.upward", "from monitor import cli", "layers"),
    ("monitor.errors.upward", "from monitor import model", "layers"),
    ("monitor.events.sideways", "from monitor import log", "layers"),
    ("monitor.rules.leak", "import socket", "pure"),
    ("monitor.digest.leak", "from pathlib import Path", "pure"),
    ("monitor.cli.shortcut", "def command() -> None:\n    from monitor.store import Store", "use-cases"),
    ("monitor.sources.leak", "import monitor.sandbox.pool", "pure"),
    ("monitor.notices.leak", "import os", "pure"),
    ("monitor.notices.sideways", "import monitor.text", "layers"),
    ("monitor.notices.upward", "import monitor.store", "layers"),
    ("monitor.collect.leak", "from sqlalchemy import select", "door-database"),
    ("monitor.config.leak", "import httpx", "door-http"),
    ("monitor.channels.leak", "import httpcore", "door-dial"),
    ("monitor.sources.page", "import feedparser", "door-feeds"),
    ("monitor.digest.leak", "import bs4", "door-html"),
    ("monitor.sources.leak", "import trafilatura", "door-articles"),
    ("monitor.sources.feed", "import protego", "door-robots"),
    ("monitor.sources.feed", "import jmespath", "door-paths"),
    ("monitor.channels.slack", "import aiosmtplib", "door-mail"),
    ("monitor.channels.email.plain", "import smtplib", "second-ways"),
    ("monitor.cli.leak", "def command() -> None:\n    import apscheduler.schedulers", "door-ticks"),
    ("monitor.daemon.leak", "import prometheus_client", "door-metrics"),
    ("monitor.stories.leak", "import lark", "door-rules"),
    ("monitor.daemon.leak", "import cronsim", "door-schedules"),
    ("monitor.digest.leak", "import jinja2", "door-templates"),
    ("monitor.model.leak", "import pydantic", "door-options"),
    ("monitor.config.leak", "import tree_sitter", "door-positions"),
    ("monitor.config.leak", "import tomlkit", "door-toml"),
    ("monitor.config.leak", "import yaml", "door-yaml"),
    ("monitor.demo.leak", "import rich.console", "door-terminal"),
    ("monitor.deliver.leak", "import structlog", "door-log"),
]
"""A module, what it says, and the contract that it breaks."""


@pytest.mark.slow
@pytest.mark.parametrize(("module", "code", "broken"), _BREACHES)
def test_the_contracts_break_on(module: str, code: str, broken: str, tmp_path: Path) -> None:
    _house(tmp_path)
    _write(tmp_path, "monitor.sandbox.pool", "import subprocess")
    _write(tmp_path, module, code)
    name = next(contract["name"] for contract in _contracts(tmp_path) if contract["id"] == broken)
    done = _lint(tmp_path)
    assert done.returncode == 1
    assert re.search(rf"{re.escape(name)}\s+BROKEN", done.stdout), done.stdout


def test_every_contract_is_shown_to_break() -> None:
    contracts = {contract["id"] for contract in _contracts(ROOT)}
    shown = {parameters[2] for parameters in _BREACHES}
    assert shown == contracts
