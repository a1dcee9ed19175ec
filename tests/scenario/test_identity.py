"""What a source lists again is not sent again, however its addresses, keys and documents change; what is new is."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime

import pytest

from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.sandbox import InlineReaders
from tests.support.configuration import Configure
from tests.support.world import START, World, squeeze

TITLES = [f"Council {word} metaverse plan" for word in ("adopts", "debates", "funds", "revises", "rejects")]
NEW = "Ministry lists blockchain pilots"


def item(title: str, link: str, *, guid: str = "", text: str = "", minute: int = 0) -> str:
    at = format_datetime(START - dt.timedelta(hours=2) + dt.timedelta(minutes=minute))
    identity = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    dated = f"<description>{text}</description><pubDate>{at}</pubDate>"
    return f"<item><title>{title}</title><link>{link}</link>{identity}{dated}</item>"


def feed(world: World, items: list[str]) -> None:
    body = f"<rss version='2.0'><channel><title>F</title>{''.join(items)}</channel></rss>"
    world.pages["/one.xml"] = ("application/rss+xml", body.encode())


def run(config: Config, minutes: int = 0) -> None:
    with open_program(
        config, FixedClock(START + dt.timedelta(minutes=minutes)), command="test", readers=InlineReaders()
    ) as it:
        it.once()


def sent(world: World) -> list[str]:
    """Return the mails to the reader, the first one first."""
    return [squeeze(text) for text in world.texts("reader@example.org")]


@pytest.mark.slow
@pytest.mark.parametrize(
    "address",
    [
        "https://new.example/web/{}?id=1",
        "https://old.example/another/path/{}",
        "http://m.old.example/news/{}?ftag=MSF0951a18",
        "https://amp.old.example/news/{}?CMP=share_btn_tw&amp;partner=rss&amp;emc=rss",
    ],
)
@pytest.mark.parametrize("guids", [False, True], ids=["by address", "by guid"])
def test_a_feed_of_titles_that_moves_sends_nothing_but_what_is_new(
    world: World, configure: Configure, address: str, *, guids: bool
) -> None:
    def guid(link: str) -> str:
        return link if guids else ""

    def listed(titles: list[str], form: str) -> list[str]:
        return [item(title, link, guid=guid(link)) for title in titles for link in [form.format(title.split()[1])]]

    feed(world, listed(TITLES, "https://old.example/news/{}"))
    config = configure("one.xml")
    run(config)
    feed(world, listed([NEW, *TITLES], address))
    run(config, 180)
    run(config, 360)
    first, second = sent(world)
    assert all(squeeze(title) in first for title in TITLES)
    assert squeeze(NEW) in second
    assert not any(squeeze(title) in second for title in TITLES)


def test_a_moved_feed_whose_new_address_is_put_into_the_file_is_not_sent_again(
    world: World, configure: Configure
) -> None:
    def stated(path: str) -> Config:
        return configure(extra=f'[[source]]\nname = "one"\nkind = "feed"\nurl = "{world.base}{path}"\n')

    def show(path: str, site: str, *titles: str) -> None:
        feed(world, [item(title, f"https://{site}/{TITLES.index(title)}") for title in titles])
        world.pages[path] = world.pages["/one.xml"]

    show("/old.xml", "old.example", *TITLES[1:])
    run(stated("/old.xml"))
    show("/new.xml", "new.example", *TITLES)
    run(stated("/new.xml"), 300)
    first, second = sent(world)
    assert all(squeeze(title) in first for title in TITLES[1:])
    assert squeeze(TITLES[0]) in second, "what came out meanwhile is news"
    assert not any(squeeze(title) in second for title in TITLES[1:])


def test_one_slip_in_a_feed_sends_nothing_again(world: World, configure: Configure) -> None:
    before = [item(title, f"https://old.example/v?id={n}&amp;lang=en&amp;cat=2") for n, title in enumerate(TITLES)]
    feed(world, before)
    config = configure("one.xml")
    run(config)
    feed(world, [item(NEW + " R&D <br>", "https://old.example/v?id=9&lang=en"), *before])
    run(config, 180)
    feed(world, [item(NEW + " R&amp;D &lt;br&gt;", "https://old.example/v?id=9&amp;lang=en"), *before])
    run(config, 360)
    _, second = sent(world)
    assert squeeze(NEW) in second
    assert not any(squeeze(title) in second for title in TITLES)


def test_the_only_entry_of_a_feed_under_a_constant_address_is_new_when_its_title_is(
    world: World, configure: Configure
) -> None:
    config = configure("one.xml")
    for number, title in enumerate(TITLES):
        feed(world, [item(title, "https://old.example/latest", text=f"Words {number}.", minute=number)])
        run(config, 180 * number)
        run(config, 180 * number + 60)
    assert [squeeze(title) in text for title, text in zip(TITLES, sent(world), strict=True)] == [True] * len(TITLES)


@pytest.mark.parametrize(("minute", "mails"), [(0, 1), (1, 2)], ids=["the same date", "another date"])
def test_title_and_address_under_one_guid_are_an_edit_only_with_the_same_date(
    world: World, configure: Configure, minute: int, mails: int
) -> None:
    feed(world, [item(TITLES[0], "https://old.example/1", guid="7")])
    config = configure("one.xml")
    run(config)
    feed(world, [item(TITLES[1], "https://old.example/2", guid="7", minute=minute)])
    run(config, 180)
    assert len(sent(world)) == mails
