"""Find the date when an article was published, and where the page states it.

Dates are looked for in this order: structured data, `<meta>`, `<time>`, a text with a label (发布时间：…), the address,
the lines around the title, and a date alone on its line anywhere on the page. Three kinds of dates never count: when
the page was made or changed, the year of a copyright, and a date within a sentence. No date is better than a wrong
date. If several places state the same day, the most exact date is used.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from lxml import html

from monitor.articles.shown import DateRole, date_role, labelled_dates
from monitor.articles.stated import StructuredData
from monitor.articles.tree import lines_of
from monitor.model import Moment
from monitor.model.articles import DATE_ON_PAGE, LAST_CHANGE
from monitor.text.dates import find_date, parse_moment

_META_NAMES: Final = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished", "pubdate",
    "publishdate", "publish_date", "publish-date", "publication_date", "article.published", "og:published_time",
    "parsely-pub-date", "sailthru.date", "og:release_date", "dc.date.issued", "dcterms.issued", "dcterms.created",
    "dc.date.created", "citation_publication_date", "citation_online_date", "rnews:datepublished",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "article:create_at", "bt:pubdate", "apub:time",
    "published_at", "firstpublishedtime", "contentcreatetime", "article_date_original", "originalpublicationdate",
)  # fmt: skip
_OTHER_META_NAME = re.compile(r"publi|upload|issued|posted|created(?!_by)|release")
_WEAK_META_NAMES: Final = ("dcterms.date", "dc.date", "date", "created", "datecreated", "weibo: article:create_at")
_DATE_IN_PATH = re.compile(
    r"(?<![\d.])(?P<y>(?:19|20)\d\d)(?P<s>[-/_]?)(?P<m>0[1-9]|1[0-2]|(?<=[-/_])[1-9])(?P=s)(?P<d>0[1-9]|[12]\d|3[01]|(?<=[-/_])[1-9])(?!\d)"
)
_TIME_CLASS = re.compile(
    r"publi|posted|entry-date|post-date|article-?date|article-?time|dateline|timestamp|pubtime|created", re.IGNORECASE
)
_UPDATED_NAME = re.compile(r"updat|modif", re.IGNORECASE)
_DATE_WITH_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<![\d./-])\d{1,2}([./-])\d{1,2}\1\d\d(?![\d./-])")
_OPENING_LENGTH: Final = 100
_MAX_LINE_LENGTH: Final = 250
_LINES_BEFORE_TITLE: Final = 3
_LINES_AFTER_TITLE: Final = 15
_MAX_LINES: Final = 2_000
_MAX_LABELLED_LENGTH: Final = 80
_MAX_DISAGREEMENT: Final = dt.timedelta(days=1, hours=14)
_PUBLICATION_ROLES: Final = ("labelled", "alone")
_ARTICLE_TAGS: Final = frozenset({"article", "main", "header"})
_PRECISION_RANK: Final = {"second": 5, "minute": 4, "hour": 3, "day": 2, "month": 1, "year": 0}


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """A moment of publication, and the place where it was found, in words for the operator."""

    moment: Moment
    source: str


@dataclass(frozen=True, slots=True)
class PageContext:
    """The parts of a page in which dates are looked for.

    `lines` are the visible lines of the whole page. `title` is the title of the article.
    """

    tree: html.HtmlElement
    data: StructuredData
    url: str
    title: str
    lines: Sequence[str]
    now: dt.datetime
    timezone: str

    @property
    def language(self) -> str:
        """The language that the page declares; "" if it declares no language."""
        return self.tree.get("lang") or ""

    def moment(self, text: str) -> Moment | None:
        """Return the moment that `text` states; None if it states no day."""
        found = parse_moment(text[:300], now=self.now, timezone=self.timezone, language=self.language)
        return found if found and _PRECISION_RANK[found.precision] >= _PRECISION_RANK["day"] else None

    def date_role(self, line: str) -> DateRole:
        """Return the role of the date in `line` (`shown.date_role`); "" also if the line has no date with a year."""
        if not _DATE_WITH_YEAR.search(line[:_OPENING_LENGTH]):
            return ""
        found = find_date(line[:_MAX_LINE_LENGTH], now=self.now, timezone=self.timezone, language=self.language)
        return (
            date_role(found.before, found.behind)
            if found and _PRECISION_RANK[found.moment.precision] >= _PRECISION_RANK["day"]
            else ""
        )


def find_publication_date(page: PageContext) -> PublicationDate | None:
    """Return the date from the first place that states one; None if there is no date."""
    best = None
    for text, source in _candidate_dates(page):
        moment = page.moment(text)
        if moment is None:
            continue
        if best is None:
            best = PublicationDate(moment, source)
        elif (
            best.moment.at.date() == moment.at.date()
            and _PRECISION_RANK[moment.precision] > _PRECISION_RANK[best.moment.precision]
        ):
            best = PublicationDate(moment, f"{best.source}, its time by {source}")
        if _PRECISION_RANK[best.moment.precision] >= _PRECISION_RANK["minute"]:
            break
    return best


def _candidate_dates(page: PageContext) -> Iterator[tuple[str, str]]:
    yield from ((text, "JSON-LD datePublished") for text in page.data.dates[:5])
    yield from ((text, "JSON-LD pubDate") for text in page.data.baidu_dates[:1])
    yield from _dates_in_meta(page, _META_NAMES)
    yield from _dates_in_times(
        page, [element for element in _elements_with_dates(page.tree) if _names_publication(element)]
    )
    yield from labelled_dates(page.lines)
    yield from _dates_in_times(
        page, [element for element in _choose_time_elements(page.tree) if not _is_in_sentence(page, element)]
    )
    parts = urlsplit(page.url)
    path = unquote(parts.path)
    if found := _DATE_IN_PATH.search(path):
        yield f"{found['y']}-{int(found['m']):02}-{int(found['d']):02}", "its address"
    title_index = next(
        (title_index for title_index, line in enumerate(page.lines) if page.title and page.title in line), None
    )
    if title_index is not None:
        around = (
            *page.lines[title_index + 1 : title_index + _LINES_AFTER_TITLE],
            *page.lines[max(0, title_index - _LINES_BEFORE_TITLE) : title_index],
        )
        yield from ((line, "the head of the article") for line in around if page.date_role(line) in _PUBLICATION_ROLES)
    yield from _dates_in_meta(page, _WEAK_META_NAMES)
    yield from _dates_in_meta(page, [name for name in page.data.meta if _OTHER_META_NAME.search(name)])
    yield from _dates_in_lines(page)


def _dates_in_meta(page: PageContext, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from ((page.data.meta[name], f"meta {name}") for name in names if name in page.data.meta)


def _dates_in_times(page: PageContext, elements: Sequence[html.HtmlElement]) -> Iterator[tuple[str, str]]:
    """Yield the date of the first of `elements`: its attribute, but first its text if that shows another day."""
    for element in elements[:1]:
        shown = " ".join(element.text_content().split())[:_MAX_LABELLED_LENGTH]
        attribute = element.get("datetime") or element.get("content") or element.get("title") or ""
        shown_date, attribute_date = (
            page.moment(shown) if _DATE_WITH_YEAR.search(shown) else None,
            page.moment(attribute),
        )
        if shown_date and attribute_date and abs(shown_date.at - attribute_date.at) > _MAX_DISAGREEMENT:
            yield shown, "<time>, its text"
        yield from ((text, "<time>") for text in (attribute, shown) if text)


def _elements_with_dates(tree: html.HtmlElement) -> list[html.HtmlElement]:
    titled = (element for element in tree.iter("abbr", "span") if element.get("title"))
    return [*tree.iter("time"), *tree.iterfind(".//*[@itemprop='datePublished']"), *titled]


def _choose_time_elements(tree: html.HtmlElement) -> list[html.HtmlElement]:
    """Return the `<time>` elements if all state the same date, else only those within the article."""
    times = [element for element in tree.iter("time") if not _UPDATED_NAME.search(_names_of(element))]
    if len({element.get("datetime") or element.text_content().strip() for element in times}) == 1:
        return times
    return [element for element in times if any(up.tag in _ARTICLE_TAGS for up in element.iterancestors())]


def _is_in_sentence(page: PageContext, element: html.HtmlElement) -> bool:
    """Return whether a `<time>` element is part of a sentence, judged by the visible line around it."""
    shown = " ".join(element.text_content().split())
    line = next((line for line in page.lines if shown and shown in line), "")
    return len(line) > len(shown) and bool(page.moment(shown)) and not page.date_role(line)


def _names_of(element: html.HtmlElement) -> str:
    return " ".join(element.get(name) or "" for name in ("class", "id", "itemprop"))


def _names_publication(element: html.HtmlElement) -> bool:
    if element.get("itemprop") == "datePublished" or element.get("pubdate") is not None:
        return True
    marks = _names_of(element)
    return bool(_TIME_CLASS.search(marks)) and not _UPDATED_NAME.search(marks)


def _dates_in_lines(page: PageContext) -> Iterator[tuple[str, str]]:
    """Yield lines with a date in a byline, anywhere on the page; then lines that are only a date.

    Each line comes with a description of where it was found. If several days are alone on their lines, they belong to a
    list, and count only on a page that does not show the title. If no date is alone on its line, the only day of a last
    change counts, if it is in the second half of the page.
    """
    roles = [(line, page.date_role(line)) for line in page.lines]
    yield from ((line, DATE_ON_PAGE) for line, role in roles if role == "labelled")
    alone = [line for line, role in roles if role == "alone"]
    titled = any(page.title and page.title in line for line in page.lines)
    if alone and (not titled or len(_stated_days(alone, page)) == 1):
        yield from ((line, DATE_ON_PAGE) for line in alone)
    changed = [line for line, role in roles[len(roles) // 2 :] if role == "changed"]
    if not alone and len(_stated_days(changed, page)) == 1:
        yield from ((line, LAST_CHANGE) for line in changed)


def _stated_days(lines: Sequence[str], page: PageContext) -> set[dt.date]:
    return {moment.at.date() for line in lines if (moment := page.moment(line))}


def lines_for_dates(tree: html.HtmlElement) -> list[str]:
    """Return the lines of the page in which dates are looked for."""
    body = tree.find("body")
    return lines_of(tree if body is None else body, separate_numbers=True)[:_MAX_LINES]
