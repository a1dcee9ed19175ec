"""Print the shape of the program's code: sizes, helpers, comments and the words that docstrings begin with.

    python tools/shape.py [--json] [--helpers [PATH]] [TREE]

What is counted, in the folder `monitor` of TREE:

- *Functions*: every `def`, methods and nested functions included. Their length goes from the line of `def` to the last
  line, docstring included and decorators not.
- *One-caller helpers*: private functions and methods (`_name`; nested functions and `__dunder__` methods are none) that
  the whole folder mentions in exactly one place outside themselves. A call, a reference handed to something else and an
  import that is used count alike. `self._name` belongs to the class around it if that defines `_name`, and to every
  class that does otherwise; any other mention belongs to the module's own function of this name, or to the one that the
  module imports.
- *Comment lines*: lines that hold nothing but a comment.
- *Class names defined twice*: classes at the top of a module, by name.
- *Openings*: the first word of the docstrings of functions; properties say what they are, and are left out.

`--helpers` lists the one-caller helpers instead, by file; with PATH only those in this file or folder of `monitor`.
TREE is another checkout to measure, for a comparison; this file's own is the default.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import re
import statistics
import sys
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
NO_VERBS = ("What", "Whether", "Who", "The")
"""Openings that say no action; functions should have none of them."""

AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef


class Function(NamedTuple):
    """A function: where it is, its name with the classes around it, its length in lines, how its docstring begins."""

    file: str
    line: int
    name: str
    length: int
    opening: str


class Mention(NamedTuple):
    """A use of a name: the name, the class around it if it follows `self.`, and the lines of the file it is on."""

    name: str
    owner: str | None
    line: int


@dataclass(frozen=True)
class Module:
    """What is counted of one file."""

    file: str
    lines: int
    comment_lines: int
    fmt_skips: int
    functions: list[Function] = field(default_factory=list)
    helpers: dict[tuple[str | None, str], Function] = field(default_factory=dict)
    """The private functions by class (None at the top) and name."""
    classes: list[str] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By local name: the module and the name there."""

    @property
    def dotted(self) -> str:
        """The module's name as imports write it."""
        return self.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


