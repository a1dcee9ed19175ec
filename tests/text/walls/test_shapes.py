"""Shapes of walls as servers send them, and short pages with their words that are content."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.text.walls import recognise


def rows(name: str) -> list[list[str]]:
    lines = (Path(__file__).parent / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines]


@pytest.mark.parametrize(("kind", "family", "status", "body"), rows("walls.tsv"))
@pytest.mark.parametrize("page_wanted", [True, False], ids=["page", "feed"])
def test_a_wall_of_any_shape_is_named(kind: str, family: str, status: str, body: str, *, page_wanted: bool) -> None:
    wall = recognise(int(status), (), body.encode(), page_wanted=page_wanted)
    assert wall is not None
    assert (wall.kind, wall.family or "-") == (kind, family)


@pytest.mark.parametrize(
    "body", [body for _, body in rows("content.tsv")], ids=[name for name, _ in rows("content.tsv")]
)
def test_a_short_page_with_the_words_of_a_wall_is_content(body: str) -> None:
    assert recognise(200, (), body.encode()) is None
