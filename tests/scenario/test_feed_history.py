"""A feed whose one entry is edited, as it was seen at three times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.model import PollRecord
from monitor.sandbox import InlineReaders
from tests.support.configuration import Configure
from tests.support.world import World

BEGIN = dt.datetime(2020, 1, 24, tzinfo=dt.UTC)
RULES = """
[[rule]]
name = "smuggling"
match = "smuggling"
[[digest]]
name = "attacks"
rules = ["smuggling"]
at = "now"
to = ["mail"]
"""
URL = "https://nodejs.org/en/blog/vulnerability/february-2020-security-releases"


def test_only_what_is_new_or_changed_appears(
    world: World, configure: Configure, shared_data: Callable[[str], Path]
) -> None:
    folder = shared_data("feeds-rss2email/test/data/nodejs")
    config = configure("feed.xml", extra=RULES, replace=("'@web3 OR metaverse OR blockchain'", "'releases'"))

    def polled(number: int, day: int) -> PollRecord:
        world.pages["/feed.xml"] = ("application/rss+xml", (folder / f"feed{number}.xml").read_bytes())
        clock = FixedClock(BEGIN + dt.timedelta(days=day))
        with open_program(config, clock, command="test", readers=InlineReaders()) as program:
            (collected,) = program.once(("feed.xml",)).collected
            said = program.store.trace(URL)
        assert said is not None
        assert len(said.entries) == 1
        assert len(said.revisions) == number - 1
        return collected.poll

    assert (polled(1, 0).new, len(world.texts("reader@example.org"))) == (1, 1)
    assert polled(1, 1).outcome == "same_body"  # once a day a source is asked in full
    changed = polled(2, 14)
    assert (changed.new, changed.matches, len(world.texts("reader@example.org"))) == (0, 1, 2)
    edited = polled(3, 117)
    assert (edited.new, edited.matches, len(world.texts("reader@example.org"))) == (0, 0, 2)
