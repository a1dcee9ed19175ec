"""Pages made up of parts: whatever their markup and menus, the list alone is read, with whole titles and right days."""

from __future__ import annotations

import random
from itertools import islice, product

import pytest

from monitor import sources
from monitor.model import Reading
from monitor.text.dates.months import MONTHS
from tests.sources.page.shapes import BASE, LINKS, MARKUPS, MENUS, MOST, NOW, Shape, all_shapes

ROWS = 4
SEED = 12


def read(markup: str, *, timezone: str = "UTC") -> Reading:
    return sources.read(markup.encode(), url=BASE, kind="page", now=NOW, timezone=timezone)


def days(reading: Reading) -> list[str]:
    return [f"{entry.published.at:%F}" if entry.published else "" for entry in reading.entries]


def wrong(shape: Shape) -> str:
    """Return what is read otherwise than the page shows it."""
    entries = read(shape.page()).entries
    seen = [(entry.url, entry.title, entry.published.at.date() if entry.published else None) for entry in entries]
    shown = list(zip(shape.urls, shape.titles, shape.days, strict=True))
    return "" if seen == shown else f"{shape}: {seen[:2]} of {len(seen)}"


@pytest.mark.parametrize("markup", MARKUPS)
def test_what_a_page_lists_is_read_and_nothing_else(markup: str) -> None:
    shapes = all_shapes(range(2, MOST + 1), markups=[markup])
    assert not [problem for shape in random.Random(SEED).sample(shapes, 12) if (problem := wrong(shape))]


@pytest.mark.parametrize("menu", MENUS)
def test_one_announcement_is_a_list_of_one(menu: str) -> None:
    shapes = all_shapes([1], menus=[menu])
    assert not [problem for shape in random.Random(SEED).sample(shapes, 25) if (problem := wrong(shape))]


@pytest.mark.slow
@pytest.mark.parametrize("link", LINKS)
def test_each_way_to_link_holds_for_all_else(link: str) -> None:
    shapes = all_shapes(links=[link])
    problems = [found for shape in random.Random(SEED + 1).sample(shapes, 30) if (found := wrong(shape))]
    assert problems == []


def listed(link: str) -> Reading:
    """Read a list whose rows have such a link and a date; `{n}` is the number of a row."""
    rows = "".join(
        f"<li>{link.replace('{n}', str(n))}<span>2026-11-1{n}</span></li>" for n in range(ROWS)
    )  # fmt: skip
    return read(f"<html><body><ul>{rows}</ul></body></html>")


@pytest.mark.parametrize(
    ("link", "title", "summary"),
    [
        ("Ministry opens<br>call {n}", "Ministry opens call 0", ""),
        ("Ministry<br/>opens <br> call {n}", "Ministry opens call 0", ""),
        ("元宇<br>宙产业园第{n}次开园", "元宇宙产业园第0次开园", ""),
        ("Mini<b>stry</b> opens Web<b>3</b>.0 call {n}", "Ministry opens Web3.0 call 0", ""),
        ("The <i>Ministry</i>’s call (<em>second</em>) {n}", "The Ministry’s call (second) 0", ""),
        ("<span>Ministry opens</span><span>call {n}</span>", "Ministry opens call 0", ""),
        ("<span>Ministry</span> opens <font>call</font> {n}", "Ministry opens call 0", ""),
        ("Order of <b>3 November 2026</b> on drones {n}", "Order of 3 November 2026 on drones 0", ""),
        ("<p>Ministry opens call {n}</p><p>Lead {n}: it starts.</p>", "Ministry opens call 0", "Lead 0: it starts."),
        ("<div>Call {n} of the ministry</div><div>for {n} halls</div>", "Call 0 of the ministry", "for 0 halls"),
        ("<h3>Ministry opens call {n}</h3><p>Lead {n}: it starts.</p>", "Ministry opens call 0", "Lead 0: it starts."),
        ("Ministry opens call {n}<br>3 November 2026", "Ministry opens call 0", ""),
    ],
)
def test_the_text_of_the_whole_link_is_kept(link: str, title: str, summary: str) -> None:
    first = listed(f"<a href='/n/{{n}}.html'>{link}</a>").entries[0]
    assert (first.title, first.summary) == (title, summary)


IN_LINKS = ("h1", "h3", "h6", "p", "div", "section", "span", "em", "b", "strong", "small", "i", "font", "u", "")


@pytest.mark.parametrize("first", IN_LINKS)
@pytest.mark.parametrize("after", ["<i>{}</i>", "<b>2026-11-1{{n}}</b>", ""])
def test_no_word_of_a_link_is_lost_whatever_elements_it_has(first: str, after: str) -> None:
    words = ("The office opens hall {n}", "It is in the north, in house {n}", "The office opens hall {n} on Monday.")
    lost = []
    for second, third in product(IN_LINKS, ("p", "em")):
        parts = zip((first, second, third), words, strict=True)
        link = " ".join(f"<{tag}>{said}</{tag}>" if tag else said for tag, said in parts)
        entry = listed(f"<a href='/n/{{n}}.html'>{link}</a>{after.format('North')}").entries[0]
        if sorted(f"{entry.title} {entry.summary}".split()) != sorted(" ".join(words).replace("{n}", "0").split()):
            lost.append((second, third, entry.title, entry.summary))
    assert lost == []


