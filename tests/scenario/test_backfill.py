"""A rule that is new, and what the archive holds: what readers get, once, and what they do not get."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from monitor import config, failpoint
from monitor.app.program import Pass
from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.collect import backfill
from monitor.config import Config
from monitor.sandbox import InlineReaders
from monitor.store import Store
from tests.support.configuration import Configure
from tests.support.world import START, Row, World, squeeze

DAYS = 24 * 60
SCHOOL = Row("City plans metaverse classrooms", "/a/2", "Schools will test them.")
ROCKET = Row("Firms launch satellite terminals", "/a/7", "They reach the villages.", age=60)
DISH = Row("A satellite dish for every school", "/a/8", "Installed by spring.", age=50)
OLD = Row("An old satellite plan", "/a/9", "From last month.", age=30 * DAYS)
MARK = "from the archive"

RULE = '[[rule]]\nname = "space"\nmatch = "satellite"\n{more}[[digest]]'


@pytest.fixture
def seen(world: World, configure: Configure) -> Config:
    """Return a configuration by which all these articles were read, and one of them was sent."""
    world.feed("/one.xml", [SCHOOL, ROCKET, DISH, OLD])
    loaded = configure("one.xml")
    run(loaded)
    assert titles(world) == {"SCHOOL"}
    return loaded


def run(loaded: Config, minutes: int = 0) -> Pass:
    clock = FixedClock(START + dt.timedelta(minutes=minutes))
    with open_program(loaded, clock, command="test", readers=InlineReaders()) as program:
        return program.once()


def titles(world: World) -> set[str]:
    """Return which of the articles the last mail has."""
    rows = {"SCHOOL": SCHOOL, "ROCKET": ROCKET, "DISH": DISH, "OLD": OLD}
    text = squeeze(world.texts("reader@example.org")[-1])
    return {name for name, row in rows.items() if squeeze(row.title) in text}


def changed(loaded: Config, *pairs: tuple[str, str]) -> Config:
    text = loaded.path.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    loaded.path.write_text(text, "utf-8")
    return config.load(loaded.path, {})


def with_rule(loaded: Config, more: str = 'backfill = "7d"\n') -> Config:
    return changed(
        loaded, ("[[digest]]", RULE.format(more=more)), ('rules = ["themes"]', 'rules = ["themes", "space"]')
    )


def mails(world: World) -> int:
    return len(world.texts("reader@example.org"))


def test_a_new_rule_sends_nothing_of_the_archive_by_itself(seen: Config, world: World) -> None:
    run(with_rule(seen, ""), DAYS)
    assert mails(world) == 1


def test_with_backfill_it_sends_what_is_young_enough_once_and_marked(seen: Config, world: World) -> None:
    loaded = with_rule(seen)
    run(loaded, DAYS)
    run(loaded, DAYS + 60)
    run(loaded, 3 * DAYS)
    assert mails(world) == 2
    assert titles(world) == {"ROCKET", "DISH"}
    assert world.texts("reader@example.org")[-1].count(MARK) == 2
    assert str(world.posts[-1]).count(MARK) == 2
    html = world.mails[-1][1].get_body(("html",))
    assert html is not None
    assert html.get_content().count(MARK) == 2


def test_what_is_news_is_not_marked(seen: Config, world: World) -> None:
    assert MARK not in world.texts("reader@example.org")[0]


def test_a_rule_that_changed_sends_what_it_had_not_found(seen: Config, world: World) -> None:
    run(changed(seen, ("OR blockchain'", 'OR satellite\'\nbackfill = "7d"')), DAYS)
    assert mails(world) == 2
    assert titles(world) == {"ROCKET", "DISH"}


@pytest.mark.parametrize(
    "pair",
    [("OR metaverse", "OR  metaverse"), ("OR blockchain'", 'OR blockchain\'\nbackfill = "30d"')],
)
def test_a_rule_that_means_the_same_sends_nothing(seen: Config, world: World, pair: tuple[str, str]) -> None:
    run(changed(seen, pair), DAYS)
    assert mails(world) == 1


def test_raising_backfill_alone_does_not_send_again(seen: Config, world: World) -> None:
    loaded = with_rule(seen, 'backfill = "1h"\n')
    run(loaded, DAYS)
    run(changed(loaded, ('backfill = "1h"', 'backfill = "60d"')), 2 * DAYS)
    assert mails(world) == 1


def test_what_a_first_poll_held_back_comes_if_its_date_is_young_enough(seen: Config, world: World) -> None:
    run(with_rule(seen, 'backfill = "60d"\n'), DAYS)
    assert titles(world) == {"ROCKET", "DISH", "OLD"}


def test_what_the_digest_has_sent_does_not_come_under_another_rule(seen: Config, world: World) -> None:
    run(changed(seen, ('name = "themes"', 'name = "subjects"\nbackfill = "30d"'), ('["themes"]', '["subjects"]')), DAYS)
    assert mails(world) == 1


def test_by_hand_a_digest_sends_it_too(seen: Config, world: World) -> None:
    loaded = with_rule(seen)
    clock = FixedClock(START + dt.timedelta(minutes=DAYS))
    with open_program(loaded, clock, command="test", readers=InlineReaders()) as program:
        program.run_backfill()
        assert program.builder.build(loaded.digests[0], clock.now(), forced=True) is not None


def killed_at(name: str, number: int) -> Callable[[str], None]:
    seen = 0

    def act(point: str) -> None:
        nonlocal seen
        seen += point == name
        if point == name and seen == number:
            failpoint.arm(None)
            raise KeyboardInterrupt

    return act


@pytest.mark.slow
@pytest.mark.parametrize("point", ["store.before_commit", "store.after_commit"])
def test_a_process_that_dies_on_the_way_goes_on_and_sends_all_once(
    seen: Config, world: World, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies at every commit in turn, a process for each: then what is left is done."""
    monkeypatch.setattr(backfill, "BATCH_SIZE", 1)
    loaded = with_rule(seen, 'backfill = "60d"\n')
    deaths = 0
    for number in range(1, 40):
        failpoint.arm(killed_at(point, number))
        try:
            run(loaded, DAYS + number)
        except KeyboardInterrupt:
            deaths += 1
        else:
            break
        finally:
            failpoint.arm(None)
    run(loaded, 2 * DAYS)
    assert deaths >= 5  # results that are ready share a commit, so a pass has fewer of them than polls
    texts = [squeeze(text) for text in world.texts("reader@example.org")]
    for row in (ROCKET, DISH, OLD, SCHOOL):
        sent = {
            str(mail["Message-ID"])
            for (_, mail), text in zip(world.mails, texts, strict=True)
            if squeeze(row.title) in text
        }
        assert len(sent) == 1, row.title
    store = Store(loaded.database_url.reveal(), clock=FixedClock(START))
    assert store.integrity() == ()
    store.close()
