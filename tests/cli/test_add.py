"""`monitor add`: what is found at an address, written into sources.toml."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import Monitor
from tests.support.configuration import Write
from tests.support.world import Row, World

pytestmark = pytest.mark.slow

ROWS = [Row(f"District opens laboratory number {age} for tests", f"/n/{age}.html", age=age * 60) for age in range(1, 9)]
OTHER = Row("Museum extends opening hours", "/o/1.html")


def sources(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["source"]
    return found


@pytest.fixture
def site(world: World) -> World:
    """Serve a page with a list, and the feed of that list; and the feed that is configured."""
    items = "".join(f"<li><a href='{row.path}'>{row.title}</a><span>2026-11-20</span></li>" for row in ROWS)
    head = "<title>公告公示</title><link rel=alternate type=application/rss+xml href=/news.xml>"
    world.pages["/news/"] = ("text/html", f"<!doctype html><html><head>{head}</head><ul>{items}</ul>".encode())
    world.pages["/list/"] = ("text/html", f"<!doctype html><html><title>公告公示</title><ul>{items}</ul>".encode())
    world.feed("/news.xml", ROWS, title="District news")
    world.feed("/one.xml", [OTHER], title="Feed One")
    return world


def test_it_shows_what_is_found_and_writes_it(monitor: Monitor, write: Write, site: World) -> None:
    path = write()
    ended = monitor("add", f"{site.base}/news/", "--tag", "政府", "--tag", "news", "--every", "30m", "--full-text")
    assert ended.status == 0, ended.err
    assert "feed: District news: 8 entries" in ended.out
    assert "lists the same as the page" in ended.out
    assert ROWS[0].title in ended.out
    assert "… and 3 more" in ended.out
    assert sources(path)[1] == {
        "name": "District news", "url": f"{site.base}/news.xml", "kind": "feed", "tags": ["政府", "news"],
        "every": "30m", "full_text": True,
    }  # fmt: skip
    assert monitor("check").status == 0
    assert "1 source polled: 8 new entries" in monitor("once", "--source", "District news", "--no-send").out


def test_it_writes_behind_the_last_source_and_changes_nothing_else(monitor: Monitor, write: Write, site: World) -> None:
    path = write(replace=("[[rule]]\n", "# what matters\n[[rule]]   # first\n"))
    before = path.read_text("utf-8")
    path.chmod(0o640)
    assert monitor("add", f"{site.base}/list/").status == 0
    text = path.read_text("utf-8")
    added = f'[[source]]\nname = "公告公示"\nurl = "{site.base}/list/"\nkind = "page"\n'
    assert added in text
    assert text.replace(added, "").split() == before.split()
    assert text.index(added) < text.index("# what matters")
    assert path.stat().st_mode & 0o777 == 0o640


def test_without_a_file_one_is_begun(monitor: Monitor, site: World, tmp_path: Path) -> None:
    ended = monitor("add", f"{site.base}/news.xml")
    assert ended.status == 1, "this machine is no public address, and no file allows it"
    assert not (tmp_path / "sources.toml").exists()
    (tmp_path / "sources.toml").write_text('[fetch]\nallow_private = ["127.0.0.0/8"]\n')
    assert monitor("add", f"{site.base}/news.xml").status == 0
    assert [source["name"] for source in sources(tmp_path / "sources.toml")] == ["District news"]


def test_names_are_made_unique_or_given(monitor: Monitor, write: Write, site: World) -> None:
    path = write(replace=('name = "one"', 'name = "District news"'))
    assert monitor("add", f"{site.base}/news.xml").status == 0
    assert monitor("add", f"{site.base}/list/", "--name", "The list").status == 0
    assert [source["name"] for source in sources(path)] == ["District news", "District news (2)", "The list"]
    taken = monitor("add", f"{site.base}/news/", "--name", "The list")
    assert taken.status == 2
    assert 'there is a source "The list" already' in taken.err


@pytest.mark.parametrize("address", ["/one.xml", "/one.xml?utm_source=x", "/one.xml#top"])
def test_an_address_that_is_there_is_refused_by_its_name(
    monitor: Monitor, write: Write, site: World, address: str
) -> None:
    path = write()
    before = path.read_bytes()
    ended = monitor("add", f"{site.base}{address}")
    assert ended.status == 2
    assert 'it is the source "one"' in ended.err
    assert path.read_bytes() == before
    assert site.hits == []


def test_a_page_whose_feed_is_there_is_refused_by_its_name(monitor: Monitor, write: Write, site: World) -> None:
    path = write(replace=("/one.xml", "/news.xml"))
    before = path.read_bytes()
    ended = monitor("add", f"{site.base}/news/")
    assert ended.status == 2
    assert '/news.xml is there already: it is the source "one"' in ended.err
    assert path.read_bytes() == before


def test_what_cannot_be_read_is_not_added(monitor: Monitor, write: Write, site: World) -> None:
    site.pages["/x/"] = ("text/html", b"<!doctype html><title>Welcome</title>")
    site.pages["/y/"] = ("text/html", b"<!doctype html><title>Just a moment...</title>")
    path = write()
    before = path.read_bytes()
    for address, message in (("/x/", "no list of entries"), ("/nosuch", "404"), ("/y/", "a challenge of Cloudflare")):
        ended = monitor("add", f"{site.base}{address}")
        assert ended.status == 1
        assert message in ended.err
        assert "nothing was written" in ended.err
        assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["news.example.org/feed"], "https://news.example.org/feed"),
        (["ftp://a.example/"], "http"),
        (["https://a.example/", "--every", "1x"], "1x"),
        (["https://a.example/", "--every", "1s"], "shorter than the minimum"),
        (["https://a.example/", "--kind", "fed"], 'did you mean "feed"?'),
        (["https://a.example/", "--name", " x"], "must not begin or end with a space"),
        (["https://a.example/", "--tag", " "], "blank"),
        (["env:NO_SUCH"], "NO_SUCH is not set"),
    ],
)
def test_what_is_wrong_with_the_arguments_is_said_before_anything_is_asked(
    monitor: Monitor, write: Write, words: list[str], message: str
) -> None:
    path = write()
    before = path.read_bytes()
    ended = monitor("add", *words)
    assert ended.status == 2
    assert message in ended.err
    assert path.read_bytes() == before


def test_a_file_that_is_not_right_is_left_alone(monitor: Monitor, write: Write, site: World) -> None:
    path = write(replace=('tags = ["press"]', 'tag = ["press"]'))
    before = path.read_bytes()
    ended = monitor("add", f"{site.base}/news/")
    assert ended.status == 2
    assert 'did you mean "tags"?' in ended.err
    assert path.read_bytes() == before


def test_a_dry_run_writes_nothing(monitor: Monitor, write: Write, site: World) -> None:
    path = write()
    before = path.read_bytes()
    ended = monitor("add", f"{site.base}/news/", "--dry-run")
    assert ended.status == 0
    assert 'name = "District news"' in ended.out
    assert "nothing was written" in ended.err
    assert path.read_bytes() == before


def test_as_json_it_is_one_document(monitor: Monitor, write: Write, site: World) -> None:
    path = write()
    dry = json.loads(monitor("add", f"{site.base}/news/", "--dry-run", "--json").out)
    assert (dry["added"], len(sources(path))) == (False, 1)
    done = json.loads(monitor("add", f"{site.base}/news/", "--json").out)
    assert done["added"] is True
    assert done["source"] == sources(path)[1]
    assert done["look"]["found"]["kind"] == "feed"
    again = monitor("add", f"{site.base}/news/", "--json")
    assert again.status == 2
    assert "there already" in json.loads(again.out)["error"]
    failed = monitor("add", f"{site.base}/nosuch", "--json")
    assert failed.status == 1
    assert json.loads(failed.out)["added"] is False


def test_a_kind_that_is_given_is_not_found_out(monitor: Monitor, write: Write, site: World) -> None:
    path = write()
    assert monitor("add", f"{site.base}/news/", "--kind", "page").status == 0
    assert sources(path)[1] == {"name": "公告公示", "url": f"{site.base}/news/", "kind": "page"}
    assert [hit for hit, _ in site.hits] == ["/news/"]


def test_an_address_that_is_a_secret_is_added_as_its_reference(
    monitor: Monitor, write: Write, site: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEED_URL", f"{site.base}/news.xml?key=CANARY")
    site.pages["/news.xml?key=CANARY"] = site.pages["/news.xml"]
    path = write()
    ended = monitor("add", "env:FEED_URL")
    assert ended.status == 0
    assert sources(path)[1] == {"name": "District news", "url": "env:FEED_URL", "kind": "feed"}
    assert "CANARY" not in ended.out + ended.err


@pytest.mark.parametrize(("answer", "added"), [(True, 2), (False, 1)])
def test_a_person_at_the_terminal_is_asked(
    *, monitor: Monitor, write: Write, site: World, monkeypatch: pytest.MonkeyPatch, answer: bool, added: int
) -> None:
    asked: list[str] = []

    def confirm(question: str, **_: object) -> bool:
        asked.append(question)
        return answer

    path = write()
    monkeypatch.setattr("typer.confirm", confirm)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert monitor("add", f"{site.base}/news/").status == 0
    assert len(asked) == 1
    assert len(sources(path)) == added
    monitor("add", f"{site.base}/list/", "--yes")
    assert len(asked) == 1


def test_a_route_of_rsshub_is_written_as_it_was_given(monitor: Monitor, write: Write, world: World) -> None:
    world.feed("/hub/gov/zuixin?key=CANARY01", ROWS, title="Newest policy")
    path = write(replace=("allow_private", f'rsshub = "{world.base}/hub?key=CANARY01"\nallow_private'))
    ended = monitor("add", "rsshub://gov/zuixin")
    assert ended.status == 0, ended.err
    assert sources(path)[1] == {"name": "Newest policy", "url": "rsshub://gov/zuixin", "kind": "feed"}
    assert "CANARY01" not in ended.out + ended.err
    again = monitor("add", "rsshub://gov/zuixin")
    assert (again.status, 'rsshub://gov/zuixin is there already: it is the source "Newest policy"' in again.err) == (
        2,
        True,
    )
