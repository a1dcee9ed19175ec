"""Find the next page of an article that is on several pages. Pure.

The text of a link is not enough: "next" is the next story as often as the next page. The address of the next page must
be the article's own address with a page number added, or with the next page number instead of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import urljoin

from lxml import html

from monitor.text.address import Address, absolute_url, parse

_LOCATION_SCRIPT = re.compile(
    r"^(?:javascript:)?\s*(?:window\.|document\.)?location(?:\.href)?\s*=\s*[\"']([^\"']{1,500})[\"']"
)
_MAX_LINKS: Final = 5_000
_MAX_LABEL_LENGTH: Final = 40
_NEXT_PAGE_LABEL = re.compile(
    r"\W*(?:下一?[页頁]|[后後]一?[页頁]|next\s+page|go\s+to\s+next\s+page|page\s+suivante|nächste\s+seite"
    r"|página\s+siguiente|次のページ|次へ|다음\s*페이지)\W*",
    re.IGNORECASE,
)
_NEXT_LABEL = re.compile(r"\s*(?:next\s*)?[>»›→]{1,2}\s*|\W*next\W*", re.IGNORECASE)
_NUMBER_LABEL = re.compile(r"\W{0,2}(\d{1,2})\W{0,2}")

# The places of a page number in an address: a query parameter, the end of the file name, or a part of the path. Longer
# numbers are ids of articles.
_PAGE_PARAMETER = re.compile(
    r"(?P<name>(?:cur(?:rent)?_?)?page(?:_?(?:no|num|number|index|id))?|paged|p|pn|pg|seite|_page)=(?P<number>\d{1,2})",
    re.IGNORECASE,
)
_FILE_ENDING: Final = r"(?P<ending>\.(?:s?html?|php\d?|aspx?|jsp|do))?"
_PAGE_SUFFIX = re.compile(rf"(?P<stem>.*?[^/_.-])(?:[-_](?:p|page|page[-_])?|\.p?)(?P<number>\d{{1,2}}){_FILE_ENDING}")
_PAGE_FOLDER = re.compile(rf"(?P<stem>.*?[^/])/(?:page[/_-]?|p)?(?P<number>\d{{1,2}}){_FILE_ENDING}/?")
_FIRST_PAGE_PATH = re.compile(rf"(?P<stem>.*?)(?:/(?:index|default))?{_FILE_ENDING}/*")

# The pager of TRS, a publishing system of Chinese offices: number of pages, current page (from 0), name of the file.
_PAGER_SCRIPT = re.compile(
    r"createPageHTML\s*\(\s*(?P<count>\d{1,3})\s*,\s*(?P<at>\d{1,3})\s*,"
    r"\s*[\"'](?P<name>[\w.-]{1,200})[\"']\s*,\s*[\"'](?P<ending>s?html?)[\"']"
)


class _NumberedAddress(NamedTuple):
    """The parts of an address of a page: the article's address, the page number, and the place of the number."""

    article: tuple[str, str]
    number: int | None
    number_place: str


class _Link(NamedTuple):
    label: str
    address: str


def next_page(tree: html.HtmlElement, url: str, base: str) -> str | None:
    """Return the address of the next page of the article at `url`; None if there is none.

    Links on the page are relative to `base`. The next page must have the same scheme, host and port. Links to the next
    article are ignored.
    """
    page_address = parse(url)
    if page_address is None:
        return None
    links = list(_links(tree, base))
    pager = _Pager(page_address, links)
    for address in (*_links_in_head(tree, base), *_scripted_links(tree, url)):
        if pager.is_next_page(address):
            return address
    return pager.find_next()


def is_page_of(first: str, other: str) -> bool:
    """Return whether `other` is the address of another page of the article whose first page is `first`."""
    first_address, address = parse(first), parse(other)
    if first_address is None or address is None or first_address[:3] != address[:3]:
        return False
    articles = {reading.article for reading in _numbered_addresses(first_address) if reading.number_place != "part"}
    return any(reading.number is not None and reading.article in articles for reading in _numbered_addresses(address))


