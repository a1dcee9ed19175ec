"""Pages that a robots.txt forbids are not requested, and the files are requested once a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from monitor.collect.robots import MAX_AGE, MAX_PAUSE, MAX_STALE, Robots, RobotsCheck, RobotsFiles
from monitor.errors import ReaderFailed
from monitor.fetch import Answer, Fetched, FetchError
from monitor.model import DEFAULT_REQUEST, Request, Source, SourceState, Validators

NOW = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
SITE = "https://a.example"
SOURCE = Source("s", f"{SITE}/list?key=1", "page")
STATE = SourceState(1, "s", SOURCE.url)
FORBIDDING = b"User-agent: *\nDisallow: /private\nCrawl-delay: 3"


class Site:
    """A gate to sites with one robots.txt, and readers in this process. It counts the requests of robots.txt."""

    def __init__(self, answer: bytes | FetchError = FORBIDDING) -> None:
        self.answer = answer
        self.requests: list[tuple[str, Request]] = []
        self.pauses: list[tuple[str, float]] = []
        self.files = RobotsFiles()
        self.reader_fails = False

    def get(self, url: str, *, validators: Validators, accept: str, request: Request = DEFAULT_REQUEST) -> Answer:
        if not url.endswith("/robots.txt"):
            return Fetched(url, 200, b"page", "text/html", Validators())
        self.requests.append((url, request))
        if isinstance(self.answer, FetchError):
            return self.answer
        return Fetched(url, 200, self.answer, "text/plain", Validators())

    def run(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        if self.reader_fails:
            raise ReaderFailed("took too long")
        return function(*args, **kwargs)

    def check(self, source: Source = SOURCE, state: SourceState = STATE, now: dt.datetime = NOW) -> RobotsCheck:
        robots = Robots(self.files, lambda host, seconds: self.pauses.append((host, seconds)))
        return RobotsCheck(source, state, robots, self, self, now)

    def allows(self, path: str, after: dt.timedelta = dt.timedelta()) -> bool:
        return self.check(now=NOW + after).allows(SITE + path)


def fetch(check: RobotsCheck, path: str) -> Answer:
    return check.guard().get(SITE + path, validators=Validators(), accept="*/*")


def test_what_is_forbidden_is_refused_in_words_with_a_remedy() -> None:
    check = Site().check()
    assert isinstance(fetch(check, "/public"), Fetched)
    refused = fetch(check, "/private/1")
    assert isinstance(refused, FetchError)
    assert refused.kind == "robots"
    assert "a.example" in refused.reason
    assert "robots = false" in refused.reason
    assert check.report.refused == (f"{SITE}/private/1",)


def test_a_source_that_was_polled_before_is_read_on_and_reported() -> None:
    check = Site().check(state=replace(STATE, obeys_robots=False))
    assert isinstance(fetch(check, "/private/1"), Fetched)
    assert (check.report.refused, check.report.forbidden) == ((), (f"{SITE}/private/1",))


def test_a_source_with_its_own_setting_asks_nothing() -> None:
    site = Site()
    assert site.check(replace(SOURCE, robots=False)).allows(f"{SITE}/private")
    assert site.requests == []


def test_the_file_is_requested_once_a_day_and_without_secrets() -> None:
    site = Site()
    asking = replace(SOURCE, request=Request(headers=(("Authorization", "Bearer CANARY"), ("Cookie", "CANARY"))))
    assert not site.check(asking).allows(f"{SITE}/private")
    assert not site.allows("/private", MAX_AGE - MINUTE)
    assert [url for url, _ in site.requests] == [f"{SITE}/robots.txt"]
    assert "CANARY" not in repr(site.requests)
    site.answer = b""
    assert site.allows("/private", MAX_AGE)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_server_without_a_file_forbids_nothing(status: int) -> None:
    site = Site(FetchError("http", "none", status))
    assert site.allows("/private")
    assert site.allows("/private", MAX_AGE - MINUTE)
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    "error",
    [FetchError("http", "error", status) for status in (429, 500, 503)]
    + [FetchError(kind, "no answer") for kind in ("timeout", "dns", "connect", "resting")],
)
def test_while_a_server_has_an_error_its_last_file_counts_for_a_day(error: FetchError) -> None:
    site = Site()
    assert not site.allows("/private")
    site.answer = error
    assert not site.allows("/private", MAX_AGE)
    assert not site.allows("/private", MAX_AGE + MAX_STALE - MINUTE)
    assert site.allows("/private", MAX_AGE + MAX_STALE)


def test_a_server_that_never_gave_a_file_forbids_nothing_and_is_not_requested_at_every_page() -> None:
    site = Site(FetchError("timeout", "no answer"))
    assert all(site.allows(f"/private/{number}", number * MINUTE) for number in range(50))
    assert len(site.requests) == 1


def test_a_host_that_asked_for_a_wait_is_asked_for_its_file_as_soon_as_the_wait_is_over() -> None:
    site = Site(FetchError("resting", "it asked for a wait"))
    assert site.allows("/private")
    site.answer = FORBIDDING
    assert not site.allows("/private", MINUTE)


def test_a_delay_becomes_the_pause_of_the_host_within_a_limit() -> None:
    site = Site()
    site.allows("/")
    site.answer = b"User-agent: *\nCrawl-delay: 86400"
    site.allows("/", MAX_AGE)
    assert site.pauses == [("a.example", 3.0), ("a.example", MAX_PAUSE)]


def test_a_file_that_cannot_be_parsed_forbids_nothing() -> None:
    site = Site()
    site.reader_fails = True
    assert site.allows("/private")


@pytest.mark.parametrize(
    ("agent", "allowed"), [(None, False), ("Mozilla/5.0 (X11)", True), ("announcement-monitor/9", False)]
)
def test_the_group_of_the_user_agent_that_is_sent_counts(agent: str | None, *, allowed: bool) -> None:
    site = Site(b"User-agent: announcement-monitor\nDisallow: /\n\nUser-agent: *\nAllow: /")
    source = replace(SOURCE, request=Request(user_agent=agent))
    assert site.check(source).allows(f"{SITE}/x") is allowed


def test_few_files_are_kept() -> None:
    site = Site(b"#" * (400 << 10))
    check = site.check()
    for number in range(100):
        check.allows(f"https://{number}.example/")
    assert site.files._size <= 16 << 20
    assert site.files._size == sum(len(kept.body) for kept in site.files._files.values())
