"""The project speaks plain English: some words stay out of names, messages, docstrings, comments and documents.

Many readers learned English at school. Each of the words has a usual one in its place: "shown" or "said" for `told`,
"again" for `anew`, "next to" or "besides" for `beside`, "fix" for `mend`, "is in" for `stands in`, "will be" for
`is to be`.
Docstrings of functions begin with what the function does.

Python files of the program are read as a whole. Of the tests names, comments and docstrings count, since their strings
are data; of all other files the text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

_GAP = r"[\s#*/|>]+"  # between the words of a phrase, also where a line ends
WORDS = re.compile(
    r"\b(?:told|anew|beside|mend(?:s|ed|ing)?|whom|thereof|therein|whence|naught|hitherto"
    r"|(?:is|are|was|were)GAPtoGAPbe|inGAPvain|lies|lyingGAP(?:in|at|on)|lieGAP(?:in|at|on|ahead|below|above|behind)"
    r"|(?!stand(?<=\"stand)\")stands?(?!-ins?\b|GAPfor\b)|stood(?!GAPfor\b))\b".replace("GAP", _GAP),
    re.IGNORECASE,
)
NO_ORDERS = frozenset(
    re.findall(
        r"\w+",
        "A After All Always An Any Are As At Before Behind Both By Can Does Each Every For From Half Has How "
        "If In Is It Its May Must Nothing Of On One Only Raises Returns Since So Some That The There These "
        "This Those To Two Was What When Where Whether Which Who Whom Why With Without",
    )
)
"""First words of a docstring that says what something is, and not what a function does."""

_FOLDERS = ("benchmarks", "deploy", "docs", "migrations", "monitor", "requirements", "tests", "tools")
_TEXTS = frozenset({".html", ".mako", ".md", ".py", ".service", ".toml", ".txt", ".yaml", ""})
_SKIPPED = ("LICENSE", ".LICENSE.txt", "han_variants.txt", "build.txt", "dev.txt", "run.txt", "docs/test_words.py")
"""Texts that others wrote, tables, and this list itself."""


@cache
def _files() -> tuple[Path, ...]:
    below = [path for folder in _FOLDERS for path in (ROOT / folder).rglob("*")]
    paths = [path.relative_to(ROOT) for path in (*ROOT.iterdir(), *below) if path.is_file()]
    return tuple(sorted(path for path in paths if _is_read(path)))


def _is_read(path: Path) -> bool:
    name = path.as_posix()
    if name.endswith(_SKIPPED) or name.startswith("."):
        return False
    if path.parts[0] == "tests":
        return path.suffix in {".py", ".md"} or name == "tests/config/messages.txt"
    return path.suffix in _TEXTS


def _part(path: Path) -> str:
    """Return the part of the project that a file belongs to: a package, a folder of tests, a top folder, or "."."""
    *folders, _ = path.parts
    deep = 2 if folders and folders[0] in {"monitor", "tests", "docs"} else 1
    return "/".join(folders[:deep]) or "."


PARTS = sorted({_part(path) for path in _files()})


def _said(path: Path) -> str:
    """Return what a file says, in the lines in which it says it."""
    text = (ROOT / path).read_text("utf-8")
    if path.suffix == ".py" and path.parts[0] == "tests":
        text = _without_data(text)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", text)  # the words of which names are made


def _without_data(text: str) -> str:
    """Return a module's text with nothing in its strings, but for its docstrings."""
    tree = ast.parse(text)
    kept = {id(docstring) for docstring in _docstrings(tree)}
    lines = [line.encode() for line in text.split("\n")]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in kept and _is_text(node):
            _blank(lines, node)
    return "\n".join(line.decode() for line in lines)


def _docstrings(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr):
                yield first.value


def _is_text(node: ast.Constant | ast.JoinedStr) -> bool:
    return isinstance(node, ast.JoinedStr) or isinstance(node.value, str | bytes)


def _blank(lines: list[bytes], node: ast.expr) -> None:
    """Put blanks where the node is in the lines, which keep their lengths."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    for number in range(node.lineno, node.end_lineno + 1):
        line = lines[number - 1]
        start = node.col_offset if number == node.lineno else 0
        end = node.end_col_offset if number == node.end_lineno else len(line)
        lines[number - 1] = line[:start] + b" " * (end - start) + line[end:]


def _words_in(path: Path) -> Iterator[str]:
    text = _said(path)
    for found in WORDS.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield f'{path}:{line}: "{" ".join(found[0].split())}"'


def _openings_in(path: Path) -> Iterator[str]:
    if path.suffix != ".py":
        return
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _says_what_it_is(node):
            opening = re.match(r"\w+", ast.get_docstring(node) or "")
            if opening and opening[0] in NO_ORDERS:
                yield f'{path}:{node.lineno}: the docstring of {node.name} begins with "{opening[0]}"'


def _says_what_it_is(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether a function is a property, or a test, whose name is a sentence that the docstring explains."""
    names = {ast.unparse(one).rpartition(".")[2] for one in node.decorator_list}
    return node.name.startswith("test_") or bool(names & {"property", "cached_property", "setter"})


def _findings(part: str) -> list[str]:
    files = [path for path in _files() if _part(path) == part]
    return [finding for path in files for finding in (*_words_in(path), *_openings_in(path))]


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_words_that_nobody_uses_stay_out(part: str) -> None:
    assert _findings(part) == [], "write the usual word, and begin a function's docstring with what it does"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("def tell(told): ...", "told"),
        ("class ToldOnce: ...", "Told"),
        ("_lies_open = 1", "lies"),
        ("# what is to\n# be done", "is to # be"),
        ('"mended in vain"', "mended"),
        ("as it stands.", "stands"),
        ("dates lie ahead", "lie ahead"),
        ("to whom it goes", "whom"),
    ],
)
def test_the_finder_finds(text: str, word: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    (tmp_path / "one.py").write_text(text, encoding="utf-8")
    assert next(_words_in(Path("one.py"))).partition(': "')[2] == f'{word}"'


@pytest.mark.parametrize(
    "text",
    ["a stand-in", 'the German label "stand"', "@ stands for at", "amended", "tolden", "believes", "besides", "lied"],
)
def test_the_finder_lets_usual_words_pass(text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    (tmp_path / "one.py").write_text(f"# {text}", encoding="utf-8")
    assert list(_words_in(Path("one.py"))) == []


def test_strings_of_tests_are_data_and_their_names_and_docstrings_are_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    (tmp_path / "tests").mkdir()
    text = '"""Told once."""\ntold = "told", f"{told} told", """told\n told""", b"told"  # told\n'
    (tmp_path / "tests" / "test_one.py").write_text(text, encoding="utf-8")
    lines = [finding.split(":")[1] for finding in _words_in(Path("tests/test_one.py"))]
    assert lines == ["1", "2", "3"]


def test_openings_that_say_no_action_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    text = 'def one():\n  """Whether."""\n@property\ndef two():\n  """The rest."""\ndef three():\n  """Return it."""\n'
    (tmp_path / "one.py").write_text(text, encoding="utf-8")
    assert list(_openings_in(Path("one.py"))) == ['one.py:1: the docstring of one begins with "Whether"']
