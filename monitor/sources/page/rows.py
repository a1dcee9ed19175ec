"""Read the content of a row: its main link, its title, its date and its summary."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

from monitor.model import Entry, Moment
from monitor.sources.page.columns import elements_of_other_dates
from monitor.sources.page.dated import Calendar, is_date
from monitor.sources.page.document import TextRun, lines_of_runs, link_target, links_in, text_runs, text_width
from monitor.sources.page.prose import is_in_sentence
from monitor.sources.page.titles import (
    ELLIPSIS_CHARACTERS,
    SURE_TITLE_WIDTH,
    is_label,
    is_title,
    link_title,
    rate_link,
    strip_dates,
    title_of,
)
from monitor.sources.plain import one_line

_MAX_TITLE_LENGTH: Final = 300
_MAX_SUMMARY_LENGTH: Final = 2000
# Characters. Rules use both texts, so a message reports shortened ones (`describe_shortened`).
_NAVIGATION_TITLE = re.compile(r"home(?: ?page)?|start|back|top|返回(?:首页|顶部|上页)?|首页|首頁|主页", re.IGNORECASE)
"""Titles of links for navigation. A row with such a title is not an entry, unless it has a date."""
_VIEW_COUNT = re.compile(
    r"\D{0,12}(?:点击|點擊|點閱|浏览|瀏覽|阅读|閱讀|访问|訪問|评论|評論|回复|点赞|次数|次數|人气|人氣)\D{0,6}[\d,.万萬k+]+\D{0,6}"
    r"|[\d,.万萬km+]*\s*(?:views?|reads?|hits|comments?|likes?|shares?|downloads?|次|阅读|浏览)?\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a page: its elements, and the data found in them.

    `in_text` means that its link is in the middle of a sentence.
    """

    nodes: tuple[HtmlElement, ...]
    url: str
    title: str
    published: Moment | None
    summary: str = ""
    has_title: bool = True
    in_text: bool = False

    def entry(self) -> Entry:
        """Return the row as an entry, without a key."""
        return Entry(
            key="",
            title=self.title[:_MAX_TITLE_LENGTH],
            url=self.url,
            published=self.published,
            summary=self.summary[:_MAX_SUMMARY_LENGTH],
        )


def describe_shortened(rows: Iterable[Row]) -> tuple[str, ...]:
    """Return a message with the number of rows whose texts were shortened; no message if there are none."""
    number = sum(len(row.title) > _MAX_TITLE_LENGTH or len(row.summary) > _MAX_SUMMARY_LENGTH for row in rows)
    if not number:
        return ()
    what = f"{number:,} {'entry was' if number == 1 else 'entries were'} shortened"
    return (
        f"{what}: at most {_MAX_TITLE_LENGTH} characters of a title and {_MAX_SUMMARY_LENGTH:,} of a summary are kept",
    )


def read_row(
    nodes: Sequence[HtmlElement],
    base: str,
    calendar: Calendar,
    *,
    texts: Sequence[str] = (),
    labels: Collection[str] = (),
) -> Row | None:
    """Read the data of a row from its elements; None if they have no link.

    `texts` are texts next to the elements. `labels` are link texts that many rows share, so they are not titles.
    """
    links = [(link, url) for node in nodes for link in links_in(node) if (url := link_target(link, base))]
    if not links:
        return None
    link_titles = [link_title(link) for link, _ in links]
    titles = ["" if title in labels else title for title in link_titles]
    claims = [rate_link(link, url, title) for (link, url), title in zip(links, titles, strict=True)]
    chosen = claims.index(max(claims))
    link, url = links[chosen]
    found = _text_runs_of_row(nodes, texts)
    inside = _elements_within(link)
    outside = [piece for piece in found if piece.element not in inside]
    label_elements = _elements_within(
        *(link for (link, _), title_text in zip(links, link_titles, strict=True) if is_label(title_text, labels))
    )
    title, has_title = title_of(
        titles[chosen], nodes, [piece for piece in outside if piece.element not in label_elements], labels
    )
    if not has_title and is_title(link_titles[chosen]):
        title, has_title = link_titles[chosen], True  # all rows have the same title, as in a list of daily reports
    with_other_dates = elements_of_other_dates(nodes[0])
    runs_for_date = [piece for piece in outside if piece.element not in with_other_dates]
    published = _find_date(
        link_titles[chosen], runs_for_date, [piece for piece in found if piece.element in inside], url, calendar
    )
    if published is None and _NAVIGATION_TITLE.fullmatch(link_titles[chosen]):
        return None
    in_text = is_title(link_titles[chosen]) and is_in_sentence(link)
    own = inside if link.tag == "a" and title == titles[chosen] else set[HtmlElement]()
    summary = _make_summary(found, own, title)
    return Row(tuple(nodes), url, title, published, summary, has_title, in_text)


