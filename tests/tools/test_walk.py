"""The measured walk of one new entry, on this tree."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def measure(root: Path, against: str) -> dict[str, Any]:
    command = [sys.executable, "tools/walk.py", "--json", "--against", against]
    told: dict[str, Any] = json.loads(subprocess.run(command, cwd=root, capture_output=True, check=True).stdout)
    return told


def test_one_new_entry_walks_from_the_reader_of_its_source_to_its_mail(root: Path) -> None:
    told = measure(root, "unmodified")
    assert {"sources", "collect", "rules", "stories", "store", "digest", "channels"} <= set(told["packages"])
    assert ["channels/email/__init__.py", "EmailChannel.send"] in told["walk"]
    assert sum(package["functions"] for package in told["packages"].values()) == told["functions"] == len(told["walk"])
    assert told["files"] == len({file for file, _ in told["walk"]})


def test_what_reads_a_feed_is_in_the_walk_only_where_the_other_pass_reads_none(root: Path) -> None:
    beside_unmodified = {tuple(row) for row in measure(root, "unmodified")["walk"]}
    beside_known = {tuple(row) for row in measure(root, "known")["walk"]}
    assert beside_known < beside_unmodified
    read = ("sources/feed/__init__.py", "FeedKind.read")
    assert read in beside_unmodified
    assert read not in beside_known
