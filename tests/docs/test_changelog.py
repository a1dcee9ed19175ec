"""The changelog has an entry for the version, and each change is in a section and an area."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "CHANGELOG.md").read_text("utf-8")
SECTIONS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
AREAS = ["Sources", "Articles", "Rules", "Digests", "Commands", "Operation"]


def test_versions_are_dated_and_newest_first() -> None:
    versions = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    assert versions[0] == "[Unreleased]"
    released = [re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", version) for version in versions[1:]]
    assert None not in released
    dates = [found[2] for found in released if found]
    assert dates == sorted(dates, reverse=True)


def test_the_version_of_the_project_is_the_newest_released() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    released = re.findall(r"^## \[(\d[^\]]*)\]", TEXT, re.MULTILINE)
    assert released[0] == version


def test_changes_are_in_a_section_and_an_area_in_their_order() -> None:
    for version in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        sections = re.findall(r"^### (.+)$", version, re.MULTILINE)
        assert sections == [name for name in SECTIONS if name in sections]
        for section in re.split(r"^### ", version, flags=re.MULTILINE)[1:]:
            areas = re.findall(r"^\*\*(.+)\*\*$", section, re.MULTILINE)
            assert areas == [name for name in AREAS if name in areas]
            before, *changes = re.split(r"^\*\*.+\*\*$", section, flags=re.MULTILINE)
            assert "\n- " not in before, "a change is in an area"
            assert all(change.strip().startswith("- ") for change in changes)
