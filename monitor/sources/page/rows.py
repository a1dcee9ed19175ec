"""A row of a list: which link is its own, what it is called, when it is dated, what else it says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

from monitor.model import Entry, Moment
from monitor.sources.page.columns import misleading
from monitor.sources.page.dated import Calendar, is_date
from monitor.sources.page.document import Piece, address, joined, lines, links_in, pieces, weight
from monitor.sources.plain import one_line, unescape

_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LONGEST_TITLE: Final = 300
_LONGEST_SUMMARY: Final = 2000
_SAID: Final = 30  # a link that says as much is a title; the first of several such is the row's
_ALIKE: Final = 0.1
_FEWEST_ALIKE: Final = 3
_LITTLE: Final = 7
_GENERIC = re.compile(
    r"(?:read |view |see |learn |show )?(?:more|pdf|html?|docx?|view|open|here|click here|details?"
    r"|full (?:text|story|article|opinion)|download(?: pdf)?|link|opinion|order|continue(?: reading)?|comments?"
    r"|next|previous|last|first|top|new|hot)\W*"
    r"|[\[【(（]?(?:更多|详细|详情|查看|查看详情|查看更多|查看全文|阅读全文|全文|下载|点击下载|附件"
    r"|下一页|上一页|首页|尾页|末页|置顶|最新|new)[\]】)）]?\W*",
    re.IGNORECASE,
)
_FILE = re.compile(r"[\w.%-]+\.(?:pdf|docx?|xlsx?|html?|txt|rtf|zip|wpd)", re.IGNORECASE | re.ASCII)
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|wpd)(?:$|[?#])", re.IGNORECASE)
_CUT: Final = " .。…⋯"
_MARKS = re.compile(r"^(?:[·•●■◆▪▶►>»›\-–—*|]+\s*)+")


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands on the page: the elements that make it, and what was found in them."""

    nodes: tuple[HtmlElement, ...]
    url: str
    title: str
    published: Moment | None
    summary: str = ""
    named: bool = True

    def entry(self) -> Entry:
        """The row as an entry, still without its key."""
        return Entry(
            key="", title=self.title[:_LONGEST_TITLE], url=self.url, published=self.published,
            summary=self.summary[:_LONGEST_SUMMARY],
        )  # fmt: skip


def read_row(
    nodes: Sequence[HtmlElement],
    base: str,
    calendar: Calendar,
    *,
    texts: Sequence[str] = (),
    labels: Collection[str] = (),
) -> Row | None:
    """What the elements of a row say; None if nothing in them leads anywhere.

    `texts` stand loose beside them. `labels` are what links in many rows say alike, which is no title.
    """
    links = [(link, url) for node in nodes for link in links_in(node) if (url := address(link, base))]
    if not links:
        return None
    stated = [link_title(link) for link, _ in links]
    titles = ["" if title in labels else title for title in stated]
    claims = [_claim(link, url, title) for (link, url), title in zip(links, titles, strict=True)]
    chosen = claims.index(max(claims))
    link, url = links[chosen]
    found = _pieces(nodes, texts)
    inside = _within(link)
    outside = [piece for piece in found if piece.element not in inside]
    title, named = _title(titles[chosen], nodes, outside)
    if not named and _is_title(stated[chosen]):
        title, named = stated[chosen], True  # every row is called so, as reports that come daily are
    misled = misleading(nodes[0])
    dating = [piece for piece in outside if piece.element not in misled]
    published = _date(stated[chosen], dating, [piece for piece in found if piece.element in inside], url, calendar)
    return Row(tuple(nodes), url, title, published, _summary(found, title), named)


def _pieces(nodes: Sequence[HtmlElement], texts: Sequence[str]) -> list[Piece]:
    """All that a row says; each element and each loose text is a block of its own at least."""
    found: list[Piece] = []
    for node in nodes:
        start = found[-1].block + 1 if found else 0
        found.extend(piece._replace(block=piece.block + start) for piece in pieces(node))
    start = found[-1].block + 1 if found else 0
    home = nodes[0].getparent()
    stray = nodes[0] if home is None else home
    return [*found, *(Piece(one_line(text), stray, start + number) for number, text in enumerate(texts))]