def _text_runs_of_row(nodes: Sequence[HtmlElement], texts: Sequence[str]) -> list[TextRun]:
    """Return all texts of a row. Each element, and each text next to the elements, begins a new block."""
    found: list[TextRun] = []
    for node in nodes:
        start = found[-1].block + 1 if found else 0
        found.extend(piece._replace(block=piece.block + start) for piece in text_runs(node))
    start = found[-1].block + 1 if found else 0
    parent = nodes[0].getparent()
    element_of_texts = nodes[0] if parent is None else parent
    return [*found, *(TextRun(one_line(text), element_of_texts, start + number) for number, text in enumerate(texts))]


def _elements_within(*links: HtmlElement) -> set[HtmlElement]:
    return {element for link in links for element in link.iter()}


def _find_date(
    title: str, outside: Sequence[TextRun], inside: Sequence[TextRun], url: str, calendar: Calendar
) -> Moment | None:
    """Return the date of a row. It is looked for outside the link, then in the link, then in the address."""
    others = [piece for piece in outside if piece.text != title]
    extra = [piece for piece in inside if piece.text != title]
    return (
        calendar.date_of_row(others)
        or calendar.date_of_row(extra)
        or calendar.date_of_address(url)
        or next(filter(None, (calendar.moment_at_end(line) for line in lines_of_runs(inside))), None)
    )


def _make_summary(runs: Sequence[TextRun], inside: Collection[HtmlElement], title: str) -> str:
    """Return the summary: the text of the link without the title, and the longest other line if it is long enough.

    `inside` are the elements of the link. Numbers of views are left out, since they change with every poll.
    """
    linked = lines_of_runs(strip_dates(run for run in runs if run.element in inside))
    titled = title if title in linked else next((line for line in linked if title in line), title)
    # A line that begins with the words of the title is a longer form of it.
    linked = [line for line in linked if line != titled and not _is_repeated_in(line, title) and not is_date(line)]
    kept = [line for line in linked if not is_label(line, ()) and _VIEW_COUNT.fullmatch(line) is None]
    blocks = zip(dict.fromkeys(run.block for run in runs), lines_of_runs(runs), strict=True)
    others = {block for block, line in blocks if title not in line and not _is_repeated_in(line, title)}
    outside = lines_of_runs(run for run in runs if run.block in others and run.element not in inside)
    longest = max((line for line in outside if not is_date(line)), key=text_width, default="")
    if text_width(longest) >= 2 * SURE_TITLE_WIDTH and longest not in kept:
        kept.append(longest)
    return "\n".join(kept)


def _is_repeated_in(line: str, title: str) -> bool:
    return line.rstrip(ELLIPSIS_CHARACTERS) in title


def significant_rows(rows: Iterable[Row]) -> list[Row]:
    """Return the rows with real content, without pagers and links such as "more"."""
    return [row for row in rows if row.title and row.has_title and (text_width(row.title) > 1 or row.published)]
