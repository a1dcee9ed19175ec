"""Find what a page names: its site, the source of the article, its own address, and linked documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from lxml import html

from monitor.articles.stated import StructuredData, first_link, plain_line
from monitor.text.address import absolute_url, canonical_url, host_of

_ORIGIN_LABEL = re.compile(
    r"(?:(?:信息|文章|稿件|新闻|内容)?(?:来源|來源|稿源)(?:于|自)?|出处)\s*[：:]\s*(?P<han>[^\s|｜,，;；。（(【\[]{2,40})"
    r"|^Sources?\s*:\s*(?P<latin>[A-Z][\w.'’& -]{1,50}?)(?:\s*[|,;·]|\s{2,}|$)"
)
_NON_ORIGIN_TEXT = re.compile(
    r"^(?:作者|时间|时 间|日期|编辑|责任编辑|浏览|点击|发布|字体|字号|分享|打印|互联网|网络|本站|http|未知|原创|-)"
)
_WORDS_AFTER_ORIGIN = re.compile(
    r"(?:作者|编辑|责任编辑|责编|时间|日期|发布|浏览|点击|字体|字号|分享|打印|(?:19|20)\d\d[-年/.]).*$"
)
_DOCUMENT_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|rtf|zip|rar|7z|csv)\s*(?=[?#]|$)", re.IGNORECASE)
_MAX_ATTACHMENTS: Final = 50  # rules do not use linked documents; they are only shown
_MAX_NAME_LENGTH: Final = 80
_MIN_DISTINCTIVE_LENGTH: Final = 4
_MAX_WINDOW_TITLE: Final = 500
_TOKEN = re.compile(r"[^\W_]{4,}")
_TITLE_SEPARATOR = re.compile(
    r"^\s*[-|–—_»«·]+\s*|\s[-|–—»«·]+\s|\s*(?:[|_»—]|--)\s*|(?<=[\u4e00-\u9fff])-|-(?=[\u4e00-\u9fff])"
)
_INSTITUTION = re.compile(
    r"[\u4e00-\u9fff].{0,30}(?:网|網|网站|政府|委员会|管委会|委|站|频道|新闻|资讯|财经|科技|传媒|日报|晚报|早报|时报|商报|报|局|厅|部|办公室"
    r"|中心|门户|平台|社|大学|学院|医院|协会|学会|研究院|客户端|周刊|杂志|官网|電子報|新聞)"
)


def site_of(data: StructuredData, window_title: str = "", title: str = "", url: str = "") -> str | None:
    """Return the name of the site; None if it is not found.

    It is the name that the page states in its metadata, else a part after `title` in `window_title`. Such a part counts
    only if it looks like the name of a Chinese institution, or is similar to the host of `url`.
    """
    publisher = data.names("publisher")
    meta = data.meta
    names = (meta.get("og:site_name"), meta.get("sitename"), *publisher, meta.get("application-name"))
    named = next((name for raw in names if raw and (name := plain_line(raw)) and len(name) <= _MAX_NAME_LENGTH), None)
    return named or _site_behind_title(title, plain_line(window_title[:_MAX_WINDOW_TITLE]), host_of(url))


def _site_behind_title(title: str, window_title: str, host: str) -> str | None:
    if not title or not window_title.startswith(title):
        return None
    for part in map(str.strip, reversed(_TITLE_SEPARATOR.split(window_title[len(title) :])[1:])):
        letters = "".join(char for char in part.casefold() if char.isalnum())
        if _INSTITUTION.fullmatch(part) or (
            len(letters) >= _MIN_DISTINCTIVE_LENGTH and letters in host.replace(".", "")
        ):
            return part
    return None


def origin_of(data: StructuredData, lines: Sequence[str]) -> str | None:
    """Return the source that the page names for its article (来源：新华社); None if it names no source."""
    official = plain_line(data.meta.get("contentsource", ""))
    if official and not _NON_ORIGIN_TEXT.match(official):
        return official[:_MAX_NAME_LENGTH]
    for line in lines:
        if found := _ORIGIN_LABEL.search(line[:300]):
            name = _WORDS_AFTER_ORIGIN.sub("", found["han"] or found["latin"]).strip(" ：:-—》〉」』】")
            if len(name) > 1 and not _NON_ORIGIN_TEXT.match(name):
                return name
    return None


def base_of(tree: html.HtmlElement, url: str) -> str:
    """Return the base address for relative links on the page."""
    href_of_base = next((href for element in tree.iter("base") if (href := element.get("href"))), "")
    return absolute_url(url, href_of_base) or url


def address_of(tree: html.HtmlElement, data: StructuredData, url: str) -> str:
    """Return the address that the page states as its own, if it can be the address of this page; else `url`.

    Some templates state the home page, or the address of the same article on every page. If these were trusted, many
    articles would be merged. So the stated address counts only if it is on the same site and if its longest word or
    number is also in `url`.
    """
    for stated in (first_link(tree, "canonical"), data.meta.get("og:url", "")):
        address = absolute_url(base_of(tree, url), stated) if stated else ""
        if address and _is_same_page(address, url):
            return address
    return url


def canonical_of(tree: html.HtmlElement, stated: StructuredData, url: str) -> str:
    """Return the address that the page states as its own; "" if it is on another site or is a home page.

    The address may look very different from `url` (a name instead of a number), or may be an error of a template. So it
    is not enough to identify an article: the texts must be compared too.
    """
    said = first_link(tree, "canonical") or stated.meta.get("og:url", "")
    address = absolute_url(base_of(tree, url), said) if said else ""
    if not address or host_of(canonical_url(address)) != host_of(canonical_url(url)):
        return ""
    parts = urlsplit(canonical_url(address))
    return address if parts.path.strip("/") or parts.query or parts.fragment else ""


def _is_same_page(address: str, url: str) -> bool:
    if _site_host(address) != _site_host(url):
        return False
    parts = urlsplit(address)
    tokens = _TOKEN.findall(parts.path.rstrip("/").rpartition("/")[2]) + _TOKEN.findall(parts.query)
    longest = max(tokens, key=len, default="")
    return (
        len(longest) >= _MIN_DISTINCTIVE_LENGTH
        and longest in url
        and not (set(_long_numbers(url)) - set(_long_numbers(address)))
    )


def _long_numbers(address: str) -> list[str]:
    parts = urlsplit(address)
    return re.findall(r"\d{3,}", parts.path)


def _site_host(address: str) -> str:
    host = host_of(address)
    for prefix in ("www.", "m.", "wap.", "mobile.", "amp."):
        host = host.removeprefix(prefix)
    return host


def attachments_of(tree: html.HtmlElement, url: str) -> tuple[str, ...]:
    """Return the absolute addresses of the documents that the page links to, in the order of the page."""
    base = base_of(tree, url)
    found: dict[str, None] = {}
    for element in tree.iter("a"):
        href = element.get("href") or ""
        # Check the link as written first: most links are no documents, and to make an address absolute is slow.
        address = absolute_url(base, href) if _DOCUMENT_FILE.search(href) else ""
        if address and _DOCUMENT_FILE.search(urlsplit(address).path):
            found.setdefault(address)
        if len(found) >= _MAX_ATTACHMENTS:
            break
    return tuple(found)
