"""Small feeds, poll after poll: exactly what each edition brings, however keys, addresses, dates and titles change."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import format_datetime
from html import escape

import pytest

from monitor.app.wiring import open_program, open_store
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.sandbox import InlineReaders
from tests.support.configuration import Configure, feed
from tests.support.world import START, World, squeeze

TITLES = (
    "Council adopts a blockchain plan for schools",
    "Harbour office tests blockchain freight papers",
    "Ministry lists eleven blockchain pilots",
    "Court rules on a blockchain land register",
    "University opens its blockchain institute",
    "Farmers trace apples through a blockchain",
    "Museum sells blockchain tickets at its gate",
    "Railway pays pensions over a blockchain",
    "Chemists date samples with blockchain stamps",
    "Mayor vetoes the blockchain parking scheme",
)
A, B, C, D, E, F, G = TITLES[:7]


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a feed. `date` is in minutes after START, or as the feed writes it; "" is none."""

    title: str
    link: str = ""
    guid: str = ""
    date: int | str = -60
    text: str = ""

    def xml(self) -> str:
        """Return it as RSS."""
        date = self.date if isinstance(self.date, str) else format_datetime(START + dt.timedelta(minutes=self.date))
        parts = {"title": self.title, "link": self.link, "pubDate": date, "description": self.text}
        said = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in parts.items() if value)
        guid = f'<guid isPermaLink="false">{escape(self.guid)}</guid>' if self.guid else ""
        return f"<item>{said}{guid}</item>"


@dataclass(frozen=True, slots=True)
class Poll:
    """What the feeds list, by path, and the titles that exactly are sent then. `names`: how the file calls them."""

    feeds: dict[str, Sequence[Item]]
    sent: Sequence[str]
    names: dict[str, str] = field(default_factory=dict)
    minutes: int = 180
    notices: tuple[str, ...] = ()


def poll(listed: Sequence[Item], sent: Sequence[str] = (), *, name: str = "", notices: tuple[str, ...] = ()) -> Poll:
    """Return the poll of one feed."""
    return Poll({"one.xml": listed}, sent, {"one.xml": name} if name else {}, notices=notices)


def items(
    titles: Sequence[str], link: str = "https://old.example/{}", guid: str = "", date: int | None = None
) -> list[Item]:
    """Return an item for each title; `{}` in link and guid is a number that stays that of the title."""
    numbered = [(title, TITLES.index(title)) for title in titles]
    return [
        Item(title, link.format(number), guid.format(number), -60 - number if date is None else date)
        for title, number in numbered
    ]


