"""Ask the robots.txt of a site before its pages are requested (RFC 9309).

This is done for list pages, their next pages, and the pages of articles. It is not done for feeds, sitemaps and APIs,
which are made for programs, and which the user named. A source with `robots = false` requests everything.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final

from monitor.collect.ports import Gate, Readers
from monitor.errors import ReaderFailed
from monitor.fetch import DISTRIBUTION, Answer, Fetched, FetchError
from monitor.model import DEFAULT_REQUEST, Decision, Request, Source, SourceState, Validators
from monitor.sources.discover import robots_url
from monitor.sources.robots import MAX_SIZE, Permission, read_permission
from monitor.text.address import host_of

MAX_AGE: Final = dt.timedelta(days=1)
"""How long a robots.txt is used before it is requested again. RFC 9309, 2.4 asks for at most a day."""

MAX_STALE: Final = dt.timedelta(days=1)
"""How much longer the last known robots.txt is used while its server does not answer or has an error."""

RETRY_AFTER_ERROR: Final = dt.timedelta(hours=1)
"""The wait before a robots.txt that could not be read is requested again."""

MAX_PAUSE: Final = 10.0
"""The longest pause between two requests, in seconds, that a `Crawl-delay` gets. A poll of many pages must end."""

_MAX_SITES: Final = 500
_MAX_TOTAL_SIZE: Final = 16 << 20  # bytes of all files together
_ACCEPT: Final = "text/plain, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class _KeptFile:
    """A robots.txt: its content (b"": it forbids nothing), when it was read, and when to request it again."""

    body: bytes
    read_at: dt.datetime
    due_at: dt.datetime


class RobotsFiles:
    """The robots.txt files of the sites that were requested last. Any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: OrderedDict[str, _KeptFile] = OrderedDict()
        self._size = 0

    def get(self, url: str, request: Request, gate: Gate, now: dt.datetime) -> bytes:
        """Return the robots.txt of the site of `url`; b"" if it forbids nothing. It is requested if that is due."""
        address = robots_url(url)
        with self._lock:
            known = self._files.get(address)
        if known is not None and known.read_at <= now < known.due_at:
            return known.body
        answer = gate.get(address, validators=Validators(), accept=_ACCEPT, request=request)
        kept = _keep(answer if isinstance(answer, Fetched | FetchError) else None, known, now)
        if not (isinstance(answer, FetchError) and answer.kind == "resting"):  # nothing was requested: no answer
            with self._lock:
                self._remember(address, kept)
        return kept.body

    def _remember(self, address: str, kept: _KeptFile) -> None:
        before = self._files.pop(address, None)
        self._size += len(kept.body) - (len(before.body) if before else 0)
        self._files[address] = kept
        while len(self._files) > _MAX_SITES or (self._size > _MAX_TOTAL_SIZE and len(self._files) > 1):
            self._size -= len(self._files.popitem(last=False)[1].body)


def _keep(answer: Fetched | FetchError | None, known: _KeptFile | None, now: dt.datetime) -> _KeptFile:
    """Return what to keep after an answer.

    A status from 400 to 499 means that there is no robots.txt (RFC 9309, 2.3.1.3), except 429. If the server does not
    answer or has an error, the last known file counts for a day more.
    """
    if isinstance(answer, Fetched):
        return _KeptFile(answer.body[:MAX_SIZE], now, now + MAX_AGE)
    if answer is not None and _has_no_file(answer):
        return _KeptFile(b"", now, now + MAX_AGE)
    outdated_at = now if known is None else known.read_at + MAX_AGE + MAX_STALE
    if known is not None and known.read_at <= now < outdated_at:
        return replace(known, due_at=min(now + RETRY_AFTER_ERROR, outdated_at))
    return _KeptFile(b"", now, now + RETRY_AFTER_ERROR)


def _has_no_file(error: FetchError) -> bool:
    status = error.status or 0
    is_refused = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    return is_refused and status != HTTPStatus.TOO_MANY_REQUESTS


@dataclass(frozen=True, slots=True)
class RobotsReport:
    """What the robots.txt files said in one poll.

    `refused` are addresses that were not requested. `forbidden` are addresses that were requested although a robots.txt
    forbids them. `allowed_pages` is the number of article pages that may be requested.
    """

    refused: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    allowed_pages: int = 0


@dataclass(frozen=True, slots=True)
class Robots:
    """The robots.txt files, and what makes the pause between requests to a host longer (`lengthen_pause`)."""

    files: RobotsFiles
    lengthen_pause: Callable[[str, float], object]


@dataclass(slots=True)
class RobotsCheck:
    """Asks the robots.txt files for one poll of `source`, and collects the answers in `report`.

    For a source that an earlier version of the program already polled, what is forbidden is only reported: an upgrade
    must not end the reading of a source. `robots` None: nothing is asked.
    """

    source: Source
    state: SourceState
    robots: Robots | None
    gate: Gate
    readers: Readers
    now: dt.datetime
    report: RobotsReport = field(default_factory=RobotsReport)

    def guard(self, *, articles: bool = False) -> Gate:
        """Return a gate that requests only what is allowed: list pages, or the pages of articles."""
        return GuardedGate(self, articles)

    def allows(self, url: str, *, article: bool = False) -> bool:
        """Return whether to request `url`, a list page or the page of an article. Raises Stopped."""
        if self.robots is None or not self.source.robots:
            return True
        permission = self._permission(url, self.robots.files)
        if permission.pause:
            self.robots.lengthen_pause(host_of(url), min(permission.pause, MAX_PAUSE))
        report = self.report
        if permission.allowed:
            self.report = replace(report, allowed_pages=report.allowed_pages + article)
        elif self.state.obeys_robots:
            self.report = replace(report, refused=(*report.refused, url))
        else:
            self.report = replace(report, forbidden=(*report.forbidden, url))
        return permission.allowed or not self.state.obeys_robots

    def _permission(self, url: str, files: RobotsFiles) -> Permission:
        request = replace(self.source.request.for_page(self.source.url), headers=())
        body = files.get(url, request, self.gate, self.now)
        if not body:
            return Permission()
        try:
            return self.readers.run(read_permission, body, url, self.source.request.user_agent or DISTRIBUTION)
        except ReaderFailed:
            return Permission()


@dataclass(frozen=True, slots=True)
class GuardedGate:
    """A gate that requests only what the robots.txt files allow. A refusal is a `FetchError` of the kind "robots"."""

    check: RobotsCheck
    articles: bool

    def get(self, url: str, *, validators: Validators, accept: str, request: Request = DEFAULT_REQUEST) -> Answer:
        """Fetch `url` as `request` says if that is allowed. Raises Stopped."""
        if not self.check.allows(url, article=self.articles):
            return FetchError("robots", refusal(url))
        return self.check.gate.get(url, validators=validators, accept=accept, request=request)


def refusal(url: str) -> str:
    """Return why a page is not requested, and what to do, in words."""
    remedy = "ask the site for permission, or set robots = false in the table of the source"
    return f"not requested: the robots.txt of {host_of(url)} forbids it; {remedy}"


def robots_decisions(source: Source) -> tuple[Decision, ...]:
    """Return that a source that requests pages asks no robots.txt, because its table says so."""
    ignores = (source.kind == "page" or source.full_text) and not source.robots
    return (Decision("robots", "not asked: robots = false in the table of the source"),) if ignores else ()
