"""What every kind of notice promises, whichever it is: one test a promise, over the registry."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import json
import pkgutil
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

import monitor
from monitor import notices
from monitor.cli.app import app
from monitor.config import LOG_VARIABLE
from monitor.model import Notice
from monitor.notices import KINDS, NoticeType, Severity, severity_of

ROOT = Path(__file__).parent.parent.parent
ALL = pytest.mark.parametrize("kind", KINDS)


def _modules() -> list[ModuleType]:
    names = [found.name for found in pkgutil.iter_modules(notices.__path__) if found.name != "base"]
    return [importlib.import_module(f"monitor.notices.{name}") for name in names]


def _makers(module: ModuleType) -> list[Callable[..., Notice]]:
    """Return the functions of a kind's file that make its notices."""
    own = [found for _, found in inspect.getmembers(module, inspect.isfunction) if found.__module__ == module.__name__]
    return [found for found in own if get_type_hints(found)["return"] is Notice]


MAKERS = {f"{maker.__module__}.{maker.__name__}": maker for module in _modules() for maker in _makers(module)}

_COMMANDS: Any = typer.main.get_command(app)
_SETTINGS = set(re.findall(r'"([a-z_]+)": \{', (ROOT / "docs" / "sources.schema.json").read_text("utf-8")))


def test_the_settings_are_those_of_the_configuration() -> None:
    schema = json.loads((ROOT / "docs" / "sources.schema.json").read_text("utf-8"))
    assert {"every", "url", "kind", "full_text", "content", "item"} | set(schema["properties"]) <= _SETTINGS


def _exists(named: str) -> bool:
    """Return whether this is a command with options that it has, or a key, table or variable of the configuration."""
    if not named.startswith("monitor "):
        return named.strip("[]") in _SETTINGS or named == LOG_VARIABLE
    command = _COMMANDS.commands.get(named.split()[1])
    options = set(re.findall(r"--[a-z-]+", named))
    return command is not None and options <= {name for parameter in command.params for name in parameter.opts}


@pytest.mark.parametrize(
    ("named", "exists"),
    [
        ("monitor try NAME", True),
        ("monitor once --source NAME", True),
        ("monitor retry", False),
        ("monitor try --source NAME", False),
        ("every", True),
        ("[[digest]]", True),
        ("evry", False),
    ],
)
def test_what_exists_is_distinguished_from_what_does_not(named: str, *, exists: bool) -> None:
    assert _exists(named) is exists


@ALL
def test_it_is_registered_under_its_name_and_says_how_bad_it_is(kind: str) -> None:
    assert KINDS[kind].kind == kind
    assert KINDS[kind].severity in get_args(Severity)
    assert severity_of(kind) == KINDS[kind].severity


@ALL
def test_it_says_what_it_tells_what_to_do_and_what_closes_it(kind: str) -> None:
    for words in (KINDS[kind].meaning, KINDS[kind].remedy, KINDS[kind].closed_when):
        assert words.strip() == words
        assert words[-1:] not in {"", "."}


@ALL
def test_its_remedy_names_a_command_or_a_setting_and_only_such_as_exist(kind: str) -> None:
    named = re.findall(r"`([^`]+)`", KINDS[kind].remedy)
    assert named
    assert [one for one in named if not _exists(one)] == []


@pytest.mark.parametrize("module", _modules(), ids=lambda module: module.__name__)
def test_every_file_registers_one_kind_and_makes_its_notices(module: ModuleType) -> None:
    (own,) = [found for _, found in inspect.getmembers(module) if isinstance(found, NoticeType)]
    assert KINDS[own.kind] is own
    assert _makers(module)


@pytest.mark.parametrize("maker", MAKERS)
def test_every_notice_has_a_subject_words_and_a_remedy(maker: str) -> None:
    make = MAKERS[maker]
    words = st.text("abc ").map(lambda text: f"x{text}")
    by_type = {str: words, Sequence[str]: st.lists(words, min_size=1)}
    arguments = {name: by_type.get(hint, st.from_type(hint)) for name, hint in get_type_hints(make).items()}
    (kind,) = [found for _, found in inspect.getmembers(inspect.getmodule(make)) if isinstance(found, NoticeType)]

    @given(st.fixed_dictionaries({name: values for name, values in arguments.items() if name != "return"}))
    def check(given_: dict[str, Any]) -> None:
        notice = make(**given_)
        assert notice.kind == kind.kind
        assert notice.subject
        assert notice.message.strip()
        assert notice.remedy.strip()
        for command in re.findall(r"monitor (?!\.)([a-z]+)", notice.remedy):
            assert command in _COMMANDS.commands

    check()


@dataclass(frozen=True, slots=True)
class _File:
    """What a file of the program imports and calls by name, and under which name others import from it."""

    path: str
    module: str
    imported: frozenset[tuple[str | None, str]]
    called: Counter[str]


@functools.cache
def _files() -> list[_File]:
    files = []
    for path in sorted(Path(monitor.__path__[0]).rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        froms = [node for node in nodes if isinstance(node, ast.ImportFrom)]
        called = [node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
        own = path.relative_to(ROOT)
        imported = frozenset((node.module, alias.name) for node in froms for alias in node.names)
        files.append(_File(str(own), ".".join(own.with_suffix("").parts), imported, Counter(called)))
    return files


def _calls(name: str, home: str) -> Iterator[str]:
    """Yield the files that have the function or import it from there, once for each time that they call it."""
    for file in _files():
        if file.module == home or (home, name) in file.imported:
            yield from [file.path] * file.called[name]


@pytest.mark.parametrize("maker", MAKERS)
def test_every_notice_is_made_in_one_place(maker: str) -> None:
    make = MAKERS[maker]
    assert len(list(_calls(make.__name__, make.__module__))) == 1


def test_no_notice_is_made_outside_the_registry() -> None:
    read_back = "monitor/store/status.py"
    assert set(_calls("Notice", "monitor.model")) == {"monitor/notices/base.py", read_back}


def test_a_kind_of_another_version_is_a_problem() -> None:
    assert severity_of("of another version") == "problem"


def test_the_documents_have_every_kind_as_it_is() -> None:
    rows = [
        f"| `{one.kind}` | {one.severity} | {one.meaning} | {one.remedy} | {one.closed_when} |"
        for one in KINDS.values()
    ]
    lines = (ROOT / "docs" / "operations.md").read_text("utf-8").splitlines()
    assert [row for row in rows if row not in lines] == []
