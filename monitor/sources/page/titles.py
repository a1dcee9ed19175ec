"""The titles of rows and links: which text is the title, and which is only a label such as "download"."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from lxml.html import HtmlElement

from monitor.sources.page.dated import is_date, is_dating, strip_date
from monitor.sources.page.document import TextRun, join_parts, lines, pieces, weight
from monitor.sources.plain import one_line, unescape

SAID: Final = 30
"""A link that says as much is a title; the first of several such is the row's."""

_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ALIKE: Final = 0.1
_FEWEST_ALIKE: Final = 3
_LITTLE: Final = 7
_MOST_SAID: Final = 160
_BREAKS: Final = frozenset({"br"})
_GENERIC = re.compile(
    r"(?:read |view |see |learn |show )?(?:more|pdf|html?|docx?|view|open|here|click here|details?"
    r"|full (?:text|story|article|opinion)|download(?: pdf)?|link|opinion|order|continue(?: reading)?|comments?"
    r"|next|previous|last|first|top|new|hot"
    r"|home(?:page)?|about(?: us)?|contact(?: us)?|site ?map|log ?in|sign (?:in|up|out)|register|subscribe|search|help"
    r"|faqs?|rss(?: feeds?)?|e-?mail|print|share|terms(?: (?:of|and) \w+)?|privacy(?: (?:policy|statement|notice))?"
    r"|cookies?(?: policy)?|accessibility(?: statement)?|disclaimer|copyright.{0,80}|advertise)\W*"
    r"|.{0,9}(?:ICP[备证]|公网安备|许可证[:：]|举报电话).{0,40}"
    r"|(?:设为首页|加入收藏|网站地图|关于我们|联系我们|网站声明|版权声明|隐私政策|返回顶部|登录|注册|打印|关闭|手机版"
    r"|无障碍)\W*"
    r"|[\[【(（]?(?:更多|详细|详情|查看|查看详情|查看更多|查看全文|阅读全文|全文|下载|点击下载|附件"
    r"|下一页|上一页|首页|尾页|末页|置顶|最新|new)[\]】)）]?\W*",
    re.IGNORECASE,
)
_FILE = re.compile(r"[\w.%-]+\.(?:pdf|docx?|xlsx?|html?|txt|rtf|zip|wpd)", re.IGNORECASE | re.ASCII)
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|wpd)(?:$|[?#])|/(?:download|attachment|getfile)\b", re.IGNORECASE)
CUT: Final = " .。…⋯"
"""What is at the end of a text that is cut short."""
_MARKS = re.compile(r"^(?:[·•●■◆▪▶►>»›\-–—*|]+\s*)+")
_PIN: Final = r"(?:置[顶頂]|[顶頂]|top|pinned|sticky)"
_PINNED = re.compile(rf"^(?:[\[【(（〔]\s*{_PIN}\s*[\]】)）〕]\s*)+", re.IGNORECASE)
_PIN_ALONE = re.compile(rf"[\[【(（〔]\s*{_PIN}\s*[\]】)）〕]|置[顶頂]", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:标题|题名|题目|(?:文件|信息|公告|项目)?名称|case (?:title|name)|title|subject|caption)\s*[:：]\s*(\S.*)",
    re.IGNORECASE,
)


def link_title(link: HtmlElement) -> str:
    """Return the title of a link: its text without a date; in full if it is shortened."""
    heading = next((part for part in link.iter(*_HEADINGS)), None)
    text = _strip_pin(unescape(_title_block(link if heading is None else heading)))
    pictures = (one_line(image.get("alt") or "") for image in link.iter("img") if image.get("alt"))
    return _strip_pin(in_full(text, link.get("title") or "")) or next(pictures, "")


def _title_block(element: HtmlElement) -> str:
    """Return the block of text that is the title. A line break separates blocks only if the text is too long."""
    if not len(element):
        return one_line(element.text or "")
    whole = _blocks(element, _BREAKS)
    text = next(filter(is_title, whole), "") or next(iter(whole), "")
    if weight(text) > _MOST_SAID:
        text = next(filter(is_title, _blocks(element, frozenset())), text)
    return max(whole, key=weight) if whole and next(element.iter("td"), None) is not None else text


def _blocks(element: HtmlElement, soft: frozenset[str]) -> list[str]:
    found = pieces(element, soft)
    stated = lines(strip_dates(found) or found)
    return [line for line in stated if not _is_generic(line)] or stated[:1]


def strip_dates(found: Iterable[TextRun]) -> list[TextRun]:
    """Return text runs without dates and pins at the ends of their blocks; a date between words stays."""
    found = list(found)
    if not any(map(_is_apart, found)):
        return found
    kept: list[TextRun] = []
    for _, block in groupby(found, key=lambda piece: piece.block):
        own = deque(block)
        while own and _is_apart(own[0]):
            own.popleft()
        while own and _is_apart(own[-1]):
            own.pop()
        kept += own
    return kept


def _is_apart(piece: TextRun) -> bool:
    return is_dating(piece) or _PIN_ALONE.fullmatch(piece.text) is not None


def _strip_pin(text: str) -> str:
    """Return a title without pin marks: an entry is pinned today, and has the same title tomorrow."""
    text = _MARKS.sub("", text)
    return _PINNED.sub("", text) or text


def labels_of(links: Sequence[HtmlElement]) -> frozenset[str]:
    """Return the texts that many links share ("Download", a department): they are labels, not titles.

    A picture, a title and "more" of one row may have the same text and target; that alone makes no label.
    """
    places: defaultdict[str, list[str]] = defaultdict(list)
    for link in links:
        places[link_title(link)].append(f"{link.get('href')} {link.get('onclick')}")
    least = max(_FEWEST_ALIKE, len(links) * _ALIKE)
    return frozenset(title for title, links_to in places.items() if len(links_to) >= least + (len(set(links_to)) == 1))


def in_full(text: str, attribute: str) -> str:
    """Return the `title` attribute if it continues a shortened `text`, or if `text` says nothing."""
    whole = one_line(unescape(attribute))
    whole = re.sub(r"^(?:标题|题名|Title)\s*[:：]\s*", "", whole.splitlines()[0] if whole else "", flags=re.IGNORECASE)
    stem = text.rstrip(CUT)
    if not text or _is_generic(text):
        return whole or text
    cut = stem != text.strip() or len(whole) > len(stem)
    same_start = re.sub(r"\W+", "", whole).startswith(re.sub(r"\W+", "", stem))
    return whole if cut and len(whole) >= len(stem) and same_start else text


def claim(link: HtmlElement, url: str, title: str) -> tuple[int, bool]:
    """Rate a link as the main link of its row: by the length of its text, more in a heading; then as a document."""
    said = min(weight(title), SAID) if is_title(title) else 0
    heading = any(parent.tag in _HEADINGS for parent in (link, link.getparent(), *link) if parent is not None)
    return said + (SAID if heading and said else 0), _DOCUMENT.search(url) is not None


def title_of(
    said: str, nodes: Sequence[HtmlElement], outside: Sequence[TextRun], labels: Collection[str]
) -> tuple[str, bool]:
    """Return the title, and whether it is one: the link's text, else a labelled text, a heading, or a long line."""
    if is_title(said):
        return said, True
    stated = lines(strip_dates(outside))
    own = [line for line in stated if not is_date(line) and not _is_generic(line) and line not in labels]
    longest = max(map(weight, own), default=0)
    long_lines = [strip_date(line) for line in own if weight(line) * 2 >= longest]
    named = (found[1] for line in own if (found := _NAMED.match(line)))
    others = [line for line in (*named, *_in_headings(nodes, labels), *long_lines) if weight(line) > weight(said)]
    if others and (weight(others[0]) >= _LITTLE or not weight(said)):
        return _MARKS.sub("", others[0]), True
    return said, bool(said) and not _is_generic(said) and not is_date(said)


def _in_headings(nodes: Sequence[HtmlElement], labels: Collection[str]) -> Iterator[str]:
    for node in nodes:
        for heading in node.iter(*_HEADINGS):
            said = join_parts(lines(pieces(heading)))
            if said not in labels and not _is_generic(said):
                yield said


def is_label(text: str, labels: Collection[str]) -> bool:
    """Return whether a link's text only says what can be done with it, or is shared by many links."""
    return text in labels or _is_generic(text)


def is_title(text: str) -> bool:
    """Return whether a text is long enough for a title, and is not a date, a file or a label."""
    return weight(text) >= _LITTLE and not _is_generic(text) and not is_date(text) and _FILE.fullmatch(text) is None


def _is_generic(text: str) -> bool:
    return _GENERIC.fullmatch(text.strip()) is not None
