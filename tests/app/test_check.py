"""What a check says of the archive."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from monitor.app import check
from monitor.app.check import ArchiveMatches, match_archive
from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.sandbox import InlineReaders
from tests.support.configuration import Configure
from tests.support.world import START, Row, World


def test_without_a_database_a_check_says_nothing_of_it_and_makes_none(configure: Configure) -> None:
    config = configure("one.xml")
    before = sorted(config.path.parent.iterdir())
    assert match_archive(config, FixedClock(START)) is None
    assert sorted(config.path.parent.iterdir()) == before


def test_a_database_that_cannot_be_read_is_no_fault_of_the_configuration(configure: Configure) -> None:
    config = configure("one.xml")
    (config.path.parent / "monitor.db").write_bytes(b"not a database" * 100)
    assert match_archive(config, FixedClock(START)) is None


def test_each_rule_is_tried_on_the_last_thirty_days(
    world: World, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configure("one.xml")
    day = 24 * 60
    old = Row("Metaverse plan of last year", "/old", age=40 * day)
    world.feed("/one.xml", [Row("Metaverse plan", "/1"), Row("Museum", "/2"), Row("Metaverse law", "/3", age=day), old])
    clock = FixedClock(START)
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        program.once(send=False)
        found = match_archive(config, clock)  # also while another process holds the database
    assert found is not None
    assert sum(found.counts.values()) == 2
    assert list(found.counts) == [rule.name for rule in config.rules]
    assert not found.is_limited
    assert match_archive(config, FixedClock(START + dt.timedelta(days=40))) == ArchiveMatches(
        dict.fromkeys(found.counts, 0), is_limited=False
    )
    monkeypatch.setattr(check, "MAX_CANDIDATES", 1)
    limited = match_archive(config, clock)
    assert limited is not None
    assert limited.is_limited
    assert json.loads(json.dumps(limited.counts))
