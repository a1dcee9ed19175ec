"""`monitor export`: the sources, and the archive."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.app import exporting
from monitor.interchange.opml import NAMESPACE
from tests.support.commands import Monitor
from tests.support.configuration import Write
from tests.support.world import World

RSS = """<rss version="2.0"><channel><title>One</title>
<item><title>=cmd|' /C calc'!A0</title><link>http://news.example/1</link>
<description>Metaverse plan, "new"</description>
<pubDate>Sat, 21 Nov 2026 08:00:00 +0800</pubDate></item>
<item><title>卫星</title><link>http://news.example/2</link></item>
</channel></rss>"""


@pytest.fixture
def archive(monitor: Monitor, world: World, write: Write) -> None:
    """Make an archive of two articles."""
    world.pages["/one.xml"] = ("application/rss+xml", RSS.encode())
    write(at="08:00")
    assert monitor("once", "--no-send").status == 0


def test_the_sources_are_the_default(monitor: Monitor) -> None:
    Path("sources.toml").write_text('[[source]]\nname = "两江"\nurl = "https://e.org/"\nkind = "page"\nitem = "li"\n')
    ended = monitor("export")
    assert ended.status == 0
    assert NAMESPACE in ended.out
    Path("out.opml").write_text(ended.out, encoding="utf-8")
    assert monitor("--help").status == 0
    again = monitor("import", "out.opml", "--config", "other.toml")
    assert again.status == 0
    assert 'item = "li"' in Path("other.toml").read_text(encoding="utf-8")


def test_a_source_that_is_left_out_needs_attention(monitor: Monitor) -> None:
    Path("sources.toml").write_text('[[source]]\nname = "A"\nurl = "https://me:CANARY@e.org/"\n')
    ended = monitor("export", "--output", "out.opml")
    assert ended.status == 1
    assert ended.out == ""
    assert 'note: "A" is left out' in ended.err
    assert "out.opml: 0 sources\n" in ended.err
    assert "CANARY" not in ended.err + Path("out.opml").read_text()


@pytest.mark.usefixtures("archive")
def test_the_archive_as_lines_of_json(monitor: Monitor) -> None:
    ended = monitor("export", "--format", "jsonl")
    lines = [json.loads(line) for line in ended.out.splitlines()]
    assert [tuple(line) for line in lines] == [exporting.COLUMNS] * 2
    found = {line["title"]: line for line in lines}["=cmd|' /C calc'!A0"]
    assert (found["url"], found["text"]) == ("http://news.example/1", 'Metaverse plan, "new"')
    assert (found["published"], found["precision"]) == ("2026-11-21T08:00:00+08:00", "second")
    assert (found["sources"], found["rules"]) == (["one"], ["themes"])


@pytest.mark.usefixtures("archive")
def test_the_archive_as_a_table_runs_nothing(monitor: Monitor) -> None:
    ended = monitor("export", "--format", "csv", "--output", "out.csv", "--rule", "themes")
    assert (ended.status, ended.out, ended.err.splitlines()[-1]) == (0, "", "out.csv: 1 article")
    body = Path("out.csv").read_bytes()
    assert body.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    assert tuple(row) == exporting.COLUMNS
    assert (row["title"], row["rules"], row["precision"]) == ("'=cmd|' /C calc'!A0", "themes", "second")
    assert sorted(path.name for path in Path().iterdir() if "out" in path.name) == ["out.csv"]


@pytest.mark.usefixtures("archive")
def test_by_days(monitor: Monitor) -> None:
    assert len(monitor("export", "--format", "jsonl", "--days", "1").out.splitlines()) == 2
    assert len(monitor("export", "--format", "jsonl", "--days", "999999999").out.splitlines()) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--days", "1"], "--days and --rule choose articles; write --format jsonl"),
        (["--format", "csv", "--rule", "x"], '--rule: no rule is called "x"; rules are: r'),
        (["--format", "xml"], "Invalid value for '--format'"),
        (["--output", "no/such/file"], "no/such/file: No such file or directory; name a file"),
    ],
)
def test_wrong_arguments_are_reported(monitor: Monitor, words: list[str], said: str) -> None:
    Path("sources.toml").write_text("[[rule]]\nname = 'r'\nmatch = 'a'\n")
    ended = monitor("export", *words)
    assert ended.status == 2
    assert said in ended.err
    assert ended.out == ""


def test_without_a_database_there_is_no_archive(monitor: Monitor) -> None:
    Path("sources.toml").write_text("")
    ended = monitor("export", "--format", "jsonl", "--output", "out")
    assert ended.status == 1
    assert "there is no database yet" in ended.err
    assert not Path("out").exists()


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_ends_it_quietly(tmp_path: Path) -> None:
    tables = "".join(f'[[source]]\nname = "{n}"\nurl = "https://e.org/{n}"\n' for n in range(3000))
    (tmp_path / "sources.toml").write_text(tables)
    command = f"{sys.executable} -m monitor export 2>errors | head -c 10"
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run(["bash", "-c", command], cwd=tmp_path, env=environ, capture_output=True, check=True)
    assert ended.stdout == b"<?xml vers"
    assert b"Traceback" not in (tmp_path / "errors").read_bytes()
    assert b"Exception" not in (tmp_path / "errors").read_bytes()
