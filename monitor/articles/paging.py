"""The next page of an article that is on several pages. Pure.

What a link is called never decides alone: "next" is the next story as often as the next page. So only an address
counts that is the article's own with the number of a page put into it, or with the next number in place of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import urljoin

from lxml import html

from monitor.text.address import Address, absolute_url, parse

_CLICKED = re.compile(
    r"^(?:javascript:)?\s*(?:window\.|document\.)?location(?:\.href)?\s*=\s*[\"']([^\"']{1,500})[\"']"
)
_MOST_LINKS: Final = 5_000
_LONGEST_LABEL: Final = 40
_NEXT_PAGE = re.compile(
    r"\W*(?:下一?[页頁]|[后後]一?[页頁]|next\s+page|go\s+to\s+next\s+page|page\s+suivante|nächste\s+seite"
    r"|página\s+siguiente|次のページ|次へ|다음\s*페이지)\W*",
    re.IGNORECASE,
)
_NEXT = re.compile(r"\s*(?:next\s*)?[>»›→]{1,2}\s*|\W*next\W*", re.IGNORECASE)
_DIGITS = re.compile(r"\W{0,2}(\d{1,2})\W{0,2}")

# Where the number of a page is in an address: a parameter of its own, the end of the last part of the path, or a
# part of its own. Longer numbers are those of articles.
_PARAMETER = re.compile(
    r"(?P<name>(?:cur(?:rent)?_?)?page(?:_?(?:no|num|number|index|id))?|paged|p|pn|pg|seite|_page)=(?P<number>\d{1,2})",
    re.IGNORECASE,
)
_ENDING: Final = r"(?P<ending>\.(?:s?html?|php\d?|aspx?|jsp|do))?"
_SUFFIX = re.compile(rf"(?P<stem>.*?[^/_.-])(?:[-_](?:p|page|page[-_])?|\.p?)(?P<number>\d{{1,2}}){_ENDING}")
_PART = re.compile(rf"(?P<stem>.*?[^/])/(?:page[/_-]?|p)?(?P<number>\d{{1,2}}){_ENDING}/?")
_PLAIN = re.compile(rf"(?P<stem>.*?)(?:/(?:index|default))?{_ENDING}/*")

# How the offices' publishing system TRS draws a pager: the number of pages, the present one from 0, the file's name.
_DRAWN = re.compile(
    r"createPageHTML\s*\(\s*(?P<count>\d{1,3})\s*,\s*(?P<at>\d{1,3})\s*,"
    r"\s*[\"'](?P<name>[\w.-]{1,200})[\"']\s*,\s*[\"'](?P<ending>s?html?)[\"']"
)


class _Reading(NamedTuple):
    """An address read as a page of an article: the article's address, the page number, and how it is written."""

    article: tuple[str, str]
    number: int | None
    how: str


class _Link(NamedTuple):
    label: str
    address: str


def next_page(tree: html.HtmlElement, url: str, base: str) -> str | None:
    """Return the address of the next page of the article at `url`; None if there is none.

    Links on the page are relative to `base`. The next page has the same scheme, host and port. A link to the next
    article does not count.
    """
    here = parse(url)
    if here is None:
        return None
    links = list(_links(tree, base))
    pager = _Pager(here, links)
    for address in (*_stated_links(tree, base), *_scripted_links(tree, url)):
        if pager.leads_on(address):
            return address
    return pager.next()


def page_of(first: str, other: str) -> bool:
    """Return whether `other` is a further page of the article that begins at `first`."""
    begins, address = parse(first), parse(other)
    if begins is None or address is None or begins[:3] != address[:3]:
        return False
    articles = {reading.article for reading in _readings(begins) if reading.how != "part"}
    return any(reading.number is not None and reading.article in articles for reading in _readings(address))


