"""Dates that readers see: which of them say when the article was published."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random

import pytest

from monitor.articles.page import extract
from monitor.articles.shown import date_role
from monitor.text.dates import find_date

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
URL = "https://news.example.org/politics/halls-1234.html"
TITLE = "Council approves three halls"
TEXT = (
    "<p>The city council approved a plan on Tuesday that will bring three halls to the north before next year ends.</p>"
    * 3
)

SENTENCES = (
    "The conference takes place on 15 November 2026 in Hall 4.",
    "On 15 November 2026 the hall will open its doors to visitors.",
    "The society was founded on 3 March 1998 by forty citizens.",
    "Applications must be submitted by November 15, 2026.",
    "Since 1 May 2019, the old customs house has been closed.",
    "November 15, 2026, is the day on which the hall opens.",
    "The first edition was published on 3 March 1998 in London.",
    "It runs from 3 November 2026 to 15 November 2026.",
    "Deadline: 15 November 2026",
    "Event date: 15 November 2026",
    "Registration closes 15 November 2026",
    "Die Tagung findet am 15. November 2026 in Halle 4 statt.",
    "Am 15. November 2026 öffnet die Halle ihre Türen.",
    "Der Verein wurde am 3. März 1998 gegründet.",
    "Bewerbungen sind bis zum 15. November 2026 möglich.",
    "La conférence aura lieu le 15 novembre 2026 dans le hall 4.",
    "Le 15 novembre 2026, la salle ouvrira ses portes.",
    "La conferencia se celebra el 15 de noviembre de 2026 en la sala 4.",
    "El 15 de noviembre de 2026 la sala abre sus puertas.",
    "La conferenza si terrà il 15 novembre 2026 nella sala 4.",
    "Конференция состоится 15 ноября 2026 года в зале 4.",
    "Konferencja odbędzie się 15 listopada 2026 w hali 4.",
    "会议定于2026年11月18日召开。",
    "2026年11月18日，重庆市召开数字大会。",
    "报名截止日期为2026年11月18日。",
    "公司成立于2010年5月6日，总部位于重庆。",
    "自2026年11月1日起施行。",
    "活动时间：2026年11月18日至20日",
    "会议时间：2026年11月18日",
    "開標時間：2026年11月18日",
    "本办法经2026年11月3日第5次会议通过。",
    "截至2026年11月18日，共有三家企业入驻。",
)
STANDING = (
    ("Chongqing, 3 November 2026", "2026-11-03"),
    ("3 November 2026 | News", "2026-11-03"),
    ("By Jo Smith, 3 November 2026", "2026-11-03"),
    ("Jo Smith | 3 November 2026 | 3 min read", "2026-11-03"),
    ("Posted by Jo Smith on 3 November 2026 in News", "2026-11-03"),
    ("LONDON, Nov. 3, 2026 (Wire) - The council approved a plan on Tuesday for three halls.", "2026-11-03"),
    ("Von Jo Schmidt am 3. November 2026", "2026-11-03"),
    ("Karlsruhe (03.11.2026). Der Rat hat am Dienstag drei neue Hallen beschlossen.", "2026-11-03"),
    ("Par Jo Martin, le 3 novembre 2026 à 10h15", "2026-11-03"),
    ("Publicado el 3 de noviembre de 2026 por Jo", "2026-11-03"),
    ("Опубликовано: 3 ноября 2026", "2026-11-03"),
    ("03.11.26", "2026-11-03"),
    ("2026-11-03 10:20 来源：某地交警", "2026-11-03"),
    ("重庆日报 2026年11月3日", "2026-11-03"),
    ("2026年11月03日 08:15 字号：大 中 小", "2026-11-03"),
    ("来源：新华社 时间：2026-11-03", "2026-11-03"),
)


def page(*lines: str, head: str = "", lang: str = "en", after: str = "") -> bytes:
    shown = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{TITLE}</title>{head}</head><body>'
        f"<main><article><h1>{TITLE}</h1>{shown}{TEXT}{after}</article></main><footer>© 2026 News</footer></body>"
    ).encode()


def day(body: bytes, url: str = URL) -> str | None:
    published = extract(body, url=url, now=NOW, timezone="Europe/Berlin").published
    return published.at.date().isoformat() if published else None


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_date_within_a_sentence_dates_nothing_wherever_it_is(sentence: str) -> None:
    assert day(page(sentence)) is None
    assert day(page(f"{sentence} Officials said that the budget had been reviewed twice.")) is None
    assert day(page("A line before it.", after=f"<p>{sentence}</p>")) is None
    assert day(page(after=f"<ul><li>{sentence}</li></ul>")) is None


@pytest.mark.slow
@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_date_set_apart_beats_one_in_a_sentence(sentence: str) -> None:
    for line, expected in STANDING:
        assert day(page(sentence, line)) == expected, line
        assert day(page(line, sentence)) == expected, line


@pytest.mark.parametrize(("line", "expected"), STANDING)
def test_a_date_set_apart_counts_on_a_page_without_title(line: str, expected: str) -> None:
    body = page(line).replace(f"<h1>{TITLE}</h1>".encode(), b"").replace(f"<title>{TITLE}</title>".encode(), b"")
    assert day(body) == expected


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:modified_time" content="2026-11-12T10:00:00Z">',
        '<meta property="og:updated_time" content="2026-11-12T10:00:00Z">',
        '<meta http-equiv="last-modified" content="Thu, 12 Nov 2026 10:00:00 GMT">',
        '<meta name="last-modified" content="2026-11-12">',
        '<meta name="revised" content="2026-11-12">',
        '<meta itemprop="dateModified" content="2026-11-12">',
        '<script type="application/ld+json">{"@type":"NewsArticle","dateModified":"2026-11-12"}</script>',
        '<script type="application/ld+json">{"@type":"Event","startDate":"2026-11-12","name":"A fair"}</script>',
        '<link rel="stylesheet" href="/s.css?v=20261112">',
        '<link rel="stylesheet" href="/2026/11/12/s.css">',
        '<link rel="shortcut icon" href="/i.png?t=2026-11-12">',
        '<script src="/app.2026-11-12.js"></script>',
        '<script>var built = "2026-11-12T10:00:00Z"; var now = new Date(2026, 10, 12);</script>',
        '<script>window.__STATE__ = {"serverTime":"2026-11-12 10:00:00","date":"2026-11-12"}</script>',
        "<style>/* 2026-11-12 */</style>",
        '<meta name="generator" content="CMS 2026-11-12">',
    ],
)
def test_what_machines_state_of_changes_assets_and_scripts_dates_nothing(head: str) -> None:
    assert day(page(head=head)) is None
    assert day(page(after=head)) is None
    assert day(page("Published: 3 November 2026", head=head)) == "2026-11-03"


@pytest.mark.parametrize(
    "line",
    [
        "Last updated: 12 November 2026",
        "Updated 12 November 2026",
        "Zuletzt aktualisiert am 12. November 2026",
        "Dernière mise à jour : 12 novembre 2026",
        "更新时间：2026-11-12 10:00",
        "最后修改：2026-11-12",
        "Обновлено: 12 ноября 2026",
    ],
)
def test_a_stated_change_is_no_publication(line: str) -> None:
    assert day(page(line)) is None
    assert day(page(line, "3 November 2026")) == "2026-11-03"
    assert day(page(f"{line} | Published: 3 November 2026")) == "2026-11-03"


def test_a_page_that_is_only_changed_has_the_day_of_its_change_where_its_end_says_so() -> None:
    body = page(after="<p>This page was last edited on 12 November 2026, at 10:15.</p>")
    assert day(body) == "2026-11-12"
    assert day(page("3 November 2026", after="<p>Last edited: 12 November 2026</p>")) == "2026-11-03"


def test_a_time_element_in_a_sentence_dates_nothing() -> None:
    sentence = 'The conference takes place on <time datetime="2026-11-15">15 November 2026</time> in Hall 4.'
    assert day(page(sentence)) is None
    assert day(page('<time datetime="2026-11-03">3 November</time>', sentence)) == "2026-11-03"


THINGS = [
    {
        "@type": "NewsArticle",
        "headline": f"Park {number} opens in the south of the town",
        "datePublished": f"2025-01-0{number}",
        "url": f"https://news.example.org/parks/park-{number}.html",
    }
    for number in range(1, 5)
]
OWN = {"@type": "NewsArticle", "datePublished": "2026-11-03T10:00:00Z"}


@pytest.mark.parametrize(
    "about",
    [
        {"url": URL},
        {"@id": f"{URL}#article"},
        {"mainEntityOfPage": {"@type": "WebPage", "@id": URL}},
        {"mainEntityOfPage": "/politics/halls-1234.html"},
        {"headline": TITLE},
        {"headline": TITLE, "url": URL},
        {"headline": "Something that an editor wrote for machines", "url": f"{URL}?utm_source=feed"},
    ],
)
@pytest.mark.parametrize("shape", ["list", "graph", "scripts", "itemlist"])
def test_of_several_things_the_one_about_the_page_dates_it_in_any_order(about: dict[str, object], shape: str) -> None:
    things: list[object] = [*THINGS, OWN | about]
    for seed in range(4):
        random.Random(seed).shuffle(things)
        scripts: list[object]
        if shape == "scripts":
            scripts = things
        elif shape == "graph":
            scripts = [{"@context": "https://schema.org", "@graph": things}]
        elif shape == "itemlist":
            scripts = [{"@type": "ItemList", "itemListElement": things}]
        else:
            scripts = [things]
        head = "".join(f'<script type="application/ld+json">{json.dumps(script)}</script>' for script in scripts)
        assert day(page(head=head)) == "2026-11-03"


def test_things_of_other_pages_alone_date_nothing() -> None:
    for count in (1, 2, 4):
        head = f'<script type="application/ld+json">{json.dumps(THINGS[:count])}</script>'
        assert day(page(head=head)) is None


def test_a_thing_without_address_and_headline_is_believed() -> None:
    head = f'<script type="application/ld+json">{json.dumps(OWN)}</script>'
    assert day(page(head=head)) == "2026-11-03"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<span class=date>发布时间：10-03</span><span class=time>11:20</span>", "2026-10-03T11:20"),
        ("<span>发布时间：</span><b>10-03</b><i>11:20</i>", "2026-10-03T11:20"),
        ("<span>2026-11-03</span><span>11:20</span>", "2026-11-03T11:20"),
        ("<em>03.11.2026</em><em>Von Jo Schmidt</em>", "2026-11-03T00:00"),
    ],
)
def test_inline_elements_next_to_each_other_are_not_glued(markup: str, expected: str) -> None:
    published = extract(page(markup), url=URL, now=NOW, timezone="Asia/Shanghai").published
    assert published is not None
    assert published.at.isoformat()[:16] == expected


def test_the_same_line_is_judged_alike_whatever_is_around_it() -> None:
    for sentence, (line, _) in itertools.product(SENTENCES, STANDING):
        one, other = find_date(sentence, now=NOW), find_date(line, now=NOW, language="de")
        assert one is None or date_role(one.before, one.behind) in {"", "changed"}, sentence
        assert other is not None
        assert date_role(other.before, other.behind) in {"labelled", "alone"}, line
