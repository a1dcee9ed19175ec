"""Print the test files that a change touches, nearest first.

    python tools/changed.py [BASE]        BASE: a branch or commit; left out: main

What changed is what differs from the commit at which this branch left BASE, committed or not, with new files. A test
file is touched when

- it is changed itself, or it mirrors a changed module (`monitor/text/fold.py`: `tests/text/test_fold*.py`);
- it uses a changed module, over any number of imports. A name that a package's `__init__` passes on counts as a use of
  the module that defines it, not of the whole package; a fixture counts as a use of the module that defines it; a
  module whose name is written in a text (a monkeypatch, a child process) is used too;
- it has the name of a changed file that is no Python (`README.md`, `sources.toml`), or the top folder of one
  (`migrations`), in a text; a file of data touches what its package touches, or the tests in its folder and above.

`tests/test_architecture.py` is always among them. The shared fixtures of `tests/conftest.py` touch every test: a change
there prints `tests`.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("monitor", "migrations", "tests", "tools", "benchmarks")
ALWAYS = "tests/test_architecture.py"
EVERY_TEST = frozenset({"tests/conftest.py", "pyproject.toml"})
LONG = 500
"""Letters. A longer text is a document of its own, in which a file's name means nothing."""
_SPACE = re.compile(r"[/\s]+")
_MODULE = re.compile(r"\b(?:monitor|tests|tools)(?:\.\w+)+")
_PROGRAM = "monitor.__main__"


@dataclass
class Module:
    """A Python file: what it imports, as (module, name or None), the texts in it, and the fixtures."""

    path: str
    imports: list[tuple[str, str | None]] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    fixtures: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """Return its dotted name."""
        return ".".join(PurePosixPath(self.path).with_suffix("").parts).removesuffix(".__init__")

    @property
    def is_test(self) -> bool:
        """Is it a file of tests?"""
        return PurePosixPath(self.path).name.startswith("test_")


