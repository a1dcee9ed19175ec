"""`monitor import`: what is written, what is said, and how it ends."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from monitor.app import importing
from monitor.config import load
from tests.support.commands import Monitor

FEEDS = """<opml version="2.0"><body><outline text="News">
<outline text="两江" xmlUrl="https://example.org/1.xml"/>
<outline text="两江" xmlUrl="https://example.org/2.xml"/>
</outline></body></opml>"""
OLD = '# mine\n[[source]]\nname = "old"\nurl = "https://example.org/1.xml" # the first\n'


@pytest.fixture
def feeds(tmp_path: Path) -> str:
    (tmp_path / "feeds.opml").write_text(FEEDS, encoding="utf-8")
    return "feeds.opml"


def test_feeds_are_written_and_load(monitor: Monitor, feeds: str) -> None:
    ended = monitor("import", feeds)
    assert ended.status == 0
    assert "  source   两江 (2): https://example.org/2.xml\n" in ended.out
    assert ended.out.endswith("sources.toml: 2 sources written\n")
    found = load(Path("sources.toml"), {}).sources
    assert [(source.name, source.url, source.kind, source.tags) for source in found] == [
        ("两江", "https://example.org/1.xml", "feed", ("News",)),
        ("两江 (2)", "https://example.org/2.xml", "feed", ("News",)),
    ]


def test_what_is_there_stays_as_it_is(monitor: Monitor, feeds: str) -> None:
    Path("sources.toml").write_text(OLD, encoding="utf-8")
    ended = monitor("import", feeds)
    assert ended.status == 0
    assert '  present  line 2: already there as "old"\n' in ended.out
    assert Path("sources.toml").read_text(encoding="utf-8").startswith(f"{OLD}\n[[source]]")
    again = monitor("import", feeds)
    assert (again.status, again.out.splitlines()[-1]) == (0, "sources.toml: nothing to write; 2 already there")


def test_a_text_of_the_file_does_not_look_like_a_line_of_ours(monitor: Monitor, tmp_path: Path) -> None:
    outline = '<outline text="x" xmlUrl="http://x.example/&#10;  source   fake: http://x.example/"/>'
    (tmp_path / "feeds.opml").write_text(f"<opml><body>{outline}</body></opml>", encoding="utf-8")
    ended = monitor("import", "feeds.opml")
    assert ended.status == 1
    assert not any(line.startswith("  source") for line in ended.out.splitlines())
    assert "fake" in ended.out


def test_a_dry_run_writes_nothing(monitor: Monitor, feeds: str) -> None:
    ended = monitor("import", "--dry-run", feeds)
    assert ended.status == 0
    assert ended.out.endswith("sources.toml: 2 sources would be written\n")
    assert not Path("sources.toml").exists()


def test_as_json(monitor: Monitor, feeds: str) -> None:
    ended = monitor("import", "--json", feeds)
    found = json.loads(ended.out)
    assert (found["file"], found["format"], found["written"], found["unmapped"]) == (feeds, "opml", True, [])
    assert found["sources"][0] == {"name": "两江", "url": "https://example.org/1.xml", "kind": "feed", "tags": ["News"]}


def test_what_is_left_out_needs_attention(monitor: Monitor) -> None:
    Path("urls.yaml").write_text("command: date\n---\nurl: https://example.org/\nname: \x1b[31mred\n", encoding="utf-8")
    ended = monitor("import", "urls.yaml", "--format", "list")
    assert ended.status == 1
    Path("urls.yaml").write_text("command: date\n---\nurl: https://example.org/\n", encoding="utf-8")
    ended = monitor("import", "urls.yaml")
    assert ended.status == 1
    assert "  left out line 1: date: it runs a command; commands are not run\n" in ended.out
    assert ended.out.endswith("sources.toml: 1 source written; 1 left out\n")


def test_a_word_list_becomes_rules(monitor: Monitor) -> None:
    Path("words.txt").write_text("[GLOBAL_FILTER]\n震惊\n\n[WORD_GROUPS]\n\n华为\n+手机\n", encoding="utf-8")
    ended = monitor("import", "words.txt")
    assert ended.status == 0
    assert "  concept  @excluded: 1 terms\n" in ended.out
    config = load(Path("sources.toml"), {})
    assert [match.rule for match in config.ruleset.match("", title="华为手机发布")] == [config.rules[0].name]
    assert config.ruleset.match("", title="震惊！华为手机发布") == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<opml><body>", "feeds.opml:1:13: this is not valid XML"),
        ("url: [\n", "feeds.opml:2:1: this is not valid YAML"),
        ("", "feeds.opml: the file is empty; nothing was written; these can be imported: OPML, "),
    ],
)
def test_a_broken_file_is_reported_and_nothing_is_written(monitor: Monitor, body: str, said: str) -> None:
    Path("feeds.opml").write_text(body, encoding="utf-8")
    ended = monitor("import", "feeds.opml")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(said)
    assert not Path("sources.toml").exists()


def test_a_file_that_is_not_there_or_too_large_is_reported(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = monitor("import", "no.opml")
    assert (ended.status, ended.err) == (2, "no.opml: No such file or directory; give a file that can be read\n")
    monkeypatch.setattr(importing, "MAX_FILE_SIZE", 3)
    Path("x").write_text("12345")
    assert "x: larger than 0 MiB" in monitor("import", "x").err


def test_an_unknown_format_is_reported(monitor: Monitor, feeds: str) -> None:
    ended = monitor("import", feeds, "--format", "ompl")
    assert ended.status == 2
    assert ended.err.startswith('--format: unknown format "ompl"; there are opml, ')


def test_the_standard_input(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FEEDS.encode())))
    assert monitor("import", "-").status == 0


def test_a_broken_configuration_is_reported_first(monitor: Monitor, feeds: str) -> None:
    Path("sources.toml").write_text("[[source]\n")
    ended = monitor("import", feeds)
    assert ended.status == 2
    assert ended.err.startswith("sources.toml:1:")


def test_a_file_that_takes_too_long_is_given_up(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "READ_SECONDS", 0.3)
    Path("urls.yaml").write_text("url: https://example.org\n---\n" * 40_000)
    ended = monitor("import", "urls.yaml")
    assert ended.status == 2
    assert ended.err.startswith("urls.yaml: reading it ")
    assert not Path("sources.toml").exists()
