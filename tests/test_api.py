"""The public Python API."""

from __future__ import annotations

import dataclasses
import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

import monitor

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
FEED = b"""<rss version="2.0"><channel><title>F</title><item><title>Web 3.0 in Chongqing</title>
<link>https://a.example/1?utm_source=rss</link>
<pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate></item></channel></rss>"""


@pytest.mark.parametrize("name", monitor.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(monitor, name) is not None
    assert name in dir(monitor)


def test_another_name_is_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nosuch'"):
        _ = monitor.nosuch


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Reading", "kind entries title language next_url problems readable complete parts"),
        ("Entry", "key title url published updated summary author language tags content"),
        ("Article", "url title text published language site authors attachments problems"),
        ("Match", "rule spans"),
        ("Span", "field start end term"),
        ("Placement", "story relation of score reason related"),
        ("Moment", "at precision"),
    ],
)
def test_fields_keep_their_names(name: str, kept: str) -> None:
    """Notebooks and readers of `--json` use them."""
    assert set(kept.split()) <= {field.name for field in dataclasses.fields(getattr(monitor, name))}


def test_reading_and_matching_join() -> None:
    reading = monitor.read(FEED, url="https://a.example/feed", now=NOW)
    (entry,) = reading.entries
    assert entry.published == monitor.Moment(dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC), "second")
    assert monitor.canonical_url(entry.url) == "https://a.example/1"
    rules = monitor.compile_rules({"web3": "@web3 AND Chongqing"}, {"web3": ["Web3", "Web 3.0"]})
    (match,) = rules.match(entry.title)
    assert {entry.title[span.start : span.end] for span in match.spans} == {"Web 3.0", "Chongqing"}


def test_importing_loads_nothing_heavy() -> None:
    heavy = "{'httpx', 'sqlalchemy', 'feedparser', 'pydantic', 'lxml', 'typer', 'lark'}"
    code = f"import sys, monitor; found = {heavy} & set(sys.modules); sys.exit(str(found) if found else 0)"
    subprocess.run([sys.executable, "-c", code], check=True)


def loaded_by(folder: Path, *words: str) -> set[str]:
    """Return the names of the modules that are loaded when a command ends."""
    code = (
        f"import sys; sys.argv = ['monitor', *{words!r}]\n"
        "from monitor.cli import main\n"
        "try: main()\n"
        "except SystemExit: print('\\n', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True, text=True)
    return set(done.stdout.splitlines()[-1].split())


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    heavy = {"httpx", "sqlalchemy", "feedparser", "pydantic", "lxml", "lark", "numpy", "rich", "monitor.model"}
    assert not heavy & loaded_by(tmp_path, "--help")


def test_the_status_loads_nothing_that_fetches_reads_or_sends(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text('[[rule]]\nname = "a"\nmatch = "b"\n')
    heavy = {
        *("httpx", "httpcore", "bs4", "feedparser", "jinja2", "css_inline", "trafilatura", "readability"),
        *("apscheduler", "tomlkit", "monitor.collect", "monitor.sandbox", "monitor.stories", "monitor.fetch.gate"),
    }
    assert not heavy & loaded_by(tmp_path, "status", "--config", "sources.toml")


def test_articles_are_placed_in_stories() -> None:
    text = (
        "The harbour council will spend 40 million euros on a new terminal. Work on the eastern quay begins in spring."
    )
    stories = monitor.Stories()
    first = stories.add(monitor.Article("https://a.example/1", "Council builds terminal", text, site="Agency"), NOW)
    again = stories.add(monitor.Article("https://b.example/2", "Council builds terminal", text[:66], site="Post"), NOW)
    assert (first.relation, again.relation, again.of) == ("new", "near_copy", "https://a.example/1")
    assert again.story == first.story
