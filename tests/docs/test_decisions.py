"""Decisions are numbered without holes, follow one template, and are there when something refers to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "docs" / "decisions"
TEMPLATE = FOLDER / "0000-template.md"
DECISIONS = sorted(path for path in FOLDER.iterdir() if path != TEMPLATE)

_STATUS = re.compile(r"Date: \d{4}-\d\d-\d\d(, amended \d{4}-\d\d-\d\d)?\. Status: (proposed|in force|replaced by )")
_REFERENCE = re.compile(r"\b[Dd]ecisions?[ /](?P<named>\d{4})\b|\[(?P<linked>\d{4})\]\((?P<target>[^)]+)\)")


def _headings(path: Path) -> list[str]:
    return re.findall(r"^## .+$", path.read_text("utf-8"), re.MULTILINE)


def test_numbers_have_no_holes() -> None:
    numbers = [path.name.partition("-")[0] for path in DECISIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_follows_the_template(path: Path) -> None:
    title, blank, status, *_ = path.read_text("utf-8").splitlines()
    assert re.fullmatch(rf"# {path.name[:4]}: [A-Z].*[^.]", title), "the title is the decision in one sentence"
    assert blank == ""
    assert _STATUS.match(status)
    assert _headings(path) == _headings(TEMPLATE)


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_every_part_of_a_decision_says_something(path: Path) -> None:
    _, *parts = re.split(r"^## .+\n", path.read_text("utf-8"), flags=re.MULTILINE)
    assert [part for part in parts if not part.strip()] == []


def _references(text: str) -> Iterator[tuple[str, str]]:
    """Yield the number and the link's target of each reference to a decision; "" where there is no link."""
    for found in _REFERENCE.finditer(text):
        yield found["named"] or found["linked"], found["target"] or ""


def test_references_lead_to_decisions() -> None:
    numbers = {path.name[:4] for path in (TEMPLATE, *DECISIONS)}
    code = [path for folder in ("monitor", "benchmarks", "tools") for path in (ROOT / folder).rglob("*.py")]
    missing = []
    for path in (*code, *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        for number, target in _references(path.read_text("utf-8")):
            if path != TEMPLATE and (number not in numbers or (target and Path(target).name[:4] != number)):
                missing.append(f"{path.relative_to(ROOT)}: {number} {target}")
    assert missing == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(decision 0006).", [("0006", "")]),
        ("see docs/decisions/0017", [("0017", "")]),
        ("[0003](decisions/0003-threads.md)", [("0003", "decisions/0003-threads.md")]),
        ("the year 2026, revision 0009", []),
    ],
)
def test_the_finder_finds_references(text: str, found: list[tuple[str, str]]) -> None:
    assert list(_references(text)) == found