FOUR = (A, B, C, D)
SCENARIOS: dict[str, list[Poll]] = {
    "a guid reused for another item": [
        poll([Item(A, "https://x.example/a", "7")], [A]),
        poll([Item(B, "https://x.example/b", "7", 60)], [B]),
    ],
    "guids that number the places of a list": [
        poll([Item(B, "https://x.example/b", "1", -60), Item(A, "https://x.example/a", "2", -90)], [A, B]),
        poll([Item(C, "https://x.example/c", "1", 60), Item(B, "https://x.example/b", "2", -60)], [C]),
    ],
    "guids that number the places of a list under one address": [
        poll([Item(B, "https://x.example/news", "1", -60), Item(A, "https://x.example/news", "2", -90)], [A, B]),
        poll([Item(C, "https://x.example/news", "1", 60), Item(B, "https://x.example/news", "2", -60)], [C]),
    ],
    "a guid reused without an address": [
        poll([Item(A, "", "7")], [A]),
        poll([Item(B, "", "7", 60)], [B]),
    ],
    "guids from http to https": [
        poll(items(FOUR, "http://x.example/{}", "http://x.example/{}"), FOUR),
        poll(items((E, *FOUR), "https://x.example/{}", "https://x.example/{}"), [E], notices=("rekeyed",)),
    ],
    "the host moved": [
        poll(items(FOUR, "https://x.example/{}", "https://x.example/?p={}"), FOUR),
        poll(items((E, *FOUR), "https://y.example/{}", "https://y.example/?p={}"), [E], notices=("rekeyed",)),
    ],
    "every guid new with known links": [
        poll(items(FOUR, guid="{}"), FOUR),
        poll(items((E, *FOUR), guid="urn:new:{}"), [E], notices=("rekeyed",)),
    ],
    "two guids new with known links": [
        poll(items((A, B), guid="{}"), [A, B]),
        poll(items((A, B), guid="urn:new:{}"), [], notices=("rekeyed",)),
    ],
    "every guid and link new with known titles": [
        poll(items(FOUR, guid="{}"), FOUR),
        poll(items((E, *FOUR), "https://old.example/neu/{}.html", guid="urn:new:{}"), [E], notices=("rekeyed",)),
    ],
    "guids that go": [
        poll(items(FOUR, guid="{}"), FOUR),
        poll(items((E, *FOUR)), [E], notices=("rekeyed",)),
    ],
    "guids that come": [
        poll(items(FOUR), FOUR),
        poll(items((E, *FOUR), guid="{}"), [E], notices=("rekeyed",)),
    ],
    "links that count clicks": [
        poll(items(FOUR, "https://x.example/{}?utm_source=rss&utm_campaign=1"), FOUR),
        poll(items((E, *FOUR), "https://x.example/{}?utm_source=rss&utm_campaign=2"), [E]),
    ],
    "titles alone": [
        poll([Item(A), Item(B)], [A, B]),
        poll([Item(C), Item(A), Item(B)], [C]),
        poll([Item(B), Item(C)]),
    ],
    "an entry back after thirty polls": [
        poll(items((A, B), guid="{}"), [A, B]),
        *[poll(items((B,), guid="{}")) for _ in range(30)],
        poll(items((A, B), guid="{}")),
    ],
    "a feed empty once and full again": [
        poll(items(FOUR), FOUR),
        poll([]),
        poll(items((E, *FOUR)), [E]),
    ],
    "dates of 1970 and 9999 after the first poll": [
        poll(items(FOUR), FOUR),
        poll(
            [
                Item(E, "https://x.example/e", date="Thu, 01 Jan 1970 00:00:00 GMT"),
                Item(F, "https://x.example/f", date="Fri, 31 Dec 9999 23:59:59 GMT"),
                *items(FOUR),
            ],
            [E, F],
        ),
        poll(
            [
                Item(E, "https://x.example/e", date="Fri, 31 Dec 9999 23:59:59 GMT"),
                Item(F, "https://x.example/f", date="Thu, 01 Jan 1970 00:00:00 GMT"),
                *items(FOUR),
            ],
        ),
    ],
    "dates of 1970 and 9999 at the first poll": [
        poll(
            [
                Item(E, "https://x.example/e", date="Thu, 01 Jan 1970 00:00:00 GMT"),
                Item(F, "https://x.example/f", date="Fri, 31 Dec 9999 23:59:59 GMT"),
                *items(FOUR),
            ],
            FOUR,
        ),
        poll(
            [
                Item(E, "https://x.example/e", date="Thu, 01 Jan 1970 00:00:00 GMT"),
                Item(F, "https://x.example/f", date="Fri, 31 Dec 9999 23:59:59 GMT"),
                *items((G, *FOUR)),
            ],
            [G],
        ),
    ],
    "an entry backdated by a year": [
        poll(items(FOUR), FOUR),
        poll([*items(FOUR), Item(E, "https://x.example/e", date=-365 * 24 * 60)], [E]),
    ],
    "a source renamed": [
        poll(items(FOUR, guid="{}"), FOUR),
        poll(items((E, *FOUR), guid="{}"), [E], name="another name"),
    ],
    "a source removed and added again": [
        poll(items(FOUR, guid="{}"), FOUR),
        Poll({"two.xml": []}, []),
        poll(items((E, *FOUR), guid="{}"), [E]),
    ],
    "a source removed and added again under another name": [
        poll(items(FOUR, guid="{}"), FOUR),
        Poll({"two.xml": []}, []),
        poll(items((E, *FOUR), guid="{}"), [E], name="another name"),
    ],
    "one feed at two addresses": [
        Poll({"one.xml": items(FOUR, guid="{}"), "two.xml": items(FOUR, guid="two{}")}, FOUR),
        Poll({"one.xml": items(FOUR, guid="{}"), "two.xml": items((E, *FOUR), guid="two{}")}, [E]),
        Poll({"one.xml": items((E, *FOUR), guid="{}"), "two.xml": items((E, *FOUR), guid="two{}")}, []),
    ],
    "a title edited under its guid": [
        poll([Item(A, "https://x.example/1", "1"), Item(B, "https://x.example/2", "2")], [A, B]),
        poll([Item(C, "https://x.example/1", "1"), Item(B, "https://x.example/2", "2")]),
    ],
    "an address changed under its guid": [
        poll([Item(A, "https://x.example/1", "1"), Item(B, "https://x.example/2", "2")], [A, B]),
        poll([Item(A, "https://x.example/1-new", "1"), Item(B, "https://x.example/2", "2")]),
    ],
    "a series under one title": [
        poll([Item(A, "https://x.example/1", "1")], [A]),
        poll([Item(A, "https://x.example/2", "2", 60), Item(A, "https://x.example/1", "1")], [A]),
    ],
    "two items with one guid": [
        poll([Item(A, "https://x.example/1", "1"), Item(B, "https://x.example/2", "1")], [A, B]),
        poll([Item(A, "https://x.example/1", "1"), Item(B, "https://x.example/2", "1")]),
        poll([Item(B, "https://x.example/2", "1"), Item(A, "https://x.example/1", "1")]),
    ],
    "an item listed twice": [
        poll([*items((A, B), guid="{}"), *items((A,), guid="{}")], [A, B]),
        poll(items((A, B), guid="{}")),
    ],
    "dates that follow the clock": [
        poll(items(FOUR, guid="{}"), FOUR),
        poll(items(FOUR, guid="{}", date=170)),
        poll(items((E, *FOUR), guid="{}", date=350), [E], notices=("alike",)),
    ],
}


