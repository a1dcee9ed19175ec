"""Short documents: the text is all that is below the title, and nothing of the site, however the page is built."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pytest

from monitor.articles.page import extract

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


class Words(NamedTuple):
    """One language's notice and the site around it."""

    title: str
    lead: str
    texts: Sequence[str]
    items: Sequence[str]
    tail: str
    menu: Sequence[str]
    foot: str


ENGLISH = Words(
    "Council approves three halls",
    "The council approved a plan on Tuesday that brings three halls to the north.",
    ("Officials said the budget had been reviewed twice.", "Residents asked for longer opening hours and for staff."),
    ("Licensing of web3 firms", "The pilot zone at the harbour", "Forty new posts"),
    "The first hall opens on Monday in the old customs house.",
    ("Politics", "Sport", "Business", "Opinion", "Weather", "Jobs", "Culture", "Science", "Travel", "Contact"),
    "© 2026 Example News. All rights reserved.",
)
GERMAN = Words(
    "Rat beschließt drei Hallen",
    "Der Rat hat am Dienstag einen Plan für drei Hallen im Norden beschlossen.",
    ("Der Haushalt wurde zweimal geprüft, sagte ein Sprecher.", "Anwohner baten um längere Öffnungszeiten."),
    ("Zulassung von Web3-Firmen", "Das Testgebiet am Hafen", "Vierzig neue Stellen"),
    "Die erste Halle öffnet am Montag im alten Zollhaus.",
    ("Politik", "Sport", "Wirtschaft", "Meinung", "Wetter", "Stellen", "Kultur", "Wissen", "Reise", "Kontakt"),
    "© 2026 Beispielzeitung",
)
CHINESE = Words(
    "关于公布数字服务大厅名单的通知",
    "各有关单位：现将首批数字服务大厅名单予以公布。",
    ("名单经市政府常务会议审议通过，自公布之日起执行。", "请各单位做好衔接工作，确保大厅按时开放。"),
    ("元宇宙一厅", "第三代互联网二厅", "隐私计算三厅"),
    "首个大厅设在两江新区，欢迎市民前往办理业务。",
    (
        "首页",
        "新闻中心",
        "政务公开",
        "办事服务",
        "互动交流",
        "元宇宙专题",
        "数据开放",
        "机构概况",
        "领导之窗",
        "网站地图",
    ),
    "版权所有：某某市人民政府办公厅",
)
LANGUAGES = {"english": ENGLISH, "german": GERMAN, "chinese": CHINESE}


def p(line: str) -> str:
    return f"<p>{line}</p>"


def paragraphs(words: Words) -> str:
    return "".join(map(p, words.texts))


def ul(words: Words) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in words.items) + "</ul>"


def table(words: Words) -> str:
    return "<table>" + "".join(f"<tr><td>{item}</td></tr>" for item in words.items) + "</table>"


LAYOUTS = {
    "paragraphs": lambda w: p(w.lead) + paragraphs(w) + p(w.tail),
    "lead in a box": lambda w: f"<div class=lead>{p(w.lead)}</div><div class=text>{paragraphs(w)}{p(w.tail)}</div>",
    "lead in two boxes": lambda w: (
        f"<div><div>{p(w.lead)}</div></div><div class=rest><div>{paragraphs(w)}{p(w.tail)}</div></div>"
    ),
    "tail in a box": lambda w: f"<div class=text>{p(w.lead)}{paragraphs(w)}</div><div class=more>{p(w.tail)}</div>",
    "lead and tail in boxes": lambda w: f"<div>{p(w.lead)}</div><div>{paragraphs(w)}</div><div>{p(w.tail)}</div>",
    "sections": lambda w: f"<section>{p(w.lead)}</section><section>{paragraphs(w)}{p(w.tail)}</section>",
    "lead as bare text": lambda w: f"{w.lead}<div>{paragraphs(w)}{p(w.tail)}</div>",
    "line before a box": lambda w: f"{p(w.lead)}<div class=c>{paragraphs(w)}{p(w.tail)}</div>",
    "boxes for lines": lambda w: "".join(f"<div>{line}</div>" for line in (w.lead, *w.texts, w.tail)),
    "list": lambda w: p(w.lead) + paragraphs(w) + ul(w) + p(w.tail),
    "table": lambda w: p(w.lead) + paragraphs(w) + table(w) + p(w.tail),
    "headings": lambda w: p(w.lead) + f"<h2>{w.items[0]}</h2>" + paragraphs(w) + f"<h3>{w.items[1]}</h3>" + p(w.tail),
    "quote": lambda w: p(w.lead) + f"<blockquote>{w.texts[0]}</blockquote>" + p(w.texts[1]) + p(w.tail),
    "one line and a table": lambda w: p(w.lead) + table(w),
    "one line and a list": lambda w: p(w.lead) + ul(w),
    "one line": lambda w: p(w.lead),
}
FRAMES = {
    "bare": lambda title, text: f"<h1>{title}</h1>{text}",
    "main": lambda title, text: f"<main><article><h1>{title}</h1>{text}</article></main>",
    "boxes": lambda title, text: f"<div class=wrap><div class=in><h1>{title}</h1>{text}</div></div>",
    "head apart": lambda title, text: f"<div class=wrap><div class=head><h1>{title}</h1></div><div>{text}</div></div>",
}
MENUS = {
    "nav": lambda links: f"<header><nav><ul>{links}</ul></nav></header>",
    "box": lambda links: f"<div class=top><ul>{links}</ul></div>",
}
SITES = (("nav", 0), ("nav", 3), ("box", 10)), (("box", 0), ("box", 3), ("nav", 10))
"""Menus with their sizes. A frame has one of these sets and the next the other, and so in each layout and language:
every pair of parts meets in some page, at half the pages of all that could be made.
"""


