"""The outbox against a store in memory: what a far end's wish to wait means for its channel."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from random import Random
from threading import Event

from monitor.clock import FixedClock
from monitor.deliver import Outbox
from monitor.model import Delivery, Edition, OperatorMessage, Outcome, Payload

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def delivery(id_: int, channel: str = "hook") -> Delivery:
    return Delivery(id_, "d", 1, channel, "r", f"m{id_}", Payload("{}"), "queued", created_at=NOW, next_at=NOW)


@dataclass
class Rows:
    """Deliveries as the store would keep them."""

    rows: dict[int, Delivery]
    worked: dt.datetime | None = None

    def _due(self, now: dt.datetime, channel: str) -> list[int]:
        waits = ("queued", "retry", "ambiguous")
        rows = self.rows.values()
        return [r.id for r in rows if r.channel == channel and r.state in waits and r.next_at and r.next_at <= now]

    def due_channels(self, now: dt.datetime, edition: int | None = None) -> tuple[str, ...]:
        return tuple(sorted({row.channel for row in self.rows.values() if self._due(now, row.channel)}))

    def due_deliveries(
        self, now: dt.datetime, channel: str | None = None, edition: int | None = None
    ) -> tuple[int, ...]:
        return tuple(self._due(now, channel or ""))

    def claim(self, delivery_id: int, now: dt.datetime) -> Delivery | None:
        return replace(self.rows[delivery_id], attempts=self.rows[delivery_id].attempts + 1)

    def finish(self, delivery_id: int, outcome: Outcome, now: dt.datetime, next_at: dt.datetime | None) -> None:
        self.rows[delivery_id] = replace(self.rows[delivery_id], state=outcome.kind, next_at=next_at)

    def channel_works_since(self, delivery_id: int) -> dt.datetime | None:
        return self.worked

    def postpone(self, channel: str, until: dt.datetime) -> int:
        early = [row for row in self.rows.values() if row.channel == channel and row.next_at and row.next_at < until]
        self.rows.update({row.id: replace(row, next_at=until) for row in early})
        return len(early)


@dataclass
class Far:
    """A channel whose answers are given."""

    answers: list[Outcome]
    name: str = "hook"
    kind: str = "slack"
    recipients: tuple[str, ...] = ("r",)
    sent: list[str] = field(default_factory=list)

    def render_message(self, message: OperatorMessage) -> Payload:
        return Payload(message.subject)

    def render(self, edition: Edition) -> tuple[Payload, ...]:
        return ()

    def send(self, payload: Payload, recipient: str, message_id: str) -> Outcome:
        self.sent.append(message_id)
        return self.answers.pop(0) if self.answers else Outcome("sent", "ok")


def test_a_wish_to_wait_holds_for_the_whole_channel_and_for_what_is_queued_later() -> None:
    rows, clock = Rows({1: delivery(1), 2: delivery(2), 3: delivery(3, "mail")}), FixedClock(NOW)
    hook, mail = Far([Outcome("retry", "slow down", HOUR * 2)]), Far([], "mail")
    outbox = Outbox(rows, {"hook": hook, "mail": mail}, clock, Random(1))
    outbox.send_due()
    assert (hook.sent, mail.sent) == (["m1"], ["m3"])
    clock.advance(HOUR)
    rows.rows[4] = replace(delivery(4), next_at=clock.now())
    outbox.send_due()
    assert hook.sent == ["m1"]
    clock.advance(HOUR)
    outbox.send_due()
    assert hook.sent == ["m1", "m1", "m2", "m4"]


def test_a_surprise_in_a_channel_is_doubt_and_not_the_end_of_the_others() -> None:
    class Broken(Far):
        def send(self, payload: Payload, recipient: str, message_id: str) -> Outcome:
            raise ZeroDivisionError("a bug")

    rows = Rows({1: delivery(1), 2: delivery(2, "mail")})
    mail = Far([], "mail")
    sendings = Outbox(rows, {"hook": Broken([]), "mail": mail}, FixedClock(NOW), Random(1)).send_due()
    assert {sending.delivery.channel: sending.outcome.kind for sending in sendings} == {
        "hook": "ambiguous",
        "mail": "sent",
    }


def test_what_is_for_a_channel_that_is_gone_is_parked() -> None:
    (sending,) = Outbox(Rows({1: delivery(1)}), {}, FixedClock(NOW), Random(1)).send_due()
    assert sending.outcome.kind == "parked"
    assert "hook" in sending.outcome.reason


def test_nothing_new_is_begun_when_the_program_stops() -> None:
    hook = Far([])
    stop = Event()
    stop.set()
    Outbox(Rows({1: delivery(1)}), {"hook": hook}, FixedClock(NOW), Random(1), stop).send_due()
    assert hook.sent == []
