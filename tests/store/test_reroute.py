"""A corrected address: what waits for the wrong one goes to the right one, once."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from monitor.channels import Channel
from monitor.deliver import EditionBuilder, HoldResult, RerouteResult, hold_removed
from monitor.deliver.reroute import HOLD_PERIOD, reroute
from monitor.digest import Digest, parse_schedule
from monitor.model import DeliveryReport, Edition, OperatorMessage, Outcome, Payload
from monitor.store import Store

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@dataclass
class Far:
    """A channel with recipients that are given, which makes `parts` messages of an edition."""

    name: str
    recipients: tuple[str, ...]
    parts: int = 1
    kind: str = "email"

    def render_message(self, message: OperatorMessage) -> Payload:
        return Payload(message.subject)

    def render(self, edition: Edition) -> tuple[Payload, ...]:
        return tuple(Payload(f"{self.name} {len(edition.items)} {part}", part) for part in range(1, self.parts + 1))

    def send(self, payload: Payload, recipient: str, message_id: str) -> Outcome:
        raise AssertionError("nothing is sent here")


def digest(*to: str) -> Digest:
    return Digest("morning", ("web3",), parse_schedule("08:00"), "UTC", to)


def channels(*all_: Far) -> Mapping[str, Channel]:
    return {one.name: one for one in all_}


def build(store: Store, world: Any, *present: Far, ends: Mapping[str, str]) -> int:
    """Return an edition through these channels, and how the first attempt for each recipient ended (else it waits)."""
    world.lists("east", world.change("a", "web3"))
    bound = EditionBuilder(store, channels(*present)).build(digest(*(one.name for one in present)), NOON, forced=True)
    assert bound is not None
    for delivery_id in store.due_deliveries(NOON):
        claimed = store.claim(delivery_id, NOON)
        if claimed is not None and claimed.recipient in ends:
            kind: Any = ends[claimed.recipient]
            store.finish(delivery_id, Outcome(kind, f"{kind}!"), NOON, NOON + MINUTE)
    return bound.id


def rows(store: Store) -> list[DeliveryReport]:
    trace = store.trace("http://news.example/a")
    assert trace is not None
    return [one for edition in trace.editions for one in edition.deliveries]


def states(store: Store) -> dict[tuple[str, str, int], str]:
    return {(one.channel, one.recipient, one.part): one.state for one in rows(store)}


def reroute_all(store: Store, *present: Far, to: Sequence[str] | None = None) -> RerouteResult:
    names = [one.name for one in present] if to is None else to
    changed = reroute(store, channels(*present), [digest(*names)], NOON + MINUTE)
    store.requeue_parked(NOON + MINUTE)
    assert store.integrity() == ()
    return changed


@pytest.mark.parametrize("ended", ["parked", "retry", "ambiguous"])
def test_what_waits_for_a_wrong_address_goes_to_the_right_one(store: Store, world: Any, ended: str) -> None:
    edition = build(store, world, Far("mail", ("bad", "ann")), ends={"bad": ended, "ann": "sent"})
    assert reroute_all(store, Far("mail", ("good", "ann"))) == RerouteResult(1, 1)
    assert states(store) == {("mail", "bad", 1): "dropped", ("mail", "ann", 1): "sent", ("mail", "good", 1): "queued"}
    bad = next(one for one in rows(store) if one.recipient == "bad")
    assert bad.last_error == f'the channel "mail" no longer has this recipient; before: {ended}!'
    assert [attempt.outcome for attempt in bad.ledger] == [ended]
    status = store.status(NOON + MINUTE)
    assert (status.troubled, status.outbox) == ((), {"dropped": 1, "queued": 1, "sent": 1})
    (due,) = store.due_deliveries(NOON + 900 * MINUTE)
    claimed = store.claim(due, NOON + MINUTE)
    assert claimed is not None
    assert (claimed.recipient, claimed.payload.body, claimed.edition_id) == ("good", "mail 1 1", edition)


def test_the_message_id_is_the_one_that_the_edition_would_have_given(store: Store, world: Any) -> None:
    build(store, world, Far("mail", ("bad",)), ends={"bad": "parked"})
    reroute_all(store, Far("mail", ("good",)))
    good = next(one for one in rows(store) if one.recipient == "good")
    slot = f"by hand {NOON.isoformat()}"
    content = hashlib.sha256(b"mail 1 1").hexdigest()
    wanted = f"{store.instance_id}\x00morning\x00{slot}\x00mail\x00good\x001\x00{content}"
    assert good.message_id == hashlib.sha256(wanted.encode()).hexdigest()[:32]


def test_nobody_is_sent_anything_twice_and_a_second_time_changes_nothing(store: Store, world: Any) -> None:
    build(store, world, Far("mail", ("bad", "ann")), ends={"bad": "parked", "ann": "sent"})
    reroute_all(store, Far("mail", ("good", "ann")))
    before = states(store)
    assert reroute_all(store, Far("mail", ("good", "ann"))) == RerouteResult()
    assert reroute_all(store, Far("mail", ("good", "ann", "bad"))) == RerouteResult()
    assert states(store) == before


def test_while_nobody_is_gone_a_new_recipient_gets_nothing_old(store: Store, world: Any) -> None:
    build(store, world, Far("mail", ("bad",)), ends={"bad": "parked"})
    assert reroute_all(store, Far("mail", ("bad", "new"))) == RerouteResult()
    assert states(store) == {("mail", "bad", 1): "queued"}


def test_a_new_recipient_gets_all_parts(store: Store, world: Any) -> None:
    build(store, world, Far("mail", ("bad",), parts=3), ends={})
    store.finish(rows(store)[0].id, Outcome("sent", "ok"), NOON)
    assert reroute_all(store, Far("mail", ("good",), parts=3)) == RerouteResult(2, 3)
    assert [states(store)["mail", "bad", part] for part in (1, 2, 3)] == ["sent", "dropped", "dropped"]
    assert [states(store)["mail", "good", part] for part in (1, 2, 3)] == ["queued"] * 3


def test_a_channel_that_has_another_name_now_serves_those_who_got_nothing(store: Store, world: Any) -> None:
    build(store, world, Far("mail", ("bad", "ann")), ends={"bad": "parked", "ann": "sent"})
    assert reroute_all(store, Far("post", ("good", "ann"))) == RerouteResult(1, 1)
    assert states(store) == {("mail", "bad", 1): "dropped", ("mail", "ann", 1): "sent", ("post", "good", 1): "queued"}
    (due,) = store.due_deliveries(NOON + MINUTE)
    claimed = store.claim(due, NOON + MINUTE)
    assert claimed is not None
    assert claimed.payload.body == "post 1 1"
    assert "no longer in the configuration" in (rows(store)[1].last_error or "")


def test_what_no_channel_is_to_send_any_more_is_dropped(store: Store, world: Any) -> None:
    build(store, world, Far("mail", ("bad",)), ends={"bad": "parked"})
    assert reroute_all(store, Far("post", ("good",)), to=()) == RerouteResult(1, 0)
    assert states(store) == {("mail", "bad", 1): "dropped"}


# --- held -------------------------------------------------------------------------------------------------------------


def hold(store: Store, *present: Far, to: Sequence[str] | None = None, at: dt.datetime = NOON + MINUTE) -> HoldResult:
    """Apply a configuration with these channels, of which the digest goes through `to` (None: all)."""
    names = [one.name for one in present] if to is None else to
    result = hold_removed(store, channels(*present), [digest(*names)], at)
    assert store.integrity() == ()
    return result


def due(store: Store, at: dt.datetime) -> set[str]:
    """Return the recipients of what waits to be sent."""
    claims = (store.claim(one, at) for one in store.due_deliveries(at))
    return {one.recipient for one in claims if one is not None}


def test_held_is_not_due_and_says_when_it_is_dropped(store: Store, world: Any) -> None:
    build(store, world, Far("mail", ("ann", "bob")), ends={"ann": "retry", "bob": "retry"})
    assert hold(store, Far("mail", ("bob",))) == HoldResult(held=1)
    assert due(store, NOON + HOLD_PERIOD - MINUTE) == {"bob"}
    (held,) = [one for one in store.status(NOON).troubled if one.state == "held"]
    assert (held.recipient, held.next_at) == ("ann", NOON + MINUTE + HOLD_PERIOD)
    assert held.last_error == 'the channel "mail" no longer has this recipient; before: retry!'
    assert (store.status(NOON).outbox or {})["held"] == 1


def test_it_goes_out_if_the_address_is_back_within_a_week(store: Store, world: Any) -> None:
    build(store, world, Far("mail", ("ann",)), ends={"ann": "retry"})
    hold(store, Far("mail", ("bob",)))
    back = NOON + HOLD_PERIOD
    assert hold(store, Far("mail", ("ann", "bob")), at=back) == HoldResult(released=1)
    assert due(store, back) == {"ann", "bob"}


def test_after_a_week_it_is_dropped_for_good(store: Store, world: Any) -> None:
    build(store, world, Far("mail", ("ann", "bob")), ends={"ann": "retry", "bob": "sent"})
    hold(store, Far("mail", ("bob",)))
    assert hold(store, Far("mail", ("bob",)), at=NOON + HOLD_PERIOD) == HoldResult()
    assert hold(store, Far("mail", ("bob",)), at=NOON + MINUTE + HOLD_PERIOD) == HoldResult(dropped=1)
    assert hold(store, Far("mail", ("ann", "bob")), at=NOON + 2 * HOLD_PERIOD) == HoldResult()
    assert states(store) == {("mail", "ann", 1): "dropped", ("mail", "bob", 1): "sent"}


def test_who_is_new_in_its_place_gets_it_once(store: Store, world: Any) -> None:
    build(store, world, Far("mail", ("ann",), parts=2), ends={"ann": "retry"})
    assert hold(store, Far("mail", ("bob",), parts=2)) == HoldResult(held=2, queued=2)
    assert hold(store, Far("mail", ("bob",), parts=2)) == HoldResult()
    assert states(store)["mail", "bob", 1] == "queued"


def test_who_comes_days_later_in_its_place_gets_it_as_well(store: Store, world: Any) -> None:
    build(store, world, Far("mail", ("ann", "bob")), ends={"ann": "retry", "bob": "sent"})
    hold(store, Far("mail", ("bob",)))
    later = NOON + 3 * 24 * 60 * MINUTE
    assert hold(store, Far("mail", ("bob", "eve")), at=later) == HoldResult(queued=1)


def test_what_is_parked_stays_parked_and_what_is_sent_stays_sent(store: Store, world: Any) -> None:
    build(store, world, Far("mail", ("ann", "bob")), ends={"ann": "parked", "bob": "sent"})
    before = states(store)
    assert hold(store, Far("mail", ("eve",))) == HoldResult()
    assert states(store) == before


@pytest.mark.parametrize("stays", [False, True], ids=["the channel is gone", "the digest goes elsewhere"])
def test_where_a_digest_no_longer_goes_its_channels_of_now_get_it(store: Store, world: Any, *, stays: bool) -> None:
    mail, hook = Far("mail", ("ann",)), Far("hook", ("hook",), kind="slack")
    build(store, world, mail, ends={"ann": "retry"})
    present = (mail, hook) if stays else (hook,)
    assert hold(store, *present, to=("hook",)) == HoldResult(held=1, queued=1)
    assert states(store) == {("mail", "ann", 1): "held", ("hook", "hook", 1): "queued"}


def test_a_retry_of_what_is_parked_drops_what_is_held(store: Store, world: Any) -> None:
    build(store, world, Far("mail", ("ann",)), ends={"ann": "retry"})
    hold(store, Far("mail", ("bob",)))
    assert reroute_all(store, Far("mail", ("bob",))) == RerouteResult(1, 0)
    assert states(store)["mail", "ann", 1] == "dropped"