def stated(world: World, configure: Configure, step: Poll) -> Config:
    """Return the configuration of a step, and show its feeds."""
    tables = ""
    for path, listed in step.feeds.items():
        body = f"<rss version='2.0'><channel><title>F</title>{''.join(one.xml() for one in listed)}</channel></rss>"
        world.pages[f"/{path}"] = ("application/rss+xml", body.encode())
        table = feed(world, path, 'kind = "feed"\n')
        tables += re.sub(r"name = .*", f'name = "{step.names.get(path, path)}"', table, count=1)
    return configure(extra=tables)


@pytest.mark.slow
@pytest.mark.parametrize("script", SCENARIOS.values(), ids=SCENARIOS)
def test_each_edition_brings_exactly_what_is_new(world: World, configure: Configure, script: list[Poll]) -> None:
    at = START
    for number, step in enumerate(script):
        config = stated(world, configure, step)
        world.mails.clear()
        with open_program(config, FixedClock(at), command="test", readers=InlineReaders()) as program:
            program.once()
        text = squeeze("".join(world.texts("reader@example.org")))
        found = sorted(title for title in TITLES for _ in range(text.count(squeeze(title))))
        assert found == sorted(step.sent), f"at poll {number + 1}"
        with open_store(config, FixedClock(at)) as store:
            assert tuple(one.kind for one in store.status(at).notices) == step.notices, f"at poll {number + 1}"
        at += dt.timedelta(minutes=step.minutes)


def run_twice(world: World, configure: Configure, first: Item, other: Item) -> None:
    """List `first` in one source, and three hours later `other` in another."""
    for hours, listed in ((0, []), (3, [other])):
        config = stated(world, configure, Poll({"one.xml": [first], "two.xml": listed}, []))
        clock = FixedClock(START + dt.timedelta(hours=hours))
        with open_program(config, clock, command="test", readers=InlineReaders()) as program:
            program.once()


@pytest.mark.slow
@pytest.mark.parametrize(
    "address",
    [
        "https://m.x.example/news/12-plan",
        "https://3g.x.example/news/12-plan",
        "https://x.example/news/12-plan/amp",
        "https://x.example/news/12-plan?amp=1",
        "https://amp.x.example/news/12-plan",
        "https://www-x-example.cdn.ampproject.org/c/s/www.x.example/news/12-plan",
        "https://www.google.com/url?sa=t&url=https://x.example/news/12-plan&ct=ga",
        "https://link.zhihu.com/?target=https%3A//www.x.example/news/12-plan",
    ],
)
def test_an_article_at_another_form_of_its_address_is_sent_once(
    world: World, configure: Configure, address: str
) -> None:
    first, copy = Item(A, "https://www.x.example/news/12-plan"), Item(A, address)
    run_twice(world, configure, first, copy)
    assert "".join(map(squeeze, world.texts("reader@example.org"))).count(squeeze(A)) == 1


WECHAT = "https://mp.weixin.qq.com/s?__biz=MzA5==&mid={}&idx={}&sn={}"
SIMPLIFIED = "市议会公布第三代互联网发展规划，三年内建成二十个应用示范区，并设立专项资金支持企业。"
TRADITIONAL = "市議會公布第三代互聯網發展規劃,三年內建成二十個應用示範區,並設立專項資金支持企業。"


@pytest.mark.parametrize(
    ("one", "other", "mails"),
    [
        (
            Item(A, WECHAT.format(26, 1, "a") + "&chksm=1&scene=27#rd"),
            Item(A, WECHAT.format(26, 1, "a").replace("==", "%3D%3D")),
            1,
        ),
        (Item(A, WECHAT.format(26, 1, "a")), Item(B, WECHAT.format(26, 2, "b")), 2),
        (
            Item("市议会公布第三代互联网规划", "https://x.example/1", text=SIMPLIFIED),
            Item("市議會公布第三代互聯網規劃", "https://y.example/2", text=TRADITIONAL),
            1,
        ),
    ],
    ids=["one message of WeChat", "two articles of one message", "Simplified and Traditional"],
)
def test_one_article_in_two_sources_is_sent_once(
    world: World, configure: Configure, one: Item, other: Item, mails: int
) -> None:
    run_twice(world, configure, one, other)
    assert len(world.texts("reader@example.org")) == mails
