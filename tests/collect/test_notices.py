"""What an operator learns after a poll."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.collect.articles import Pages
from monitor.collect.documents import Failure, Snapshot, Unchanged
from monitor.collect.locate import PollContext
from monitor.collect.notices import MANY_PAGE_FAILURES, after_answer, after_failure, after_pages, end_other_failures
from monitor.collect.result import RaiseNotice, ResolveNotice
from monitor.model import Entry, Notice, NoticeKind, Reading, Source, SourceState, Validators
from monitor.notices.empty import MIN_ENTRIES_BEFORE
from monitor.notices.gap import GAP
from monitor.text.walls import Wall

AT = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
SOURCE = Source("one", "https://a.example/feed", "feed", "https://a.example/feed")
SECRET = Source("two", "https://a.example/feed?token=CANARY", "feed", "env:FEED_URL")
KNOWN = SourceState(1, "one", "https://a.example/feed", last_success_at=AT, last_new_at=AT)


def raised(changes: Iterable[RaiseNotice | ResolveNotice]) -> list[Notice]:
    return [change.notice for change in changes if isinstance(change, RaiseNotice)]


def cured(changes: Iterable[RaiseNotice | ResolveNotice]) -> list[tuple[NoticeKind, dt.timedelta]]:
    return [(change.kind, change.quiet_for) for change in changes if isinstance(change, ResolveNotice)]


def read(
    source: Source = SOURCE, *, new: int = 1, last_entry_count: int = 0, complete: bool = True, **more: Any
) -> tuple[RaiseNotice | ResolveNotice, ...]:
    problems = more.pop("problems", ())
    entries = (Entry("1", "Title", ""),) if not last_entry_count else ()
    reading = Reading("feed", entries, complete=complete, problems=problems)
    context = PollContext(source, KNOWN, AT, source)
    snapshot = Snapshot(reading, Validators(), **more)
    return after_answer(
        context, snapshot, new=new, last_entry_count=last_entry_count, empty_answers=1 if last_entry_count else 0
    )


def _context(source: Source = SOURCE, state: SourceState = KNOWN) -> PollContext:
    return PollContext(source, state, AT, source)


def test_a_source_that_was_read_takes_back_what_was_said_of_it() -> None:
    assert raised(read()) == []
    assert {kind for kind, quiet_for in cured(read()) if not quiet_for} == {
        "broken",
        "wall",
        "gone",
        "crash",
        "moved",
        "changed",
        "empty",
    }


def test_a_gap_stays_long_enough_to_be_seen() -> None:
    assert ("gap", GAP.shown_for) in cured(read())


def test_a_move_for_good_comes_with_the_line_to_change() -> None:
    (notice,) = raised(read(moved_to="https://b.example/feed"))
    assert notice.kind == "moved"
    assert 'url = "https://b.example/feed"' in notice.remedy


def test_a_move_of_a_secret_address_shows_neither_address() -> None:
    (notice,) = raised(read(SECRET, moved_to=""))
    assert "CANARY" not in notice.message + notice.remedy
    assert "env:FEED_URL" in notice.remedy


@pytest.mark.parametrize(("overlap", "new", "gap"), [(False, 3, True), (True, 3, False), (False, 0, False)])
def test_only_an_answer_in_which_all_is_new_may_hide_a_gap(*, overlap: bool, new: int, gap: bool) -> None:
    assert [notice.kind for notice in raised(read(overlap=overlap, new=new))] == (["gap"] if gap else [])


def test_a_further_page_that_cannot_be_read_may_hide_a_gap_whatever_is_known() -> None:
    (notice,) = raised(read(failure="page 2 of the list could not be read"))
    assert (notice.kind, "page 2 of the list" in notice.message) == ("gap", True)


def test_an_answer_read_in_part_says_what_was_wrong_with_it() -> None:
    (notice,) = raised(read(complete=False))
    assert "the document is cut off" in notice.message
    (notice,) = raised(read(complete=False, problems=("no end tag",)))
    assert "no end tag" in notice.message


@pytest.mark.parametrize(("last", "said"), [(MIN_ENTRIES_BEFORE, ["empty"]), (MIN_ENTRIES_BEFORE - 1, [])])
def test_a_source_that_listed_several_entries_and_lists_none_is_reported(last: int, said: list[str]) -> None:
    assert [notice.kind for notice in raised(read(new=0, last_entry_count=last))] == said


def test_a_source_that_did_not_change_is_not_broken_any_more() -> None:
    unchanged = Unchanged("not_modified", Validators())
    changes = after_answer(
        PollContext(SOURCE, KNOWN, AT, SOURCE), unchanged, new=0, last_entry_count=0, empty_answers=0
    )
    assert raised(changes) == []
    ended = {"broken", "wall", "gone", "crash", "gap", "found", "rekeyed", "stale", "shortened"}
    assert {kind for kind, _ in cured(changes)} == ended


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (Failure("no answer", 404), "broken"),
        (Failure("no answer", 410), "gone"),
        (Failure("no answer", crash=True), "crash"),
        (Failure("a page", 200, wall=Wall("login")), "wall"),
        (Failure("a page", 410, wall=Wall("challenge", "Akamai")), "wall"),
    ],
)
def test_a_failure_says_what_to_do(failure: Failure, kind: NoticeKind) -> None:
    notice = after_failure(_context(SECRET), failure).notice
    assert notice.kind == kind
    assert notice.remedy
    assert "CANARY" not in notice.remedy


@pytest.mark.parametrize(
    ("failure", "ended"),
    [
        (Failure("no answer", 404), ["wall"]),
        (Failure("a page", 200, wall=Wall("login")), ["broken"]),
        (Failure("no answer", 410), ["broken", "wall"]),
        (Failure("no answer", crash=True), []),
    ],
)
def test_a_failure_ends_the_notices_of_other_failures(failure: Failure, ended: list[NoticeKind]) -> None:
    changes = end_other_failures(after_failure(_context(), failure).notice)
    assert [kind for kind, _ in cured(changes)] == ended
    assert {change.subject for change in changes} <= {"one"}


def test_the_remedy_for_a_broken_source_names_it_as_the_command_takes_it() -> None:
    assert 'monitor try "two"' in after_failure(_context(SECRET), Failure("no answer")).notice.remedy


def test_a_wall_says_what_the_server_said_when_it_last_gave_its_content_and_what_a_person_can_do() -> None:
    failure = Failure("the server answered 503 with a challenge of Akamai", 503, wall=Wall("challenge", "Akamai"))
    notice = after_failure(_context(), failure).notice
    assert notice.message == f"{failure.reason}; last good answer: 2026-11-21 00:00"
    assert all(what in notice.remedy for what in ("RSSHub", "feed", "every", 'monitor try "one"'))
    never = after_failure(_context(state=replace(KNOWN, last_success_at=None)), failure).notice
    assert never.message.endswith("last good answer: never")


@pytest.mark.parametrize(
    ("failures", "last", "full_text", "said", "resolved"),
    [
        (0, "", True, False, True),
        (MANY_PAGE_FAILURES - 1, "https://a.example/1", True, False, True),
        (MANY_PAGE_FAILURES, "https://a.example/1", True, True, False),
        (MANY_PAGE_FAILURES, "", True, False, False),
        (MANY_PAGE_FAILURES, "", False, False, True),
    ],
)
def test_pages_that_keep_failing_are_reported_until_one_is_read(
    failures: int, last: str, full_text: bool, said: bool, resolved: bool
) -> None:
    changes = after_pages(
        replace(SOURCE, full_text=full_text), Pages(failures=failures, last_failed=last, why="the server answers 403")
    )
    assert bool(raised(changes)) is said
    assert cured(changes) == ([("pages", dt.timedelta())] if resolved else [])
    for notice in raised(changes):
        assert notice.kind == "pages"
        assert "403" in notice.message
        assert "monitor try --kind article https://a.example/1" in notice.remedy


def test_a_gap_is_reported_in_the_zone_of_the_configuration() -> None:
    context = PollContext(SOURCE, KNOWN, AT, SOURCE, zone=ZoneInfo("Asia/Shanghai"))
    snapshot = Snapshot(Reading("feed", (Entry("1", "Title", ""),)), Validators(), overlap=False)
    (notice,) = raised(after_answer(context, snapshot, new=1, last_entry_count=0, empty_answers=0))
    assert notice.message == "all 1 entries were new: other entries may have come and gone since 2026-11-21 08:00"
