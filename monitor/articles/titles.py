"""Which of a page's titles is the article's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from lxml import html

from monitor.articles.about import letters as key
from monitor.articles.stated import StructuredData, plain
from monitor.articles.tree import lines_of

_META: Final = ("og:title", "twitter:title", "dc.title", "citation_title", "parsely-title", "sailthru.title")
_PARTS = re.compile(r"\s+[-|–—·•:»«*]+\s+|\s*(?:\||_{1,3}|--+|——|»|>>)\s*")
_SITE_TAIL = re.compile(
    r"\s*-{1,3}\s*[^-\s][^-]{0,30}(?:网|政府|委员会|站|频道|新闻|报|局|厅|部|办|中心|门户|平台|社|\.com|\.cn)\s*$"
)
_REST = re.compile(r"\s*[-|–—·•:»_]|\s\*\s")
_GAP = re.compile(r"[\u3400-\u9fff）》”！？]\s[\u3400-\u9fff]")
_PUBLISHED = re.compile(
    r"(?:发布|发文|发表)?(?:时间|日期)\s?[:：]|(?:信息)?来源\s?[:：]|作者\s?[:：]|\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}"
)
_SITE_FOLLOWS = re.compile(r"\s*[-|–—_»]")  # behind a colon the title goes on
_SECTION: Final = 7
_HEADLINE: Final = 80
_LONGEST_TITLE: Final = 300
_TELLING: Final = 8
_NOT_A_TITLE: Final = frozenset(
    ("home", "homepage", "首页", "news", "新闻", "index", "详情", "正文", "新闻详情", "详细页", "详情页", "内容页")
)


def title_of(tree: html.HtmlElement, stated: StructuredData, lines: Sequence[str] = ()) -> str:
    """Return the title: the one that most elements of the page agree on, else the first.

    Chinese authorities state it as `ArticleTitle` (their standard for web sites), which is trusted. Else headline,
    `<h1>`, the titles for social networks and `<title>` vote. A title that goes on where one of the page's `lines`
    ends, ends there. One that only names a section gives way to the line above the date.
    """
    official = plain(stated.meta.get("articletitle", ""))
    if official:
        return official[:_LONGEST_TITLE]
    site = plain(stated.meta.get("og:site_name", "") or stated.meta.get("sitename", ""))
    window = next((plain(element.text or "") for element in tree.iter("title")), "")
    texts = (*(plain(stated.meta.get(name, "")) for name in _META), *_headings(tree), stated.text("headline"))
    none = {"", key(site), *_NOT_A_TITLE}
    named = [offer for text in texts if key(offer := _without(text, site)) not in none]
    title = _elect(_shorten(named), window)
    title = _as_shown(title, lines) if title else _of_window(window, site, lines)
    return (_above_date(title, lines) or title)[:_LONGEST_TITLE]


def _as_shown(title: str, lines: Sequence[str]) -> str:
    """Return `title` cut where a line of the page ends, if the name of the site or a section follows."""
    begun = [line for line in lines if title.startswith(line) and len(key(line)) > _TELLING]
    ended = []
    for line in begun:
        end = len(line)
        if _SITE_FOLLOWS.match(title[end:]) or _GAP.fullmatch(title[max(0, end - 1) : end + 2]):
            ended.append(line)
    return max(ended, key=len, default=title)


def _above_date(title: str, lines: Sequence[str]) -> str:
    """Return the line above the line that says when or where it was published, if `title` is a section's name."""
    if len(key(title)) >= _SECTION or not all("\u3400" <= char <= "\u9fff" for char in key(title)):
        return ""
    for above, line in pairwise(lines):
        if not _PUBLISHED.match(line) or _PUBLISHED.match(above):
            continue
        if key(above) == key(title):
            return ""
        if _TELLING < len(key(above)) <= _HEADLINE:
            return above
    return ""


def _headings(tree: html.HtmlElement) -> list[str]:
    """Return the first `<h1>` that can be a title; short ones among several are the site's name or sections."""
    texts = [text for element in tree.iter("h1") if 0 < len(text := " ".join(lines_of(element))) <= _LONGEST_TITLE]
    telling = [text for text in texts if len(key(text)) > _TELLING]
    return (texts if len(texts) == 1 else telling)[:1]


def _without(title: str, site: str) -> str:
    """Return `title` without the site's name at its end."""
    if site and title.endswith(site) and _REST.search(rest := title[: -len(site)].rstrip()[-1:] or " "):
        return title[: -len(site)].rstrip().rstrip(rest).rstrip()
    return title


def _shorten(offers: Sequence[str]) -> list[str]:
    """Return each title, or its beginning if that is also offered: the rest is then the name of the site."""
    telling = [offer for offer in offers if len(key(offer)) > _TELLING]
    return [
        next((short for short in telling if offer.startswith(short) and _REST.match(offer[len(short) :])), offer)
        for offer in offers
    ]


def _elect(offers: Sequence[str], window: str) -> str:
    """Return the title with the most votes.

    Each equal title is a vote; the window's title is a smaller vote if it contains the title. Of two with the same
    votes, the longer one counts, since titles for social networks may be cut. None is elected if no other title
    supports it, or if it was cut at a quotation mark, as a badly written attribute is.
    """
    keys, shown = [key(offer) for offer in offers], key(window)
    votes = [keys.count(one) + 0.75 * (one in shown) for one in keys]
    if not votes or (shown and max(votes) <= 1):
        return ""
    first = keys[votes.index(max(votes))]
    even = [at for at, vote in enumerate(votes) if vote == max(votes) and keys[at].startswith(first)]
    elected = offers[max(even, key=lambda at: len(keys[at]))]
    return "" if window.startswith(elected) and window[len(elected) :].startswith(('"', "'")) else elected


def _of_window(window: str, site: str, lines: Sequence[str]) -> str:
    """Return a window's title without the names of the site and section after the first separator."""
    if (shown := _as_shown(window, lines)) != window:
        return shown
    title = _SITE_TAIL.sub("", _without(window, site)) or window
    parts = [part for part in _PARTS.split(title) if part]
    if len(parts) < 2:  # noqa: PLR2004 - nothing to part
        return title
    return parts[0] if len(parts[0]) * 2 >= max(map(len, parts)) else max(parts, key=len)
