"""The Message-IDs of an edition's deliveries."""

from __future__ import annotations

from monitor.deliver.outbox import DeliveryKey
from monitor.model import Payload

KEY = DeliveryKey("database", "morning", "2026-11-21 08:00")


def test_every_attempt_at_a_delivery_has_the_same_message_id() -> None:
    assert KEY.message_id("mail", "ann", Payload("body", 1)) == KEY.message_id("mail", "ann", Payload("body", 1))


def test_another_delivery_or_another_content_has_another_message_id() -> None:
    ids = [
        KEY.message_id("mail", "ann", Payload("body", 1)),
        KEY.message_id("mail", "ann", Payload("body", 2)),
        KEY.message_id("mail", "ann", Payload("other body", 1)),
        KEY.message_id("mail", "ben", Payload("body", 1)),
        KEY.message_id("hook", "ann", Payload("body", 1)),
        KEY._replace(slot="2026-11-22 08:00").message_id("mail", "ann", Payload("body", 1)),
        KEY._replace(instance_id="another").message_id("mail", "ann", Payload("body", 1)),
    ]
    assert len(set(ids)) == len(ids)


def test_a_payload_may_hold_what_no_encoding_has() -> None:
    assert KEY.message_id("mail", "ann", Payload("\ud800", 1))
