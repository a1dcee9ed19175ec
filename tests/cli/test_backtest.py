"""`monitor backtest`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.archive import CONFIG, Piece, write_archive
from tests.support.commands import Monitor

NOW = "2026-11-21T12:00"
PIECES = [
    Piece("Metaverse plan", age=10, rules=("metaverse",)),
    Piece("A metaverse game", "The game is on.", age=8, rules=("metaverse",)),
    Piece("A metaverse game, copied", age=7.5, story_of="A metaverse game", rules=("metaverse",)),
    Piece("Web3 plan", "重庆 Web 3.0", age=2),
]

NEAREST = "no alternative of metaverse AND NOT game OR @web3 holds: game occurs in title, but the rule excludes it"


@pytest.fixture(autouse=True)
def _archive(tmp_path: Path) -> None:
    write_archive(tmp_path, PIECES).close()


def test_an_expression_is_compared_with_the_rule_in_the_file(monitor: Monitor) -> None:
    ended = monitor("backtest", "--rule", "metaverse", "--expr", "metaverse -game OR @web3", "--now", NOW)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "Articles since 2026-10-22 12:00, compared with the rule in the file",
        "The archive begins 2026-11-11 12:00: alerts are counted from then on",
        "",
        "metaverse: 1 added, 2 dropped, 1 as before",
        "  before  metaverse OR 元宇宙",
        "  after   metaverse -game OR @web3",
        "  alerts  1.4 a week",
        "          2026-11-14 to 2026-11-21: 0 → 1",
        "          2026-11-11 to 2026-11-14: 2 → 1",
        "  added:",
        "    2026-11-19 12:00  east",
        "      [Web3] plan",
        "      https://news.example/3",
        "      重庆 [Web 3.0]",
        "  dropped:",
        "    2026-11-14 00:00  east",
        "      A metaverse game, copied",
        "      https://news.example/2",
        f"      because: {NEAREST}",
        "    2026-11-13 12:00  east",
        "      A metaverse game",
        "      https://news.example/1",
        "      The game is on.",
        f"      because: {NEAREST}",
    ]


def test_a_new_rule_shows_what_it_would_bring(monitor: Monitor) -> None:
    ended = monitor("backtest", "--expr", "plan", "--now", NOW, "--examples", "1")
    assert ended.status == 0
    assert "compared with no rule" in ended.out
    assert "expression: 2 added, 0 dropped, 0 as before" in ended.out
    assert "added, the newest 1 of 2:" in ended.out
    assert "alerts  0.0 → 1.4 a week" in ended.out


def test_the_file_is_compared_with_what_was_recorded(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(
        CONFIG.replace('"metaverse OR 元宇宙"', '"metaverse -game"'), encoding="utf-8"
    )
    ended = monitor("backtest", "--rule", "metaverse", "--now", NOW)
    assert "compared with what was recorded" in ended.out
    assert "  before  what was recorded\n" in ended.out
    assert "metaverse: 0 added, 2 dropped, 1 as before" in ended.out
    assert "because: game occurs in title, but the rule excludes it" in ended.out


def test_two_files_are_compared_with_all_their_rules_and_concepts(monitor: Monitor, tmp_path: Path) -> None:
    candidate = CONFIG.replace('"Web 3.0", ', "").replace('"互联网3.0"', '"plan"')
    more = '[[rule]]\nname = "web3"\nmatch = "@web3"\n'
    (tmp_path / "sources.toml").write_text(CONFIG + more, encoding="utf-8")
    (tmp_path / "new.toml").write_text(f"{candidate}{more}[[rule]]\nname = 'new'\nmatch = 'game'\n", encoding="utf-8")
    ended = monitor("backtest", "--config", "new.toml", "--against", "sources.toml", "--now", NOW, "--json")
    document = json.loads(ended.out)
    assert document["against"] == "the rules of sources.toml"
    counts = {rule["rule"]: (rule["added"], rule["dropped"], rule["kept"]) for rule in document["rules"]}
    assert counts == {"metaverse": (0, 0, 3), "web3": (1, 0, 1), "new": (2, 0, 0)}
    back = monitor("backtest", "--against", "new.toml", "--rule", "new", "--now", NOW)
    assert "new: 0 added, 2 dropped, 0 as before" in back.out
    assert "because: the rule is gone" in back.out


def test_an_example_that_the_candidate_breaks_ends_1(monitor: Monitor) -> None:
    ended = monitor("backtest", "--rule", "metaverse", "--expr", "game", "--now", NOW)
    assert ended.status == 1
    assert '  EXAMPLE must_match "Metaverse plan" fails: game does not occur in title or text' in ended.out
    assert '  EXAMPLE must_not_match "a game" holds' in ended.out


def test_it_prints_one_document(monitor: Monitor) -> None:
    ended = monitor("backtest", "--rule", "metaverse", "--expr", "plan", "--days", "9", "--now", NOW, "--json")
    document = json.loads(ended.out)
    (rule,) = document["rules"]
    assert document["covered"] == document["start"] == "2026-11-12T04:00:00+00:00"
    assert (rule["before"], rule["after"]) == ("metaverse OR 元宇宙", "plan")
    assert (rule["added"], rule["dropped"], rule["kept"]) == (1, 2, 0)
    assert rule["alerts_a_week"] == pytest.approx({"before": 7 / 9, "after": 7 / 9})
    assert [(week["before"], week["after"]) for week in rule["weeks"]] == [(0, 1), (1, 0)]
    assert rule["examples_added"][0]["spans"] == [{"field": "title", "start": 5, "end": 9, "term": "plan"}]
    assert rule["examples_dropped"][0]["failed"] == "plan does not occur in title or text"
    assert rule["failed_examples"] == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--rule", "nosuch"], 'no rule is called "nosuch"; rules are: metaverse'),
        (["--expr", "web3 AND ("], "column 10"),
        (["--against", "nosuch.toml"], "nosuch.toml"),
    ],
)
def test_what_is_wrong_ends_2(monitor: Monitor, words: list[str], message: str) -> None:
    ended = monitor("backtest", *words)
    assert (ended.status, ended.out) == (2, "")
    assert message in ended.err


def test_an_archive_of_hours_tells_no_weeks(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "monitor.db").unlink()
    write_archive(tmp_path, [Piece("plan", age=0.2)]).close()
    ended = monitor("backtest", "--expr", "plan", "--now", NOW)
    assert "less than a day of the archive is too short to measure" in ended.out
    assert "→" not in ended.out
    assert " to 2026" not in ended.out


def test_an_empty_archive_is_no_error(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "monitor.db").unlink()
    write_archive(tmp_path, []).close()
    ended = monitor("backtest", "--expr", "plan", "--now", NOW)
    assert ended.status == 0
    assert "0 added, 0 dropped" in ended.out
