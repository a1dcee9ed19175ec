"""What an operator is told after a poll."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pytest

from monitor.collect.notices import GAP_SHOWN, PAGES_IN_VAIN, after_failure, after_pages, after_reading, incomplete
from monitor.collect.result import Cure, Raise
from monitor.model import Notice, NoticeKind, Source, SourceState

AT = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
SOURCE = Source("one", "https://a.example/feed", "feed", "https://a.example/feed")
SECRET = Source("two", "https://a.example/feed?token=CANARY", "feed", "env:FEED_URL")
KNOWN = SourceState(1, "one", "https://a.example/feed", last_success_at=AT, last_new_at=AT)


def raised(changes: Iterable[Raise | Cure]) -> list[Notice]:
    return [change.notice for change in changes if isinstance(change, Raise)]


def cured(changes: Iterable[Raise | Cure]) -> list[tuple[NoticeKind, dt.timedelta]]:
    return [(change.kind, change.quiet_for) for change in changes if isinstance(change, Cure)]


def read(
    source: Source = SOURCE, *, moved_to: str | None = None, overlap: bool = True, new: int = 1, unread: str = ""
) -> tuple[Raise | Cure, ...]:
    return after_reading(source, KNOWN, moved_to=moved_to, overlap=overlap, new=new, unread=unread)


def test_a_source_that_was_read_takes_back_what_was_said_of_it() -> None:
    assert raised(read()) == []
    assert {kind for kind, quiet_for in cured(read()) if not quiet_for} == {"broken", "gone", "crash", "moved"}


def test_a_gap_stays_long_enough_to_be_seen() -> None:
    assert ("gap", GAP_SHOWN) in cured(read())


def test_a_move_for_good_comes_with_the_line_to_change() -> None:
    (notice,) = raised(read(moved_to="https://b.example/feed"))
    assert notice.kind == "moved"
    assert 'url = "https://b.example/feed"' in notice.remedy


def test_a_move_of_a_secret_address_shows_neither_address() -> None:
    (notice,) = raised(read(SECRET, moved_to="https://b.example/feed?token=CANARY"))
    assert "CANARY" not in notice.message + notice.remedy
    assert "env:FEED_URL" in notice.remedy


@pytest.mark.parametrize(("overlap", "new", "gap"), [(False, 3, True), (True, 3, False), (False, 0, False)])
def test_only_an_answer_in_which_all_is_new_may_hide_a_gap(*, overlap: bool, new: int, gap: bool) -> None:
    assert [notice.kind for notice in raised(read(overlap=overlap, new=new))] == (["gap"] if gap else [])


def test_a_further_page_that_cannot_be_read_may_hide_a_gap_whatever_is_known() -> None:
    (notice,) = raised(read(unread="page 2 of the list could not be read"))
    assert (notice.kind, "page 2 of the list" in notice.message) == ("gap", True)


def test_an_answer_read_in_part_says_what_was_wrong_with_it() -> None:
    assert "the document ends" in incomplete(SOURCE, "").notice.message
    assert "no end tag" in incomplete(SOURCE, "no end tag").notice.message


@pytest.mark.parametrize(
    ("gone", "crash", "kind"), [(False, False, "broken"), (True, False, "gone"), (False, True, "crash")]
)
def test_a_failure_says_what_to_do(*, gone: bool, crash: bool, kind: NoticeKind) -> None:
    notice = after_failure(SECRET, "no answer", gone=gone, crash=crash).notice
    assert notice.kind == kind
    assert notice.remedy
    assert "CANARY" not in notice.remedy


def test_the_remedy_for_a_broken_source_names_it_as_the_command_takes_it() -> None:
    assert 'monitor try "two"' in after_failure(SECRET, "no answer", gone=False, crash=False).notice.remedy


@dataclass
class Tried:
    """What is known of a source's pages."""

    failures: int = 0
    last_failed: str = ""
    why: str = "the server answers 403"


@pytest.mark.parametrize(
    ("failures", "last", "full_text", "told", "resolved"),
    [
        (0, "", True, False, True),
        (PAGES_IN_VAIN - 1, "https://a.example/1", True, False, True),
        (PAGES_IN_VAIN, "https://a.example/1", True, True, False),
        (PAGES_IN_VAIN, "", True, False, False),
        (PAGES_IN_VAIN, "", False, False, True),
    ],
)
def test_pages_that_keep_failing_are_told_until_one_is_read(
    failures: int, last: str, full_text: bool, told: bool, resolved: bool
) -> None:
    changes = after_pages(replace(SOURCE, full_text=full_text), Tried(failures, last))
    assert bool(raised(changes)) is told
    assert cured(changes) == ([("pages", dt.timedelta())] if resolved else [])
    for notice in raised(changes):
        assert notice.kind == "pages"
        assert "403" in notice.message
        assert "monitor try --kind article https://a.example/1" in notice.remedy
