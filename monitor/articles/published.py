"""When an article was published, and what says so.

In the order of trust: structured data, `<meta>`, `<time>`, a labelled text (发布时间：…), the address, the head of the
article, and at last what htmldate finds on the page. A date that only says when the page was made, and the year of a
copyright, are none. Of sources that name the same day the more exact one is taken.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final
from urllib.parse import unquote, urlsplit

from lxml import html

from monitor.articles.stated import Stated
from monitor.articles.tree import lines_of
from monitor.model import Moment
from monitor.text.dates import parse_moment

_META: Final = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished", "pubdate",
    "publishdate", "publish_date", "publish-date", "publication_date", "article.published", "og:published_time",
    "parsely-pub-date", "sailthru.date", "og:release_date", "dc.date.issued", "dcterms.issued", "dcterms.created",
    "dc.date.created", "citation_publication_date", "citation_online_date", "rnews:datepublished",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "article:create_at", "bt:pubdate", "apub:time",
    "published_at", "firstpublishedtime", "contentcreatetime", "article_date_original", "originalpublicationdate",
)  # fmt: skip
_WEAK_META: Final = ("dcterms.date", "dc.date", "date", "created", "datecreated", "weibo: article:create_at")
# What says plainly when it was published, then what may mean something else.
_LABELS: Final = (
    re.compile(
        r"(?:(?:发布|发稿|发文|发表|刊发|刊登|公布|公开|公告|上传|發佈|發布)(?:时间|日期|時間)\s*[：:]"
        r"|(?:发布|发表|刊发|發佈|發布)(?:于|於|：|:))\s*"
        r"|\b(?:(?:first )?published|posted|ver(?:ö|oe)ffentlicht|erschienen|publié|publicado|pubblicato|geplaatst"
        r"|gepubliceerd|опубликовано|opublikowano|(?:publication |release )?date|datum|fecha)"
        r"(?: on| at| am| le| el| il| op)?\s*:?\s+(?=(?:[^\W\d]{3,10},?\s)?\S{0,12}\s?\S{0,4}\d)"
        r"|\bbeitrag wurde (?:vor )?am\s+(?=\S{0,12}\s?\d)|\bwurde am\s+(?=\d\d?\. \w{3,9} \d{4},? um \d)",
        re.IGNORECASE,
    ),
    re.compile(r"(?:(?:录入|信息|文章|成文|印发)(?:时间|日期)|(?<![\u4e00-\u9fff])(?:时间|日期|時間))\s*[：:]\s*"),
    re.compile(r"(?:更新|編輯)(?:时间|日期|時間)\s*[：:]\s*"),
)
_ALONE = re.compile(
    r"(?:信息)?(?:发布|发稿|发文|发表|公布|公开|公告|成文|印发|發佈|發布)(?:时间|日期|時間)\s*[：:]?"
    r"|(?:date )?(?:published|posted)(?: on)?:?|(?:publication |release )date:?",
    re.IGNORECASE,
)
NOT_PUBLISHED = re.compile(
    "页面生成|生成时间|生成于|打印时间|当前时间|今天是|现在是|截止|截至|有效期|到期|版权|Copyright|©|浏览时间|访问时间"
)
_IN_PATH = re.compile(
    r"(?<![\d.])(?P<y>(?:19|20)\d\d)(?P<s>[-/_]?)(?P<m>0[1-9]|1[0-2]|(?<=[-/_])[1-9])(?P=s)(?P<d>0[1-9]|[12]\d|3[01]|(?<=[-/_])[1-9])(?!\d)"
)
_TIME_CLASS = re.compile(
    r"publi|posted|entry-date|post-date|article-?date|article-?time|dateline|timestamp|pubtime|created", re.IGNORECASE
)
_UPDATED = re.compile(r"updat|modif", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LOOSE = re.compile(
    r"^(?:(?P<century>20)?(?P<year>[012]\d))(?P<day>[-/.年](?:0[1-9]|1[0-2])[-/.月](?:0[1-9]|[12]\d|3[01]))(?=日?(?:\d\d:|\D|$))"
)
_BEFORE_TITLE: Final = 3
_HEAD_LINES: Final = 12
_MOST_LINES: Final = 2_000
_LABELLED: Final = 80
_DISPUTED: Final = dt.timedelta(days=1, hours=14)
_ARTICLE: Final = frozenset({"article", "main", "header"})
_RANK: Final = {"second": 5, "minute": 4, "hour": 3, "day": 2, "month": 1, "year": 0}


@dataclass(frozen=True, slots=True)
class Dated:
    """A moment of publication and what it was taken from, in words for the operator."""

    moment: Moment
    by: str


@dataclass(frozen=True, slots=True)
class Page:
    """What is looked at for a date: `lines` are those of the whole page as seen; `title` is the article's."""

    tree: html.HtmlElement
    stated: Stated
    url: str
    title: str
    lines: Sequence[str]
    now: dt.datetime
    timezone: str

    def moment(self, text: str) -> Moment | None:
        """The moment that `text` states, of at least a day's precision."""
        found = parse_moment(text[:300], now=self.now, timezone=self.timezone, language=self.tree.get("lang") or "")
        return found if found and _RANK[found.precision] >= _RANK["day"] else None


