"""Files of real users, where they are at hand: each gives sources or rules, or says why not, and all that loads."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.app.import_plan import plan_import
from monitor.config import Config, load
from monitor.config.edit import open_draft
from monitor.interchange import ImportFailed, import_word_list, read_import
from monitor.rules import compile_rules

Shared = Callable[[str], Path]
ASIDE = ("SOURCE.txt", "LICENSE")


def imported(path: Path, config: Path) -> tuple[int, list[str]]:
    """Return how much a file added to `config`, and why the rest was left out."""
    found = read_import(path.read_bytes())
    if isinstance(found, ImportFailed):
        return 0, [found.what]
    draft = open_draft(config)
    plan = plan_import(found.parsed, draft.data, {}, config.parent)
    draft.add_sources(plan.sources)
    draft.set_concepts(plan.concepts)
    draft.add_rules(plan.rules)
    draft.save({})
    return len(plan.sources) + len(plan.rules), [item.reason for item in plan.unmapped]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "least"),
    [
        ("sources-opml", 3850),
        ("sources-urlwatch", 1370),
        ("sources-html2rss-configs", 53),
        ("sources-policy-radar", 140),
    ],
)
def test_every_file_is_imported_or_says_why_not(folder: str, least: int, shared_data: Shared, tmp_path: Path) -> None:
    added = 0
    for number, path in enumerate(sorted(shared_data(folder).rglob("*"))):
        if path.is_file() and path.name not in ASIDE:
            config = tmp_path / f"{number}.toml"
            count, reasons = imported(path, config)
            assert count or reasons, path
            assert all(reasons), path
            assert not count or _size(load(config, {})) == count, path
            added += count
    assert added >= least


def _size(config: Config) -> int:
    return len(config.sources) + len(config.rules)


@pytest.mark.slow
def test_word_lists_mean_in_the_file_what_they_mean_by_themselves(shared_data: Shared, tmp_path: Path) -> None:
    folder = shared_data("rules-trendradar")
    with gzip.open(folder / "titles.jsonl.gz", "rt", encoding="utf-8") as lines:
        titles = [json.loads(line)["title"] for line in lines][::400]
    for number, path in enumerate(sorted((folder / "rules").glob("*.txt"))):
        config = tmp_path / f"{number}.toml"
        words = import_word_list(path.read_text(encoding="utf-8"))
        assert imported(path, config) == (len(words.rules), [])
        there, alone = load(config, {}).ruleset, compile_rules(words.rules, words.concepts)
        for title in titles:
            held = [match.rule for match in there.match("", title=title)]
            assert held == [match.rule for match in alone.match("", title=title)], (path.name, title)
