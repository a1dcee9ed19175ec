"""Find the titles of rows and links, and recognise texts that are only labels such as "download"."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from lxml.html import HtmlElement

from monitor.sources.page.dated import is_date, is_date_run, strip_date
from monitor.sources.page.document import TextRun, join_parts, lines_of_runs, text_runs, text_width
from monitor.sources.plain import one_line, unescape

SURE_TITLE_WIDTH: Final = 30
"""A link text of at least this width is certainly a title. Of several such links, the first one has the title."""

_HEADING_TAGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MIN_SHARE_OF_LABEL: Final = 0.1
_MIN_USES_OF_LABEL: Final = 3
_MIN_TITLE_WIDTH: Final = 7
_MAX_TITLE_WIDTH: Final = 160
_BREAK_TAGS: Final = frozenset({"br"})
_GENERIC_LABEL = re.compile(
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
_FILE_NAME = re.compile(r"[\w.%-]+\.(?:pdf|docx?|xlsx?|html?|txt|rtf|zip|wpd)", re.IGNORECASE | re.ASCII)
_DOCUMENT_ADDRESS = re.compile(r"\.(?:pdf|docx?|wpd)(?:$|[?#])|/(?:download|attachment|getfile)\b", re.IGNORECASE)
ELLIPSIS_CHARACTERS: Final = " .。…⋯"
"""Characters at the end of a shortened text."""
_LEADING_BULLETS = re.compile(r"^(?:[·•●■◆▪▶►>»›\-–—*|]+\s*)+")
_PIN_WORD: Final = r"(?:置[顶頂]|[顶頂]|top|pinned|sticky)"
_PIN_AT_START = re.compile(rf"^(?:[\[【(（〔]\s*{_PIN_WORD}\s*[\]】)）〕]\s*)+", re.IGNORECASE)
_PIN_ALONE = re.compile(rf"[\[【(（〔]\s*{_PIN_WORD}\s*[\]】)）〕]|置[顶頂]", re.IGNORECASE)
_LABELLED_TITLE = re.compile(
    r"(?:标题|题名|题目|(?:文件|信息|公告|项目)?名称|case (?:title|name)|title|subject|caption)\s*[:：]\s*(\S.*)",
    re.IGNORECASE,
)


def link_title(link: HtmlElement) -> str:
    """Return the title of a link: its text without a date. A shortened text is completed by the `title` attribute."""
    heading = next((part for part in link.iter(*_HEADING_TAGS)), None)
    text = _strip_pin(unescape(_title_block(link if heading is None else heading)))
    pictures = (one_line(image.get("alt") or "") for image in link.iter("img") if image.get("alt"))
    return _strip_pin(complete_title(text, link.get("title") or "")) or next(pictures, "")


def _title_block(element: HtmlElement) -> str:
    """Return the block of text that is the title. A line break begins a new block only if the text is too long."""
    if not len(element):
        return one_line(element.text or "")
    whole = _title_lines(element, _BREAK_TAGS)
    text = next(filter(is_title, whole), "") or next(iter(whole), "")
    if text_width(text) > _MAX_TITLE_WIDTH:
        text = next(filter(is_title, _title_lines(element, frozenset())), text)
    return max(whole, key=text_width) if whole and next(element.iter("td"), None) is not None else text


def _title_lines(element: HtmlElement, word_breaks: frozenset[str]) -> list[str]:
    found = text_runs(element, word_breaks)
    block_lines = lines_of_runs(strip_dates(found) or found)
    return [line for line in block_lines if not _is_generic(line)] or block_lines[:1]


def strip_dates(runs: Iterable[TextRun]) -> list[TextRun]:
    """Return texts without dates and marks of pinned entries at both ends of a block. A date between words is kept."""
    runs = list(runs)
    if not any(map(_is_date_or_pin, runs)):
        return runs
    kept: list[TextRun] = []
    for _, block in groupby(runs, key=lambda piece: piece.block):
        own = deque(block)
        while own and _is_date_or_pin(own[0]):
            own.popleft()
        while own and _is_date_or_pin(own[-1]):
            own.pop()
        kept += own
    return kept


def _is_date_or_pin(piece: TextRun) -> bool:
    return is_date_run(piece) or _PIN_ALONE.fullmatch(piece.text) is not None


def _strip_pin(text: str) -> str:
    """Return a title without a mark such as "[top]": when the entry is no longer pinned, its title must be the same."""
    text = _LEADING_BULLETS.sub("", text)
    return _PIN_AT_START.sub("", text) or text


def labels_of(links: Sequence[HtmlElement]) -> frozenset[str]:
    """Return the texts that many links share ("Download", a department): they are labels, not titles.

    If links have the same text and the same target (picture and title of one row), they count only once.
    """
    places: defaultdict[str, list[str]] = defaultdict(list)
    for link in links:
        places[link_title(link)].append(f"{link.get('href')} {link.get('onclick')}")
    least = max(_MIN_USES_OF_LABEL, len(links) * _MIN_SHARE_OF_LABEL)
    return frozenset(title for title, links_to in places.items() if len(links_to) >= least + (len(set(links_to)) == 1))


def complete_title(text: str, attribute: str) -> str:
    """Return the `title` attribute if `text` is a shortened form of it or has no meaning; else `text`."""
    whole = one_line(unescape(attribute))
    whole = re.sub(r"^(?:标题|题名|Title)\s*[:：]\s*", "", whole.splitlines()[0] if whole else "", flags=re.IGNORECASE)
    stem = text.rstrip(ELLIPSIS_CHARACTERS)
    if not text or _is_generic(text):
        return whole or text
    cut = stem != text.strip() or len(whole) > len(stem)
    same_start = re.sub(r"\W+", "", whole).startswith(re.sub(r"\W+", "", stem))
    return whole if cut and len(whole) >= len(stem) and same_start else text


def rate_link(link: HtmlElement, url: str, title: str) -> tuple[int, bool]:
    """Return a rating of a link as the main link of its row, for comparison.

    It grows with the length of the text and is higher in a heading. Of equal links, a link to a document is higher.
    """
    title_width = min(text_width(title), SURE_TITLE_WIDTH) if is_title(title) else 0
    in_heading = any(parent.tag in _HEADING_TAGS for parent in (link, link.getparent(), *link) if parent is not None)
    return title_width + (SURE_TITLE_WIDTH if in_heading and title_width else 0), _DOCUMENT_ADDRESS.search(
        url
    ) is not None


def title_of(
    link_text: str, nodes: Sequence[HtmlElement], outside: Sequence[TextRun], labels: Collection[str]
) -> tuple[str, bool]:
    """Return the title of a row, and whether it really is a title.

    It is the text of the link, else a text with a label, a heading or a long line.
    """
    if is_title(link_text):
        return link_text, True
    outside_lines = lines_of_runs(strip_dates(outside))
    candidates = [line for line in outside_lines if not is_date(line) and not _is_generic(line) and line not in labels]
    longest = max(map(text_width, candidates), default=0)
    long_lines = [strip_date(line) for line in candidates if text_width(line) * 2 >= longest]
    named = (found[1] for line in candidates if (found := _LABELLED_TITLE.match(line)))
    others = [
        line
        for line in (*named, *_heading_texts(nodes, labels), *long_lines)
        if text_width(line) > text_width(link_text)
    ]
    if others and (text_width(others[0]) >= _MIN_TITLE_WIDTH or not text_width(link_text)):
        return _LEADING_BULLETS.sub("", others[0]), True
    return link_text, bool(link_text) and not _is_generic(link_text) and not is_date(link_text)


def _heading_texts(nodes: Sequence[HtmlElement], labels: Collection[str]) -> Iterator[str]:
    for node in nodes:
        for heading in node.iter(*_HEADING_TAGS):
            text = join_parts(lines_of_runs(text_runs(heading)))
            if text not in labels and not _is_generic(text):
                yield text


def is_label(text: str, labels: Collection[str]) -> bool:
    """Return whether the text of a link only says what can be done ("download"), or is shared by many links."""
    return text in labels or _is_generic(text)


def is_title(text: str) -> bool:
    """Return whether a text can be a title: it is long enough, and not a date, a file name or a label."""
    return (
        text_width(text) >= _MIN_TITLE_WIDTH
        and not _is_generic(text)
        and not is_date(text)
        and _FILE_NAME.fullmatch(text) is None
    )


def _is_generic(text: str) -> bool:
    return _GENERIC_LABEL.fullmatch(text.strip()) is not None
