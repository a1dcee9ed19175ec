"""Pages of sent articles are read again: edits and withdrawals that no list shows are sent too."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.app.explain import explain
from monitor.app.wiring import open_program, open_store
from monitor.cli.why import as_lines
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.sandbox import InlineReaders
from tests.support.configuration import READER, Configure, feed
from tests.support.world import START, Row, World

HOUR = 60
ASKS = ('name = "flash"\n', 'name = "flash"\nchanges = true\n')
NEWS = Row("Bank supports blockchain firms", "/a/1", "Firms can apply now.", age=30)
SENTENCE = "The counter for the third generation of the network and its ledgers is at the town hall of the district. "


def page(amount: str = "500 million", title: str = NEWS.title, *, comma: str = ",") -> tuple[str, bytes]:
    paragraphs = "".join(f"<p>{SENTENCE * 2}</p>" for _ in range(3))
    body = f"<h1>{title}</h1><article>{paragraphs}<p>In all{comma} the bank lends {amount} yuan to firms.</p></article>"
    return "text/html", f"<html lang=en><head><title>{title}</title></head><body>{body}</body></html>".encode()


def run(config: Config, minutes: int = 0) -> None:
    clock = FixedClock(START + dt.timedelta(minutes=minutes))
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        program.once()


def visits(world: World) -> int:
    return sum(path == "/a/1" for path, _ in world.hits)


@pytest.fixture
def config(world: World, configure: Configure) -> Config:
    world.feed("/one.xml", [NEWS])
    world.pages["/a/1"] = page()
    return configure(extra=feed(world, "one.xml", "full_text = true\n"), replace=ASKS)


def test_an_edited_page_is_sent_as_a_change_once(world: World, config: Config) -> None:
    run(config)
    run(config, 30)
    assert visits(world) == 1
    world.pages["/a/1"] = page("300 million")
    run(config, 61)
    run(config, 120)
    first, change = world.texts(READER)
    assert "blockchain" in first
    assert "changed: 500 → 300 million yuan" in change
    assert visits(world) == 2
    with open_store(config, FixedClock(START)) as store:
        explained = explain(store, config, f"{world.base}/a/1")
    assert explained is not None
    lines = [line.strip() for line in as_lines(explained)]
    assert "changed: 500 → 300 million yuan" in lines
    assert any(line.startswith("its page was read again 1 time, next ") for line in lines)


def test_a_page_is_read_again_at_longer_and_longer_intervals(world: World, config: Config) -> None:
    run(config)
    for minutes in range(30, 32 * 24 * HOUR, 12 * HOUR):
        run(config, minutes)
    assert visits(world) - 1 == 5  # the runs are too far apart for the one after six hours
    assert len(world.texts(READER)) == 1


def test_a_page_is_asked_for_conditionally(world: World, config: Config) -> None:
    run(config)
    run(config, 2 * HOUR)
    run(config, 7 * HOUR)
    tags = [tag for path, tag in world.hits if path == "/a/1"]
    assert [tag is not None for tag in tags] == [False, False, True]


def test_a_typographical_edit_of_a_page_is_a_revision_and_not_sent(world: World, config: Config) -> None:
    run(config)
    world.pages["/a/1"] = page(comma=" ;")
    run(config, 2 * HOUR)
    assert len(world.texts(READER)) == 1


def test_a_page_that_is_gone_twice_an_hour_apart_was_withdrawn(world: World, config: Config) -> None:
    run(config)
    del world.pages["/a/1"]
    run(config, 2 * HOUR)
    run(config, 2 * HOUR + 30)
    assert (visits(world), len(world.texts(READER))) == (2, 1)
    run(config, 3 * HOUR)
    run(config, 9 * HOUR)
    assert "withdrawn: its page is gone (404)" in world.texts(READER)[1]
    assert (visits(world), len(world.texts(READER))) == (3, 2)


def test_a_page_that_is_back_was_not_withdrawn(world: World, config: Config) -> None:
    run(config)
    there = world.pages.pop("/a/1")
    run(config, 2 * HOUR)
    world.pages["/a/1"] = there
    run(config, 3 * HOUR)
    del world.pages["/a/1"]
    run(config, 7 * HOUR)
    assert len(world.texts(READER)) == 1


def test_an_address_that_leads_to_the_home_page_twice_was_withdrawn(world: World, config: Config) -> None:
    run(config)
    world.moved["/a/1"] = f"{world.base}/"
    world.pages["/"] = page("9 million", "The bank")
    run(config, 2 * HOUR)
    run(config, 3 * HOUR)
    assert "withdrawn: its address leads to the home page of the site" in world.texts(READER)[1]


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_page_that_the_server_refuses_was_not_withdrawn(world: World, config: Config, status: int) -> None:
    run(config)
    del world.pages["/a/1"]
    world.refusals["/a/1"] = status
    for hours in (2, 7, 30):
        run(config, hours * HOUR)
    assert len(world.texts(READER)) == 1


def test_a_wall_is_no_change(world: World, config: Config) -> None:
    run(config)
    wall = "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1></body></html>"
    world.pages["/a/1"] = ("text/html", wall.encode())
    run(config, 2 * HOUR)
    run(config, 7 * HOUR)
    assert len(world.texts(READER)) == 1


def test_pages_are_not_read_again_for_a_digest_that_asks_for_no_changes(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [NEWS])
    world.pages["/a/1"] = page()
    config = configure(extra=feed(world, "one.xml", "full_text = true\n"))
    run(config)
    run(config, 2 * HOUR)
    assert visits(world) == 1


def test_a_source_that_reads_no_pages_is_asked_only_whether_they_are_there(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [NEWS])
    world.pages["/a/1"] = page("9 million", "Another title")
    config = configure("one.xml", replace=ASKS)
    run(config)
    run(config, 2 * HOUR)
    assert len(world.texts(READER)) == 1
    del world.pages["/a/1"]
    run(config, 7 * HOUR)
    run(config, 8 * HOUR)
    assert "withdrawn" in world.texts(READER)[1]
