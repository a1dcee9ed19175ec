"""The use cases that ask the archive: search, backtest, explain, export, digests, status."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.app.backtest import compare, run_backtest
from monitor.app.digests import find_digest, kept_editions, preview_edition
from monitor.app.explain import explain
from monitor.app.exporting import COLUMNS, export_articles, export_sources, filter_articles
from monitor.app.expression import compile_expression
from monitor.app.search import search_archive
from monitor.app.status import STALE, read_health, read_state
from monitor.cli.status import as_lines as status_lines
from monitor.config import Config, load
from monitor.errors import UsageError
from monitor.model import Notice
from monitor.notices import KINDS
from monitor.store import Store
from tests.support.archive import NOW, Piece, write_archive

PIECES = [
    Piece("Metaverse plan", age=20, rules=("metaverse",)),
    Piece("A Web3 plan", age=3, sources=("west",)),
    Piece("Rain", age=1),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = write_archive(tmp_path, PIECES)
    yield store
    store.close()


@pytest.fixture
def config(store: Store, tmp_path: Path) -> Config:
    config = load(tmp_path / "sources.toml", {})
    store.sync(config.sources, {digest.name: digest.rules for digest in config.digests}, NOW)
    return config


def titles(
    store: Store, config: Config, text: str, *, days: float | None = None, sources: tuple[str, ...] = ()
) -> list[str]:
    expression = compile_expression("search", text, config.concepts)
    return [
        hit.archived.article.title for hit in search_archive(store, config, expression, NOW, days=days, sources=sources)
    ]


def test_a_search_is_newest_first_and_narrowed_by_days_and_sources(store: Store, config: Config) -> None:
    assert titles(store, config, "plan") == ["A Web3 plan", "Metaverse plan"]
    assert titles(store, config, "plan", days=5) == ["A Web3 plan"]
    assert titles(store, config, "plan", days=1e9) == ["A Web3 plan", "Metaverse plan"]
    assert titles(store, config, "plan", sources=("east",)) == ["Metaverse plan"]
    assert titles(store, config, "tag:press AND plan") == ["Metaverse plan"]


def test_a_search_of_an_unknown_source_is_refused_before_it_begins(store: Store, config: Config) -> None:
    with pytest.raises(UsageError) as wrong:
        titles(store, config, "plan", sources=("north",))
    assert (wrong.value.argument, wrong.value.what) == (
        "source",
        'no source is called "north"; sources are: east, west',
    )


def test_an_expression_is_compared_with_the_rule_in_the_file(store: Store, config: Config) -> None:
    comparison = compare(config, "metaverse", "metaverse OR @web3", None)
    result = run_backtest(store, config, comparison, NOW, days=30, examples=1)
    effect = result.effects["metaverse"]
    assert comparison.against == "the rule in the file"
    assert (effect.added, effect.dropped, effect.kept) == (1, 0, 1)
    assert result.failed == {}


def test_a_candidate_that_breaks_an_example_is_named_with_it(store: Store, config: Config) -> None:
    result = run_backtest(store, config, compare(config, "metaverse", "web3 OR game", None), NOW, days=30, examples=0)
    assert [text.split('"')[1] for text in result.failed["metaverse"]] == ["Metaverse plan", "a game"]


def test_a_rule_that_is_in_neither_file_is_refused(config: Config) -> None:
    with pytest.raises(UsageError) as wrong:
        compare(config, "no", None, None)
    assert wrong.value.argument == "rule"


def test_an_article_is_explained_by_its_address_with_what_each_rule_says(store: Store, config: Config) -> None:
    explained = explain(store, config, "https://news.example/0")
    assert explained is not None
    assert explained.trace.article.title == "Metaverse plan"
    assert [(rule.rule, rule.held) for rule in explained.rules] == [("metaverse", True)]
    assert explained.digest_timezones == {"d": "Asia/Shanghai"}
    assert explain(store, config, "https://news.example/9") is None


@pytest.mark.parametrize(
    ("days", "rule", "count"), [(None, None, 3), (5, None, 2), (99_999_999, None, 3), (None, "metaverse", 1)]
)
def test_articles_are_exported_by_days_and_rule(
    store: Store, config: Config, days: int | None, rule: str | None, count: int
) -> None:
    stream = io.StringIO()
    choice = filter_articles(config, NOW, days=days, rule=rule)
    assert export_articles(store, choice, stream, "jsonl") == count
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [tuple(line) for line in lines] == [COLUMNS] * count


def test_an_export_by_an_unknown_rule_is_refused(config: Config) -> None:
    with pytest.raises(UsageError) as wrong:
        filter_articles(config, NOW, days=None, rule="no")
    assert wrong.value.argument == "rule"


def test_the_sources_of_the_file_are_exported(config: Config) -> None:
    exported = export_sources(config)
    assert (exported.sources, exported.left_out) == (2, False)
    assert "https://west.example/feed" in exported.text


def test_a_preview_is_of_what_is_pending_and_binds_nothing(store: Store, config: Config) -> None:
    digest = find_digest(config, "d")
    assert preview_edition(store, digest, NOW) is None  # its subscription is younger than the match
    assert kept_editions(store, "d", NOW - dt.timedelta(days=9), NOW) == ()
    with pytest.raises(UsageError, match='no digest is called "e"; digests are: d'):
        find_digest(config, "e")


def test_the_state_has_the_next_time_of_each_digest_and_needs_attention_while_a_notice_is_open(
    store: Store, config: Config
) -> None:
    state = read_state(store, config, NOW)
    assert state.next_at == {"d": dt.datetime(2026, 11, 22, 0, tzinfo=dt.UTC)}
    assert not state.needs_attention
    with store.writing() as tx:
        tx.raise_notice(Notice("gap", "east", "entries may be missing"), NOW)
    assert read_state(store, config, NOW).needs_attention


def test_information_is_shown_apart_and_needs_nobody(
    store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, "moved", replace(KINDS["moved"], severity="information"))
    with store.writing() as tx:
        tx.raise_notice(Notice("moved", "east", "it moved for good"), NOW)
    state = read_state(store, config, NOW)
    assert not state.needs_attention
    assert ([one.kind for one in state.problems], [one.kind for one in state.information]) == ([], ["moved"])
    shown = status_lines(state, "UTC")
    assert shown[-2:-1] == ["For information"]
    assert "Notices" not in shown


def test_a_daemon_lives_as_long_as_its_last_beat_is_young(store: Store) -> None:
    assert not read_health(store, NOW).alive
    with store.hold("monitor run"):
        store.record_heartbeat(NOW)
        assert read_health(store, NOW + STALE).alive
        assert not read_health(store, NOW + STALE + dt.timedelta(seconds=1)).alive


def test_a_daemon_whose_process_is_gone_lives_no_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_pid: int, _signal: int) -> None:
        raise ProcessLookupError

    with store.hold("monitor run"):
        store.record_heartbeat(NOW)
        monkeypatch.setattr("os.kill", gone)
        assert not read_health(store, NOW).alive
