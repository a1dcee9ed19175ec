"""Sources and articles behind walls: nothing is taken from one, it is named, and what comes after it is not missed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from monitor.app.program import Pass
from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.model import Notice
from monitor.sandbox import InlineReaders
from monitor.store import Store
from tests.support.configuration import Configure
from tests.support.walls import CHALLENGES, CONSENTS, CONTENT, ERRORS, LOGINS, Answer
from tests.support.walls import page as html
from tests.support.world import START, Row, World

FUND = Row("City opens a Web3 fund", "/a/1", "For three years.", age=30)
LATER = Row("A blockchain for the land register", "/a/2", "From spring on.")
AS_PAGE = ('kind = "feed"', 'kind = "page"')
WALLS = {
    "EdgeOne": CHALLENGES["EdgeOne"][0],
    "Imperva": CHALLENGES["Imperva"][1],
    "a login page": LOGINS[1],
    "asks for consent": CONSENTS[2],
    "an error page": ERRORS[3],
}
"""By a part of the name, each with the status 200."""


def run(config: Config, hours: float) -> Pass:
    clock = FixedClock(START + dt.timedelta(hours=hours))
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        return program.once(tuple(program.sources))


def state_of(config: Config, name: str) -> tuple[Any, list[Notice]]:
    store = Store(config.database_url.reveal(), clock=FixedClock(START))
    try:
        return store.source_state(name), list(store.status(START).notices)
    finally:
        store.close()


def put(world: World, path: str, answer: Answer) -> None:
    assert answer.status == 200
    world.pages[path] = ("text/html", answer.body.encode())


@pytest.mark.parametrize("name", ["EdgeOne", "a login page"])
def test_a_wall_in_front_of_a_feed_is_named_and_nothing_behind_it_is_missed(
    world: World, configure: Configure, name: str
) -> None:
    world.feed("/one.xml", [FUND])
    config = configure("one.xml")
    run(config, 0)
    before, _ = state_of(config, "one.xml")
    put(world, "/one.xml", WALLS[name])
    (collected,) = run(config, 12).collected
    assert collected.poll.outcome == "failed"
    assert name in collected.poll.reason
    assert any(decision.kind == "wall" and name in decision.reason for decision in collected.poll.decisions)
    after, (notice,) = state_of(config, "one.xml")
    assert (notice.kind, notice.subject, name in notice.message) == ("wall", "one.xml", True)
    assert "last good answer: " in notice.message
    assert (after.validators, after.last_success_at, after.empty_answers) == (
        before.validators,
        before.last_success_at,
        0,
    )
    assert after.next_poll_at - after.last_polled_at >= before.interval
    world.feed("/one.xml", [LATER, FUND])
    (collected,) = run(config, 24).collected
    assert (collected.poll.outcome, collected.poll.new) == ("ok", 1)
    assert state_of(config, "one.xml")[1] == []
    assert len(world.texts("reader@example.org")) == 2


@pytest.mark.parametrize("name", ["Imperva", "asks for consent", "an error page"])
def test_a_wall_in_front_of_a_list_is_no_empty_list(world: World, configure: Configure, name: str) -> None:
    world.pages["/list"] = ("text/html", CONTENT["a list with a login box"].encode())
    config = configure("list", replace=AS_PAGE)
    (collected,) = run(config, 0).collected
    assert (collected.poll.outcome, collected.poll.entries) == ("ok", 8)
    put(world, "/list", WALLS[name])
    for hours in (24, 48, 96):
        (collected,) = run(config, hours).collected
        assert (collected.poll.outcome, name in collected.poll.reason) == ("failed", True)
    state, notices = state_of(config, "list")
    assert [notice.kind for notice in notices] == ["wall"]
    assert (state.empty_answers, state.failures) == (0, 3)


def test_a_wall_in_front_of_an_article_is_not_its_text_and_the_page_is_tried_again(
    world: World, configure: Configure
) -> None:
    world.feed("/one.xml", [FUND])
    put(world, "/a/1", CHALLENGES["EdgeOne"][0])
    config = configure("one.xml", replace=("[[source]]\n", "[[source]]\nfull_text = true\n"))
    (collected,) = run(config, 0).collected
    assert "1 article pages could not be read (the server answered 200 with a challenge of" in collected.poll.reason
    body = html("City opens a Web3 fund", "<h1>City opens a Web3 fund</h1><p>" + "The fund pays for three years. " * 20)
    world.pages["/a/1"] = ("text/html", body.encode())
    run(config, 2)
    store = Store(config.database_url.reveal(), clock=FixedClock(START))
    assert "The fund pays for three years." in store.articles([1])[1].text
    store.close()
