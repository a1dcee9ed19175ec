"""`monitor try --kind article`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Monitor
from tests.scenario.world import World

SENTENCE = "The laboratory hires forty people for the third generation of the network and its ledgers. "
HEAD = "<title>District opens a laboratory</title><meta name=author content='Ann Lee'>"


def page(text: str, after: str = "", before: str = "") -> bytes:
    paragraphs = "".join(f"<p>{text} {SENTENCE * 2}{number}</p>" for number in range(4))
    return f"<html lang=en><head>{HEAD}</head><body>{before}<article>{paragraphs}</article>{after}".encode()


def configure(world: World, tmp_path: Path, extra: str = "") -> None:
    source = f"[[source]]\nname = 'one'\nurl = '{world.base}/feed'\nkind = 'feed'\n{extra}"
    text = f'[fetch]\nallow_private = ["127.0.0.0/8"]\n{source}'
    (tmp_path / "sources.toml").write_text(text, encoding="utf-8")


def test_an_article_is_shown_with_its_further_pages(monitor: Monitor, world: World, tmp_path: Path) -> None:
    configure(world, tmp_path)
    links = "<a href=a_2.html>下一页</a> <a href=plan.pdf>Plan</a>"
    world.pages |= {"/n/a.html": ("text/html", page("First.", links)), "/n/a_2.html": ("text/html", page("Second."))}
    ended = monitor("try", "--kind", "article", f"{world.base}/n/a.html")
    assert ended.status == 0
    for told in ("District opens a laboratory", "authors: Ann Lee", "First.", "Second.", "/n/plan.pdf", "language: en"):
        assert told in ended.out


def test_it_is_read_as_the_source_of_its_host_reads_it(monitor: Monitor, world: World, tmp_path: Path) -> None:
    configure(world, tmp_path, "full_text = true\ncontent = '#zoom'\n")
    world.pages["/n/a.html"] = ("text/html", page("First.", "<div id=zoom>Only this.</div>"))
    ended = monitor("try", "--kind", "article", f"{world.base}/n/a.html", "--json")
    assert ended.status == 0
    assert json.loads(ended.out)["article"]["text"] == "Only this."


def test_a_page_that_cannot_be_read_ends_1(monitor: Monitor, world: World, tmp_path: Path) -> None:
    configure(world, tmp_path)
    ended = monitor("try", "--kind", "article", f"{world.base}/nowhere")
    assert ended.status == 1
    assert "404" in ended.err


def test_a_file_is_read_without_any_configuration(monitor: Monitor, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(page("First.", before="<p>Published: 2026-11-20</p>"))
    ended = monitor("try", "--kind", "article", str(file), "--url", "https://a.example/n/1")
    assert ended.status == 0
    assert "https://a.example/n/1" in ended.out
    assert "published 2026-11-20" in ended.out


def test_a_file_without_an_article_ends_1_and_none_is_the_users_mistake(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_bytes(b"<p>")
    assert monitor("try", "--kind", "article", str(tmp_path / "empty.html")).status == 1
    assert monitor("try", "--kind", "article", str(tmp_path / "none.html")).status == 2
