"""Choose the title of the article among the titles on its page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from lxml import html

from monitor.articles.about import letters_and_digits as key
from monitor.articles.stated import StructuredData, plain_line
from monitor.articles.tree import lines_of

_META_NAMES: Final = ("og:title", "twitter:title", "dc.title", "citation_title", "parsely-title", "sailthru.title")
_SEPARATOR = re.compile(r"\s+[-|–—·•:»«*]+\s+|\s*(?:\||_{1,3}|--+|——|»|>>)\s*")
_SITE_NAME_AT_END = re.compile(
    r"\s*-{1,3}\s*[^-\s][^-]{0,30}(?:网|政府|委员会|站|频道|新闻|报|局|厅|部|办|中心|门户|平台|社|\.com|\.cn)\s*$"
)
_SEPARATOR_BEFORE_REST = re.compile(r"\s*[-|–—·•:»_]|\s\*\s")
_GAP_BETWEEN_HAN = re.compile(r"[\u3400-\u9fff）》”！？]\s[\u3400-\u9fff]")
_PUBLICATION_LINE = re.compile(
    r"(?:发布|发文|发表)?(?:时间|日期)\s?[:：]|(?:信息)?来源\s?[:：]|作者\s?[:：]|\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}"
)
_SITE_SEPARATOR = re.compile(r"\s*[-|–—_»]")  # a colon is no separator here: the title continues after it
_MAX_SECTION_LETTERS: Final = 7
_MAX_HEADLINE_LETTERS: Final = 80
_MAX_TITLE_LENGTH: Final = 300
_MIN_DISTINCTIVE_LETTERS: Final = 8
_NOT_A_TITLE: Final = frozenset(
    ("home", "homepage", "首页", "news", "新闻", "index", "详情", "正文", "新闻详情", "详细页", "详情页", "内容页")
)


def title_of(tree: html.HtmlElement, data: StructuredData, lines: Sequence[str] = ()) -> str:
    """Return the title of the article: the one in most elements of the page, else the first one.

    Sites of Chinese authorities have a `<meta>` for `ArticleTitle` (by their standard for web sites), which is trusted.
    Otherwise the JSON-LD headline, `<h1>`, the titles for social networks and `<title>` are compared. The name of the
    site is removed from the end of a title if one of the page's `lines` ends before it. If the title is only the name
    of a section, the line above the date is used instead.
    """
    official = plain_line(data.meta.get("articletitle", ""))
    if official:
        return official[:_MAX_TITLE_LENGTH]
    site = plain_line(data.meta.get("og:site_name", "") or data.meta.get("sitename", ""))
    window_title = next((plain_line(element.text or "") for element in tree.iter("title")), "")
    texts = (
        *(plain_line(data.meta.get(name, "")) for name in _META_NAMES),
        *_first_heading(tree),
        data.text("headline"),
    )
    ignored = {"", key(site), *_NOT_A_TITLE}
    candidates = [candidate for text in texts if key(candidate := _remove_site_name(text, site)) not in ignored]
    title = _vote_for_title(_shorten_to_common_start(candidates), window_title)
    title = _cut_at_line_end(title, lines) if title else _title_of_window(window_title, site, lines)
    return (_title_above_date(title, lines) or title)[:_MAX_TITLE_LENGTH]


def _cut_at_line_end(title: str, lines: Sequence[str]) -> str:
    """Return `title` without the name of a site or section at its end, if the rest is a line of the page."""
    starts = [line for line in lines if title.startswith(line) and len(key(line)) > _MIN_DISTINCTIVE_LETTERS]
    complete = []
    for line in starts:
        end = len(line)
        if _SITE_SEPARATOR.match(title[end:]) or _GAP_BETWEEN_HAN.fullmatch(title[max(0, end - 1) : end + 2]):
            complete.append(line)
    return max(complete, key=len, default=title)


def _title_above_date(title: str, lines: Sequence[str]) -> str:
    """Return the line above the line with date or source, if `title` is only the name of a section; else ""."""
    if len(key(title)) >= _MAX_SECTION_LETTERS or not all("\u3400" <= char <= "\u9fff" for char in key(title)):
        return ""
    for above, line in pairwise(lines):
        if not _PUBLICATION_LINE.match(line) or _PUBLICATION_LINE.match(above):
            continue
        if key(above) == key(title):
            return ""
        if _MIN_DISTINCTIVE_LETTERS < len(key(above)) <= _MAX_HEADLINE_LETTERS:
            return above
    return ""


def _first_heading(tree: html.HtmlElement) -> list[str]:
    """Return the first `<h1>` that can be a title. Of several, short ones are names of the site or of sections."""
    texts = [text for element in tree.iter("h1") if 0 < len(text := " ".join(lines_of(element))) <= _MAX_TITLE_LENGTH]
    distinctive = [text for text in texts if len(key(text)) > _MIN_DISTINCTIVE_LETTERS]
    return (texts if len(texts) == 1 else distinctive)[:1]


def _remove_site_name(title: str, site: str) -> str:
    """Return `title` without the site's name at its end."""
    if (
        site
        and title.endswith(site)
        and _SEPARATOR_BEFORE_REST.search(rest := title[: -len(site)].rstrip()[-1:] or " ")
    ):
        return title[: -len(site)].rstrip().rstrip(rest).rstrip()
    return title


def _shorten_to_common_start(candidates: Sequence[str]) -> list[str]:
    """Return each candidate, shortened to its beginning if that is a candidate too: the rest is the site's name."""
    distinctive = [candidate for candidate in candidates if len(key(candidate)) > _MIN_DISTINCTIVE_LETTERS]
    return [
        next(
            (
                short
                for short in distinctive
                if candidate.startswith(short) and _SEPARATOR_BEFORE_REST.match(candidate[len(short) :])
            ),
            candidate,
        )
        for candidate in candidates
    ]


def _vote_for_title(candidates: Sequence[str], window_title: str) -> str:
    """Return the candidate with the most votes; "" if none is elected.

    Each equal candidate is a vote; the window's title is a smaller vote if it contains the candidate. If two candidates
    have the same votes, the longer one is used, since titles for social networks may be shortened. A candidate without
    votes of others is not elected; neither is one that ends before a quotation mark, as from a badly quoted attribute.
    """
    keys, shown = [key(candidate) for candidate in candidates], key(window_title)
    votes = [keys.count(one) + 0.75 * (one in shown) for one in keys]
    if not votes or (shown and max(votes) <= 1):
        return ""
    first = keys[votes.index(max(votes))]
    best = [index for index, vote in enumerate(votes) if vote == max(votes) and keys[index].startswith(first)]
    elected = candidates[max(best, key=lambda index: len(keys[index]))]
    return "" if window_title.startswith(elected) and window_title[len(elected) :].startswith(('"', "'")) else elected


def _title_of_window(window_title: str, site: str, lines: Sequence[str]) -> str:
    """Return the title of the window (`<title>`) without the names of site and section at its end."""
    if (shown := _cut_at_line_end(window_title, lines)) != window_title:
        return shown
    title = _SITE_NAME_AT_END.sub("", _remove_site_name(window_title, site)) or window_title
    parts = [part for part in _SEPARATOR.split(title) if part]
    if len(parts) < 2:  # noqa: PLR2004 - nothing to part
        return title
    return parts[0] if len(parts[0]) * 2 >= max(map(len, parts)) else max(parts, key=len)
