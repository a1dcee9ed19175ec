"""Guess addresses of feeds and sitemaps from the address of a page, and compare addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from monitor.text.address import absolute_url, host_of

MAX_SITEMAPS_IN_ROBOTS: Final = 3
"""The greatest number of sitemaps named in a robots.txt that are read."""

_USUAL_FEED_NAMES: Final = ("feed", "rss", "rss.xml", "atom.xml", "index.xml", "feed.xml")
_INDEX_PAGE = re.compile(r"(?:index|default|home|main)(?:[_-]\w{1,5})?(?:\.\w{2,5})?", re.IGNORECASE)
_LANGUAGE_FOLDER = re.compile(
    r"(?:en|eng|english|zh|chinese|cn|zh[-_](?:cn|hans|hant|tw|hk|sg)|chs|cht|tc|sc|gb|big5|de|fr|ja|ko|es|ru|pt|it)",
    re.IGNORECASE,
)
_LANGUAGE_CODES: Final = {
    **dict.fromkeys(("eng", "english"), "en"),
    **dict.fromkeys(("chinese", "cn", "chs", "cht", "tc", "sc", "gb", "big5"), "zh"),
}
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2000})", re.IGNORECASE | re.MULTILINE)
_MAX_ROBOTS_SIZE: Final = 500 * 1024  # bytes that a reader must be able to parse (RFC 9309, 2.5)


@dataclass(frozen=True, slots=True)
class EndpointCandidate:
    """An address that may be read instead of the given one, with its kind and the reason why it is a candidate.

    `is_named` means that the page or the site names the address. Otherwise it is only a usual address.
    """

    kind: str
    url: str
    reason: str
    is_named: bool = True


def folder_of(url: str) -> str:
    """Return the folder of an address, with a slash at its end. A last part without a point is a folder."""
    split = urlsplit(url)
    before, _, last = split.path.rpartition("/")
    path = split.path if last and "." not in last else before
    return f"{split.scheme}://{split.netloc}{path.rstrip('/')}/"


def is_below(url: str, folder: str) -> bool:
    """Return whether an address is in a folder. The scheme and `www.` are ignored."""
    return _host_and_path(url).startswith(_host_and_path(folder))


def is_in_section(url: str, page: str) -> bool:
    """Return whether an address belongs to the section of the page at `page`, judged by its path.

    `/notices/rss.xml` and `/notices.xml` belong to `/notices/`, `/notices/index.html` and `/notices.html`. A front
    page and a page with a query have no section.
    """
    split = urlsplit(page)
    before, _, last = split.path.rpartition("/")
    if is_front_page(page) or split.query:
        return False
    section = before if not last or _INDEX_PAGE.fullmatch(last) else f"{before}/{last.partition('.')[0]}"
    place, folder = _host_and_path(url), _host_and_path(split._replace(path=section).geturl())
    return (
        not is_front_page(f"{split.scheme}://{split.netloc}{section}/")
        and place[len(folder) :][:1] in ("/", ".", "_", "-")
        and place.startswith(folder)
    )


def _host_and_path(url: str) -> str:
    split = urlsplit(url)
    return f"{split.netloc.lower().removeprefix('www.')}{split.path or '/'}"


def is_front_page(url: str) -> bool:
    """Return whether an address is the front page of its site, also of one language of the site (`/en/`)."""
    split = urlsplit(url)
    parts = [part for part in split.path.split("/") if part]
    if parts and _LANGUAGE_FOLDER.fullmatch(parts[0]):
        parts = parts[1:]
    return not split.query and (not parts or (len(parts) == 1 and _INDEX_PAGE.fullmatch(parts[0]) is not None))


def language_of_path(url: str) -> str:
    """Return the two-letter language code in the first part of the path; "" if there is no such code."""
    first = next((part for part in urlsplit(url).path.split("/") if part), "").lower()
    if not _LANGUAGE_FOLDER.fullmatch(first):
        return ""
    return _LANGUAGE_CODES.get(first, first[:2])


def usual_feeds(url: str, *, has_list: bool) -> tuple[EndpointCandidate, ...]:
    """Return the usual addresses of feeds for a page at `url` that names no feed.

    Addresses near the page come first. Addresses for the whole site are added only if the page is the front page or has
    no list (`has_list`).
    """
    folder, root = folder_of(url), absolute_url(url, "/")
    folders = [folder] if has_list and not is_front_page(url) else [folder, root]
    places = dict.fromkeys(absolute_url(base, name) for base in folders for name in _USUAL_FEED_NAMES)
    return tuple(EndpointCandidate("feed", place, "feeds are often there", is_named=False) for place in places if place)


def robots_url(url: str) -> str:
    """Return the address of the robots.txt of the site of `url`."""
    return absolute_url(url, "/robots.txt")


def sitemaps_in_robots(body: bytes, url: str) -> tuple[EndpointCandidate, ...]:
    """Return the sitemaps named in a robots.txt at `url` (RFC 9309), sitemaps of news first."""
    address = _SITEMAP_LINE.findall(body[:_MAX_ROBOTS_SIZE].decode("utf-8", "replace").replace("\r", "\n"))
    found = dict.fromkeys(filter(None, (absolute_url(url, each) for each in address)))
    ordered = sorted(found, key=lambda each: "news" not in urlsplit(each).path.lower())
    return tuple(
        EndpointCandidate("sitemap", each, "robots.txt names this sitemap") for each in ordered[:MAX_SITEMAPS_IN_ROBOTS]
    )


def usual_sitemap(url: str) -> EndpointCandidate:
    """Return the usual address of a sitemap."""
    return EndpointCandidate("sitemap", absolute_url(url, "/sitemap.xml"), "sitemaps are often there")


def is_same_host(one: str, other: str) -> bool:
    """Return whether two addresses have the same host. `www.` is ignored."""
    return host_of(one).removeprefix("www.") == host_of(other).removeprefix("www.")
