"""Sources that ask for the pages behind their entries."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.app.program import Pass
from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.collect import articles
from monitor.config import Config
from monitor.sandbox import InlineReaders
from monitor.store import Store
from tests.support.configuration import Configure
from tests.support.world import START, Row, World, squeeze

NEWS = Row("District opens a laboratory", "/a/1", "It opens in spring.")
OLD = Row("A plan of last month", "/a/2", "From last month.", age=60 * 24 * 30)
FULL = ("[[source]]\n", "[[source]]\nfull_text = true\n")
SENTENCE = "The laboratory hires forty people for the third generation of the network and its ledgers. "


def page(text: str = "A metaverse of its own is planned too, says the office.", mark: str = "") -> tuple[str, bytes]:
    paragraphs = "".join(f"<p>{SENTENCE * 2}{number}</p>" for number in range(4))
    title = "District opens a laboratory"
    head = f"<title>{title}</title><meta property='article:published_time' content='2026-11-20T23:00:00Z'>"
    body = f"<h1>{title}</h1><article>{paragraphs}<p>{text} {SENTENCE}</p></article>{mark}"
    return "text/html", f"<html lang=en><head>{head}</head><body>{body}</body></html>".encode()


def run(config: Config, minutes: int = 0) -> Pass:
    clock = FixedClock(START + dt.timedelta(minutes=minutes))
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        return program.once(("one.xml",))


def visits(world: World, path: str) -> int:
    return sum(hit == path for hit, _ in world.hits)


def text_of(config: Config, article_id: int = 1) -> str:
    store = Store(config.database_url.reveal(), clock=FixedClock(START))
    try:
        return store.articles([article_id])[article_id].text
    finally:
        store.close()


@pytest.fixture
def config(world: World, configure: Configure) -> Config:
    world.feed("/one.xml", [NEWS, OLD])
    return configure("one.xml", replace=FULL)


def test_a_page_is_matched_though_its_entry_says_nothing(world: World, config: Config) -> None:
    world.pages["/a/1"] = page()
    run(config)
    assert squeeze(NEWS.title) in squeeze(world.texts("reader@example.org")[0])
    assert "metaverse of its own" in text_of(config)
    assert "It opens in spring." in text_of(config), "what only the list says stays"


def test_a_page_is_read_once(world: World, config: Config) -> None:
    world.pages["/a/1"] = page()
    run(config)
    run(config, 180)
    run(config, 1000)
    assert visits(world, "/a/1") == 1
    assert len(world.texts("reader@example.org")) == 1


def test_an_article_is_sent_once_under_its_own_address_and_the_one_that_its_page_names(
    world: World, configure: Configure
) -> None:
    config = configure("one.xml", "two.xml", replace=FULL)
    world.feed("/one.xml", [Row(NEWS.title, "/print/4711", "In short.")])
    world.feed("/two.xml", [Row(NEWS.title, "/2026/laboratory")])
    kind, body = page()
    for path in ("/print/4711", "/2026/laboratory"):
        world.pages[path] = kind, body.replace(b"</title>", b"</title><link rel=canonical href='/2026/laboratory'>")
    for minutes, name in ((0, "one.xml"), (180, "two.xml")):
        clock = FixedClock(START + dt.timedelta(minutes=minutes))
        with open_program(config, clock, command="test", readers=InlineReaders()) as program:
            program.once((name,))
    assert len(world.texts("reader@example.org")) == 1
    store = Store(config.database_url.reveal(), clock=FixedClock(START))
    trace = store.trace(f"{world.base}/2026/laboratory")
    store.close()
    assert trace is not None
    assert trace.article.url == f"{world.base}/print/4711"
    assert [entry.source for entry in trace.entries] == ["one.xml", "two.xml"]


def test_pages_of_a_baseline_are_left_alone(world: World, config: Config) -> None:
    run(config)
    assert visits(world, "/a/2") == 0


def test_without_full_text_no_page_is_read(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [NEWS])
    world.pages["/a/1"] = page()
    run(configure("one.xml"))
    assert visits(world, "/a/1") == 0


def test_a_page_that_cannot_be_read_is_tried_again_and_matched_then(world: World, config: Config) -> None:
    done = run(config)
    assert "1 article pages could not be read" in done.collected[0].poll.reason
    assert text_of(config) == "It opens in spring."
    world.pages["/a/1"] = page()
    run(config, 30)
    assert visits(world, "/a/1") == 1, "it is left alone for a while"
    again = run(config, 61)
    assert again.collected[0].poll.outcome == "not_modified"
    assert again.collected[0].poll.matches == 1
    assert "metaverse of its own" in text_of(config)
    assert len(world.texts("reader@example.org")) == 1
    run(config, 600)
    assert visits(world, "/a/1") == 2


def test_what_was_sent_on_its_summary_is_not_sent_again_for_its_page(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [Row("A Web3 laboratory", "/a/1", "It opens in spring.")])
    config = configure("one.xml", replace=FULL)
    run(config)
    assert len(world.texts("reader@example.org")) == 1
    world.pages["/a/1"] = page()
    run(config, 61)
    assert "metaverse of its own" in text_of(config)
    assert len(world.texts("reader@example.org")) == 1


def test_trying_ends(world: World, config: Config) -> None:
    minutes = 0
    for wait in (*articles.RETRY_DELAYS, *articles.RETRY_DELAYS):
        run(config, minutes)
        minutes += int(wait.total_seconds() // 60) + 1
    assert visits(world, "/a/1") == len(articles.RETRY_DELAYS) + 1


def test_a_page_tried_again_together_with_news(world: World, config: Config) -> None:
    run(config)
    world.pages["/a/1"] = page()
    world.pages["/a/3"] = page("Another blockchain office opens.")
    world.feed("/one.xml", [Row("Another office", "/a/3", "Opens soon.", age=-60), NEWS])
    assert run(config, 61).collected[0].poll.matches == 2


def test_an_edited_entry_keeps_the_text_of_a_page_that_is_gone(world: World, config: Config) -> None:
    world.pages["/a/1"] = page()
    run(config)
    del world.pages["/a/1"]
    world.feed("/one.xml", [Row(NEWS.title, "/a/1", "It opens in summer.")])
    run(config, 60)
    assert "metaverse of its own" in text_of(config)


def test_no_poll_fetches_more_than_its_share(
    world: World, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles, "MAX_PAGES", 2)
    rows = [Row(f"Office {number} opens", f"/b/{number}", "Soon.") for number in range(5)]
    world.feed("/one.xml", rows)
    world.pages |= {row.path: page(f"Office number {row.path} of a metaverse.") for row in rows}
    config = configure("one.xml", replace=FULL)
    seen = []
    for minutes in (0, 31, 61, 91):
        run(config, minutes)
        seen.append(sum(visits(world, row.path) for row in rows))
    assert seen == [2, 4, 5, 5]


def test_a_selector_says_where_the_text_is(world: World, configure: Configure) -> None:
    world.feed("/one.xml", [NEWS])
    world.pages["/a/1"] = page(mark="<div id=zoom>Only this blockchain text.</div>")
    config = configure("one.xml", replace=(FULL[0], FULL[1] + 'content = "#zoom"\n'))
    run(config)
    assert text_of(config).endswith("Only this blockchain text.")
    assert SENTENCE.strip() not in text_of(config)


def test_the_end_of_the_program_records_nothing_of_the_poll(world: World, config: Config) -> None:
    world.pages["/a/1"] = page()
    clock = FixedClock(START)
    with open_program(config, clock, command="test", readers=InlineReaders()) as program:
        get = program.gate.get

        def stopping(url: str, **more: object) -> object:
            if url.endswith("/a/1"):
                program.halt()
            return get(url, **more)  # type: ignore[arg-type]  # what collecting gives

        object.__setattr__(program.collector, "gate", type("Gate", (), {"get": staticmethod(stopping)})())
        (collected,) = program.poll(program.due_sources())
        assert collected.stopped
        assert program.store.source_state("one.xml").polls == 0
