"""Sources that go on on further pages: what one page does not hold is read from the next."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from monitor import failpoint
from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.collect import Collected, retrieve
from monitor.config import Config
from monitor.model.reports import Status
from monitor.model.suppressed import DATED_BEFORE_KNOWN
from monitor.sandbox import InlineReaders
from monitor.store import Store
from tests.support.configuration import Configure
from tests.support.world import START, World, squeeze

DAY = 60 * 24


def line(number: int, *, day: int | None = 21) -> str:
    stated = f"<span>2026-11-{day:02d}</span>" if day else ""
    return f'<li><a href="/doc/{number}.html">Announcement about blockchain number {number:03d}</a>{stated}</li>'


def page(numbers: Sequence[int], following: str = "", *, day: int | None = 21, top: str = "") -> tuple[str, bytes]:
    rows = "".join(line(number, day=day) for number in numbers)
    paging = f'<div class="page"><a href="{following}">下一页</a></div>' if following else ""
    body = f"<html><head><title>Office</title></head><body><ul>{top}{rows}</ul>{paging}</body></html>"
    return "text/html; charset=utf-8", body.encode()


def spread(world: World, count: int, *, size: int = 5, first: int = 1, day: int | None = 21, top: str = "") -> None:
    """Show `count` announcements, the newest first, `size` to a page."""
    numbers = list(range(first + count - 1, first - 1, -1))
    parts = [numbers[start : start + size] for start in range(0, count, size)]
    for number, part in enumerate(parts):
        after = f"/list/{number + 2}.html" if number + 1 < len(parts) else ""
        world.pages[address(number + 1)] = page(part, after, day=day, top=top)


def address(number: int) -> str:
    return "/list/index.html" if number == 1 else f"/list/{number}.html"


@pytest.fixture
def config(world: World, configure: Configure) -> Config:
    return configure(extra=source(world))


def source(world: World, more: str = 'kind = "page"\nbackfill = "0"', path: str = "/list/index.html") -> str:
    return f'[[source]]\nname = "office"\nurl = "{world.base}{path}"\n{more}\n'


def poll(config: Config, minutes: int = 0) -> Collected:
    clock = FixedClock(START + dt.timedelta(minutes=minutes))
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        return program.once(("office",)).collected[0]


def status(config: Config, minutes: int = 0) -> Status:
    store = Store(config.database_url.reveal(), clock=FixedClock(START))
    try:
        return store.status(START + dt.timedelta(minutes=minutes))
    finally:
        store.close()


def reasons(config: Config, base: str, number: int) -> list[str | None]:
    """Return why the matches of an announcement are not sent; None for each that is."""
    store = Store(config.database_url.reveal(), clock=FixedClock(START))
    try:
        trace = store.trace(f"{base}/doc/{number}.html")
    finally:
        store.close()
    assert trace is not None
    return [found.held for found in trace.matches]


def sent_numbers(world: World) -> list[int]:
    """Return the numbers of the announcements that a reader was sent, with repeats."""
    text = squeeze("".join(world.texts("reader@example.org")))
    return [n for n in range(1, 400) for _ in range(text.count(f"announcementaboutblockchainnumber{n:03d}"))]


def asked(world: World) -> list[str]:
    return [path for path, _ in world.hits if path.startswith("/list")]


def test_nothing_is_followed_at_a_first_poll_that_sends_nothing(world: World, config: Config) -> None:
    spread(world, 20)
    assert poll(config).poll.entries == 5
    assert asked(world) == ["/list/index.html"]


def test_pages_are_read_until_a_known_entry_appears(world: World, config: Config) -> None:
    spread(world, 20)
    poll(config)
    spread(world, 33)
    done = poll(config, 60).poll
    assert (done.new, done.entries) == (13, 15)
    assert "in 3 documents" in done.reason
    assert asked(world)[1:] == [address(n) for n in (1, 2, 3)]
    assert status(config, 60).notices == ()


def test_what_is_listed_behind_the_known_on_a_further_page_is_not_sent(world: World, config: Config) -> None:
    spread(world, 20, day=None)
    poll(config)
    spread(world, 27, size=12, day=None)  # 27…16 and 15…4: of the second page 14…4 are older than what was read
    done = poll(config, 60).poll
    assert done.matches == done.new
    assert sorted(sent_numbers(world)) == list(range(21, 28))


def test_what_is_backdated_on_a_further_page_is_news_all_the_same(world: World, config: Config) -> None:
    spread(world, 20)
    poll(config)
    newer = [line(number, day=3 if number % 2 else 21) for number in range(33, 20, -1)]
    rows = [*newer, *(line(number) for number in range(20, 0, -1))]
    for number in range(3):
        part, after = "".join(rows[number * 8 : number * 8 + 8]), address(number + 2)
        world.pages[address(number + 1)] = page((), after, top=part)
    done = poll(config, 60).poll
    assert (done.new, done.matches) == (13, 13)
    assert sorted(sent_numbers(world)) == list(range(21, 34))


def test_where_nothing_known_appears_what_is_dated_long_ago_is_not_sent(world: World, config: Config) -> None:
    spread(world, 20)
    poll(config)
    spread(world, 10, first=100, day=21)
    world.pages[address(2)] = page(range(104, 99, -1), day=3)
    poll(config, 60)
    assert sorted(sent_numbers(world)) == list(range(105, 110))
    assert [notice.kind for notice in status(config, 60).notices] == ["gap"]
    assert reasons(config, world.base, 102) == [DATED_BEFORE_KNOWN]
    assert reasons(config, world.base, 107) == [None]


def test_with_overlap_no_further_page_is_asked_for(world: World, config: Config) -> None:
    spread(world, 20)
    poll(config)
    spread(world, 23)
    poll(config, 60)
    assert asked(world) == ["/list/index.html"] * 2
    assert poll(config, 120).poll.outcome == "not_modified"


def test_known_rows_that_are_pinned_are_no_overlap(world: World, config: Config) -> None:
    pins = line(901, day=1) + line(902, day=1)
    spread(world, 20, top=pins)
    poll(config)
    spread(world, 28, top=pins)
    assert poll(config, 60).poll.new == 8
    assert status(config, 60).notices == ()


def test_where_the_pages_end_without_a_known_entry_a_notice_tells_of_the_gap(world: World, config: Config) -> None:
    spread(world, 5)
    poll(config)
    spread(world, 6)
    poll(config, 30)
    spread(world, 12, first=100)
    done = poll(config, 60).poll
    assert done.new == 12
    assert [notice.kind for notice in status(config, 60).notices] == ["gap"]


def test_no_more_than_so_many_pages_are_read(world: World, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieve, "MAX_PAGES", 2)
    spread(world, 20)
    poll(config)
    spread(world, 60)
    assert poll(config, 60).poll.entries == 15


def test_pages_that_lead_in_a_circle_are_left(world: World, config: Config) -> None:
    spread(world, 5)
    poll(config)
    world.pages[address(1)] = page([30, 29, 28], address(2))
    world.pages[address(2)] = page([27, 26, 25], address(1))
    assert poll(config, 60).poll.new == 6
    assert asked(world)[1:] == [address(1), address(2)]


def test_no_other_host_is_followed(world: World, config: Config) -> None:
    spread(world, 5)
    poll(config)
    other = world.base.replace("127.0.0.1", "localhost")
    world.pages[address(1)] = page([30, 29, 28], f"{other}/list/2.html")
    world.pages[address(2)] = page([27, 26, 25])
    assert poll(config, 60).poll.new == 3


def test_a_next_page_that_is_no_list_is_said(world: World, config: Config) -> None:
    spread(world, 20)
    poll(config)
    spread(world, 33)
    world.pages[address(2)] = ("text/html", b"<html><body><p>Under maintenance</p></body></html>")
    done = poll(config, 60).poll
    assert done.new == 5
    assert "page 2 of the list could not be read (no list of entries was found on the page)" in done.reason


def test_a_page_that_shows_the_same_again_ends_it(world: World, config: Config) -> None:
    spread(world, 5)
    poll(config)
    for number in (1, 2, 3):
        world.pages[address(number)] = page([30, 29, 28], address(number + 1))
    assert poll(config, 60).poll.new == 3
    assert asked(world)[1:] == [address(1), address(2)]


def test_a_page_that_fails_is_said_and_tried_again_until_the_gap_is_filled(world: World, config: Config) -> None:
    spread(world, 20)
    poll(config)
    spread(world, 33)
    kept = world.pages.pop(address(2))
    done = poll(config, 60).poll
    assert (done.outcome, done.new) == ("ok", 5)
    assert "page 2" in done.reason
    (notice,) = status(config, 60).notices
    assert notice.kind == "gap"
    assert "page 2" in notice.message
    assert poll(config, 120).poll.outcome == "ok", "the first page is asked for unconditionally"
    world.pages[address(2)] = kept
    done = poll(config, 180).poll
    assert done.new == 8
    assert sorted(sent_numbers(world)) == list(range(21, 34)), "nothing twice, nothing missed"
    poll(config, 240)
    assert poll(config, 300).poll.outcome == "not_modified"
    assert asked(world)[-2:] == [address(1)] * 2


def test_trying_to_fill_a_gap_ends(world: World, config: Config) -> None:
    spread(world, 20, day=None)
    poll(config)
    spread(world, 33, day=None)
    del world.pages[address(2)]
    poll(config, 60)
    poll(config, 60 + 4 * DAY)
    assert poll(config, 120 + 4 * DAY).poll.outcome == "not_modified"


def test_a_first_poll_goes_on_as_far_as_its_backfill(world: World, configure: Configure) -> None:
    config = configure(extra=source(world, 'kind = "page"\nbackfill = "2d"'))
    world.pages[address(1)] = page(range(30, 25, -1), address(2), day=21)
    world.pages[address(2)] = page(range(25, 20, -1), address(3), day=20)
    world.pages[address(3)] = page(range(20, 15, -1), address(4), day=10)
    world.pages[address(4)] = page(range(15, 10, -1), day=9)
    assert poll(config).poll.entries == 15
    assert sorted(sent_numbers(world)) == list(range(21, 31))


def test_a_selector_says_where_the_next_page_is(world: World, configure: Configure) -> None:
    config = configure(extra=source(world, 'kind = "page"\nbackfill = "0"\nnext = "span.more@data-to"'))
    world.pages[address(1)] = page(range(5, 0, -1))
    poll(config)
    kind, body = page([12, 11, 10])
    world.pages[address(1)] = (kind, body.replace(b"</ul>", b'</ul><span class=more data-to="2.html"></span>'))
    world.pages[address(2)] = page(range(9, 4, -1))
    assert poll(config, 60).poll.new == 7


def test_paged_feeds_are_followed(world: World, configure: Configure) -> None:
    def feed(numbers: Sequence[int], following: str) -> tuple[str, bytes]:
        items = [{"id": str(n), "url": f"{world.base}/doc/{n}", "title": f"Blockchain {n}"} for n in numbers]
        body = {"version": "https://jsonfeed.org/version/1.1", "title": "Office", "items": items}
        return "application/feed+json", json.dumps(body | ({"next_url": following} if following else {})).encode()

    config = configure(extra=source(world, path="/list/feed.json", more=""))
    world.pages["/list/feed.json"] = feed([3, 2, 1], "")
    poll(config)
    world.pages["/list/feed.json"] = feed([8, 7, 6], f"{world.base}/list/feed2.json")
    world.pages["/list/feed2.json"] = feed([5, 4, 3], "")
    assert poll(config, 60).poll.new == 5


def test_pages_of_an_api_are_followed(world: World, configure: Configure) -> None:
    def answer(numbers: Sequence[int], number: int) -> tuple[str, bytes]:
        items = [{"title": f"Blockchain number {n}", "url": f"/doc/{n}.html"} for n in numbers]
        return "application/json", json.dumps({"data": items, "after": number}).encode()

    more = 'kind = "api"\nbackfill = "0"\nnext = "/list/api-{after}.json"'
    config = configure(extra=source(world, path="/list/api.json", more=more))
    world.pages["/list/api.json"] = answer([3, 2, 1], 2)
    poll(config)
    world.pages["/list/api.json"] = answer([8, 7, 6], 2)
    world.pages["/list/api-2.json"] = answer([5, 4, 3], 3)
    assert poll(config, 60).poll.new == 5


def test_what_is_secret_in_an_address_is_sent_to_the_next_page_and_shown_nowhere(
    world: World, configure: Configure, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text(f"{world.base}/list/1?token=CANARY77x", encoding="utf-8")
    config = configure(extra='[[source]]\nname = "office"\nurl = "file:secret"\nkind = "page"\nbackfill = "0"\n')
    first, second = "/list/1?token=CANARY77x", "/list/2?token=CANARY77x"
    world.pages[first] = page(range(5, 0, -1))
    poll(config)
    world.pages[first] = page([9, 8, 7], second)
    done = poll(config, 60)
    assert "CANARY" not in str((done, status(config, 60).notices))
    world.pages[second] = page([6, 5, 4])
    assert poll(config, 120).poll.new == 1


class Killed(BaseException):
    """The process died here."""


@pytest.mark.slow
@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("place", ["collect.followed", "collect.matched", "collect.recorded"])
def test_a_death_while_reading_on_loses_and_repeats_nothing(world: World, config: Config, place: str, nth: int) -> None:
    spread(world, 20)
    poll(config)
    spread(world, 33)
    left = [nth]

    def kill(name: str) -> None:
        left[0] -= name == place
        if name == place and left[0] == 0:
            raise Killed

    failpoint.arm(kill)
    try:
        for _ in range(2):
            with contextlib.suppress(Killed):
                poll(config, 60)
    finally:
        failpoint.arm(None)
    poll(config, 120)
    assert sorted(sent_numbers(world)) == list(range(21, 34))
    assert status(config, 120).notices == ()


def test_the_end_of_the_program_while_reading_on_records_nothing(world: World, config: Config) -> None:
    spread(world, 20)
    poll(config)
    spread(world, 33)
    with open_program(
        config, FixedClock(START + dt.timedelta(hours=1)), command="test", readers=InlineReaders()
    ) as program:
        get = program.gate.get

        def stopping(url: str, **more: object) -> object:
            if url.endswith(address(2)):
                program.halt()
            return get(url, **more)  # type: ignore[arg-type]  # what collecting gives

        object.__setattr__(program.collector, "gate", type("Gate", (), {"get": staticmethod(stopping)})())
        (collected,) = program.poll(program.due_sources())
        assert collected.stopped
        assert program.store.source_state("office").polls == 1
    assert poll(config, 120).poll.new == 13