def page(words: Words, layout: str, frame: str, menu: str, size: int) -> bytes:
    links = "".join(f'<li><a href="/{at}">{name}</a></li>' for at, name in enumerate(words.menu[:size]))
    text = LAYOUTS[layout](words)
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{words.title}</title></head><body>"
        f"{MENUS[menu](links) if size else ''}{FRAMES[frame](words.title, text)}"
        f"<footer><p>{words.foot}</p></footer></body></html>"
    ).encode()


def said(words: Words, layout: str) -> list[str]:
    """Return what of the notice the layout shows."""
    shown = LAYOUTS[layout](words)
    return [line for line in (words.lead, *words.texts, *words.items, words.tail) if line in shown]


def framed(frames: Mapping[str, object], language: str, layout: str) -> Iterator[tuple[str, tuple[str, int]]]:
    """Yield each frame with the menus that it has in this layout and language."""
    first = [*LANGUAGES].index(language) + [*LAYOUTS].index(layout)
    for number, frame in enumerate(frames, first):
        for site in SITES[number % len(SITES)]:
            yield frame, site


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_text_is_all_of_the_notice_and_nothing_of_the_site(language: str, layout: str) -> None:
    words = LANGUAGES[language]
    wrong = []
    for frame, (menu, size) in framed(FRAMES, language, layout):
        text = extract(page(words, layout, frame, menu, size), url="https://a.example/n/4711", now=NOW).text
        missing = [line for line in said(words, layout) if line not in text]
        foreign = [line for line in (*words.menu, words.foot) if line in text.split("\n")]
        if missing or foreign:
            wrong.append((frame, menu, size, missing, foreign))
    assert wrong == []


WITHOUT_TITLE: dict[str, Callable[[str], str]] = {
    "bare": lambda text: text,
    "main": lambda text: f"<main><article>{text}</article></main>",
    "boxes": lambda text: f"<div class=wrap><div class=in>{text}</div></div>",
    "another heading": lambda text: f"<div class=wrap><h1>Example News</h1><div>{text}</div></div>",
}


@pytest.mark.parametrize(("layout", "language"), list(zip(LAYOUTS, itertools.cycle(LANGUAGES), strict=False)))
def test_the_text_of_a_page_that_does_not_show_its_title_is_all_of_the_notice(layout: str, language: str) -> None:
    words, wrong = LANGUAGES[language], []
    for frame, (menu, size) in framed(WITHOUT_TITLE, language, layout):
        body = page(words, layout, "bare", menu, size).decode()
        shown = f"<h1>{words.title}</h1>{LAYOUTS[layout](words)}"
        body = body.replace(shown, WITHOUT_TITLE[frame](LAYOUTS[layout](words)))
        text = extract(body.encode(), url="https://a.example/n/4711", now=NOW).text
        missing = [line for line in said(words, layout) if line not in text]
        foreign = [line for line in (*words.menu, words.foot) if line in text.split("\n")]
        if missing or foreign:
            wrong.append((frame, menu, size, missing, foreign))
    assert wrong == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_block_is_apart_from_the_next(layout: str) -> None:
    for words in LANGUAGES.values():
        text = extract(page(words, layout, "main", "nav", 3), url="https://a.example/n/4711", now=NOW).text
        for block in text.split("\n\n"):
            assert sum(line in block for line in said(words, layout)) <= 1, block


