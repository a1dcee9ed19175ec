"""Find the authors of an article: in structured data and `<meta>`, else in the text of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from lxml import html

from monitor.articles.stated import StructuredData, plain_line
from monitor.text.safe import plain_text

_META_NAMES: Final = (
    "author", "article:author_name", "parsely-author", "sailthru.author", "dc.creator", "citation_author", "byl",
    "dcterms.creator", "article:author",
)  # fmt: skip
_NON_PERSON_NAME = re.compile(
    r"https?://|@|^\d*$|^(?:name|admin|administrator|webmaster|编辑|本站|佚名|未知|管理员|none|null|n/a)$",
    re.IGNORECASE,
)
# Chinese pages often name the newspaper or agency as the author.
_NEWS_ORGANISATION = re.compile(
    r"[\u4e00-\u9fff](?:网|网站|频道|客户端|新闻|报|通讯社|电视台|编辑部|财经|科技|办公室|委员会)$|自媒体"
    r"|^(?:新华社|网易|新浪|搜狐|腾讯|凤凰|参考消息)$|\.(?:net|com|cn)$",
    re.IGNORECASE,
)
_HAN_CHARACTERS: Final = "\u4e00-\u9fff"
_CHINESE_NAMES: Final = rf"[{_HAN_CHARACTERS}·]{{2,8}}(?:[ 、，,\u3000]+[{_HAN_CHARACTERS}·]{{2,8}}){{0,5}}"
_AUTHOR_LABEL = re.compile(rf"(?:^|[\s|｜])(?:作\s?者|撰文|执笔)\s?[:：/]\s?({_CHINESE_NAMES})(?=$|[\s|｜（(])")
_REPORTER_LABEL = re.compile(
    rf"[（(【][{_HAN_CHARACTERS}]{{0,8}}\s?记者\s?[:：]?\s?(?P<within>{_CHINESE_NAMES})[\s）)】]"
    rf"|(?:^|\n)[{_HAN_CHARACTERS}]{{0,10}}记者[\s:：]+(?P<alone>{_CHINESE_NAMES})(?=\n|$)"
)
_CHINESE_NAME = re.compile(
    rf"(?!整合|报道|通讯员|实习生|摄影|编辑|记者|综合|来源|时间|发自|未知|网络|佚名|本站|原创|匿名)(?:[{_HAN_CHARACTERS}]{{2,4}}|[{_HAN_CHARACTERS}]{{1,6}}·[{_HAN_CHARACTERS}·]{{1,8}})"
)
_NAME_SEPARATOR = re.compile(r"\s*[,;、，；/|]\s*|\s+(?:and|&)\s+")
_MAX_LABEL_LINE_LENGTH: Final = 120
_OPENING_LENGTH: Final = 400
_MAX_AUTHORS: Final = 20
_MAX_NAME_LENGTH: Final = 80


def authors_of(data: StructuredData, tree: html.HtmlElement, lines: Sequence[str], text: str) -> tuple[str, ...]:
    """Return the authors named in structured data or `<meta>`, else in elements for authors, in `lines` or in `text`.

    A newspaper or agency is not an author: see `Article.site` and `Article.origin`.
    """
    names = data.names("author") or data.names("creator")
    if not names:
        stated_name = next((value for name in _META_NAMES if (value := data.meta.get(name)) and "://" not in value), "")
        names = tuple(_NAME_SEPARATOR.split(plain_line(stated_name)))
    for candidates in (names, _marked_names(tree), _printed_names(lines, text)):
        if kept := dict.fromkeys(name for raw in candidates if (name := _clean_name(raw))):
            return tuple(kept)[:_MAX_AUTHORS]
    return ()


def _marked_names(tree: html.HtmlElement) -> Iterator[str]:
    """Yield the texts of links with `rel=author` and of elements that are marked as an author."""
    for element in islice(tree.iterfind(".//*[@rel='author']"), _MAX_AUTHORS):
        yield " ".join(element.text_content().split())
    for element in islice(tree.iterfind(".//*[@itemprop='author']"), _MAX_AUTHORS):
        named = element.find(".//*[@itemprop='name']")
        yield " ".join((element if named is None else named).text_content().split())


def _clean_name(raw: str) -> str:
    name = re.sub(r"^(?:by|von|par|por)\s+", "", plain_text(raw).strip(), flags=re.IGNORECASE)
    return (
        "" if _NON_PERSON_NAME.search(name) or _NEWS_ORGANISATION.search(name) or len(name) > _MAX_NAME_LENGTH else name
    )


def _printed_names(lines: Sequence[str], text: str) -> Iterator[str]:
    """Yield the Chinese names after the first label 作者：, else after 记者 near the start of the text."""
    labelled = (
        found[1] for line in lines if len(line) <= _MAX_LABEL_LINE_LENGTH and (found := _AUTHOR_LABEL.search(line))
    )
    reported = (found["within"] or found["alone"] for found in _REPORTER_LABEL.finditer(text[:_OPENING_LENGTH]))
    for names in (*labelled, *reported):
        people = [
            name
            for name in re.split(r"[\s、，,]+", names)
            if _CHINESE_NAME.fullmatch(name) and not _NEWS_ORGANISATION.search(name)
        ]
        if people:
            yield from people
            return
