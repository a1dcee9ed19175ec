"""Events: what happened in the program, as frozen values. They are passed to subscribers, such as the log.

An event is published after its data is committed. If the process is killed in between, the event is lost. Therefore
everything that must not be lost is in the database.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

Level = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Event:
    """An event. The log shows its `part` (of the program), its `name` and its `level`."""

    part: ClassVar[str]
    name: ClassVar[str]
    level: ClassVar[Level] = "info"

    def context(self) -> dict[str, object]:
        """Return the data of the event, by name."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}


@dataclass(frozen=True, slots=True)
class PollFinished(Event):
    """A poll was recorded. `reason` explains its outcome; `decisions` are the decisions that followed, by kind.

    `seconds` is how long it took, until it was recorded.
    """

    part: ClassVar[str] = "collect"
    name: ClassVar[str] = "poll"

    source: str
    outcome: str
    reason: str
    new: int
    matches: int
    decisions: Mapping[str, str]
    seconds: float = 0.0

    def context(self) -> dict[str, object]:
        """Return the data of the event, with each decision under its kind."""
        kinds = {kind.replace(" ", "_"): reason for kind, reason in self.decisions.items()}
        context = Event.context(self) | {"seconds": round(self.seconds, 3)}
        del context["decisions"]
        return context | kinds


@dataclass(frozen=True, slots=True)
class PollCrashed(Event):
    """A poll of a source raised an unexpected exception."""

    part: ClassVar[str] = "collect"
    name: ClassVar[str] = "crash"
    level: ClassVar[Level] = "error"

    source: str
    trace: str


@dataclass(frozen=True, slots=True)
class RuleBackfilled(Event):
    """A new rule was matched against the whole archive. It will cause `articles` articles to be sent."""

    part: ClassVar[str] = "collect"
    name: ClassVar[str] = "backfilled"

    rule: str
    articles: int


@dataclass(frozen=True, slots=True)
class TextsRemoved(Event):
    """The texts of `articles` articles were removed, because they were first seen before `seen_before`."""

    part: ClassVar[str] = "archive"
    name: ClassVar[str] = "texts_removed"

    articles: int
    seen_before: dt.datetime

    def context(self) -> dict[str, object]:
        """Return the data of the event, with the time as text."""
        return {"articles": self.articles, "seen_before": self.seen_before.isoformat(timespec="seconds")}


@dataclass(frozen=True, slots=True)
class JoinTried(Event):
    """In shadow mode, a new article was recorded as a new story; in normal mode it would join the article at `of`.

    `score` is the similarity, from 0 to 1. `reason` is what decided.
    """

    part: ClassVar[str] = "stories"
    name: ClassVar[str] = "would_join"

    url: str
    relation: str
    of: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class StorySplit(Event):
    """A person took an article out of its story. The digests that had left the article out will send it."""

    part: ClassVar[str] = "stories"
    name: ClassVar[str] = "split"

    url: str
    story: int
    former_story: int
    digests: str


@dataclass(frozen=True, slots=True)
class StoryJoined(Event):
    """A person moved an article into the story of another article."""

    part: ClassVar[str] = "stories"
    name: ClassVar[str] = "joined"

    url: str
    of: str
    story: int
    former_story: int
    digests: str


@dataclass(frozen=True, slots=True)
class EditionBuilt(Event):
    """A digest has a new edition, queued for its recipients. `left_out` counts the items its settings excluded."""

    part: ClassVar[str] = "deliver"
    name: ClassVar[str] = "edition"

    digest: str
    slot: str
    items: int
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class EditionCrashed(Event):
    """Building an edition of a digest raised an unexpected exception."""

    part: ClassVar[str] = "deliver"
    name: ClassVar[str] = "crash"
    level: ClassVar[Level] = "error"

    digest: str
    trace: str


@dataclass(frozen=True, slots=True)
class DeliveryEnded(Event):
    """An attempt to deliver a digest ended."""

    part: ClassVar[str] = "deliver"
    name: ClassVar[str] = "delivery"

    digest: str
    channel: str
    outcome: str
    reason: str
    attempt: int


@dataclass(frozen=True, slots=True)
class ChannelCrashed(Event):
    """Sending through a channel raised an unexpected exception."""

    part: ClassVar[str] = "deliver"
    name: ClassVar[str] = "crash"
    level: ClassVar[Level] = "error"

    channel: str
    trace: str


@dataclass(frozen=True, slots=True)
class NoticeRaised(Event):
    """A notice was opened. If a notice is raised again while it is open, no event is published."""

    part: ClassVar[str] = "notice"
    name: ClassVar[str] = "raised"

    kind: str
    subject: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class NoticeResolved(Event):
    """A notice was resolved, for `reason`."""

    part: ClassVar[str] = "notice"
    name: ClassVar[str] = "resolved"

    kind: str
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConfigReloaded(Event):
    """A changed configuration is active. `changes` describes the changes in words, by kind of table."""

    part: ClassVar[str] = "reload"
    name: ClassVar[str] = "reloaded"

    changes: Mapping[str, str]

    def context(self) -> dict[str, object]:
        """Return the changes by kind of table."""
        return dict(self.changes)


@dataclass(frozen=True, slots=True)
class ConfigRefused(Event):
    """A changed configuration is invalid, so it is not used. `reason` is one of its errors."""

    part: ClassVar[str] = "reload"
    name: ClassVar[str] = "refused"
    level: ClassVar[Level] = "error"

    reason: str


@dataclass(frozen=True, slots=True)
class SubscriberCrashed(Event):
    """A subscriber raised an exception on an event. The other subscribers got the event."""

    part: ClassVar[str] = "events"
    name: ClassVar[str] = "crash"
    level: ClassVar[Level] = "error"

    subscriber: str
    trace: str


Subscriber = Callable[[Event], None]

_subscribers: list[Subscriber] = []
_lock = threading.Lock()


def subscribe(subscriber: Subscriber) -> None:
    """Call `subscriber` with every event from now on, in the thread that publishes it. A second call has no effect."""
    with _lock:
        if subscriber not in _subscribers:
            _subscribers.append(subscriber)


def unsubscribe(subscriber: Subscriber) -> None:
    """Stop calling `subscriber`."""
    with _lock:
        if subscriber in _subscribers:
            _subscribers.remove(subscriber)


def publish(event: Event) -> None:
    """Call all subscribers. If one of them raises, the others also get a SubscriberCrashed event."""
    with _lock:
        subscribers = tuple(_subscribers)
    for subscriber in subscribers:
        try:
            subscriber(event)
        except Exception as error:  # noqa: BLE001 - the boundary of a subscriber: it must not undo what happened
            trace = "".join(traceback.format_exception(error))
            _report_crash(subscriber, subscribers, SubscriberCrashed(repr(subscriber), trace))


def publish_all(events: Iterable[Event]) -> None:
    """Publish each of the events, in order."""
    for event in events:
        publish(event)


def _report_crash(failed: Subscriber, subscribers: tuple[Subscriber, ...], event: Event) -> None:
    for other in subscribers:
        if other is not failed:
            other(event)