def parse(path: str, code: str) -> Module:
    """Return what a file says of others."""
    module = Module(path)
    for node in ast.walk(ast.parse(code, path)):
        if isinstance(node, ast.Import):
            module.imports += [(alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            module.imports += [(node.module, alias.name) for alias in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            module.texts.add(node.value)
        elif isinstance(node, ast.arg):
            module.names.add(node.arg)
        elif isinstance(node, ast.FunctionDef):
            module.fixtures |= set(_fixture(node))
    return module


def _fixture(function: ast.FunctionDef) -> Iterator[str]:
    """Yield the name of the fixture that a function is, if it is one."""
    for decorator in function.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        target = call.func if call else decorator
        if isinstance(target, ast.Attribute) and target.attr == "fixture":
            named = [word.value for word in (call.keywords if call else ()) if word.arg == "name"]
            yield str(named[0].value) if named and isinstance(named[0], ast.Constant) else function.name


class Tree:
    """The Python files of a checkout, and which module imports which."""

    def __init__(self, codes: Mapping[str, str]) -> None:
        self.modules = {path: parse(path, code) for path, code in codes.items()}
        self._by_name = {module.name: module for module in self.modules.values()}
        self._users: dict[str, set[str]] = {}
        self._passed_on: dict[str, set[str]] = {}
        for module in self.modules.values():
            for used in self._used_by(module):
                self._users.setdefault(used, set()).add(module.path)

    def distances(self, changed: Iterable[str]) -> dict[str, int]:
        """Return how many imports each file that uses a changed one is away from it."""
        found = dict.fromkeys(changed, 0)
        queue = deque(found)
        while queue:
            path = queue.popleft()
            users = self._users.get(path, set()) | (self._passed_on.get(path, set()) if found[path] == 0 else set())
            for user in sorted(users - found.keys()):
                found[user] = found[path] + 1
                queue.append(user)
        return found

    def _used_by(self, module: Module) -> Iterator[str]:
        for name, attribute in module.imports:
            yield from self._definers(name, attribute, module.path)
        for text in module.texts:
            for dotted in _MODULE.findall(text):
                yield from self._longest(dotted)
        if {"-m", "monitor"} <= module.texts and _PROGRAM in self._by_name:
            yield self._by_name[_PROGRAM].path
        for name in module.names | module.texts:
            yield from self._fixture_modules(module, name)

    def _definers(self, name: str, attribute: str | None, user: str, depth: int = 0) -> Iterator[str]:
        """Yield the module that defines an imported name; a package on the way to it is noted as one."""
        inner = self._by_name.get(f"{name}.{attribute}") if attribute else None
        outer = self._by_name.get(name)
        if inner is not None:
            yield inner.path
            return
        if outer is None:
            return
        origins = [origin for origin, passed in outer.imports if passed == attribute and attribute]
        if outer.path.endswith("/__init__.py") and origins and depth < len(self._by_name):
            self._passed_on.setdefault(outer.path, set()).add(user)
            for origin in origins:
                yield from self._definers(origin, attribute, user, depth + 1)
        else:
            yield outer.path

    def _longest(self, dotted: str) -> Iterator[str]:
        """Yield the module that a dotted text begins with."""
        while dotted and dotted not in self._by_name:
            dotted = dotted.rpartition(".")[0]
        if "." in dotted:
            yield self._by_name[dotted].path

    def _fixture_modules(self, module: Module, name: str) -> Iterator[str]:
        """Yield the files whose fixture of this name a test gets: the nearest conftest, or what all tests share."""
        if not module.path.startswith("tests/"):
            return
        folders = PurePosixPath(module.path).parents
        near = [f"{folder}/conftest.py" for folder in folders if str(folder) != "."]
        for path in (*near, "tests/support/fixtures.py"):
            found = self.modules.get(path)
            if found is not None and path not in {module.path, "tests/conftest.py"} and name in found.fixtures:
                yield path


def selected(tree: Tree, changed: Iterable[str]) -> list[str]:
    """Return the test files that a change of these files touches, nearest first."""
    changed = set(changed)
    if changed & EVERY_TEST:
        return ["tests"]
    changed |= {module for path in changed for module in _readers(tree, path)}
    distances = tree.distances(path for path in changed if path in tree.modules)
    tests = [module for module in tree.modules.values() if module.is_test]
    for test in tests:
        if any(_mirrors(test.path, path) or _mentions(test, path) for path in changed):
            distances[test.path] = 0
    found = sorted((distances[test.path], test.path) for test in tests if test.path in distances)
    return [path for _, path in found if path != ALWAYS] + [ALWAYS]


def _readers(tree: Tree, changed: str) -> Iterator[str]:
    """Yield the modules of the package that a file of data is in: one of them reads it."""
    path = PurePosixPath(changed)
    if path.parts[0] == "monitor" and path.suffix != ".py":
        packages = [folder for folder in path.parents if f"{folder}/__init__.py" in tree.modules]
        yield from (module for module in tree.modules if PurePosixPath(module).parent == packages[0])


def _mirrors(test: str, changed: str) -> bool:
    """Return whether this is the test of a changed module, by its place."""
    path = PurePosixPath(changed)
    if path.parts[0] != "monitor" or path.suffix != ".py":
        return False
    folder = PurePosixPath("tests", *path.parts[1:-1])
    if path.stem == "__init__":
        return PurePosixPath(test).parent == folder
    return any(PurePosixPath(test).match(f"{folder}/test_{path.stem}{rest}.py") for rest in ("", "_*"))


def _mentions(test: Module, changed: str) -> bool:
    """Return whether a test names a file that it cannot import, or its top folder, or shares its folder among tests."""
    path = PurePosixPath(changed)
    if path.parts[0] == "monitor" or (path.parts[0] == "tests" and path.suffix == ".py"):
        return False
    if path.parts[0] == "tests":
        return path.is_relative_to(PurePosixPath(test.path).parent) and PurePosixPath(test.path).parent.name != "tests"
    words = {path.name, path.parts[0]} if "." in path.name else {changed, path.parts[0]}
    return any(text in words or not words.isdisjoint(_SPACE.split(text)) for text in test.texts if len(text) < LONG)


def differing(base: str) -> set[str]:
    """Return the changed, deleted and new files of this checkout since it left `base`."""
    (left,) = _git("merge-base", base, "HEAD")
    return {*_git("diff", "--name-only", left), *_git("ls-files", "--others", "--exclude-standard")}


def _git(*words: str) -> list[str]:
    command = ["git", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - words of ours
    if done.returncode:
        raise SystemExit(f"git {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout.splitlines()


def checkout() -> Tree:
    """Return the Python files of this checkout."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    return Tree({path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths})


def main() -> None:
    """Print the selection."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("base", nargs="?", default="main", metavar="BASE", help="a branch or commit")
    sys.stdout.write("\n".join(selected(checkout(), differing(parser.parse_args().base))) + "\n")


if __name__ == "__main__":
    main()
