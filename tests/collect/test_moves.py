"""A source that moved for good is requested at its new address after three answers in a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest

from monitor.collect.decide import decide
from monitor.collect.documents import Failure, Snapshot, Unchanged
from monitor.collect.locate import PollContext
from monitor.collect.result import PollResult, RaiseNotice, ResolveNotice
from monitor.collect.schedule import Limits
from monitor.model import Reading, Request, Source, SourceState, Validators
from monitor.rules import compile_rules

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
RULES = compile_rules({"one": "one"})
OLD, NEW, OTHER = "https://old.example/feed", "https://new.example/feed", "https://other.example/feed"
SOURCE = Source("s", OLD, "feed")
STATE = SourceState(1, "s", OLD, last_success_at=NOON)
TAGS = Validators(b'"1"', b"Sat, 21 Nov 2026 12:00:00 GMT", "hash")

Outcome = Snapshot | Unchanged | Failure


def moved(to: str | None) -> Snapshot:
    return Snapshot(Reading("feed"), Validators(body_hash="hash"), 200, moved_to=to)


def unchanged(to: str | None) -> Unchanged:
    return Unchanged("same_body", Validators(body_hash="hash"), moved_to=to)


def poll(state: SourceState, outcome: Outcome, source: Source = SOURCE) -> PollResult:
    context = PollContext.of(source, state, NOON)
    return decide(context, outcome, rules=RULES, limits=Limits(), jitter=0.0)


def after(outcomes: Sequence[Outcome], source: Source = SOURCE) -> SourceState:
    state = STATE
    for outcome in outcomes:
        state = poll(state, outcome, source).state
    return state


def address(state: SourceState, source: Source = SOURCE) -> str:
    return PollContext.of(source, state, NOON).source.url


@pytest.mark.parametrize(
    ("outcomes", "url"),
    [
        ([moved(NEW)] * 2, OLD),
        ([moved(NEW)] * 3, NEW),
        ([moved(NEW), unchanged(NEW), unchanged(NEW)], NEW),
        ([moved(NEW), moved(None), moved(NEW), moved(NEW)], OLD),
        ([moved(NEW), moved(OTHER), moved(NEW), moved(NEW)], OLD),
        ([moved(NEW), moved(NEW), Failure("no answer"), moved(NEW)], NEW),
        ([moved(NEW)] * 3 + [moved(None)] * 5, NEW),
        ([moved(NEW)] * 3 + [moved(OTHER)], OLD),
        ([moved(NEW)] * 3 + [moved(OTHER)] * 3, OTHER),
        ([moved("")] * 5, OLD),
    ],
)
def test_where_a_source_is_requested_after_some_answers(outcomes: list[Outcome], url: str) -> None:
    assert address(after(outcomes)) == url


def test_a_post_is_never_sent_to_another_address() -> None:
    posting = replace(SOURCE, request=Request("POST", b"{}"))
    assert address(after([moved(NEW)] * 5, posting), posting) == OLD


def test_headers_stay_with_the_configured_address() -> None:
    there = PollContext.of(SOURCE, after([moved(NEW)] * 3), NOON).source
    assert there.request.trusted_url == OLD


def test_the_notice_says_that_the_source_is_read_at_its_new_address_and_stays_open() -> None:
    state = after([moved(NEW)] * 3)
    raised = [one.notice for one in poll(state, moved(None)).notices if isinstance(one, RaiseNotice)]
    assert [(one.kind, one.message) for one in raised] == [
        ("moved", f"it moved for good to {NEW}, and is read there now")
    ]
    later = poll(state, unchanged(None)).notices
    assert "moved" not in [one.kind for one in later if isinstance(one, ResolveNotice)]


@pytest.mark.parametrize(("answer", "url"), [(moved(None), OLD), (moved(NEW), NEW), (moved(OTHER), OLD)])
def test_once_a_day_the_configured_address_is_requested_in_case_the_move_was_a_mistake(
    answer: Snapshot, url: str
) -> None:
    state = replace(after([moved(NEW)] * 3), last_polled_at=NOON)
    tomorrow = PollContext.of(SOURCE, state, NOON + dt.timedelta(days=1))
    assert tomorrow.source.url == OLD
    found = decide(tomorrow, answer, rules=RULES, limits=Limits(), jitter=0.0)
    assert PollContext.of(SOURCE, found.state, tomorrow.now).source.url == url
    ended = "moved" in [one.kind for one in found.notices if isinstance(one, ResolveNotice)]
    assert ended is (answer.moved_to is None)


@pytest.mark.parametrize("failure", [Failure("no answer"), Failure("gone", 410), Failure("none", 404)])
def test_when_the_new_address_fails_the_configured_one_is_requested_again_without_its_validators(
    failure: Failure,
) -> None:
    state = replace(after([moved(NEW)] * 3), validators=TAGS)
    found = poll(state, failure).state
    assert address(found) == OLD
    assert found.validators == Validators(body_hash="hash")
    assert found.paused is None


def test_a_source_that_moved_to_a_forbidden_address_is_not_read_there_through_the_configured_one() -> None:
    state = replace(after([moved(NEW)] * 3), validators=TAGS)
    refused = poll(state, Failure("the robots.txt forbids it", forbidden=True)).state
    assert address(refused) == NEW
    assert refused.validators == TAGS


def test_each_answer_says_how_many_are_needed() -> None:
    words = [one.reason for one in poll(after([moved(NEW)]), moved(NEW)).record.decisions if one.kind == "address"]
    assert words == [f"moved for good to {NEW}: 2 of 3 answers in a row"]
