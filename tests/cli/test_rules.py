"""`monitor rules`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.archive import CONFIG, Piece, write_archive
from tests.support.commands import Monitor

NOW = "2026-11-21T12:00"
MORE = """
[[rule]]
name = "satellites"
match = "卫星 和 重庆"
must_match = []
"""


@pytest.fixture(autouse=True)
def _archive(tmp_path: Path) -> None:
    pieces = [
        Piece("An old metaverse", age=9, rules=("metaverse",)),
        Piece("A metaverse", age=2.5, rules=("metaverse",)),
        Piece("元宇宙行动方案", age=1, rules=("metaverse",)),
        Piece("Of a rule that is gone", age=1, rules=("former",)),
    ]
    write_archive(tmp_path, pieces, CONFIG.replace("[[digest]]", f"{MORE.strip()}\n[[digest]]")).close()


def test_it_shows_the_matches_of_each_rule_and_what_is_hardly_meant(monitor: Monitor) -> None:
    ended = monitor("rules", "--now", NOW)
    assert (ended.status, ended.err) == (0, "")
    head, metaverse, satellites, warning = ended.out.splitlines()
    assert head == "Rules (2; times in Asia/Shanghai)"
    assert metaverse == "  metaverse  2 in 7 days, 3 matches in all, the last one 2026-11-20 12:00"
    assert satellites == "  satellites  no match yet"
    assert '"和" is read as a term' in warning


def test_as_json_it_has_the_same(monitor: Monitor) -> None:
    ended = monitor("rules", "--now", NOW, "--json")
    first, second = json.loads(ended.out)["rules"]
    assert first == {
        "name": "metaverse",
        "match": "metaverse OR 元宇宙",
        "matches_in_7_days": 2,
        "matches": 3,
        "last_matched_at": "2026-11-20T04:00:00+00:00",
        "warnings": [],
    }
    assert (second["matches"], second["last_matched_at"], len(second["warnings"])) == (0, None, 1)
