"""The content of a row: its own link, its title, its date, and its summary."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

from monitor.model import Entry, Moment
from monitor.sources.page.columns import elements_of_other_dates
from monitor.sources.page.dated import Calendar, is_date
from monitor.sources.page.document import TextRun, address, lines, links_in, pieces, weight
from monitor.sources.page.prose import in_sentence
from monitor.sources.page.titles import CUT, SAID, claim, is_label, is_title, link_title, strip_dates, title_of
from monitor.sources.plain import one_line

_LONGEST_TITLE: Final = 300
_LONGEST_SUMMARY: Final = 2000
# Rules look at both, so what is longer is said (`shortened`): the whole text is on the entry's own page.
_WAY = re.compile(r"home(?: ?page)?|start|back|top|返回(?:首页|顶部|上页)?|首页|首頁|主页", re.IGNORECASE)
"""What leads through the site; without a date it is no entry, whatever heading is next to it."""
_COUNT = re.compile(
    r"\D{0,12}(?:点击|點擊|點閱|浏览|瀏覽|阅读|閱讀|访问|訪問|评论|評論|回复|点赞|次数|次數|人气|人氣)\D{0,6}[\d,.万萬k+]+\D{0,6}"
    r"|[\d,.万萬km+]*\s*(?:views?|reads?|hits|comments?|likes?|shares?|downloads?|次|阅读|浏览)?\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a page: its elements, and the data found in them.

    `in_text` says that its link is in the middle of a sentence.
    """

    nodes: tuple[HtmlElement, ...]
    url: str
    title: str
    published: Moment | None
    summary: str = ""
    has_title: bool = True
    in_text: bool = False

    def entry(self) -> Entry:
        """Return the row as an entry, still without its key."""
        return Entry(
            key="",
            title=self.title[:_LONGEST_TITLE],
            url=self.url,
            published=self.published,
            summary=self.summary[:_LONGEST_SUMMARY],
        )


def shortened(rows: Iterable[Row]) -> tuple[str, ...]:
    """Return a message with the number of rows whose texts were shortened."""
    number = sum(len(row.title) > _LONGEST_TITLE or len(row.summary) > _LONGEST_SUMMARY for row in rows)
    if not number:
        return ()
    what = f"{number:,} {'entry says' if number == 1 else 'entries say'} more than is kept"
    return (f"{what} of a list: {_LONGEST_TITLE} characters of a title, {_LONGEST_SUMMARY:,} of a summary",)


def read_row(
    nodes: Sequence[HtmlElement],
    base: str,
    calendar: Calendar,
    *,
    texts: Sequence[str] = (),
    labels: Collection[str] = (),
) -> Row | None:
    """Read the data of a row from its elements; None if they have no link.

    `texts` are texts next to them. `labels` are link texts that many rows share, which are not titles.
    """
    links = [(link, url) for node in nodes for link in links_in(node) if (url := address(link, base))]
    if not links:
        return None
    stated = [link_title(link) for link, _ in links]
    titles = ["" if title in labels else title for title in stated]
    claims = [claim(link, url, title) for (link, url), title in zip(links, titles, strict=True)]
    chosen = claims.index(max(claims))
    link, url = links[chosen]
    found = _pieces(nodes, texts)
    inside = _within(link)
    outside = [piece for piece in found if piece.element not in inside]
    muted = _within(*(link for (link, _), said in zip(links, stated, strict=True) if is_label(said, labels)))
    title, named = title_of(titles[chosen], nodes, [piece for piece in outside if piece.element not in muted], labels)
    if not named and is_title(stated[chosen]):
        title, named = stated[chosen], True  # every row is called so, as reports that come daily are
    misdated = elements_of_other_dates(nodes[0])
    dating = [piece for piece in outside if piece.element not in misdated]
    published = _date(stated[chosen], dating, [piece for piece in found if piece.element in inside], url, calendar)
    if published is None and _WAY.fullmatch(stated[chosen]):
        return None
    in_text = is_title(stated[chosen]) and in_sentence(link)
    own = inside if link.tag == "a" and title == titles[chosen] else set[HtmlElement]()
    summary = _summary(found, own, title)
    return Row(tuple(nodes), url, title, published, summary, named, in_text)


def _pieces(nodes: Sequence[HtmlElement], texts: Sequence[str]) -> list[TextRun]:
    """Return all text runs of a row; each element and each text next to them is at least a block of its own."""
    found: list[TextRun] = []
    for node in nodes:
        start = found[-1].block + 1 if found else 0
        found.extend(piece._replace(block=piece.block + start) for piece in pieces(node))
    start = found[-1].block + 1 if found else 0
    home = nodes[0].getparent()
    stray = nodes[0] if home is None else home
    return [*found, *(TextRun(one_line(text), stray, start + number) for number, text in enumerate(texts))]


def _within(*links: HtmlElement) -> set[HtmlElement]:
    return {element for link in links for element in link.iter()}


def _date(
    title: str, outside: Sequence[TextRun], inside: Sequence[TextRun], url: str, calendar: Calendar
) -> Moment | None:
    """Return the date: from outside the link, from the link without its title, or from the address, in this order."""
    others = [piece for piece in outside if piece.text != title]
    extra = [piece for piece in inside if piece.text != title]
    return (
        calendar.of_row(others)
        or calendar.of_row(extra)
        or calendar.of_address(url)
        or next(filter(None, (calendar.trailing(line) for line in lines(inside))), None)
    )


def _summary(found: Sequence[TextRun], inside: Collection[HtmlElement], title: str) -> str:
    """Return the text of the link without its title, and the longest other line of the row if it is long enough.

    `inside` are the elements of the link. Counts of views are left out: they change with every poll.
    """
    linked = lines(strip_dates(run for run in found if run.element in inside))
    titled = title if title in linked else next((line for line in linked if title in line), title)
    # A further line that begins with the same words says more than the title.
    linked = [line for line in linked if line != titled and not _repeats(line, title) and not is_date(line)]
    kept = [line for line in linked if not is_label(line, ()) and _COUNT.fullmatch(line) is None]
    blocks = zip(dict.fromkeys(run.block for run in found), lines(found), strict=True)
    others = {block for block, line in blocks if title not in line and not _repeats(line, title)}
    outside = lines(run for run in found if run.block in others and run.element not in inside)
    longest = max((line for line in outside if not is_date(line)), key=weight, default="")
    if weight(longest) >= 2 * SAID and longest not in kept:
        kept.append(longest)
    return "\n".join(kept)


def _repeats(line: str, title: str) -> bool:
    return line.rstrip(CUT) in title


def significant_rows(rows: Iterable[Row]) -> list[Row]:
    """Return the rows with real content: no pagers, no "more"."""
    return [row for row in rows if row.title and row.has_title and (weight(row.title) > 1 or row.published)]
