"""A database that takes no writes is reported without it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from monitor.channels import Channel
from monitor.deliver import DatabaseOutage, Operator
from monitor.deliver.direct import NOTIFY_AFTER, RETRY_AFTER
from monitor.deliver.operator import REPEAT_AFTER
from monitor.model import Edition, Notice, OperatorMessage, Outcome, Payload

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


@dataclass
class Ledger:
    """A store that can write again only when the outage is over."""

    instance_id: str = "db"
    past: list[Notice] = field(default_factory=list)

    @contextmanager
    def writing(self) -> Iterator[Ledger]:
        yield self

    def add_past_notice(
        self, notice: Notice, first_at: dt.datetime, notified_at: dt.datetime, resolved_at: dt.datetime
    ) -> None:
        assert first_at <= notified_at <= resolved_at
        self.past.append(notice)


@dataclass
class Far:
    """A channel whose far end takes messages, or does not."""

    name: str
    answer: Outcome = field(default_factory=lambda: Outcome("sent", "ok"))
    kind: str = "slack"
    recipients: tuple[str, ...] = ("r",)
    sent: list[str] = field(default_factory=list)

    def render(self, edition: Edition) -> tuple[Payload, ...]:
        return ()

    def render_message(self, message: OperatorMessage) -> Payload:
        return Payload(message.subject)

    def send(self, payload: Payload, recipient: str, message_id: str) -> Outcome:
        self.sent.append(payload.body)
        return self.answer


def operator(*channels: Far, to: tuple[str, ...] = ("mail",)) -> Operator:
    named: dict[str, Channel] = {channel.name: channel for channel in channels}
    return Operator(Ledger(), named, to)  # type: ignore[arg-type]  # what this part of it asks


def test_a_short_lock_is_not_notified() -> None:
    mail, outage = Far("mail"), DatabaseOutage()
    for at in (NOW, NOW + NOTIFY_AFTER - SECOND):
        outage.note_failure(operator(mail), "locked", at)
    assert mail.sent == []


def test_a_lasting_one_is_notified_with_its_reason_and_then_daily() -> None:
    mail, outage = Far("mail"), DatabaseOutage()
    minutes = [n * dt.timedelta(minutes=1) for n in range(26 * 60)]
    notified = [after for after in minutes if outage.note_failure(operator(mail), "the disk is full", NOW + after)]
    assert notified == [NOTIFY_AFTER, NOTIFY_AFTER + REPEAT_AFTER]
    assert "the disk is full" in mail.sent[0]


def test_what_the_operators_channels_do_not_take_goes_through_the_others() -> None:
    mail, hook = Far("mail", Outcome("retry", "no connection")), Far("hook")
    outage = DatabaseOutage()
    outage.note_failure(operator(mail, hook), "locked", NOW)
    assert outage.note_failure(operator(mail, hook), "locked", NOW + NOTIFY_AFTER)
    assert (len(mail.sent), len(hook.sent)) == (1, 1)


def test_what_no_channel_takes_is_tried_again() -> None:
    mail, outage = Far("mail", Outcome("retry", "no connection")), DatabaseOutage()
    for after in (dt.timedelta(), NOTIFY_AFTER, NOTIFY_AFTER + SECOND, NOTIFY_AFTER + RETRY_AFTER):
        outage.note_failure(operator(mail), "locked", NOW + after)
    assert len(mail.sent) == 2


def test_without_an_operator_nobody_is_notified() -> None:
    mail, outage = Far("mail"), DatabaseOutage()
    for at in (NOW, NOW + NOTIFY_AFTER):
        assert not outage.note_failure(operator(mail, to=()), "locked", at)
    assert mail.sent == []


def test_its_end_is_recorded_once_and_only_if_it_was_notified() -> None:
    mail, outage, ledger = Far("mail"), DatabaseOutage(), Ledger()
    outage.note_failure(operator(mail), "locked", NOW)
    outage.note_success(ledger, NOW + SECOND)
    assert (ledger.past, outage.since) == ([], None)
    for at in (NOW, NOW + NOTIFY_AFTER):
        outage.note_failure(operator(mail), "locked", at)
    for _ in range(2):
        outage.note_success(ledger, NOW + REPEAT_AFTER)
    assert [notice.kind for notice in ledger.past] == ["database"]


def test_a_clock_that_is_set_back_does_not_silence_an_outage() -> None:
    mail, outage = Far("mail"), DatabaseOutage()
    outage.note_failure(operator(mail), "locked", NOW + REPEAT_AFTER)
    assert not outage.note_failure(operator(mail), "locked", NOW)
    assert outage.note_failure(operator(mail), "locked", NOW + NOTIFY_AFTER)
