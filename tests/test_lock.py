"""The locked requirements: complete, hashed, in step with pyproject.toml, and free of any index address."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT: Mapping[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
FILES = ("run.txt", "dev.txt", "build.txt")

Pins = dict[str, list[Requirement]]


def _text(name: str) -> str:
    return (ROOT / "requirements" / name).read_text("utf-8")


def _blocks(name: str) -> Iterator[str]:
    """Yield each pinned requirement with the lines of its hashes."""
    yield from re.split(r"\n(?=\S)", _text(name).strip())


def _pins(name: str) -> Pins:
    pins: Pins = {}
    for block in _blocks(name):
        requirement = Requirement(re.split(r"\s\\|\s--hash", block)[0])
        pins.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return pins


def _group(name: str) -> list[str]:
    asked: list[str] = []
    for entry in PROJECT["dependency-groups"][name]:
        asked += _group(entry["include-group"]) if isinstance(entry, dict) else [entry]
    return asked


def _asked(name: str) -> list[str]:
    if name == "build.txt":
        return _group("build")
    run = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["postgres"]]
    return [*run, *_group("dev")] if name == "dev.txt" else run


def _applies(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate()


@pytest.mark.parametrize("name", FILES)
def test_every_pin_has_hashes_and_an_exact_version(name: str) -> None:
    for block in _blocks(name):
        first, *rest = block.splitlines()
        assert re.fullmatch(r"[a-z0-9.-]+(\[[a-z0-9,-]+\])?==[\w.]+( ; .+)? \\", first), first
        assert rest, first
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in rest), first


@pytest.mark.parametrize("name", FILES)
def test_no_index_and_no_host_is_named(name: str) -> None:
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host|@", _text(name))


@pytest.mark.parametrize("name", FILES)
def test_what_pyproject_asks_for_is_locked_within_its_bounds(name: str) -> None:
    pins = _pins(name)
    for asked in map(Requirement, _asked(name)):
        pinned = pins.get(canonicalize_name(asked.name), [])
        assert pinned, f"{asked} is not in requirements/{name}: run `just lock`"
        for pin in pinned:
            version = next(iter(pin.specifier)).version
            assert asked.specifier.contains(version, prereleases=True), f"{pin} is not {asked}: run `just lock`"


@pytest.mark.parametrize("smaller", ["run.txt", "build.txt"])
def test_development_uses_the_very_versions_of_the(smaller: str) -> None:
    pins = _pins("dev.txt")
    for name, requirements in _pins(smaller).items():
        assert [str(pin.specifier) for pin in pins[name]] == [str(pin.specifier) for pin in requirements]


def test_the_build_backend_of_a_plain_install_is_the_locked_one() -> None:
    assert PROJECT["build-system"]["requires"] == _group("build")


def _needs(name: str, extras: frozenset[str]) -> Iterator[Requirement]:
    for text in importlib.metadata.requires(name) or ():
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in (extras or {""})):
            yield requirement


def _closure(asked: list[str]) -> set[str]:
    """Names of all that the asked requirements need in this interpreter, by the metadata of what is installed."""
    todo, seen = [*filter(_applies, map(Requirement, asked))], set[tuple[str, frozenset[str]]]()
    while todo:
        requirement = todo.pop()
        key = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if key not in seen:
            seen.add(key)
            todo += _needs(*key)
    return {name for name, _ in seen}


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_missing_and_nothing_is_left_over(name: str) -> None:
    here = {pin for pin, requirements in _pins(name).items() if any(map(_applies, requirements))}
    assert here == _closure(_asked(name)), "run `just lock`"


@pytest.mark.parametrize("name", FILES)
def test_what_is_installed_is_what_is_locked(name: str) -> None:
    assert sys.version_info >= (3, 11)
    for pin, requirements in _pins(name).items():
        for requirement in filter(_applies, requirements):
            assert requirement.specifier.contains(importlib.metadata.version(pin), prereleases=True), (
                f"{pin} {importlib.metadata.version(pin)} is installed: run `just setup`"
            )


def _imported() -> set[str]:
    """Return the distributions that the program's own code imports."""
    homes = importlib.metadata.packages_distributions()
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "monitor").rglob("*.py")]
    tops: set[str] = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Import):
            tops |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            tops.add((node.module or "").partition(".")[0])
    return {canonicalize_name(home) for top in tops for home in homes.get(top, ())}


@pytest.mark.slow
def test_every_dependency_is_used() -> None:
    by_name = {"lxml", "tzdata"}  # bs4 takes the name of its parser; zoneinfo reads the other
    asked = {canonicalize_name(Requirement(text).name) for text in PROJECT["project"]["dependencies"]}
    assert asked - _imported() - by_name == set()


@pytest.mark.slow
def test_every_import_is_of_a_locked_requirement() -> None:
    assert _imported() - {"announcement-monitor"} <= set(_pins("run.txt"))


def test_no_two_requirements_spell_an_extra_of_one_package_in_two_ways() -> None:
    """Keep pip of Python 3.11 (23.2) from its internal error on `lxml[html-clean]` and `lxml[html_clean]` together."""
    spellings: dict[tuple[str, str], set[str]] = {}
    for name in _pins("run.txt"):
        with suppress(importlib.metadata.PackageNotFoundError):
            for needed in map(Requirement, importlib.metadata.requires(name) or ()):
                if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                    for extra in needed.extras:
                        key = canonicalize_name(needed.name), canonicalize_name(extra)
                        spellings.setdefault(key, set()).add(extra)
    assert ("lxml", "html-clean") in spellings
    assert {key: spelt for key, spelt in spellings.items() if len(spelt) > 1} == {}