class _Pager:
    """The links of the page at `here`, as far as they lead to pages of the same article."""

    def __init__(self, here: Address, links: list[_Link]) -> None:
        self._here = here
        self._links = links
        readings = list(_readings(here))
        self._unnumbered = all(reading.number is None for reading in readings)
        self._readings = [reading for reading in readings if self._is_page_number(reading)]

    def _is_page_number(self, reading: _Reading) -> bool:
        """Return whether a number in the path is a page number: not if a link "1" leads to another article."""
        if reading.how != "part":
            return True
        firsts = (link for link in self._links if (found := _DIGITS.fullmatch(link.label)) and found[1] == "1")
        return any(_first(address) == reading.article for link in firsts if (address := parse(link.address)))

    def leads_on(self, url: str) -> bool:
        """Return whether `url` is the page after this one."""
        return self._present(url) is not None

    def next(self) -> str | None:
        """Return the first link called the next page that is it; else one by its number, else a pager's "next"."""
        found = [(link, present) for link in self._links if (present := self._present(link.address)) is not None]
        clear = [link.address for link, _ in found if _NEXT_PAGE.fullmatch(link.label)]
        steps = (1,) if self._unnumbered else (1, 2)  # addresses may count from 0
        numbers = [(link, present, _DIGITS.fullmatch(link.label)) for link, present in found]
        numbered = [link.address for link, present, digits in numbers if digits and int(digits[1]) - present in steps]
        vague = [link.address for link, _ in found if _NEXT.fullmatch(link.label) and (self._unnumbered or numbered)]
        return next(iter((*clear, *numbered, *vague)), None)

    def _present(self, url: str) -> int | None:
        """Return the number of this page, as the address counts it, if `url` is the next page; else None."""
        there = parse(url)
        if there is None or there[:3] != self._here[:3]:
            return None
        for present in self._readings:
            for reading in _readings(there):
                following = {1, 2} if present.number is None else {present.number + 1}  # the second page has 1 or 2
                if reading.article == present.article and reading.number in following:
                    return 1 if present.number is None else present.number
        return None


def _readings(address: Address) -> Iterator[_Reading]:
    yield _Reading(_first(address), None, "plain")
    path = address.path
    parameters = address.query.split("&")
    for at, parameter in enumerate(parameters):
        found = _PARAMETER.fullmatch(parameter)
        rest = [*parameters[:at], *parameters[at + 1 :]]
        if found and _place(path):
            yield _Reading((_place(path), "&".join(sorted(filter(None, rest)))), int(found["number"]), "parameter")
    for how, pattern in (("suffix", _SUFFIX), ("part", _PART)):
        if found := pattern.fullmatch(path):
            stem = _place(found["stem"])
            if stem:
                yield _Reading((stem, _first(address)[1]), int(found["number"]), how)


def _first(address: Address) -> tuple[str, str]:
    return _place(address.path), "&".join(sorted(filter(None, address.query.split("&"))))


def _place(path: str) -> str:
    """Return a path without its optional last part: `/a/index.html`, `/a/` and `/a.html` become one."""
    found = _PLAIN.fullmatch(path)
    return found["stem"] if found else path


def _stated_links(tree: html.HtmlElement, base: str) -> Iterator[str]:
    """Yield the targets of `<link rel=next>`: the next page or, on blogs, the next article."""
    for link in tree.iter("link"):
        if "next" in (link.get("rel") or "").lower().split():
            yield absolute_url(base, link.get("href") or "").partition("#")[0]


def _scripted_links(tree: html.HtmlElement, url: str) -> Iterator[str]:
    for script in tree.iter("script"):
        found = _DRAWN.search(script.text or "")
        if found and int(found["at"]) + 1 < int(found["count"]):
            yield absolute_url(urljoin(url, "."), f"{found['name']}_{int(found['at']) + 1}.{found['ending']}")


def _links(tree: html.HtmlElement, base: str) -> Iterator[_Link]:
    for element in islice(tree.iter("a"), _MOST_LINKS):
        clicked = _CLICKED.search(element.get("onclick") or "")  # a script may send the reader elsewhere
        href = clicked[1] if clicked else element.get("href")
        if not href or "comment" in href.lower():
            continue
        label = " ".join(element.text_content()[: 4 * _LONGEST_LABEL].split())
        label = label or (element.get("aria-label") or element.get("title") or "").strip()
        leads_on = _NEXT_PAGE.search(label) or _NEXT.fullmatch(label) or _DIGITS.fullmatch(label)
        if label and len(label) <= _LONGEST_LABEL and leads_on:
            yield _Link(label, absolute_url(base, href).partition("#")[0])