def test_what_is_next_to_the_text_of_a_link_is_said_once() -> None:
    link = "<a href='/n/{n}.html'><h3>Ministry opens call {n}</h3><em>It starts.</em></a>"
    further = " The halls are open to all firms of the region, and to those who found one within the year."
    assert listed(f"<div>{link}{further}</div>").entries[0].summary == f"It starts.\n{further.strip()}"


def test_how_often_a_row_was_looked_at_is_no_news() -> None:
    assert (
        listed("<a href='/n/{n}.html'><p>关于第{n}次开园的通知</p><p>点击次数：9{n} 次</p></a>").entries[0].summary
        == ""
    )


@pytest.mark.parametrize(
    ("attribute", "url"),
    [
        ("onclick=\"window.open('view.php?id={n}')\"", "view.php?id=0"),
        ("onclick=\"window.open('n/{n}', '_blank')\"", "n/0"),
        ("onclick=\"location.href='./n{n}.html'\"", "n0.html"),
        ("onclick=\"window.location='/news/n{n}'\"", "n0"),
        ("onclick=\"document.location.href = 'n{n}.aspx'\"", "n0.aspx"),
        ("onclick=\"location.assign('detail?id={n}')\"", "detail?id=0"),
        ("data-href=/news/n{n}.html", "n0.html"),
        ("data-url=n{n}.html", "n0.html"),
        ("data-link='?id={n}'", "?id=0"),
    ],
)
def test_rows_lead_on_by_a_script_or_an_attribute(attribute: str, url: str) -> None:
    rows = "".join(
        f"<div class=row {attribute.replace('{n}', str(n))}><span>Ministry opens call number {n}</span>"
        f"<span>2026-11-1{n}</span></div>"
        for n in range(ROWS)
    )
    reading = read(f"<html><body>{rows}</body></html>")
    assert len(reading.entries) == ROWS
    assert reading.entries[0].url == BASE + url
    assert days(reading)[0] == "2026-11-10"


@pytest.mark.parametrize("value", ["/img/{n}.jpg", "javascript:void(0)", "{n}", "tab"])
def test_what_a_script_loads_is_nowhere_to_go(value: str) -> None:
    row = f"<div data-url='{value}'>Picture number {{n}} 2026-11-1{{n}}</div>"
    rows = "".join(row.replace("{n}", str(n)) for n in range(ROWS))
    assert not read(f"<html><body>{rows}</body></html>").entries


@pytest.mark.parametrize("language", sorted(MONTHS))
def test_a_list_reads_the_months_of_every_language(language: str) -> None:
    names = [next(iter(islice(names.split(), 1))) for names in MONTHS[language].split("|")]
    rows = "".join(
        f"<li><a href=/n{n}.html>Ministry opens call number {n}</a> <span>{n + 1}. {name} 2025</span></li>"
        for n, name in enumerate(names)
    )
    reading = read(f"<html lang={language}><body><ul>{rows}</ul></body></html>")
    assert days(reading) == [f"2025-{n + 1:02}-{n + 1:02}" for n in range(12)]


@pytest.mark.parametrize(
    ("language", "stated", "day"),
    [
        ("de", "10.11.26", "2026-11-10"),
        ("fr", "10/11/26", "2026-11-10"),
        ("en-US", "11/10/26", "2026-11-10"),
        ("zh", "26-11-10", "2026-11-10"),
        ("en", "<b>10</b> <i>Nov</i> <u>2026</u>", "2026-11-10"),
        ("en", "<div>Nov</div><div>10</div>", "2026-11-10"),
        ("de", "<div>10</div><div>Oktober 2026</div>", "2026-10-10"),
        ("en", "1 hr. ago", "2026-11-21"),
        ("en", "a day ago", "2026-11-20"),
        ("en", "Posted 3 days ago", "2026-11-18"),
        ("en", "<p>Revised 20 November 2026</p><p>10 November 2026</p>", "2026-11-10"),
    ],
)
def test_a_date_in_a_list_is_read_as_its_page_writes_it(language: str, stated: str, day: str) -> None:
    rows = "".join(
        f"<li><a href=/n{n}.html>Ministry opens call number {n}</a><div>{stated}</div></li>" for n in range(ROWS)
    )
    assert days(read(f"<html lang={language}><body><ul>{rows}</ul></body></html>")) == [day] * ROWS


PARAGRAPH = "<p>" + "The ministry says that the halls are open to all who live in the new area. " * 3 + "</p>"


@pytest.mark.parametrize(
    "markup",
    [
        f"<h1>Halls are open</h1><p>3 November 2026</p>{PARAGRAPH * 4}<p><a href=/b.html>The year's report</a></p>",
        f"{PARAGRAPH * 3}<p><a href=/b.html>The second report of the year</a> 3 November 2026</p>",
        "<h1>About us</h1><p>Last change: 3 November 2026</p><p><a href=/b.html>How to reach</a> us by train</p>",
        "<p>On 3 November 2026 we problems <a href=/b.html>the council of the new area</a> of it, and they agreed.</p>",
        "<footer><p><a href=/b.html>The ministry of digital halls</a> 3 November 2026</p></footer>",
    ],
)
def test_one_link_next_to_a_date_is_no_list_of_its_own(markup: str) -> None:
    assert not read(f"<html><head><title>Halls</title></head><body>{markup}</body></html>").readable
