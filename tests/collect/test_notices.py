"""What an operator is told after a poll."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pytest

from monitor.collect.notices import GAP_SHOWN, PAGES_IN_VAIN, after_failure, after_pages, after_reading
from monitor.model import Notice, NoticeKind, Source, SourceState

AT = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
SOURCE = Source("one", "https://a.example/feed", "feed", "https://a.example/feed")
SECRET = Source("two", "https://a.example/feed?token=CANARY", "feed", "env:FEED_URL")
KNOWN = SourceState(1, "one", "https://a.example/feed", last_success_at=AT, last_new_at=AT)


class Board:
    """Remembers what was raised and resolved, as the store would."""

    def __init__(self) -> None:
        self.raised: list[Notice] = []
        self.resolved: list[tuple[NoticeKind, dt.timedelta]] = []

    def raise_notice(self, notice: Notice, at: dt.datetime) -> None:
        self.raised.append(notice)

    def resolve_notice(
        self, kind: NoticeKind, subject: str, at: dt.datetime, *, quiet_for: dt.timedelta = dt.timedelta()
    ) -> None:
        self.resolved.append((kind, quiet_for))


def read(source: Source = SOURCE, *, moved_to: str | None = None, overlap: bool = True, new: int = 1) -> Board:
    board = Board()
    after_reading(board, source, KNOWN, moved_to=moved_to, overlap=overlap, new=new, at=AT)
    return board


def test_a_source_that_was_read_takes_back_what_was_said_of_it() -> None:
    board = read()
    assert board.raised == []
    assert {kind for kind, quiet_for in board.resolved if not quiet_for} == {"broken", "gone", "crash", "moved"}


def test_a_gap_stays_long_enough_to_be_seen() -> None:
    assert ("gap", GAP_SHOWN) in read().resolved


def test_a_move_for_good_comes_with_the_line_to_change() -> None:
    (notice,) = read(moved_to="https://b.example/feed").raised
    assert notice.kind == "moved"
    assert 'url = "https://b.example/feed"' in notice.remedy


def test_a_move_of_a_secret_address_shows_neither_address() -> None:
    (notice,) = read(SECRET, moved_to="https://b.example/feed?token=CANARY").raised
    assert "CANARY" not in notice.message + notice.remedy
    assert "env:FEED_URL" in notice.remedy


@pytest.mark.parametrize(("overlap", "new", "gap"), [(False, 3, True), (True, 3, False), (False, 0, False)])
def test_only_an_answer_in_which_all_is_new_may_hide_a_gap(*, overlap: bool, new: int, gap: bool) -> None:
    assert [notice.kind for notice in read(overlap=overlap, new=new).raised] == (["gap"] if gap else [])


@pytest.mark.parametrize(
    ("gone", "crash", "kind"), [(False, False, "broken"), (True, False, "gone"), (False, True, "crash")]
)
def test_a_failure_says_what_to_do(*, gone: bool, crash: bool, kind: NoticeKind) -> None:
    board = Board()
    after_failure(board, SECRET, "no answer", gone=gone, crash=crash, at=AT)
    (notice,) = board.raised
    assert notice.kind == kind
    assert notice.remedy
    assert "CANARY" not in notice.remedy


def test_the_remedy_for_a_broken_source_names_it_as_the_command_takes_it() -> None:
    board = Board()
    after_failure(board, SECRET, "no answer", gone=False, crash=False, at=AT)
    assert 'monitor try "two"' in board.raised[0].remedy


@dataclass
class Tried:
    """What is known of a source's pages."""

    failures: int = 0
    last_failed: str = ""
    why: str = "the server answers 403"


@pytest.mark.parametrize(
    ("failures", "last", "full_text", "raised", "resolved"),
    [
        (0, "", True, False, True),
        (PAGES_IN_VAIN - 1, "https://a.example/1", True, False, True),
        (PAGES_IN_VAIN, "https://a.example/1", True, True, False),
        (PAGES_IN_VAIN, "", True, False, False),
        (PAGES_IN_VAIN, "", False, False, True),
    ],
)
def test_pages_that_keep_failing_are_told_until_one_is_read(
    failures: int, last: str, full_text: bool, raised: bool, resolved: bool
) -> None:
    board = Board()
    after_pages(board, replace(SOURCE, full_text=full_text), Tried(failures, last), AT)
    assert bool(board.raised) is raised
    assert board.resolved == ([("pages", dt.timedelta())] if resolved else [])
    for notice in board.raised:
        assert notice.kind == "pages"
        assert "403" in notice.message
        assert "monitor try --kind article https://a.example/1" in notice.remedy
