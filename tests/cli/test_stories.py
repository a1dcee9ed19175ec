"""`monitor stories`, `split` and `join`."""

from __future__ import annotations

import json
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from monitor.model import Article, Entry, EntryChange, Match, Placement
from tests.support.archive import CONFIG, NOW, Piece, write_archive
from tests.support.commands import Monitor

FIRST, ALONE = "https://news.example/0", "https://news.example/1"
COPY = "https://west.example/?n=1&part=2"


@pytest.fixture(autouse=True)
def _archive(tmp_path: Path) -> None:
    """Write two articles and a near copy of the first one."""
    store = write_archive(tmp_path, [Piece("Web3 fund opens"), Piece("Rain in Chengdu")], CONFIG)
    with store.writing() as tx:
        source = store.source_state("west").id
        article = Article(COPY, "Fund for Web3", "")
        change = EntryChange(Entry("c", article.title, COPY), article, COPY, None, "c", (Match("metaverse"),))
        reason = f"70% of its text is in {FIRST}"
        known = tx.add_article(change, Placement(1, "near_copy", FIRST, 0.7, reason, of_number=1), source, NOW)
        tx.link_entries(source, [(change, known.id)], NOW)
        tx.add_matches(known.id, change.matches, NOW, None)
    store.close()


def test_what_was_joined_is_shown_with_the_command_that_undoes_it(monitor: Monitor) -> None:
    ended = monitor("stories", "--now", "2026-11-21T12:00")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        f"near copy, 0.70: 70% of its text is in {FIRST}",
        "  Fund for Web3 (west, 2026-11-21 12:00)",
        f"  {COPY}",
        "  of: Web3 fund opens (east)",
        f"      {FIRST}",
        f"  to undo it: monitor split '{COPY}'",
    ]
    (found,) = json.loads(monitor("stories", "--json", "--days", "40", "--now", "2026-12-21T12:00").out)["joined"]
    assert (found["url"], found["of_url"], found["score"], found["shadow"]) == (COPY, FIRST, 0.7, False)
    ended = monitor("stories", "--days", "1", "--now", "2026-12-21T12:00")
    assert (ended.status, ended.out, ended.err) == (0, "", "nothing of the last day was joined\n")


def test_what_would_have_been_joined_is_shown_with_the_command_that_joins_it(monitor: Monitor, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "monitor.db")) as database, database:
        database.execute("UPDATE article SET shadow = relation, relation = 'new', lead_id = NULL WHERE id = 3")
        database.execute("INSERT INTO story (id, first_seen_at) SELECT 3, first_seen_at FROM story WHERE id = 1")
        database.execute("UPDATE article SET story_id = 3 WHERE id = 3")
    lines = monitor("stories").out.splitlines()
    assert lines[0] == f"would be a near copy, 0.70: 70% of its text is in {FIRST}"
    assert lines[-1] == f"  to join them: monitor join '{COPY}' {FIRST}"
    assert f"new, would be near_copy of {FIRST}: Fund for Web3" in monitor("why", COPY).out
    assert monitor(*shlex.split(lines[-1].partition("monitor ")[2])).status == 0
    assert "report of an event, 1.00: joined by hand" in monitor("stories").out


def test_the_shown_command_splits_and_why_says_so(monitor: Monitor) -> None:
    command = monitor("stories").out.splitlines()[-1].partition("monitor ")[2]
    ended = monitor(*shlex.split(command))
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "Fund for Web3",
        f"  {COPY}",
        f"  now in story 3, before in 1; kept apart from Web3 fund opens ({FIRST})",
    ]
    shown = monitor("why", COPY).out
    assert f"new: Fund for Web3 (west, 2026-11-21 12:00): split by hand from {FIRST}; it was near_copy: 70%" in shown
    assert f": kept apart from Web3 fund opens ({FIRST})" in shown
    assert f": kept apart from Fund for Web3 ({COPY})" in monitor("why", FIRST).out
    assert monitor("stories").err == "nothing of the last 30 days was joined\n"


def test_a_join_is_shown_and_can_be_undone(monitor: Monitor) -> None:
    ended = monitor("join", ALONE, FIRST, "--json")
    assert ended.status == 0
    assert json.loads(ended.out) == {
        "title": "Rain in Chengdu",
        "url": ALONE,
        "story": 1,
        "former_story": 2,
        "other_title": "Web3 fund opens",
        "other_url": FIRST,
        "copies": 0,
        "digests": [],
    }
    assert "report of an event, 1.00: joined by hand to" in monitor("stories").out
    assert f": joined to Web3 fund opens ({FIRST})" in monitor("why", ALONE).out
    assert monitor("split", ALONE).status == 0
    assert monitor("join", COPY, ALONE).status == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["split", ALONE], "is alone in its story"),
        (["split", "https://nowhere.example/"], "no source has listed this address"),
        (["join", COPY, FIRST], "both are in story 1 already"),
        (["join", FIRST, "https://nowhere.example/"], "no source has listed this address"),
    ],
)
def test_what_cannot_be_done_is_the_users_mistake(monitor: Monitor, words: list[str], said: str) -> None:
    ended = monitor(*words)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err


def test_without_a_database_there_is_nothing_to_show(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "monitor.db").unlink()
    ended = monitor("stories")
    assert (ended.status, ended.out) == (1, "")
    assert "there is no database yet" in ended.err