def published(page: Page) -> Dated | None:
    """The moment by the first source that has one; None if none has."""
    best = None
    for text, by in _offers(page):
        moment = page.moment(text)
        if moment is None:
            continue
        if best is None:
            best = Dated(moment, by)
        elif _same_day(best.moment, moment) and _RANK[moment.precision] > _RANK[best.moment.precision]:
            best = Dated(moment, f"{best.by}, its time by {by}")
        if _RANK[best.moment.precision] >= _RANK["minute"]:
            break
    return best


def _same_day(one: Moment, other: Moment) -> bool:
    return one.at.date() == other.at.date()


def _offers(page: Page) -> Iterator[tuple[str, str]]:
    yield from ((text, "JSON-LD datePublished") for text in page.stated.dates[:5])
    yield from ((text, "JSON-LD pubDate") for text in page.stated.for_baidu[:1])
    yield from _meta(page, _META)
    yield from _times(page, [element for element in _marked(page.tree) if _names_publication(element)])
    yield from _labelled(page.lines)
    yield from _times(page, _lone(page.tree))
    yield from _of_address(page.url)
    yield from _near_title(page)
    yield from _meta(page, _WEAK_META)


def _meta(page: Page, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from ((page.stated.meta[name], f"meta {name}") for name in names if name in page.stated.meta)


def _times(page: Page, elements: Sequence[html.HtmlElement]) -> Iterator[tuple[str, str]]:
    """What the first of `elements` states: what readers see of it, if that is another day, else its attribute."""
    for element in elements[:1]:
        shown = " ".join(element.text_content().split())[:_LABELLED]
        states = element.get("datetime") or element.get("content") or ""
        seen, stated = page.moment(shown) if _YEAR.search(shown) else None, page.moment(states)
        if seen and stated and abs(seen.at - stated.at) > _DISPUTED:
            yield shown, "<time>, its text"
        yield from ((text, "<time>") for text in (states, shown) if text)


def _marked(tree: html.HtmlElement) -> list[html.HtmlElement]:
    return [*tree.iter("time"), *tree.iterfind(".//*[@itemprop='datePublished']")]


def _lone(tree: html.HtmlElement) -> list[html.HtmlElement]:
    """The `<time>` that has no other beside it, or the first within the article."""
    times = [element for element in tree.iter("time") if not _UPDATED.search(_marks(element))]
    if len({element.get("datetime") or element.text_content().strip() for element in times}) == 1:
        return times
    return [element for element in times if any(up.tag in _ARTICLE for up in element.iterancestors())]


def _marks(element: html.HtmlElement) -> str:
    return " ".join(element.get(name) or "" for name in ("class", "id", "itemprop"))


def _names_publication(element: html.HtmlElement) -> bool:
    if element.get("itemprop") == "datePublished" or element.get("pubdate") is not None:
        return True
    marks = _marks(element)
    return bool(_TIME_CLASS.search(marks)) and not _UPDATED.search(marks)


def _labelled(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    told = list(_with_values(lines[:_MOST_LINES]))
    for label in _LABELS:
        for line in told:
            found = label.search(line[:_LABELLED])
            if found and not NOT_PUBLISHED.search(line[max(0, found.start() - 10) : found.end()]):
                stated = _LOOSE.sub(r"20\g<year>\g<day> ", line[found.end() : found.end() + _LABELLED])
                yield stated, f"the text {found[0].strip(' :：')}"


def _with_values(lines: Sequence[str]) -> Iterator[str]:
    """The lines; one that is a label alone, as in the cell of a table, with the line behind it."""
    for line, behind in zip_longest(lines, lines[1:], fillvalue=""):
        yield f"{line.rstrip(' :：')}: {behind}" if _ALONE.fullmatch(line) else line


def _of_address(url: str) -> Iterator[tuple[str, str]]:
    parts = urlsplit(url)
    path = unquote(parts.path)
    if found := _IN_PATH.search(path):
        yield f"{found['y']}-{int(found['m']):02}-{int(found['d']):02}", "its address"


def _near_title(page: Page) -> Iterator[tuple[str, str]]:
    """A date with its year in the short lines around the title."""
    at = next((at for at, line in enumerate(page.lines) if page.title and page.title in line), None)
    if at is None:
        return
    around = (*page.lines[at + 1 : at + _HEAD_LINES], *page.lines[max(0, at - _BEFORE_TITLE) : at])
    for line in around:
        if len(line) <= _LABELLED and _YEAR.search(line) and not NOT_PUBLISHED.search(line):
            yield line, "the head of the article"


def lines_for_dates(tree: html.HtmlElement) -> list[str]:
    """The lines of the page among which a date is looked for."""
    body = tree.find("body")
    return lines_of(tree if body is None else body)[:_MOST_LINES]
