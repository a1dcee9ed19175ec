"""Find the JSON-LD object that describes the article of a page: other objects describe other pages. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from monitor.text.address import absolute_url
from monitor.text.fold import fold_text

JsonObject = Mapping[str, Any]
_MIN_HEADLINE_LETTERS: Final = 8  # letters and digits of a headline; shorter ones are in many titles
_ADDRESS_KEYS: Final = ("url", "@id", "mainEntityOfPage")
_HEADLINE_KEYS: Final = ("headline", "name", "alternativeHeadline")
_IGNORED_HOST_PREFIXES: Final = ("www.", "m.", "amp.", "mobile.", "wap.")


@dataclass(frozen=True, slots=True)
class PageIdentity:
    """What identifies a page: its addresses, and the letters and digits of its titles, folded."""

    addresses: Sequence[str]
    titles: Sequence[str]

    def objects_about_page(self, objects: Sequence[JsonObject]) -> list[JsonObject]:
        """Return those of the `objects` that are about the page, the most certain first.

        If any object has the page's address or headline, only such objects are returned. An object with another address
        and without the page's headline is about another page.
        """
        rated = [(self._rate(object_), object_) for object_ in objects]
        best = max((rating for rating, _ in rated), default=0)
        return [object_ for rating, object_ in rated if rating == best] if best >= 0 else []

    def _rate(self, object_: JsonObject) -> int:
        addresses = list(_addresses_of(object_, self.addresses))
        has_own_address = any(
            _is_same_page(address, own_address) for address in addresses for own_address in self.addresses
        )
        headlines = (
            letters_and_digits(value) for name in _HEADLINE_KEYS if isinstance(value := object_.get(name), str)
        )
        long_headlines = [line for line in headlines if len(line) >= _MIN_HEADLINE_LETTERS]
        long_titles = [title for title in self.titles if len(title) >= _MIN_HEADLINE_LETTERS]
        has_own_title = any(line in title for line in long_headlines for title in self.titles)
        has_own_title = has_own_title or any(title in line for line in long_headlines for title in long_titles)
        if has_own_address or has_own_title:
            return 2 * has_own_address + has_own_title
        return -1 if addresses else 0


def letters_and_digits(text: str) -> str:
    """Return the letters and digits of `text`, folded."""
    return "".join(char for char in fold_text(text) if char.isalnum())


def _addresses_of(object_: JsonObject, base: Sequence[str]) -> Iterator[str]:
    """Yield the absolute addresses of an object, except home pages: these are the publisher's addresses."""
    for name in _ADDRESS_KEYS:
        value = object_.get(name)
        for entry in value if isinstance(value, list) else [value]:
            address = entry.get("@id") or entry.get("url") if isinstance(entry, dict) else entry
            if isinstance(address, str) and _is_address(address):
                yield absolute_url(base[0], address) if base else address


def _is_address(text: str) -> bool:
    try:
        return len(urlsplit(text).path.strip("/")) > 0 and " " not in text
    except ValueError:
        return False


def _is_same_page(one: str, other: str) -> bool:
    """Return whether two addresses are of the same page. Queries are compared only if both addresses have one."""
    try:
        first, second = urlsplit(one), urlsplit(other)
    except ValueError:
        return False
    queries = {first.query, second.query} - {""}
    return (
        _host_without_prefix(first.netloc) == _host_without_prefix(second.netloc)
        and _path_without_suffix(first.path) == _path_without_suffix(second.path)
        and len(queries) < 2  # noqa: PLR2004 - two that differ
    )


def _host_without_prefix(netloc: str) -> str:
    host = netloc.lower()
    for prefix in _IGNORED_HOST_PREFIXES:
        host = host.removeprefix(prefix)
    return host


def _path_without_suffix(path: str) -> str:
    return path.removesuffix("/index.html").removesuffix("/amp").rstrip("/")
