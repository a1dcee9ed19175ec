"""Pages that are redesigned between two polls: their list is found again, or the poll fails; never is a menu news."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import pytest

from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.collect import Collected
from monitor.config import Config
from monitor.model import Notice, PollRecord
from monitor.sandbox import InlineReaders
from monitor.store import Store
from tests.support.configuration import Configure
from tests.support.world import START, World, squeeze

Markup = Callable[[Sequence[int]], str]

TOPICS = ("opens a laboratory", "signs a treaty", "publishes its plan", "hires engineers", "invites tenders")
MENU = "".join(
    f'<li><a href="/about/{name}.html">{name.title()}</a></li>' for name in ("office", "contact", "map", "law")
)


def title(number: int) -> str:
    return f"District {TOPICS[number % 5]} for blockchain, part {number:03d}"


def link(number: int, *, folder: str = "doc") -> str:
    return f'<a href="/{folder}/{number}.html">{title(number)}</a>'


def date(number: int) -> str:
    return f"2026-11-{number:02d}"


def old(numbers: Sequence[int]) -> str:
    rows = "".join(f'<tr class="row"><td>{link(n)}</td><td class="on">{date(n)}</td></tr>' for n in numbers)
    return f'<table class="news">{rows}</table>'


def new(numbers: Sequence[int]) -> str:
    rows = "".join(f'<div class="card"><h3>{link(n)}</h3><time>{date(n)}</time></div>' for n in numbers)
    return f'<main id="list"><div class="cards">{rows}</div></main>'


def page(markup: str, *, menu: str = MENU) -> tuple[str, bytes]:
    text = f"<html><head><title>Office</title></head><body><ul class=nav>{menu}</ul>{markup}</body></html>"
    return "text/html; charset=utf-8", text.encode()


SELECTED = 'item = "table.news tr"\ntitle = "a"\nlink = "a@href"\ndate = "td.on"'


@pytest.fixture
def config(world: World, configure: Configure) -> Config:
    return configured(world, configure, SELECTED)


def configured(world: World, configure: Configure, more: str, kind: str = "page") -> Config:
    return configure(
        extra=f'[[source]]\nname = "office"\nurl = "{world.base}/list"\nkind = "{kind}"\nbackfill = "0"\n{more}\n'
    )


def poll(config: Config, minutes: int = 0) -> PollRecord:
    clock = FixedClock(START + dt.timedelta(minutes=minutes))
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        collected: Collected = program.once(("office",)).collected[0]
        return collected.poll


def notices(config: Config) -> tuple[Notice, ...]:
    store = Store(config.database_url.reveal(), clock=FixedClock(START))
    try:
        return store.status(START).notices
    finally:
        store.close()


def sent_numbers(world: World) -> list[int]:
    text = squeeze("".join(world.texts("reader@example.org")))
    return [n for n in range(1, 100) for _ in range(text.count(f"forblockchainpart{n:03d}"))]


def test_a_list_that_moved_is_found_again_and_the_line_to_write_is_shown(world: World, config: Config) -> None:
    world.pages["/list"] = page(old(range(10, 0, -1)))
    assert poll(config).entries == 10
    world.pages["/list"] = page(new(range(12, 2, -1)), menu=MENU * 4)
    done = poll(config, 60)
    assert (done.outcome, done.new) == ("ok", 2)
    (notice,) = notices(config)
    assert notice.kind == "changed"
    assert 'item = "div.card"' in notice.remedy
    assert 'title = "h3"' in notice.remedy
    assert 'link = "a@href"' in notice.remedy
    assert 'date = "time"' in notice.remedy
    world.pages["/list"] = page(new(range(14, 4, -1)), menu=MENU * 4)
    assert poll(config, 120).new == 2
    assert sent_numbers(world) == [11, 12, 13, 14]


def test_the_line_that_is_shown_reads_the_page(world: World, configure: Configure, config: Config) -> None:
    world.pages["/list"] = page(old(range(10, 0, -1)))
    poll(config)
    world.pages["/list"] = page(new(range(12, 2, -1)))
    poll(config, 60)
    lines = notices(config)[0].remedy.partition(": ")[2].split("; ")
    corrected = configured(world, configure, "\n".join(lines))
    world.pages["/list"] = page(new(range(13, 3, -1)))
    assert poll(corrected, 120).new == 1
    assert notices(corrected) == ()
    assert sent_numbers(world) == [11, 12, 13]


def test_what_the_selectors_select_again_ends_the_notice(world: World, config: Config) -> None:
    world.pages["/list"] = page(old(range(10, 0, -1)))
    poll(config)
    world.pages["/list"] = page(new(range(12, 2, -1)))
    poll(config, 60)
    world.pages["/list"] = page(old(range(12, 2, -1)))
    assert poll(config, 120).new == 0
    assert notices(config) == ()


def test_new_addresses_are_recognised_by_their_titles(world: World, config: Config) -> None:
    world.pages["/list"] = page(old(range(10, 0, -1)))
    poll(config)
    world.pages["/list"] = page(new(range(12, 2, -1)).replace("/doc/", "/archive/item-"))
    assert poll(config, 60).outcome == "ok"
    assert [notice.kind for notice in notices(config)] == ["changed"]
    assert sent_numbers(world) == [11, 12]


def test_new_addresses_in_the_same_place_are_recognised_too(world: World, config: Config) -> None:
    world.pages["/list"] = page(old(range(10, 0, -1)))
    poll(config)
    world.pages["/list"] = page(old(range(12, 2, -1)).replace("/doc/", "/archive/item-"))
    poll(config, 60)
    assert [notice.kind for notice in notices(config)] == ["rekeyed"]
    assert sent_numbers(world) == [11, 12]


def test_a_selector_that_now_selects_the_menu_is_not_believed(world: World, configure: Configure) -> None:
    config = configured(world, configure, 'item = "ul li"')
    rows = "".join(f"<li>{link(n)} <i>{date(n)}</i></li>" for n in range(10, 0, -1))
    world.pages["/list"] = page(f"<ul>{rows}</ul>", menu="")
    poll(config)
    world.pages["/list"] = page(new(range(12, 2, -1)))
    done = poll(config, 60)
    assert (done.outcome, done.new) == ("ok", 2)
    assert sent_numbers(world) == [11, 12]


@pytest.mark.parametrize("more", [SELECTED, ""])
def test_a_page_without_any_known_entry_is_broken_and_no_menu_is_news(
    world: World, configure: Configure, more: str
) -> None:
    config = configured(world, configure, more)
    world.pages["/list"] = page(old(range(10, 0, -1)))
    poll(config)
    wide = "".join(
        f'<li><a href="/service/{name}">All that you ever wanted to know about {name} services</a></li>'
        for name in ("housing", "traffic", "taxation", "schooling", "medical")
    )
    world.pages["/list"] = page(f"<div><ul>{wide}</ul></div>")
    done = poll(config, 60)
    assert done.outcome == "failed"
    assert [notice.kind for notice in notices(config)] == ["broken"]
    assert sent_numbers(world) == []
    world.pages["/list"] = page(old(range(11, 1, -1)))
    assert poll(config, 120).new == 1
    assert notices(config) == ()


def test_a_parked_domain_is_no_news(world: World, configure: Configure) -> None:
    config = configured(world, configure, "")
    world.pages["/list"] = page(old(range(10, 0, -1)))
    poll(config)
    ads = "".join(
        f'<div class="ad"><a href="https://ads.example/{n}?q=blockchain">Buy blockchain courses online today {n}</a>'
        f"<span>{date(20)}</span></div>"
        for n in range(12)
    )
    world.pages["/list"] = page(ads, menu="")
    done = poll(config, 60)
    assert done.outcome == "failed"
    assert "none of its 12 rows" in done.reason
    assert sent_numbers(world) == []


def test_where_all_is_new_at_the_same_place_it_is_news(world: World, configure: Configure) -> None:
    config = configured(world, configure, "")
    world.pages["/list"] = page(old(range(5, 0, -1)))
    poll(config)
    world.pages["/list"] = page(old(range(20, 15, -1)))
    assert poll(config, 60).new == 5
    assert sent_numbers(world) == [16, 17, 18, 19, 20]


def test_another_list_that_looks_better_does_not_replace_the_known_one(world: World, configure: Configure) -> None:
    config = configured(world, configure, "")
    rows = "".join(f"<li>{link(n)}</li>" for n in range(8, 0, -1))
    world.pages["/list"] = page(f"<ul class=news>{rows}</ul>")
    poll(config)
    rows = "".join(f"<li>{link(n)}</li>" for n in range(9, 1, -1))
    tenders = "".join(
        f'<tr><td><a href="/tender/{n}">Tender for the supply of paper, lot {n}</a></td><td>{date(n)}</td></tr>'
        for n in range(1, 20)
    )
    world.pages["/list"] = page(f"<table>{tenders}</table><ul class=news>{rows}</ul>")
    assert poll(config, 60).new == 1
    assert sent_numbers(world) == [9]


def test_what_the_operator_says_is_believed(world: World, configure: Configure) -> None:
    world.pages["/list"] = page(old(range(10, 0, -1)))
    poll(configured(world, configure, ""))
    rows = "".join(f"<li><a href=https://other.example/{n}>{title(n)}</a></li>" for n in range(31, 36))
    world.pages["/list"] = page(f"<ol>{rows}</ol>")
    assert poll(configured(world, configure, ""), 60).outcome == "failed"
    assert poll(configured(world, configure, 'item = "ol li"'), 120).new == 5


def test_a_feed_that_lists_nothing_any_more_is_reported(world: World, configure: Configure) -> None:
    config = configured(world, configure, "", kind="api")
    items = ",".join(f'{{"title": "{title(n)}", "url": "/doc/{n}"}}' for n in range(6))
    world.pages["/list"] = ("application/json", f"[{items}]".encode())
    poll(config)
    world.pages["/list"] = ("application/json", b"[]")
    poll(config, 60)
    assert [(notice.kind, "the poll before found 6" in notice.message) for notice in notices(config)] == [
        ("empty", True)
    ]
    world.pages["/list"] = ("application/json", b"[ ]")
    poll(config, 120)
    assert [notice.kind for notice in notices(config)] == ["empty"], "it is still so"
    world.pages["/list"] = ("application/json", f"[{items}, {{}}]".encode())
    poll(config, 180)
    assert notices(config) == ()


def test_a_page_that_is_empty_now_is_broken(world: World, config: Config) -> None:
    world.pages["/list"] = page(old(range(10, 0, -1)))
    poll(config)
    world.pages["/list"] = page("<p>Under maintenance</p>")
    assert poll(config, 60).outcome == "failed"
    assert [notice.kind for notice in notices(config)] == ["broken"]


def without_kind(world: World, configure: Configure, more: str = "") -> Config:
    return configure(extra=f'[[source]]\nname = "office"\nurl = "{world.base}/list"\nbackfill = "3d"\n{more}\n')


def test_a_parked_domain_is_no_news_either_where_the_page_was_found_out(world: World, configure: Configure) -> None:
    """After some failed polls the address is looked at again: what it shows then must still fit what is known."""
    config = without_kind(world, configure)
    world.pages["/list"] = page(old(range(10, 0, -1)))
    poll(config)
    ads = "".join(
        f'<div><a href="https://ads.example/{n}">Buy courses for blockchain, part {n:03d}</a><i>{date(20)}</i></div>'
        for n in range(60, 72)
    )
    world.pages["/list"] = page(ads, menu="")
    polls = [poll(config, 60 * n) for n in range(1, 6)]
    assert [one.outcome for one in polls] == ["failed"] * 5
    assert "none of its 12 rows" in polls[-1].reason
    assert [notice.kind for notice in notices(config)] == ["broken"]
    world.pages["/list"] = page(old(range(22, 12, -1)))
    assert poll(config, 360).new == 10
    assert sent_numbers(world) == [*range(13, 23)]


def test_a_list_that_moved_meanwhile_is_found_where_the_page_was_found_out(world: World, configure: Configure) -> None:
    config = without_kind(world, configure)
    world.pages["/list"] = page(old(range(10, 0, -1)))
    poll(config)
    world.pages["/list"] = page("<p>Under maintenance</p>")
    for hour in (1, 2, 3):
        assert poll(config, 60 * hour).outcome == "failed"
    tenders = "".join(
        f'<tr><td><a href="/tender/{n}">Tender for the supply of paper, lot {n}</a></td><td>{date(n)}</td></tr>'
        for n in range(1, 20)
    )
    rows = "".join(f"<li>{link(n)}</li>" for n in range(12, 2, -1))
    world.pages["/list"] = page(f"<table>{tenders}</table><ul class=news>{rows}</ul>")
    assert poll(config, 240).new == 2
    (notice,) = notices(config)
    assert notice.remedy == 'put into its table: item = "ul.news > li"; title = "a"; link = "a@href"'
    corrected = without_kind(world, configure, "\n".join(notice.remedy.partition(": ")[2].split("; ")))
    world.pages["/list"] = page(f"<table>{tenders}</table><ul class=news>{rows}</ul><p>x</p>")
    assert (poll(corrected, 300).new, notices(corrected)) == (0, ())
    assert sent_numbers(world) == [11, 12]


def test_a_selector_within_the_rows_that_selects_nothing_any_more_is_reported_and_ignored(
    world: World, config: Config
) -> None:
    """The rows are where they were, but what is in them is named otherwise."""
    world.pages["/list"] = page(old(range(10, 0, -1)))
    poll(config)
    world.pages["/list"] = page(old(range(12, 2, -1)).replace('class="on"', 'class="when"'))
    done = poll(config, 60)
    assert (done.outcome, done.new) == ("ok", 2)
    assert 'date = "td.on" selects nothing in the rows' in done.reason
    (notice,) = notices(config)
    assert (notice.kind, 'date = "td.when"' in notice.remedy) == ("changed", True)
    world.pages["/list"] = page(old(range(13, 3, -1)))
    poll(config, 120)
    assert notices(config) == ()
    assert sent_numbers(world) == [11, 12, 13]


def test_titles_are_not_lost_where_their_selector_selects_nothing(world: World, configure: Configure) -> None:
    config = configured(world, configure, 'item = "table.news tr"\ntitle = "a.title"')
    world.pages["/list"] = page(old(range(10, 0, -1)).replace("<a ", "<a class=title "))
    poll(config)
    world.pages["/list"] = page(old(range(12, 2, -1)))
    poll(config, 60)
    assert [notice.kind for notice in notices(config)] == ["changed"]
    assert sent_numbers(world) == [11, 12]


def test_a_selector_that_never_selected_anything_is_reported_at_once(world: World, configure: Configure) -> None:
    config = configured(world, configure, 'item = "table.news tr"\ntitle = "h9.nothing"')
    world.pages["/list"] = page(old(range(10, 0, -1)))
    assert poll(config).entries == 10
    (notice,) = notices(config)
    assert 'title = "h9.nothing" selects nothing in the rows' in notice.message
