"""Which commands need the secrets that the file names, and which go without."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import Monitor
from tests.support.configuration import Write
from tests.support.world import Row, World

NOW = "2026-11-21T00:00:00+00:00"
SCHOOL = Row("City plans metaverse classrooms", "/a/2", "Schools will test them.")


@pytest.fixture
def recorded(monitor: Monitor, write: Write, world: World, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a database with the mail's secret in the environment, and take it from there."""
    world.feed("/one.xml", [SCHOOL])
    monkeypatch.setenv("NO_SUCH_MAIL", f"smtp://127.0.0.1:{world.smtp_port}")
    path = write(replace=(f'smtp = "smtp://127.0.0.1:{world.smtp_port}"', 'smtp = "env:NO_SUCH_MAIL"'))
    assert monitor("once", "--now", NOW).status == 0
    monkeypatch.delenv("NO_SUCH_MAIL")
    return path


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("search", "metaverse"),
        ("why", "BASE/a/2"),
        ("export", "--format", "jsonl"),
        ("export", "--format", "opml"),
        ("match", "metaverse", "a metaverse"),
        ("backtest", "--expr", "metaverse"),
        ("digest", "flash", "--preview"),
        ("digest", "flash", "--window", "2026-11-01", "2026-11-30"),
        ("try", "one"),
        ("db", "check"),
        ("db", "backup", "copy.db"),
        ("db", "reindex"),
        ("db", "upgrade"),
    ],
    ids=" ".join,
)
def test_what_neither_polls_nor_sends_needs_no_secret(
    recorded: Path, monitor: Monitor, world: World, words: tuple[str, ...]
) -> None:
    ended = monitor(*(word.replace("BASE", world.base) for word in words))
    assert ended.status == 0, ended.err


@pytest.mark.parametrize("words", [("once",), ("check",), ("run",), ("digest", "flash")], ids=" ".join)
def test_what_polls_sends_or_checks_names_the_secret_that_is_missing(
    recorded: Path, monitor: Monitor, words: tuple[str, ...]
) -> None:
    ended = monitor(*words)
    assert ended.status == 2
    assert "sources.toml:" in ended.err
    assert "the environment variable NO_SUCH_MAIL is not set" in ended.err


def test_a_source_whose_secret_is_missing_stays_in_the_database(
    recorded: Path, monitor: Monitor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = recorded.read_text("utf-8")
    recorded.write_text(text.replace(f'url = "{world.base}/one.xml"', 'url = "env:NO_SUCH_URL"'), encoding="utf-8")
    assert "one: 1 entry" in monitor("status").out
    assert monitor("search", "metaverse").status == 0
    ended = monitor("try", "one")
    assert ended.status == 2
    assert "NO_SUCH_URL is not set" in ended.err
    assert "one: 1 entry" in monitor("status").out


def test_a_proxy_whose_secret_is_missing_is_not_gone_round(recorded: Path, monitor: Monitor, world: World) -> None:
    text = recorded.read_text("utf-8")
    recorded.write_text(text.replace("[fetch]", '[fetch]\nproxy = "env:NO_SUCH_PROXY"'), encoding="utf-8")
    hits = len(world.hits)
    ended = monitor("try", f"{world.base}/one.xml")
    assert ended.status == 2
    assert "NO_SUCH_PROXY" in ended.err
    assert len(world.hits) == hits
    assert monitor("status").status == 0


@pytest.mark.parametrize("text", ["not toml [", "[[rule]]\nname = 1", "\x00"])
def test_the_database_is_backed_up_whatever_the_file_holds(
    recorded: Path, monitor: Monitor, tmp_path: Path, text: str
) -> None:
    recorded.write_text(text, encoding="utf-8")
    assert monitor("db", "backup", "copy.db").status == 0
    assert (tmp_path / "copy.db").read_bytes().startswith(b"SQLite")
    assert monitor("db", "check").status == 0


def test_a_slip_in_the_name_of_the_file_makes_no_database(monitor: Monitor, tmp_path: Path) -> None:
    ended = monitor("db", "upgrade", "--config", "slip/sources.toml")
    assert ended.status == 2
    assert "there is no such file" in ended.err
    assert list(tmp_path.iterdir()) == []
