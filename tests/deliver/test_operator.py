"""What the operator is notified, when, and through which channels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from monitor.channels import KINDS as CHANNEL_KINDS
from monitor.channels import Channel
from monitor.deliver.operator import MAX_SHOWN_NOTICES, REPEAT_AFTER, Operator, chosen_channels, compose, news_of
from monitor.model import ChannelReport, Notice, NoticeRecord

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)


def record(
    kind: str, subject: str = "east", *, notified: dt.timedelta | None = None, over: bool = False, id_: int = 1
) -> NoticeRecord:
    """Return a notice that was raised three days ago, and reported so long ago."""
    notice = Notice(kind, subject, "503", "look", NOW - 3 * REPEAT_AFTER)
    return NoticeRecord(id_, notice, None if notified is None else NOW - notified, NOW if over else None)


def test_a_problem_is_notified_when_it_is_new() -> None:
    news = news_of([record("broken")], NOW)
    assert news is not None
    assert [one.notice.kind for one in news.new] == ["broken"]
    assert news.open_ids == [1]


@pytest.mark.parametrize(("ago", "repeated"), [(REPEAT_AFTER - SECOND, False), (REPEAT_AFTER, True), (-HOUR, True)])
def test_it_is_repeated_daily_while_it_is_open(ago: dt.timedelta, *, repeated: bool) -> None:
    assert (news_of([record("broken", notified=ago)], NOW) is not None) is repeated


def test_a_new_one_brings_those_that_are_open_so_that_they_are_repeated_a_day_later() -> None:
    news = news_of([record("broken", notified=HOUR), record("gap", id_=2)], NOW)
    assert news is not None
    assert [one.id for one in news.open] == [1]
    assert sorted(news.open_ids) == [1, 2]


def test_its_end_is_notified_and_needs_no_remedy() -> None:
    news = news_of([record("channel", "channel mail", notified=HOUR, over=True)], NOW)
    assert news is not None
    message = compose(news, "UTC", NOW)
    assert message.subject.startswith("resolved: channel mail")
    assert [line.remedy for section in message.sections for line in section.lines] == [""]


def test_information_is_no_message_unless_it_is_announced() -> None:
    assert news_of([record("late", notified=HOUR)], NOW) is None
    news = news_of([record("late")], NOW)
    assert news is not None
    assert [one.notice.kind for one in news.information] == ["late"]


def test_the_worst_comes_first() -> None:
    news = news_of([record("gap"), record("channel", "channel mail", id_=2), record("config", "file", id_=3)], NOW)
    assert news is not None
    assert [one.notice.kind for one in news.new] == ["channel", "config", "gap"]
    assert compose(news, "UTC", NOW).subject.startswith("3 problems: channel mail: 503")


def test_a_message_lists_a_bounded_number_and_counts_the_rest() -> None:
    news = news_of([record("broken", f"source {n}", id_=n) for n in range(1, 101)], NOW)
    assert news is not None
    (section,) = compose(news, "UTC", NOW).sections
    assert len(section.lines) == MAX_SHOWN_NOTICES + 1
    assert section.lines[-1].text == f"and {100 - MAX_SHOWN_NOTICES} more"
    assert len(news.open_ids) == 100, "those that are only counted are not new a second time"


def test_times_are_the_operators() -> None:
    news = news_of([record("broken")], NOW)
    assert news is not None
    (section,) = compose(news, "Asia/Shanghai", NOW).sections
    assert "since 2026-11-18 20:00" in section.lines[0].text


class Reports:
    """A store of which only the reports on channels are asked."""

    def __init__(self, *broken: str, refusing: Sequence[str] = ()) -> None:
        self._reports = (
            *(ChannelReport(name, 1, NOW - HOUR, "busy") for name in broken),
            *(ChannelReport(name, parked=1, refuses=True) for name in refusing),
        )

    def channel_reports(self, now: dt.datetime) -> tuple[ChannelReport, ...]:
        assert now == NOW
        return self._reports


def channels(*names: str) -> dict[str, Channel]:
    kind = CHANNEL_KINDS["file"]
    return {name: kind.build(name, kind.Options.model_validate({"folder": f"/{name}"})) for name in names}


@pytest.mark.parametrize(
    ("broken", "refusing", "expected"),
    [
        ((), (), ("mail", "hook")),
        (("mail",), (), ("hook",)),
        ((), ("mail",), ("hook",)),
        (("mail", "hook"), (), ("folder",)),
        (("mail", "hook"), ("folder",), ("mail", "hook")),
    ],
)
def test_what_is_broken_is_reported_through_what_works(
    broken: Sequence[str], refusing: Sequence[str], expected: Sequence[str]
) -> None:
    store: object = Reports(*broken, refusing=refusing)
    found = chosen_channels(("mail", "hook"), channels("mail", "hook", "folder"), store, NOW)  # type: ignore[arg-type]  # all that is asked
    assert found == expected


def test_nobody_is_notified_without_a_channel() -> None:
    assert Operator(Reports(), {}).notify(NOW) is None  # type: ignore[arg-type]  # it is not even asked
