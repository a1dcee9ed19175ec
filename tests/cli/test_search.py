"""`monitor search`."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.cli.search import lines
from monitor.clock import FixedClock
from monitor.model import Article, Candidate, Moment
from monitor.store import Store
from tests.support.archive import NOW as SEEN
from tests.support.archive import Piece, write_archive
from tests.support.commands import Monitor

PIECES = [
    Piece("Rain in Chengdu", "It rains.", age=9),
    Piece("Chongqing backs Web3", "A fund for the metaverse, and for Web 3.0.", age=2.5, sources=("west", "east")),
    Piece("重慶发布元宇宙行动方案", "两江新区将建设元宇宙先导区。", age=1),
]
NOW = "2026-11-21T12:00"


@pytest.fixture(autouse=True)
def _archive(tmp_path: Path) -> None:
    write_archive(tmp_path, PIECES).close()


def test_it_shows_date_sources_title_address_and_the_text_around_the_terms(monitor: Monitor) -> None:
    ended = monitor("search", "metaverse OR 元宇宙")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "2026-11-20 12:00  east",
        "  重慶发布[元宇宙]行动方案",
        "  https://news.example/2",
        "  两江新区将建设[元宇宙]先导区。",
        "2026-11-19 00:00  west, east",
        "  Chongqing backs Web3",
        "  https://news.example/1",
        "  A fund for the [metaverse], and for Web 3.0.",
    ]


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (["重庆"], ["重慶发布元宇宙行动方案"]),
        (["两江"], ["重慶发布元宇宙行动方案"]),
        (["@web3"], ["Chongqing backs Web3"]),
        (["tag:press -metaverse"], ["重慶发布元宇宙行动方案", "Rain in Chengdu"]),
        (["source:west"], ["Chongqing backs Web3"]),
        (["/rain|web/"], ["Chongqing backs Web3", "Rain in Chengdu"]),
        (["url:news.example", "--days", "1.5"], ["重慶发布元宇宙行动方案"]),
        (["url:news.example", "--days", "3", "--source", "west"], ["Chongqing backs Web3"]),
        (["url:news.example", "--limit", "2"], ["重慶发布元宇宙行动方案", "Chongqing backs Web3"]),
        (
            ["url:news.example", "--days", "1e300"],
            ["重慶发布元宇宙行动方案", "Chongqing backs Web3", "Rain in Chengdu"],
        ),
    ],
)
def test_it_finds_what_the_rule_language_says(monitor: Monitor, words: list[str], titles: list[str]) -> None:
    ended = monitor("search", *words, "--now", NOW, "--json")
    assert ended.status == 0
    assert [article["title"] for article in json.loads(ended.out)["articles"]] == titles


def test_it_prints_one_document(monitor: Monitor) -> None:
    (found,) = json.loads(monitor("search", "backs", "--json").out)["articles"]
    assert found == {
        "title": "Chongqing backs Web3",
        "url": "https://news.example/1",
        "published": "2026-11-18T16:00:00+00:00",
        "precision": "second",
        "first_seen_at": "2026-11-18T16:00:00+00:00",
        "sources": ["west", "east"],
        "story": 2,
        "text_removed": False,
        "spans": [{"field": "title", "start": 10, "end": 15, "term": "backs"}],
        "excerpt": "A fund for the metaverse, and for Web 3.0.",
    }


def test_more_than_the_limit_is_announced(monitor: Monitor) -> None:
    assert "newest 1; there are more" in monitor("search", "rain OR web3", "--limit", "1").err
    assert monitor("search", "rain OR web3", "--limit", "2").err == ""
    assert json.loads(monitor("search", "rain OR web3", "--limit", "1", "--json").out)["more"] is True


def test_nothing_found_is_said(monitor: Monitor) -> None:
    ended = monitor("search", "volcano")
    assert (ended.status, ended.out) == (0, "")
    assert "nothing in the archive" in ended.err
    assert json.loads(monitor("search", "volcano", "--json").out)["articles"] == []


def test_an_expression_that_cannot_be_read_ends_2_and_shows_where(monitor: Monitor) -> None:
    ended = monitor("search", "web3 AND (重庆")
    assert (ended.status, ended.out) == (2, "")
    assert "this parenthesis is never closed, at web3 AND ▸(重庆;" in ended.err


def test_slips_are_printed_apart_from_the_data(monitor: Monitor) -> None:
    ended = monitor("search", "metaverse|元宇宙")
    assert ended.status == 0
    assert "(metaverse OR 元宇宙)" in ended.err


def test_a_source_that_is_not_there_ends_2(monitor: Monitor) -> None:
    ended = monitor("search", "web3", "--source", "nord")
    assert ended.status == 2
    assert "sources are: east, west" in ended.err


def test_it_works_while_the_database_is_held(monitor: Monitor, tmp_path: Path) -> None:
    store = write_archive(tmp_path, [])
    with store.hold("monitor run"), store.writing():
        assert monitor("search", "rain").out.startswith("2026-11-12")
    store.close()


def test_an_index_of_another_version_is_reported_and_not_used(monitor: Monitor, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "monitor.db")) as connection:
        connection.execute("UPDATE article_index SET version = 1")
        connection.commit()
    ended = monitor("search", "重庆")
    assert "重慶" in ended.out
    assert "updating the search index" in ended.err
    assert monitor("db", "check").status == 0
    assert "3 articles" in monitor("db", "reindex").out
    assert monitor("search", "重庆").err == ""


def test_without_a_database_it_says_so(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "monitor.db").unlink()
    ended = monitor("search", "web3")
    assert ended.status == 1
    assert "there is no database yet" in ended.err


def test_what_comes_from_outside_cannot_steer_the_terminal(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "monitor.db").unlink()
    write_archive(tmp_path, [Piece("web3 \x1b[31mred", "web3 \x1b]0;title\x07\r\nnext line")]).close()
    ended = monitor("search", "web3")
    assert "\x1b" not in ended.out
    assert len(ended.out.splitlines()) == 4


def test_a_long_text_is_shown_around_its_first_terms(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "monitor.db").unlink()
    text = "x " * 500 + "web3 " + "y " * 500 + "web3 web3 web3 " + "z " * 500
    write_archive(tmp_path, [Piece("t", text), Piece("web3 only in the title", "w " * 500)]).close()
    lines = monitor("search", "web3").out.splitlines()
    assert lines[3] == "  " + ("w " * 80).strip() + "…"
    around = f"{'y ' * 19}y…{'y ' * 20}"
    assert lines[7] == f"  …{'x ' * 20}[web3] {around}[web3] [web3] [web3] {'z ' * 16}z…"


@pytest.mark.parametrize(
    ("published", "printed"),
    [
        (None, "2026-11-21 12:00 (seen)"),
        (Moment(SEEN, "hour"), "2026-11-21 12:00"),
        (Moment(SEEN, "day"), "2026-11-21"),
    ],
)
def test_a_date_is_printed_as_exactly_as_it_was_stated(published: Moment | None, printed: str) -> None:
    article = Article("", "", "", published)
    archived = Candidate(1, 1, article, ("east",), SEEN, SEEN)
    assert list(lines(archived, (), ZoneInfo("Asia/Shanghai"))) == [
        f"{printed}  east",
        "  (no title)",
        "  (no address)",
    ]


def test_it_says_which_texts_are_gone(monitor: Monitor, tmp_path: Path) -> None:
    with closing(Store(f"sqlite:///{tmp_path / 'monitor.db'}", clock=FixedClock(SEEN))) as store:
        assert store.remove_texts(SEEN - dt.timedelta(days=2), SEEN) == 2
    note = "texts of articles that were first seen until 2026-11-19 00:00 were removed (`keep`)"
    ended = monitor("search", "Web3 OR metaverse", "--now", NOW)
    assert ended.out.splitlines()[-1] == "  (its text was removed)"
    assert ended.err == f"{note}: they are found only by their titles\n"
    document = json.loads(monitor("search", "Web3", "--now", NOW, "--json").out)
    assert document["texts_removed_until"] == "2026-11-18T16:00:00+00:00"
    assert [article["text_removed"] for article in document["articles"]] == [True]
    assert monitor("search", "metaverse OR 元宇宙", "--days", "2", "--now", NOW).err == "", (
        "none of these lost its text"
    )
    why = monitor("why", "https://news.example/1")
    assert "  its text was removed 2026-11-21" in why.out
    ended = monitor("backtest", "--expr", "Web3 OR 元宇宙", "--now", NOW)
    assert f"{note}: they are not compared" in ended.out
    assert "The texts begin 2026-11-19 00:00: alerts are counted from then on" in ended.out
    assert "expression: 1 added, 0 dropped, 0 as before" in ended.out