def test_the_disclaimer_of_a_platform_is_no_text() -> None:
    disclaimer = (
        "特别声明：以上内容为平台用户上传并发布，本平台仅提供信息存储服务。" + "The content is of a user. " * 20
    )
    text = "".join(map(p, (CHINESE.lead, *CHINESE.texts)))
    body = f"<h1>{CHINESE.title}</h1><div>{text}</div><div class=statement>{disclaimer}</div>"
    found = extract(f"<title>{CHINESE.title}</title>{body}".encode(), url="https://a.example/n/1", now=NOW).text
    assert CHINESE.lead in found
    assert "特别声明" not in found


def test_teasers_of_other_articles_below_the_text_are_no_text() -> None:
    teasers = "".join(
        f'<div><a href="/{at}"><h3>Other notice number {at} of the office</h3><p>It says something else.</p></a></div>'
        for at in range(6)
    )
    text = p(ENGLISH.lead) + paragraphs(ENGLISH)
    body = f"<main><h1>{ENGLISH.title}</h1><div>{text}</div><div class=more>{teasers}</div></main>"
    found = extract(f"<title>{ENGLISH.title}</title>{body}".encode(), url="https://a.example/n/1", now=NOW).text
    assert ENGLISH.texts[1] in found
    assert "something else" not in found


IN_MENUS = ("div", "p", "span", "section", "ul", "ol", "nav", "center", "header", "footer", "aside", "font", "b", "")
AROUND_LINKS = ("", "div", "span", "p", "li", "b", "i", "h4")


def menu_in(outer: str, inner: str, names: Sequence[str], between: str) -> str:
    links = (f'<a href="/{at}">{name}</a>' for at, name in enumerate(names))
    items = between.join(f"<{inner}>{link}</{inner}>" if inner else link for link in links)
    return f"<{outer} class=nav>{items}</{outer}>" if outer else f"{items}<hr>"


@pytest.mark.parametrize(("outer", "language"), list(zip(IN_MENUS, itertools.cycle(LANGUAGES), strict=False)))
def test_a_menu_is_no_text_in_whatever_elements_it_is(outer: str, language: str) -> None:
    words, wrong = LANGUAGES[language], []
    notice = f"<h1>{words.title}</h1>{p(words.lead)}"
    first = [*LANGUAGES].index(language) + IN_MENUS.index(outer)
    for number, (inner, between, size) in enumerate(itertools.product(AROUND_LINKS, (" ", " | "), (2, 5)), first):
        menu = menu_in(outer, inner, words.menu[:size], between)
        # One of the three places on each page, another one on the next.
        bodies = menu + notice, f"{notice}<hr>{menu}", f"<table><tr><td>{menu}<td>{notice}</table>"
        body = bodies[number % len(bodies)]
        text = extract(f"<body>{body}</body>".encode(), url="https://a.example/n/1", now=NOW).text
        if text != words.lead:
            wrong.append((body, text))
    assert wrong == []


@pytest.mark.parametrize(
    "sentence",
    [
        "The <a href=/o>office</a> of the <a href=/c>council</a> asks for <a href=/f>the form</a> by Friday.",
        "<a href=/o>The office</a> is closed, and <a href=/c>the counter</a> too.",
        "<a href=/o>The office</a>, <a href=/c>the council</a> and <a href=/h>the halls</a> are closed.",
    ],
)
@pytest.mark.parametrize("tag", ["p", "div", "li", "section"])
def test_a_sentence_with_links_is_text(sentence: str, tag: str) -> None:
    menu = menu_in("div", "", ENGLISH.menu[:5], " ")
    body = f"{menu}<h1>{ENGLISH.title}</h1>{p(ENGLISH.lead)}<{tag}>{sentence}</{tag}>{p(ENGLISH.tail)}"
    text = extract(f"<body>{body}</body>".encode(), url="https://a.example/n/1", now=NOW).text
    plain = "".join(part.partition(">")[2] for part in f">{sentence}".split("<"))
    assert text.split("\n\n") == [ENGLISH.lead, plain, ENGLISH.tail]