class _Pager:
    """The links of a page of an article that may lead to its other pages."""

    def __init__(self, page_address: Address, links: list[_Link]) -> None:
        self._page_address = page_address
        self._links = links
        numbered = list(_numbered_addresses(page_address))
        self._has_no_number = all(reading.number is None for reading in numbered)
        self._numbered = [reading for reading in numbered if self._is_page_number(reading)]

    def _is_page_number(self, reading: _NumberedAddress) -> bool:
        """Return whether the number in an address is a page number.

        If it is a part of the path, the page must also have a link "1" to the first page of the same article.
        """
        if reading.number_place != "part":
            return True
        firsts = (link for link in self._links if (found := _NUMBER_LABEL.fullmatch(link.label)) and found[1] == "1")
        return any(
            _address_without_number(address) == reading.article for link in firsts if (address := parse(link.address))
        )

    def is_next_page(self, url: str) -> bool:
        """Return whether `url` is the page after this one."""
        return self._number_of_this_page(url) is not None

    def find_next(self) -> str | None:
        """Return the address of the next page; None if no link leads to it.

        It is taken from a link with a label such as "next page", else from a page number, else from a link "next".
        """
        found = [
            (link, present) for link in self._links if (present := self._number_of_this_page(link.address)) is not None
        ]
        by_next_page_label = [link.address for link, _ in found if _NEXT_PAGE_LABEL.fullmatch(link.label)]
        steps = (1,) if self._has_no_number else (1, 2)  # page numbers in addresses may begin with 0
        numbers = [(link, present, _NUMBER_LABEL.fullmatch(link.label)) for link, present in found]
        by_number = [link.address for link, present, digits in numbers if digits and int(digits[1]) - present in steps]
        by_next_label = [
            link.address
            for link, _ in found
            if _NEXT_LABEL.fullmatch(link.label) and (self._has_no_number or by_number)
        ]
        return next(iter((*by_next_page_label, *by_number, *by_next_label)), None)

    def _number_of_this_page(self, url: str) -> int | None:
        """Return the number of this page in its address (1 if it has none) if `url` is the next page; else None."""
        next_address = parse(url)
        if next_address is None or next_address[:3] != self._page_address[:3]:
            return None
        for this in self._numbered:
            for other in _numbered_addresses(next_address):
                following = (
                    {1, 2} if this.number is None else {this.number + 1}
                )  # the second page has the number 1 or 2
                if other.article == this.article and other.number in following:
                    return 1 if this.number is None else this.number
        return None


def _numbered_addresses(address: Address) -> Iterator[_NumberedAddress]:
    yield _NumberedAddress(_address_without_number(address), None, "plain")
    path = address.path
    parameters = address.query.split("&")
    for index, parameter in enumerate(parameters):
        found = _PAGE_PARAMETER.fullmatch(parameter)
        rest = [*parameters[:index], *parameters[index + 1 :]]
        if found and _normalize_path(path):
            yield _NumberedAddress(
                (_normalize_path(path), "&".join(sorted(filter(None, rest)))), int(found["number"]), "parameter"
            )
    for number_place, pattern in (("suffix", _PAGE_SUFFIX), ("part", _PAGE_FOLDER)):
        if found := pattern.fullmatch(path):
            stem = _normalize_path(found["stem"])
            if stem:
                yield _NumberedAddress((stem, _address_without_number(address)[1]), int(found["number"]), number_place)


def _address_without_number(address: Address) -> tuple[str, str]:
    return _normalize_path(address.path), "&".join(sorted(filter(None, address.query.split("&"))))


def _normalize_path(path: str) -> str:
    """Return a path without its optional end: `/a/index.html`, `/a/` and `/a.html` become `/a`."""
    found = _FIRST_PAGE_PATH.fullmatch(path)
    return found["stem"] if found else path


def _links_in_head(tree: html.HtmlElement, base: str) -> Iterator[str]:
    """Yield the targets of `<link rel=next>`. It is the next page or, on blogs, the next article."""
    for link in tree.iter("link"):
        if "next" in (link.get("rel") or "").lower().split():
            yield absolute_url(base, link.get("href") or "").partition("#")[0]


def _scripted_links(tree: html.HtmlElement, url: str) -> Iterator[str]:
    for script in tree.iter("script"):
        found = _PAGER_SCRIPT.search(script.text or "")
        if found and int(found["at"]) + 1 < int(found["count"]):
            yield absolute_url(urljoin(url, "."), f"{found['name']}_{int(found['at']) + 1}.{found['ending']}")


def _links(tree: html.HtmlElement, base: str) -> Iterator[_Link]:
    for element in islice(tree.iter("a"), _MAX_LINKS):
        clicked = _LOCATION_SCRIPT.search(element.get("onclick") or "")  # a script may send the reader elsewhere
        href = clicked[1] if clicked else element.get("href")
        if not href or "comment" in href.lower():
            continue
        label = " ".join(element.text_content()[: 4 * _MAX_LABEL_LENGTH].split())
        label = label or (element.get("aria-label") or element.get("title") or "").strip()
        leads_on = _NEXT_PAGE_LABEL.search(label) or _NEXT_LABEL.fullmatch(label) or _NUMBER_LABEL.fullmatch(label)
        if label and len(label) <= _MAX_LABEL_LENGTH and leads_on:
            yield _Link(label, absolute_url(base, href).partition("#")[0])