def link_title(link: HtmlElement) -> str:
    """What a link calls that to which it leads: its text without a date in it; in full where the text is cut short."""
    heading = next((part for part in link.iter(*_HEADINGS)), None)
    found = pieces(link if heading is None else heading)
    kept = [piece for piece in found if not is_date(piece.text)] or found
    text = next((line for line in lines(kept) if not _generic(line)), "") or next(iter(lines(kept)), "")
    text = _MARKS.sub("", unescape(text))
    return in_full(text, link.get("title") or "") or _alternative(link)


def labels_of(links: Sequence[HtmlElement]) -> frozenset[str]:
    """What many links say alike ("Download", a department): a label, no title.

    A picture, a title and "more" of one row may say the same of one place; that alone makes no label.
    """
    places: defaultdict[str, list[str]] = defaultdict(list)
    for link in links:
        places[link_title(link)].append(f"{link.get('href')} {link.get('onclick')}")
    least = max(_FEWEST_ALIKE, len(links) * _ALIKE)
    return frozenset(title for title, told in places.items() if len(told) >= least + (len(set(told)) == 1))


def in_full(text: str, attribute: str) -> str:
    """The `title` attribute where it says what `text` cuts short, or says something where `text` does not."""
    whole = one_line(unescape(attribute))
    whole = re.sub(r"^(?:标题|题名|Title)\s*[:：]\s*", "", whole.splitlines()[0] if whole else "", flags=re.IGNORECASE)
    stem = text.rstrip(_CUT)
    if not text or _generic(text):
        return whole or text
    cut = stem != text.strip() or len(whole) > len(stem)
    return whole if cut and len(whole) > len(stem) and _same_start(whole, stem) else text


def _same_start(whole: str, stem: str) -> bool:
    return re.sub(r"\W+", "", whole).startswith(re.sub(r"\W+", "", stem)) if stem else True


def _alternative(link: HtmlElement) -> str:
    return next((one_line(image.get("alt") or "") for image in link.iter("img") if image.get("alt")), "")


def _claim(link: HtmlElement, url: str, title: str) -> tuple[int, bool]:
    """How strongly a link claims to be the row's: what it says up to a measure, in a heading more; then a document."""
    said = min(weight(title), _SAID) if _is_title(title) else 0
    heading = any(parent.tag in _HEADINGS for parent in (link, link.getparent(), *link) if parent is not None)
    return said + (_SAID if heading and said else 0), _DOCUMENT.search(url) is not None


def _within(link: HtmlElement) -> set[HtmlElement]:
    return set(link.iter())


def _title(said: str, nodes: Sequence[HtmlElement], outside: Sequence[Piece]) -> tuple[str, bool]:
    """The title and whether it is one: the link's, else a heading of the row, else the first line that says much."""
    if _is_title(said):
        return said, True
    headings = (part for node in nodes for part in node.iter(*_HEADINGS))
    stated = [joined(lines(pieces(heading))) for heading in headings]
    own = [line for line in lines(outside) if not is_date(line) and not _generic(line)]
    most = max(map(weight, own), default=0)
    own = [line for line in own if weight(line) * 2 >= most]
    others = [line for line in (*stated, *own) if weight(line) > weight(said)]
    if others and (weight(others[0]) >= _LITTLE or not weight(said)):
        return _MARKS.sub("", others[0]), True
    return said, bool(said) and not _generic(said) and not is_date(said)


def _date(title: str, outside: Sequence[Piece], inside: Sequence[Piece], url: str, calendar: Calendar) -> Moment | None:
    """In order: what stands beside the title, what stands in the link beside it, the address."""
    beside = [piece for piece in outside if piece.text != title]
    extra = [piece for piece in inside if piece.text != title]
    return (
        calendar.of_row(beside)
        or calendar.of_row(extra)
        or calendar.of_address(url)
        or next(filter(None, (calendar.trailing(line) for line in lines(inside))), None)
    )


def _summary(found: Sequence[Piece], title: str) -> str:
    """The line that says most beside the title, if it is a sentence or more."""
    others = (line for line in lines(found) if title not in line and line not in title and not is_date(line))
    longest = max(others, key=weight, default="")
    return longest if weight(longest) >= 2 * _SAID else ""


def _is_title(text: str) -> bool:
    return weight(text) >= _LITTLE and not _generic(text) and not is_date(text) and _FILE.fullmatch(text) is None


def _generic(text: str) -> bool:
    return _GENERIC.fullmatch(text.strip()) is not None


def telling(rows: Iterable[Row]) -> list[Row]:
    """The rows that say something: no pagers, no "more"."""
    return [row for row in rows if row.title and row.named and (weight(row.title) > 1 or row.published)]
