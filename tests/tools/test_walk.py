"""The measured walk of one new entry, on this tree."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

MOST_FUNCTIONS = 203
MOST_FILES = 42
"""What one new entry may walk through, without what the program did not do when the pipe was made straight: whoever
needs more takes something out of the walk first."""


def measure(root: Path, against: str) -> dict[str, Any]:
    command = [sys.executable, "tools/walk.py", "--json", "--against", against]
    measured: dict[str, Any] = json.loads(subprocess.run(command, cwd=root, capture_output=True, check=True).stdout)
    return measured


def test_one_new_entry_walks_from_the_reader_of_its_source_to_its_mail(root: Path) -> None:
    measured = measure(root, "unmodified")
    assert {"sources", "collect", "rules", "stories", "store", "digest", "channels"} <= set(measured["packages"])
    assert ["channels/email/__init__.py", "EmailChannel.send"] in measured["walk"]
    assert (
        sum(package["functions"] for package in measured["packages"].values())
        == measured["functions"]
        == len(measured["walk"])
    )
    pipe = measured["pipe"]
    assert (pipe["functions"] <= MOST_FUNCTIONS, pipe["files"] <= MOST_FILES) == (True, True)
    assert measured["files"] == len({file for file, _ in measured["walk"]})


def test_what_reads_a_feed_is_in_the_walk_only_where_the_other_pass_reads_none(root: Path) -> None:
    against_unmodified = {tuple(row) for row in measure(root, "unmodified")["walk"]}
    against_known = {tuple(row) for row in measure(root, "known")["walk"]}
    assert against_known < against_unmodified
    read = ("sources/feed/__init__.py", "read_xml_feed")
    assert read in against_unmodified
    assert read not in against_known
