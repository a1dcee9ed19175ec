"""Sources that cannot be read: the reader of a digest hears of it, and not that nothing is new."""

from __future__ import annotations

import datetime as dt

from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.sandbox import InlineReaders
from tests.support.configuration import Configure
from tests.support.world import START, Row, World, squeeze

FUND = Row("City opens a Web3 fund", "/a/1", "For three years.", age=30)
LEDGER = Row("Ministry lists blockchain pilots", "/a/5", "Twelve cities take part.", age=-60 * 24 * 3)
DAY = dt.timedelta(days=1)
AT = "08:00"  # in Asia/Shanghai, which is START's time of day


def run(config: Config, days: float) -> None:
    with open_program(config, FixedClock(START + days * DAY), command="test", readers=InlineReaders()) as program:
        program.once(list(program.sources))


def subjects(world: World) -> list[str]:
    return [str(mail["Subject"]) for _, mail in world.mails]


def begin(world: World, configure: Configure, *feeds: str, replace: tuple[str, str] = ("", "")) -> Config:
    """Read sources for a day, and build a first edition."""
    for feed in feeds:
        world.feed(f"/{feed}", [FUND])
    config = configure(*feeds, at=AT, replace=replace)
    run(config, -0.5)
    run(config, 0.001)
    world.mails.clear()
    return config


def break_off(world: World, *feeds: str) -> None:
    for feed in feeds:
        del world.pages[f"/{feed}"]


def test_when_no_source_can_be_read_each_day_says_so(world: World, configure: Configure) -> None:
    config = begin(world, configure, "one.xml", "two.xml")
    break_off(world, "one.xml", "two.xml")
    for days in (0.5, 1.001, 1.5, 2.001, 2.5, 3.001):
        run(config, days)
    # The first window had a complete answer at its beginning, the two after it had none.
    assert subjects(world) == ["flash: 2 of 2 sources could not be read"] * 2
    text = world.texts("reader@example.org")[0]
    assert "Nothing new" not in text
    assert "one.xml: " in text


def test_one_source_that_cannot_be_read_is_said_once(world: World, configure: Configure) -> None:
    config = begin(world, configure, "one.xml", "two.xml")
    break_off(world, "one.xml")
    for days in (1.001, 2.001, 3.001, 4.001):
        run(config, days)
    assert subjects(world) == ["flash: 1 of 2 sources could not be read"]


def test_it_is_said_again_when_other_sources_fail(world: World, configure: Configure) -> None:
    config = begin(world, configure, "one.xml", "two.xml", "three.xml")
    break_off(world, "one.xml")
    for days in (1.001, 2.001, 3.001):
        run(config, days)
    break_off(world, "two.xml")
    for days in (4.001, 5.001, 6.001, 7.001):
        run(config, days)
    assert subjects(world) == ["flash: 1 of 3 sources could not be read", "flash: 2 of 3 sources could not be read"]


def test_an_edition_with_news_names_them_above_the_news(world: World, configure: Configure) -> None:
    config = begin(world, configure, "one.xml", "two.xml")
    break_off(world, "one.xml")
    run(config, 1.5)
    world.feed("/two.xml", [LEDGER, FUND])
    run(config, 3.001)
    text = world.texts("reader@example.org")[-1]
    assert text.index("one.xml: ") < text.index("Ministry lists")
    run(config, 4.001)
    assert len(world.mails) == 1, "it was said above the news, so it is not said again without news"


def test_a_source_that_no_rule_of_the_digest_could_match_is_not_missed(world: World, configure: Configure) -> None:
    only = ("match = '@web3 OR metaverse OR blockchain'", "match = '(@web3 OR blockchain) AND source:two'")
    config = begin(world, configure, "one.xml", "two.xml", replace=only)
    break_off(world, "one.xml")
    for days in (1.001, 2.001, 3.001):
        run(config, days)
    assert world.mails == []
    break_off(world, "two.xml")
    for days in (4.001, 5.001, 6.001):
        run(config, days)
    assert subjects(world)[0] == "flash: 1 of 1 source could not be read"


def test_once_they_can_be_read_again_an_empty_window_is_silent(world: World, configure: Configure) -> None:
    config = begin(world, configure, "one.xml")
    break_off(world, "one.xml")
    for days in (1.001, 2.001, 3.001):
        run(config, days)
    world.feed("/one.xml", [LEDGER, FUND])
    world.mails.clear()
    for days in (3.5, 4.001, 5.001):
        run(config, days)
    assert [squeeze(LEDGER.title) in squeeze(subject) for subject in subjects(world)] == [True]
