"""Pages that the robots.txt of a site forbids."""

from __future__ import annotations

import datetime as dt
from contextlib import closing

import pytest
from sqlalchemy import create_engine, text

from monitor.app.program import Pass
from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.sandbox import InlineReaders
from monitor.store import Store
from tests.support.configuration import Configure
from tests.support.world import START, Row, World

NEWS = Row("District opens a blockchain laboratory", "/a/1", "It opens in spring.")
LATER = Row("City plans metaverse classrooms", "/a/2", "Schools will test them.", age=-30)
FULL = ("[[source]]\n", "[[source]]\nfull_text = true\n")
ROWS = "".join(f"<li><a href='/a/{number}'>Blockchain paper number {number}</a> 2026-11-20</li>" for number in range(9))
LIST = ("text/html", f"<h1>News</h1><ul>{ROWS}</ul>".encode())
ARTICLE = (
    "text/html",
    b"<h1>T</h1>" + b"<p>The office opens its laboratory in spring.</p>" * 19,
)


def run(config: Config, minutes: int = 0) -> Pass:
    clock = FixedClock(START + dt.timedelta(minutes=minutes))
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        return program.once(tuple(program.sources))


def notices(config: Config) -> dict[str, str]:
    with closing(Store(config.database_url.reveal(), clock=FixedClock(START))) as store:
        return {one.kind: one.message for one in store.status(START).notices}


def forbid(world: World, path: str) -> None:
    world.pages["/robots.txt"] = ("text/plain", f"User-agent: *\nDisallow: {path}\n".encode())


def requested(world: World) -> set[str]:
    return {path for path, _ in world.hits}


@pytest.fixture
def reading_pages(world: World, configure: Configure) -> Config:
    world.feed("/one.xml", [NEWS])
    world.pages["/a/1"] = world.pages["/a/2"] = ARTICLE
    return configure("one.xml", replace=FULL)


@pytest.fixture
def listing(world: World, configure: Configure) -> Config:
    world.pages["/list"] = LIST
    return configure("list", replace=("[[source]]\n", '[[source]]\nkind = "page"\n'))


def test_the_page_of_an_article_is_not_requested_and_nothing_else_is_lost(world: World, reading_pages: Config) -> None:
    forbid(world, "/a/")
    run(reading_pages)
    assert requested(world) == {"/robots.txt", "/one.xml"}
    assert "127.0.0.1" in notices(reading_pages)["robots"]
    assert len(world.mails) == 1


def test_a_feed_is_polled_whatever_the_file_says(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [NEWS])
    forbid(world, "/")
    config = configure("one.xml")
    run(config)
    assert requested(world) == {"/one.xml"}
    assert notices(config) == {}


def test_the_setting_of_a_source_overrides_the_file_and_the_poll_says_so(
    world: World, reading_pages: Config, configure: Configure
) -> None:
    forbid(world, "/a/")
    config = configure("one.xml", replace=("[[source]]\n", "[[source]]\nfull_text = true\nrobots = false\n"))
    (collected,) = run(config).collected
    assert requested(world) == {"/one.xml", "/a/1"}
    assert "robots = false" in next(one.reason for one in collected.poll.decisions if one.kind == "robots")
    assert "robots" not in notices(config)


def test_a_list_page_is_refused_aloud_and_read_once_it_is_allowed(world: World, listing: Config) -> None:
    forbid(world, "/list")
    (refused,) = run(listing).collected
    assert refused.failed
    assert "robots = false" in refused.poll.reason
    assert requested(world) == {"/robots.txt"}
    assert set(notices(listing)) == {"robots"}
    forbid(world, "/other")
    (read,) = run(listing, minutes=60 * 25).collected
    assert (read.failed, read.poll.entries) == (False, 9)
    assert notices(listing) == {}


def test_a_source_from_before_the_upgrade_is_read_on_with_a_notice(world: World, listing: Config) -> None:
    run(listing)
    engine = create_engine(listing.database_url.reveal())
    with engine.begin() as connection:
        connection.execute(text("UPDATE source SET obeys_robots = NULL"))
    engine.dispose()
    forbid(world, "/list")
    world.hits.clear()
    (read,) = run(listing, minutes=60 * 25).collected
    assert not read.failed
    assert requested(world) == {"/robots.txt", "/list"}
    assert set(notices(listing)) == {"forbidden"}