class Reader(ast.NodeVisitor):
    """Collects functions, classes, imports and mentions of private names from the syntax tree of one file."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._around: list[ast.ClassDef | AnyFunction] = []

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Take the class, if it is at the top, and what is in it."""
        if not self._around:
            self._module.classes.append(node.name)
        self._visit_inside(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Take the function and what is in it."""
        self._take_function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        """Take the function and what is in it."""
        self._take_function(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Take the names that come from other modules of the program."""
        for alias in node.names:
            self._module.imported[alias.asname or alias.name] = (node.module or "", alias.name)

    def visit_Name(self, node: ast.Name) -> None:
        """Take a mention of a name by itself."""
        self._module.mentions.append(Mention(node.id, None, node.lineno))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Take a mention of a name after a dot."""
        through_self = isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}
        owner = self._class_name() if through_self else None
        self._module.mentions.append(Mention(f".{node.attr}", owner, node.lineno))
        self.visit(node.value)

    def _take_function(self, node: AnyFunction) -> None:
        name = ".".join([*(one.name for one in self._around), node.name])
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        function = Function(self._module.file, node.lineno, name, length, _opening(node))
        self._module.functions.append(function)
        nested = any(not isinstance(one, ast.ClassDef) for one in self._around)
        if node.name.startswith("_") and not node.name.endswith("__") and not nested:
            self._module.helpers[self._class_name(), node.name] = function
        self._visit_inside(node)

    def _visit_inside(self, node: ast.ClassDef | AnyFunction) -> None:
        self._around.append(node)
        self.generic_visit(node)
        self._around.pop()

    def _class_name(self) -> str | None:
        return next((one.name for one in reversed(self._around) if isinstance(one, ast.ClassDef)), None)


def _opening(node: AnyFunction) -> str:
    """Return the first word of the docstring; empty without one, and for properties."""
    decorators = {ast.unparse(one).rpartition(".")[2] for one in node.decorator_list}
    if decorators & {"property", "cached_property", "setter"}:
        return ""
    word = re.match(r"\w+", ast.get_docstring(node) or "")
    return word[0] if word else ""


def read_tree(tree: Path) -> list[Module]:
    """Return what is counted of each file of the program in `tree`, sorted by file."""
    return [_read_file(path, tree) for path in sorted((tree / "monitor").rglob("*.py"))]


def _read_file(path: Path, tree: Path) -> Module:
    text = path.read_text("utf-8")
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    comments = [token for token in tokens if token.type == tokenize.COMMENT]
    module = Module(
        file=path.relative_to(tree).as_posix(),
        lines=len(text.splitlines()),
        comment_lines=sum(token.line.lstrip().startswith("#") for token in comments),
        fmt_skips=sum("fmt: skip" in token.string for token in comments),
    )
    Reader(module).visit(ast.parse(text))
    return module


def one_caller_helpers(modules: Iterable[Module]) -> list[Function]:
    """Return the private functions that are mentioned in exactly one place outside themselves, sorted by file."""
    modules = list(modules)
    counts = _count_mentions(modules)
    helpers = [function for module in modules for function in module.helpers.values()]
    return sorted(function for function in helpers if counts[function] == 1)


def _count_mentions(modules: list[Module]) -> Counter[Function]:
    at_top = {(m.dotted, name): helper for m in modules for (owner, name), helper in m.helpers.items() if owner is None}
    methods: defaultdict[str, list[Function]] = defaultdict(list)
    for module in modules:
        for (owner, name), helper in module.helpers.items():
            if owner is not None:
                methods[name].append(helper)
    counts: Counter[Function] = Counter()
    for module in modules:
        for mention in module.mentions:
            meant = _meant(mention, module, at_top, methods)
            counts.update(one for one in meant if not _is_inside(module, mention, one))
    return counts


def _meant(
    mention: Mention,
    module: Module,
    at_top: dict[tuple[str, str], Function],
    methods: dict[str, list[Function]],
) -> list[Function]:
    """Return the helpers that the mention may mean."""
    after_dot, name = mention.name.startswith("."), mention.name.removeprefix(".")
    if not after_dot:
        place = module.imported.get(name, (module.dotted, name))
        return [at_top[place]] if place in at_top else []
    own = module.helpers.get((mention.owner, name)) if mention.owner else None
    if own:
        return [own]
    through_module = [helper for (_, other), helper in at_top.items() if other == name] if not mention.owner else []
    return [*methods.get(name, []), *through_module]


def _is_inside(module: Module, mention: Mention, function: Function) -> bool:
    return module.file == function.file and function.line <= mention.line < function.line + function.length


def measure(modules: list[Module]) -> dict[str, Any]:
    """Return the figures of the program, ready for JSON."""
    functions = [function for module in modules for function in module.functions]
    lengths = sorted(function.length for function in functions)
    longest = max(functions, key=lambda function: function.length)
    helpers = one_caller_helpers(modules)
    lines = sum(module.lines for module in modules)
    comment_lines = sum(module.comment_lines for module in modules)
    openings = Counter(function.opening for function in functions if function.opening)
    classes = Counter(name for module in modules for name in module.classes)
    no_verbs = sum(openings[word] for word in NO_VERBS)
    return {
        "files": len(modules),
        "lines": lines,
        "functions": len(functions),
        "median": statistics.median(lengths),
        "p95": lengths[int(len(lengths) * 0.95)],
        "longest": longest.length,
        "longest_at": f"{longest.file}:{longest.line} {longest.name}",
        "one_caller_helpers": len(helpers),
        "one_caller_share": _percent(len(helpers), len(functions)),
        "comment_lines": comment_lines,
        "comment_share": _percent(comment_lines, lines),
        "fmt_skip": sum(module.fmt_skips for module in modules),
        "classes_defined_twice": {name: count for name, count in sorted(classes.items()) if count > 1},
        "openings": dict(openings.most_common(12)),
        "no_verb": no_verbs,
        "no_verb_share": _percent(no_verbs, openings.total()),
    }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def as_text(figures: dict[str, Any]) -> str:
    """Return the figures for people, one to a line."""
    twice, openings = figures["classes_defined_twice"], figures["openings"]
    lines = [
        f"files                  {figures['files']}",
        f"lines                  {figures['lines']}",
        f"functions              {figures['functions']}",
        f"  lines of one         median {figures['median']:g}, p95 {figures['p95']}, max {figures['longest']}",
        f"  the longest          {figures['longest_at']}",
        f"one-caller helpers     {figures['one_caller_helpers']} ({figures['one_caller_share']} % of all functions)",
        f"comment lines          {figures['comment_lines']} ({figures['comment_share']} %)",
        f"fmt: skip              {figures['fmt_skip']}",
        f"classes defined twice  {len(twice)}: {', '.join(f'{name} {count}' for name, count in twice.items())}",
        f"docstrings begin with  {', '.join(f'{word} {count}' for word, count in openings.items())}",
        f"  {'/'.join(NO_VERBS)}  {figures['no_verb']} ({figures['no_verb_share']} %)",
    ]
    return "\n".join(lines) + "\n"


def list_helpers(modules: list[Module], below: str) -> str:
    """Return the one-caller helpers of the files at or below a path, each with its line, name and length."""
    folder = f"{below.rstrip('/')}/"
    helpers = [one for one in one_caller_helpers(modules) if f"{one.file}/".startswith(folder)]
    lines = [f"{one.file}:{one.line} {one.name} ({one.length} lines)" for one in helpers]
    return "\n".join([*lines, f"{len(lines)} one-caller helpers"]) + "\n"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.add_argument("--helpers", nargs="?", const="monitor", metavar="PATH", help="list one-caller helpers by file")
    parser.add_argument("tree", nargs="?", type=Path, default=ROOT, metavar="TREE")
    given = parser.parse_args()
    modules = read_tree(given.tree.resolve())
    if not modules:
        parser.error(f"no Python files in {given.tree / 'monitor'}")
    if given.helpers is not None:
        sys.stdout.write(list_helpers(modules, given.helpers))
    elif given.json:
        sys.stdout.write(json.dumps(measure(modules), indent=1) + "\n")
    else:
        sys.stdout.write(as_text(measure(modules)))


if __name__ == "__main__":
    main()
