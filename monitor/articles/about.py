"""Which JSON-LD object of a page describes its own article; the others describe links to other pages. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from monitor.text.address import absolute_url
from monitor.text.fold import fold_text

Thing = Mapping[str, Any]
_TELLING: Final = 8  # letters and digits of a headline; shorter ones are in many titles
_ADDRESSES: Final = ("url", "@id", "mainEntityOfPage")
_HEADLINES: Final = ("headline", "name", "alternativeHeadline")
_MOBILE: Final = ("www.", "m.", "amp.", "mobile.", "wap.")


@dataclass(frozen=True, slots=True)
class PageIdentity:
    """What identifies a page: its addresses, and the folded letters of its titles."""

    addresses: Sequence[str]
    titles: Sequence[str]

    def choose(self, things: Sequence[Thing]) -> list[Thing]:
        """Return the objects in `things` that are about the page, the most certain first.

        If any of them has the page's address or headline, only such objects count. An object with another address and
        without the page's headline is about another page.
        """
        rated = [(self._rating(thing), thing) for thing in things]
        best = max((rating for rating, _ in rated), default=0)
        return [thing for rating, thing in rated if rating == best] if best >= 0 else []

    def _rating(self, thing: Thing) -> int:
        addresses = list(_addresses(thing, self.addresses))
        own = any(_is_same_page(address, mine) for address in addresses for mine in self.addresses)
        headlines = (letters(value) for name in _HEADLINES if isinstance(value := thing.get(name), str))
        telling = [line for line in headlines if len(line) >= _TELLING]
        titles = [title for title in self.titles if len(title) >= _TELLING]
        titled = any(line in title for line in telling for title in self.titles)
        titled = titled or any(title in line for line in telling for title in titles)
        if own or titled:
            return 2 * own + titled
        return -1 if addresses else 0


def letters(text: str) -> str:
    """Return the letters and digits of `text`, folded."""
    return "".join(char for char in fold_text(text) if char.isalnum())


def _addresses(thing: Thing, base: Sequence[str]) -> Iterator[str]:
    """Yield the absolute addresses of an object, without the home page of a site, which is the publisher's."""
    for name in _ADDRESSES:
        value = thing.get(name)
        for stated in value if isinstance(value, list) else [value]:
            address = stated.get("@id") or stated.get("url") if isinstance(stated, dict) else stated
            if isinstance(address, str) and _is_address(address):
                yield absolute_url(base[0], address) if base else address


def _is_address(text: str) -> bool:
    try:
        return len(urlsplit(text).path.strip("/")) > 0 and " " not in text
    except ValueError:
        return False


def _is_same_page(one: str, other: str) -> bool:
    """Return whether two addresses are of one page. A query is compared only if both have one."""
    try:
        first, second = urlsplit(one), urlsplit(other)
    except ValueError:
        return False
    queries = {first.query, second.query} - {""}
    return _host(first.netloc) == _host(second.netloc) and _path(first.path) == _path(second.path) and len(queries) < 2  # noqa: PLR2004 - two that differ


def _host(netloc: str) -> str:
    host = netloc.lower()
    for prefix in _MOBILE:
        host = host.removeprefix(prefix)
    return host


def _path(path: str) -> str:
    return path.removesuffix("/index.html").removesuffix("/amp").rstrip("/")
