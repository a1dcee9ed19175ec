"""Publishers change what was sent: digests that ask for changes are sent what no longer holds, once."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.app.digests import preview_edition
from monitor.app.explain import explain
from monitor.app.program import Pass
from monitor.app.wiring import open_program
from monitor.cli.why import as_lines
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.sandbox import InlineReaders
from monitor.store import Store
from tests.support.configuration import READER, Configure
from tests.support.world import START, Row, World

ASKS = ('name = "flash"\n', 'name = "flash"\nchanges = true\n')


def row(text: str, title: str = "Bank supports blockchain firms") -> Row:
    return Row(title, "/a/1", text)


BEFORE = row("The bank lends 500 million yuan to firms. They apply until 25 August 2026.")
LESS = row("The bank lends 300 million yuan to firms. They apply until 25 August 2026.")
TYPO = row("The bank lends 500 million yuan to firms! They aply until  25 August 2026.")


def run(config: Config, minutes: int = 0) -> Pass:
    clock = FixedClock(START + dt.timedelta(minutes=minutes))
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        return program.once(("one.xml",))


def configured(world: World, configure: Configure, replace: tuple[str, str] = ASKS) -> Config:
    world.feed("/one.xml", [BEFORE])
    return configure("one.xml", replace=replace)


def test_a_material_edit_is_sent_once(world: World, configure: Configure) -> None:
    config = configured(world, configure)
    run(config)
    world.feed("/one.xml", [LESS])
    run(config, 60)
    run(config, 120)
    first, change = world.texts(READER)
    assert "500 million" in first
    assert "changed: 500 → 300 million yuan" in change
    assert f"{world.base}/a/1" in change
    assert len(world.posts) == 2


@pytest.mark.parametrize("replace", [ASKS, ("", "")], ids=["asked for", "not asked for"])
def test_a_typographical_edit_is_not_sent(world: World, configure: Configure, replace: tuple[str, str]) -> None:
    config = configured(world, configure, replace)
    run(config)
    world.feed("/one.xml", [TYPO])
    run(config, 60)
    assert len(world.texts(READER)) == 1


def test_a_digest_that_does_not_ask_is_sent_no_change(world: World, configure: Configure) -> None:
    config = configured(world, configure, ("", ""))
    run(config)
    world.feed("/one.xml", [LESS])
    run(config, 60)
    assert len(world.texts(READER)) == 1


def test_a_change_is_previewed_and_explained(world: World, configure: Configure) -> None:
    config = configured(world, configure, ('name = "flash"\n', 'name = "flash"\nchanges = true\n'))
    run(config)
    world.feed("/one.xml", [LESS])
    clock = FixedClock(START + dt.timedelta(minutes=60))
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        program.once(("one.xml",), send=False)
    store = Store(config.database_url.reveal(), clock=clock)
    try:
        edition = preview_edition(store, config.digests[0], clock.now())
        assert edition is not None
        assert [change.words for change in edition.changes] == ["changed: 500 → 300 million yuan"]
        explained = explain(store, config, f"{world.base}/a/1")
    finally:
        store.close()
    assert explained is not None
    lines = as_lines(explained)
    at = next(number for number, line in enumerate(lines) if "revised" in line)
    assert lines[at + 1 : at + 4] == [
        "    changed: 500 → 300 million yuan",
        "    - The bank lends 500 million yuan to firms.",
        "    + The bank lends 300 million yuan to firms.",
    ]
