"""What happened reaches whoever subscribes, once, and nobody's failure undoes it."""

from __future__ import annotations

import datetime as dt
import inspect
import io
from collections.abc import Iterator

import pytest

from monitor import events, log
from monitor.events import Event, publish, subscribe, unsubscribe

EDITION = events.EditionBuilt("morning", "2026-11-21T08:00", 3)
KINDS = [
    kind for _, kind in inspect.getmembers(events, inspect.isclass) if issubclass(kind, Event) and kind is not Event
]


@pytest.fixture
def heard() -> Iterator[list[Event]]:
    heard: list[Event] = []
    subscribe(heard.append)
    yield heard
    unsubscribe(heard.append)


def test_a_subscriber_hears_every_event_once_until_it_leaves() -> None:
    heard: list[Event] = []
    hear = heard.append
    subscribe(hear)
    subscribe(hear)
    publish(EDITION)
    unsubscribe(hear)
    publish(EDITION)
    assert heard == [EDITION]


def test_a_subscriber_that_fails_is_reported_to_the_others(heard: list[Event]) -> None:
    def fail(event: Event) -> None:
        raise ZeroDivisionError(event)

    subscribe(fail)
    publish(EDITION)
    unsubscribe(fail)
    crash, edition = sorted(heard, key=lambda event: event.name)
    assert edition == EDITION
    assert isinstance(crash, events.SubscriberCrashed)
    assert "ZeroDivisionError" in crash.trace


def line(event: Event) -> str:
    stream = io.StringIO()
    log.configure("info", stream=stream)
    log.write(event)
    (line,) = stream.getvalue().splitlines()
    return line.partition(" ")[2]


@pytest.mark.parametrize(
    ("event", "written"),
    [
        (
            events.PollFinished("one", "ok", "", 2, 1, {"next poll": "soon"}, 0.25),
            'info    collect.poll source=one outcome=ok reason="" new=2 matches=1 seconds=0.25 next_poll=soon',
        ),
        (events.PollCrashed("one", "trace"), "error   collect.crash source=one trace=trace"),
        (events.RuleBackfilled("web3", 3), "info    collect.backfilled rule=web3 articles=3"),
        (
            events.TextsRemoved(3, dt.datetime(2024, 11, 21, tzinfo=dt.UTC)),
            "info    archive.texts_removed articles=3 seen_before=2024-11-21T00:00:00+00:00",
        ),
        (
            events.JoinTried("https://b.example/", "copy", "https://a.example/", 1, "r"),
            "info    stories.would_join url=https://b.example/ relation=copy of=https://a.example/ score=1 reason=r",
        ),
        (
            events.StorySplit("https://b.example/", 2, 1, "morning"),
            "info    stories.split url=https://b.example/ story=2 former_story=1 digests=morning",
        ),
        (
            events.StoryJoined("https://b.example/", "https://a.example/", 1, 2, "all"),
            "info    stories.joined url=https://b.example/ of=https://a.example/ story=1 former_story=2 digests=all",
        ),
        (EDITION, "info    deliver.edition digest=morning slot=2026-11-21T08:00 items=3 left_out=0"),
        (events.EditionCrashed("morning", "trace"), "error   deliver.crash digest=morning trace=trace"),
        (
            events.DeliveryEnded("morning", "team", "sent", "accepted", 1),
            "info    deliver.delivery digest=morning channel=team outcome=sent reason=accepted attempt=1",
        ),
        (events.ChannelCrashed("team", "trace"), "error   deliver.crash channel=team trace=trace"),
        (
            events.NoticeRaised("gap", "one", "missing", "every"),
            "info    notice.raised kind=gap subject=one message=missing remedy=every",
        ),
        (events.NoticeResolved("gap", "one", "well"), "info    notice.resolved kind=gap subject=one reason=well"),
        (events.ConfigReloaded({"rules": "added a"}), 'info    reload.reloaded rules="added a"'),
        (events.ConfigRefused("why"), "error   reload.refused reason=why"),
        (events.SubscriberCrashed("mail", "trace"), "error   events.crash subscriber=mail trace=trace"),
    ],
)
def test_the_log_writes_it_under_its_name_with_all_that_is_known(event: Event, written: str) -> None:
    assert line(event) == written


def test_every_kind_of_event_has_its_line_above() -> None:
    (mark,) = test_the_log_writes_it_under_its_name_with_all_that_is_known.pytestmark  # type: ignore[attr-defined]  # pytest
    assert {type(event) for event, _ in mark.args[1]} == set(KINDS)
