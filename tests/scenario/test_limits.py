"""What a limit leaves out is said: in the poll's record, by a notice, and by `why`."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.app.explain import ArticleTrace
from monitor.app.wiring import open_program
from monitor.articles import page as article_page
from monitor.cli.why import as_lines
from monitor.clock import FixedClock
from monitor.collect import articles, retrieve
from monitor.collect.result import Collected
from monitor.config import Config
from monitor.model import Notice
from monitor.sandbox import InlineReaders
from monitor.sources.page import find
from tests.support.configuration import Configure
from tests.support.world import START, Row, World

NEWS = Row("District opens a laboratory", "/a/1", "It opens in spring.")
FULL = ("[[source]]\n", "[[source]]\nfull_text = true\n")
DAY = dt.timedelta(days=1)


def listing(count: int, following: str = "", first: int = 0) -> tuple[str, bytes]:
    rows = "".join(
        f'<li><a href="/doc/{first + number}.html">Announcement about blockchain number {first + number:03d}</a>'
        "<span>2026-11-20</span></li>"
        for number in range(count)
    )
    paging = f'<div class="page"><a href="{following}">下一页</a></div>' if following else ""
    return "text/html; charset=utf-8", f"<title>Office</title><body><ul>{rows}</ul>{paging}</body></html>".encode()


def office(world: World, more: str = "") -> str:
    return f'[[source]]\nname = "office"\nkind = "page"\nurl = "{world.base}/list/1.html"\n{more}'


def poll(config: Config, after: dt.timedelta = dt.timedelta()) -> tuple[Collected, dict[str, Notice]]:
    clock = FixedClock(START + after)
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        (collected,) = program.once(list(program.sources)).collected
        return collected, {notice.kind: notice for notice in program.store.status(clock.now()).notices}


def why(config: Config, url: str) -> str:
    with open_program(config, FixedClock(START), command="test", readers=InlineReaders()) as program:
        trace = program.store.trace(url)
    assert trace is not None
    return "\n".join(as_lines(ArticleTrace(trace)))


def test_rows_that_a_page_has_and_nobody_reads_are_a_problem_until_days_after_it_has_fewer(
    world: World, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "MAX_LINKS", 40)
    world.pages["/list/1.html"] = listing(55)
    config = configure(extra=office(world))
    collected, notices = poll(config)
    words = "only the first 40 of 55 links were searched"
    assert collected.poll.entries == 40
    assert words in collected.poll.reason
    assert words in notices["cut"].message
    assert words in why(config, f"{world.base}/doc/3.html")
    world.pages["/list/1.html"] = listing(35)
    assert "cut" in poll(config, DAY)[1]
    world.pages["/list/1.html"] = listing(36)
    assert "cut" not in poll(config, 4 * DAY)[1]


def test_a_first_poll_that_ends_before_its_backfill_says_so(
    world: World, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieve, "MAX_PAGES", 2)
    for number in range(1, 6):
        world.pages[f"/list/{number}.html"] = listing(5, f"/list/{number + 1}.html", first=number * 10)
    collected, notices = poll(configure(extra=office(world, 'backfill = "30d"\n')))
    assert collected.poll.entries == 15
    assert "2 further pages were read; older entries of the last 30 days may be behind them" in notices["cut"].message


def test_a_first_poll_that_reaches_the_last_page_says_nothing(
    world: World, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieve, "MAX_PAGES", 2)
    for number in range(1, 4):
        world.pages[f"/list/{number}.html"] = listing(5, f"/list/{number + 1}.html" * (number < 3), first=number * 10)
    collected, notices = poll(configure(extra=office(world, 'backfill = "30d"\n')))
    assert (collected.poll.entries, notices) == (15, {})


def test_an_article_that_is_longer_than_what_is_kept_is_said_and_its_page_is_not_tried_again(
    world: World, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(article_page, "MAX_TEXT_LENGTH", 2_000)
    world.feed("/one.xml", [NEWS])
    paragraphs = "".join(f"<p>The laboratory hires people for the network and its ledgers: {n}.</p>" for n in range(90))
    title = f"<title>{NEWS.title}</title><h1>{NEWS.title}</h1>"
    world.pages["/a/1"] = ("text/html", f"<html lang=en>{title}<article>{paragraphs}</article>".encode())
    config = configure("one.xml", replace=FULL)
    collected, notices = poll(config)
    words = "only the first 2,000 of "
    assert f"1 article is longer than what is kept ({world.base}/a/1: {words}" in collected.poll.reason
    assert words in notices["shortened"].message
    said = why(config, f"{world.base}/a/1")
    assert f"not all of it is kept: {words}" in said
    assert "tried" not in said
    poll(config, DAY)
    assert [path for path, _ in world.hits].count("/a/1") == 1


def test_pages_of_an_article_that_are_not_read_are_said(
    world: World, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles, "MAX_ARTICLE_PAGES", 2)
    world.feed("/one.xml", [Row(NEWS.title, "/a/story.html", "It opens in spring.")])
    for number in range(1, 4):
        text = "".join(f"<p>Page {number} says of the laboratory that it hires people: {n}.</p>" for n in range(9))
        onward = f"<p><a href=story_{number + 1}.html>下一页</a></p>" if number < 3 else ""
        body = f"<html lang=en><title>{NEWS.title}</title><h1>{NEWS.title}</h1><article>{text}</article>{onward}"
        world.pages["/a/story.html" if number == 1 else f"/a/story_{number}.html"] = ("text/html", body.encode())
    config = configure("one.xml", replace=FULL)
    _, notices = poll(config)
    assert "only the first 2 of its pages were read" in notices["shortened"].message
    assert "not all of it is kept: only the first 2 of its pages were read" in why(config, f"{world.base}/a/story.html")
