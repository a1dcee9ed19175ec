"""Find out what to read at an address whose kind is not stated, by requests.

    request | survey | feeds that the page names | usual addresses | sitemaps in robots.txt | the list on the page

Each address is requested once, through the gate, and parsed in a child process. The result contains the answer, so that
no address is requested twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, ParamSpec, TypeVar

from monitor import sources
from monitor.collect.documents import Listing
from monitor.collect.ports import Gate, Readers
from monitor.errors import ReaderFailed
from monitor.fetch import UNASKED_NOT_MODIFIED, Fetched, FetchError
from monitor.model import Endpoint, Reading, Source, Validators
from monitor.sources.discover import (
    EndpointCandidate,
    Survey,
    is_front_page,
    is_same_host,
    judge_feed,
    judge_sitemap,
    robots_url,
    sitemaps_in_robots,
    survey,
    usual_feeds,
    usual_sitemap,
)

P = ParamSpec("P")
R = TypeVar("R")

ACCEPT: Final = (
    "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/feed+json, "
    "application/json;q=0.9, application/xml;q=0.9, */*;q=0.5"
)
MAX_REQUESTS: Final = 20
"""Maximum number of requests in one search."""

_WAIT_STATUSES: Final = (429, 503)
_MAX_UNUSABLE_PAGES: Final = 2  # so many pages at the addresses of feeds: the site answers every address with a page
_REASONS: Final = {
    "feed": "the address is a feed",
    "sitemap": "the address is a sitemap",
    "api": "the address gives JSON",
    "page": "the list is on the page itself",
}


@dataclass(frozen=True, slots=True)
class Discovery:
    """The endpoint that was found, and its answer. `tried` says why other addresses are not read."""

    endpoint: Endpoint
    answer: Fetched
    listing: Listing
    tried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DiscoveryFailed:
    """Why no endpoint was found. `error` is set if the address itself could not be fetched."""

    reason: str
    reading: Reading | None = None
    error: FetchError | None = None
    tried: tuple[str, ...] = ()


def discover(source: Source, gate: Gate, readers: Readers, now: dt.datetime) -> Discovery | DiscoveryFailed:
    """Read the address of `source` and the addresses that it names, and choose the endpoint. Raises Stopped.

    If the address is secret, only this address is read. Other addresses that it names may contain the secret, and would
    be stored and shown.
    """
    return _Search(source, gate, readers, now).run()


@dataclass(slots=True)
class _Search:
    source: Source
    gate: Gate
    readers: Readers
    now: dt.datetime
    tried: list[str] = field(default_factory=list)
    requested: set[str] = field(default_factory=set)
    offered_feeds: list[str] = field(default_factory=list)

    def run(self) -> Discovery | DiscoveryFailed:
        answer = self._fetch(self.source.url)
        if isinstance(answer, FetchError):
            return DiscoveryFailed(answer.reason, error=answer)
        here = self._survey(answer)
        if isinstance(here, str):
            return DiscoveryFailed(here)
        reading = Listing.of(here.reading, self.source, answer.url).reading
        if reading.readable and reading.kind != "page":
            reason = _REASONS.get(reading.kind, f"the address is of kind {reading.kind}")
            return self._found(reading.kind, "", reason, answer, here.reading)
        found = (
            None if self.source.address_is_secret else self._find_elsewhere(here, self._address_to_compare(answer.url))
        )
        if found is not None:
            return found
        if reading.readable:
            return self._found("page", "", self._reason_for_list(here), answer, here.reading)
        said = self._article_message() if here.article else self._nothing_found_message(reading)
        return DiscoveryFailed(said, reading, tried=tuple(self.tried))

    def _address_to_compare(self, url: str) -> str:
        """Return the address to compare others with: `url`, which answered, or the stated address.

        The stated address is used if it led to the front page of the site.
        """
        return self.source.url if is_front_page(url) and not is_front_page(self.source.url) else url

    def _find_elsewhere(self, here: Survey, url: str) -> Discovery | None:
        if here.reading.kind != "page":
            return None
        usual = () if here.candidates else usual_feeds(url, has_list=here.reading.readable)
        found = self._find_feed(here.candidates, here, url) or self._find_usual_feed(usual, here, url)
        if found or here.reading.readable or here.article:
            return found
        return self._find_sitemap(self._sitemaps_in_robots(url), here, url)

    def _find_feed(self, candidates: Iterable[EndpointCandidate], here: Survey, url: str) -> Discovery | None:
        for candidate, answer, reading in self._read_all(candidates):
            verdict = judge_feed(candidate, reading, here, url)
            if verdict.is_chosen:
                return self._found("feed", candidate.url, verdict.reason, answer, reading)
            self._note_refusal(candidate.url, verdict.reason)
            if verdict.is_offered:
                self.offered_feeds.append(answer.moved_to or candidate.url)
        return None

    def _find_usual_feed(self, candidates: Sequence[EndpointCandidate], here: Survey, url: str) -> Discovery | None:
        """Look for a feed at the usual addresses. Stop if the site seems to answer every address with a page."""
        noted, pages = len(self.tried), 0
        for candidate, answer, reading in self._read_all(candidates):
            verdict = judge_feed(candidate, reading, here, url)
            if verdict.is_chosen:
                return self._found("feed", candidate.url, verdict.reason, answer, reading)
            self._note_refusal(candidate.url, verdict.reason)
            if verdict.is_offered:
                self.offered_feeds.append(answer.moved_to or candidate.url)
            pages += not reading.readable
            if pages >= _MAX_UNUSABLE_PAGES:
                break
        if candidates:
            self.tried[noted:] = [f"{candidates[0].url} and other usual addresses: no feed of this list is there"]
        return None

    def _sitemaps_in_robots(self, url: str) -> tuple[EndpointCandidate, ...]:
        robots = robots_url(url)
        answer = self._fetch(robots)
        if isinstance(answer, FetchError):
            self._note_refusal(robots, answer.reason)
            return (usual_sitemap(url),)
        found = self._run(sitemaps_in_robots, answer.body, answer.url)
        if isinstance(found, str) or not found:
            self._note_refusal(robots, found if isinstance(found, str) else "it names no sitemap")
            return (usual_sitemap(url),)
        return found

    def _find_sitemap(self, candidates: Iterable[EndpointCandidate], here: Survey, url: str) -> Discovery | None:
        """Look for a sitemap. In an index of sitemaps, take its news sitemap, or else the whole index if it fits."""
        todo, indexed = list(candidates), False
        while todo:
            candidate = todo.pop(0)
            answer = self._fetch(candidate.url)
            seen = self._survey(answer) if isinstance(answer, Fetched) else answer.reason
            if isinstance(seen, str) or not isinstance(answer, Fetched):
                self._note_refusal(candidate.url, str(seen))
                continue
            verdict = judge_sitemap(candidate, seen, here, url)
            if verdict.is_chosen:
                return self._found("sitemap", candidate.url, verdict.reason, answer, seen.reading)
            self._note_refusal(candidate.url, verdict.reason)
            if not indexed and seen.candidates:
                todo, indexed = [*seen.candidates, *todo], True
        return None

    def _read_all(
        self, candidates: Iterable[EndpointCandidate]
    ) -> Iterator[tuple[EndpointCandidate, Fetched, Reading]]:
        """Yield the candidates that answer, each with its answer, read as the kind that is expected at its address."""
        walls = 0
        for candidate in candidates:
            answer = self._fetch(candidate.url)
            if isinstance(answer, FetchError):
                self._note_refusal(candidate.url, answer.reason)
                walls += answer.wall is not None
                enough = walls >= _MAX_UNUSABLE_PAGES or _asks_for_rest(answer)
                if enough and is_same_host(candidate.url, self.source.url):
                    return
                continue
            reading = self._read(answer, candidate.kind)
            if isinstance(reading, str):
                self._note_refusal(candidate.url, reading)
            else:
                yield candidate, answer, reading

    def _fetch(self, url: str) -> Fetched | FetchError:
        if len(self.requested) >= MAX_REQUESTS:
            return FetchError("blocked", "skipped: request limit for this site reached")
        self.requested.add(url)
        request = replace(self.source.request.without_body(), trusted_url=self.source.url)
        answer = self.gate.get(url, validators=Validators(), accept=ACCEPT, request=request)
        if isinstance(answer, Fetched | FetchError):
            return answer
        return FetchError("protocol", UNASKED_NOT_MODIFIED)

    def _survey(self, answer: Fetched) -> Survey | str:
        return self._run(
            survey,
            answer.body,
            url=answer.url,
            content_type=answer.content_type,
            now=self.now,
            timezone=self.source.timezone,
        )

    def _read(self, answer: Fetched, kind: str) -> Reading | str:
        return self._run(
            sources.read,
            answer.body,
            url=answer.url,
            content_type=answer.content_type,
            kind=kind,
            now=self.now,
            timezone=self.source.timezone,
        )

    def _run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | str:
        """Run a function over untrusted bytes in a child process. Return its result, or why it failed."""
        try:
            return self.readers.run(function, *args, **kwargs)
        except ReaderFailed as error:
            return f"reading it {error.reason}"

    def _found(self, kind: str, url: str, reason: str, answer: Fetched, reading: Reading) -> Discovery:
        endpoint = Endpoint(kind, (answer.moved_to or url) if url else "", reason, self.now)
        return Discovery(endpoint, answer, Listing.of(reading, self.source, answer.url), tuple(self.tried))

    def _note_refusal(self, url: str, reason: str) -> None:
        self.tried.append(f"{url}: {reason}")

    def _reason_for_list(self, here: Survey) -> str:
        if not here.candidates:
            return f"{_REASONS['page']}, and no feed was found"
        return f"{_REASONS['page']}; not {self.tried[0]}" if self.tried else _REASONS["page"]

    def _article_message(self) -> str:
        """Return the message that the address is a single article, and which feeds of its site may be meant instead."""
        feeds = " or ".join(dict.fromkeys(self.offered_feeds))
        meant = f"if you want the news of its site, give the address of its feed: {feeds}" if feeds else ""
        return f"this is an article, not a list; {meant or 'find the address of a list or a feed'}"

    def _nothing_found_message(self, reading: Reading) -> str:
        """Return the message that nothing was found, on one line: what was tried, and what the operator can do."""
        problems = "; ".join(reading.problems) or "it lists nothing"
        tried = f" (tried as well: {'; '.join(self.tried)})" if self.tried else ""
        return (
            f"{problems}{tried}; find the address of a list or a feed, or say what it is: kind, and where its list is"
        )


def _asks_for_rest(answer: FetchError) -> bool:
    """Return whether to stop requests to a server: it is slow or unreachable, refuses us, or asked us to wait."""
    refuses = answer.wall is not None and answer.wall.kind in ("challenge", "block", "region")
    return refuses or answer.kind in ("timeout", "connect", "resting") or answer.status in _WAIT_STATUSES
