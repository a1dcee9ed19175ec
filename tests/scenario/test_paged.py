"""Articles on several pages, pages that keep failing, and what is reported of them."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.app.explain import ArticleTrace
from monitor.app.program import Pass
from monitor.app.wiring import open_program
from monitor.cli.why import as_lines
from monitor.clock import FixedClock
from monitor.collect import articles
from monitor.collect.notices import MANY_PAGE_FAILURES
from monitor.config import Config
from monitor.model.reports import Trace
from monitor.sandbox import InlineReaders
from monitor.store import Store
from tests.support.configuration import Configure
from tests.support.world import START, Row, World

FULL = ("[[source]]\n", "[[source]]\nfull_text = true\n")
NEWS = Row("District opens a laboratory", "/a/story.html", "It opens in spring.", tags=("money",))
SENTENCE = "The laboratory hires forty people for the third generation of the network and its ledgers. "


def page(text: str, after: str = "") -> tuple[str, bytes]:
    paragraphs = "".join(f"<p>{text} {SENTENCE * 2}{number}</p>" for number in range(4))
    title = "District opens a laboratory"
    head = f"<title>{title}</title>"
    return "text/html", f"<html lang=en>{head}<body><h1>{title}</h1><article>{paragraphs}</article>{after}".encode()


def onward(number: int) -> str:
    return f"<p><a href=story_{number}.html>下一页</a> <a href=next.html>下一篇</a></p>"


def run(config: Config, minutes: int = 0, *names: str) -> Pass:
    clock = FixedClock(START + dt.timedelta(minutes=minutes))
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        return program.once(names or ("one.xml",))


def opened(config: Config) -> Store:
    return Store(config.database_url.reveal(), clock=FixedClock(START))


def trace(world: World, config: Config, path: str = NEWS.path) -> Trace:
    store = opened(config)
    try:
        found = store.trace(world.base + path)
    finally:
        store.close()
    assert found is not None
    return found


def notices(config: Config) -> list[str]:
    store = opened(config)
    try:
        return [notice.kind for notice in store.status(START).notices]
    finally:
        store.close()


def visits(world: World) -> list[str]:
    return [path for path, _ in world.hits if path.startswith("/a/")]


@pytest.fixture
def config(world: World, configure: Configure) -> Config:
    world.feed("/one.xml", [NEWS])
    return configure("one.xml", replace=FULL)


def test_an_article_on_three_pages_is_one_text(world: World, config: Config) -> None:
    world.pages["/a/story.html"] = page("First.", onward(2))
    world.pages["/a/story_2.html"] = page("Second.", onward(3))
    world.pages["/a/story_3.html"] = page("The metaverse is third.", "<a href=next_2.html>下一页</a>")
    run(config)
    text = trace(world, config).article.text
    assert [text.count(word) for word in ("It opens", "First.", "Second.", "metaverse")] == [1, 4, 4, 4]
    assert visits(world) == ["/a/story.html", "/a/story_2.html", "/a/story_3.html"]
    assert len(world.texts("reader@example.org")) == 1


def test_pages_that_lead_in_a_circle_end(world: World, config: Config) -> None:
    world.pages["/a/story.html"] = page("First.", onward(2))
    world.pages["/a/story_2.html"] = page("First.", onward(3))
    run(config)
    assert visits(world) == ["/a/story.html", "/a/story_2.html"]
    assert trace(world, config).article.text.count("First.") == 4


def test_no_more_than_ten_pages_are_joined(world: World, config: Config) -> None:
    world.pages["/a/story.html"] = page("Number 1.", onward(2))
    world.pages |= {f"/a/story_{number}.html": page(f"Number {number}.", onward(number + 1)) for number in range(2, 14)}
    run(config)
    assert len(visits(world)) == articles.MAX_ARTICLE_PAGES
    assert "Number 10." in trace(world, config).article.text


def test_while_a_further_page_fails_the_text_so_far_is_used(world: World, config: Config) -> None:
    world.pages["/a/story.html"] = page("A blockchain first.", onward(2))
    done = run(config)
    assert done.collected[0].poll.matches == 1
    assert "page 2 of it" in done.collected[0].poll.reason
    (entry,) = trace(world, config).entries
    assert entry.page_read_at is not None
    assert entry.page_due_at is not None
    world.pages["/a/story_2.html"] = page("The metaverse second.")
    run(config, 61)
    text = trace(world, config).article.text
    assert [text.count(word) for word in ("It opens", "blockchain", "metaverse")] == [1, 4, 4]
    (entry,) = trace(world, config).entries
    assert (entry.page_reason, entry.page_due_at) == ("", None)
    assert len(world.texts("reader@example.org")) == 1, "what was sent on its first page is not sent again"
    run(config, 600)
    assert len(visits(world)) == 4


def test_further_pages_wait_when_a_poll_has_fetched_its_share(
    world: World, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles, "MAX_PAGES", 2)
    world.pages["/a/story.html"] = page("First.", onward(2))
    world.pages["/a/story_2.html"] = page("Second.", onward(3))
    world.pages["/a/story_3.html"] = page("Third.")
    run(config)
    (entry,) = trace(world, config).entries
    assert (entry.page_tries, entry.page_due_at) == (0, START)
    assert "Second." in trace(world, config).article.text
    monkeypatch.undo()
    run(config, 31)
    assert "Third." in trace(world, config).article.text


def test_pages_that_keep_failing_are_a_notice_until_one_is_read(world: World, configure: Configure) -> None:
    rows = [Row(f"Office {number} opens", f"/a/{number}.html", "Soon.") for number in range(MANY_PAGE_FAILURES)]
    world.feed("/one.xml", rows[1:])
    config = configure("one.xml", replace=FULL)
    run(config)
    assert notices(config) == [], "four may be chance"
    world.feed("/one.xml", [Row("Office 0 opens", "/a/0.html", "Soon.", age=-10), *rows[1:]])
    run(config, 10)
    assert notices(config) == ["pages"]
    world.pages["/a/1.html"] = page("Open.")
    run(config, 61)
    assert notices(config) == []


def test_that_a_page_is_given_up_is_reported(world: World, config: Config) -> None:
    minutes = 0
    done = run(config)
    for wait in articles.RETRY_DELAYS:
        minutes += int(wait.total_seconds() // 60) + 1
        done = run(config, minutes)
    assert "1 of them will not be tried again" in done.collected[0].poll.reason
    said = "\n".join(as_lines(ArticleTrace(trace(world, config))))
    assert "its page was tried 6 times, not again: " in said
    assert "404" in said
    assert "tags: money" in said


def test_why_tells_what_became_of_a_page(world: World, config: Config) -> None:
    world.pages["/a/story.html"] = page("来源：新华社。", "<p>发布时间：2026-11-20</p>")
    run(config)
    said = "\n".join(as_lines(ArticleTrace(trace(world, config))))
    assert "its page was read 2026-11-21" in said
    assert "its page was tried" not in said
    assert "by its source's list)" in said


def test_a_rule_sees_an_entrys_tags_when_its_page_is_read_late(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [NEWS])
    config = configure("one.xml", extra="[[rule]]\nname = 'money'\nmatch = 'ledgers AND tag:money'\n", replace=FULL)
    run(config)
    world.pages["/a/story.html"] = page("Text.")
    assert run(config, 61).collected[0].poll.matches == 1


# --- two sources that list one address


@pytest.fixture
def both(world: World, configure: Configure) -> Config:
    world.feed("/one.xml", [NEWS])
    world.feed("/two.xml", [Row(NEWS.title, NEWS.path, "Said by another.", tags=("else",))])
    two = f'[[source]]\nname = "two.xml"\nurl = "{world.base}/two.xml"\nfull_text = true\n'
    rule = "[[rule]]\nname = 'two'\nmatch = 'ledgers AND source:two'\n"
    return configure("one.xml", extra=two + rule, replace=('[[source]]\nname = "one', FULL[1] + 'name = "one'))


def test_two_sources_of_one_address_make_one_article_that_is_sent_once(world: World, both: Config) -> None:
    world.pages[NEWS.path] = page("A metaverse of its own.")
    run(both, 0, "one.xml", "two.xml")
    run(both, 61, "one.xml", "two.xml")
    said = trace(world, both)
    assert {entry.source for entry in said.entries} == {"one.xml", "two.xml"}
    assert said.article.text.count("A metaverse of its own.") == 4
    assert len(world.texts("reader@example.org")) == 1
    assert {found.match.rule for found in said.matches} == {"themes", "two"}


@pytest.mark.slow
def test_what_the_other_source_could_read_is_matched_under_both_names(world: World, both: Config) -> None:
    run(both, 0, "two.xml")
    world.pages[NEWS.path] = page("A metaverse of its own.")
    run(both, 1, "one.xml")
    assert {found.match.rule for found in trace(world, both).matches} == {"themes"}
    run(both, 62, "two.xml")
    said = trace(world, both)
    assert {found.match.rule for found in said.matches} == {"themes", "two"}
    assert said.article.text.count("A metaverse of its own.") == 4
    assert len(world.texts("reader@example.org")) == 1
