"""Slack's part of a post: its address, its payload, and what its answers mean."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from monitor.channels import KINDS, Channel, SendLimits
from monitor.model import Edition, Outcome, Payload

Hooked = Callable[..., Any]


def channel(webhook: str) -> Channel:
    kind = KINDS["slack"]
    return kind.build("policy-slack", kind.Options.model_validate({"webhook": webhook}), SendLimits(seconds=10))


def send(webhook: str, edition: Edition) -> Outcome:
    found = channel(webhook)
    (payload,) = found.render(edition)
    return found.send(payload, "policy-slack", "0123456789abcdef")


@pytest.mark.parametrize(
    "webhook",
    ["https://hooks.slack.com/services/T/B/X", "http://127.0.0.1:8080/x", "http://localhost/x", "http://[::1]/x",
     " https://hooks.slack.com/x "],
)  # fmt: skip
def test_a_webhook_is_taken_without_showing_it(webhook: str) -> None:
    found = KINDS["slack"].Options.model_validate({"webhook": webhook})
    assert found.webhook.reveal() == webhook.strip()
    assert webhook.strip() not in f"{found!r}{found.model_dump_json()}{channel(webhook)!r}"


@pytest.mark.parametrize(
    "webhook",
    ["", "CANARY", "http://hooks.slack.com/CANARY", "ftp://127.0.0.1/CANARY", "https:///CANARY", "https://[CANARY",
     "https://h:CANARY/", "https://h/CANARY x", "http://10.0.0.1/CANARY"],
)  # fmt: skip
def test_what_is_no_webhook_is_refused_without_showing_it(webhook: str) -> None:
    with pytest.raises(ValidationError, match=r"write the address that Slack gave") as caught:
        KINDS["slack"].Options.model_validate({"webhook": webhook})
    assert "CANARY" not in str(caught.value)


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(ValidationError, match="not permitted"):
        KINDS["slack"].Options.model_validate({"webhook": "https://h/x", "chanel": "#x"})


def test_a_message_arrives_as_it_was_rendered(hooked: Hooked, edition: Edition) -> None:
    hook = hooked()
    assert send(hook.url, edition) == Outcome("sent", "answered 200: ok")
    ((_, headers, body),) = hook.posts
    (payload,) = channel(hook.url).render(edition)
    assert body.decode() == payload.body
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body)["blocks"]


@pytest.mark.parametrize(
    ("status", "word"),
    [(400, "invalid_payload"), (403, "action_prohibited"), (404, "no_service"), (410, "channel_is_archived")],
)
def test_slacks_own_word_is_kept(status: int, word: str, hooked: Hooked, edition: Edition) -> None:
    assert f"answered {status}: {word}" in send(hooked(status, word.encode()).url, edition).reason


def test_a_webhook_that_is_gone_says_what_to_do(hooked: Hooked, edition: Edition) -> None:
    assert "make a new one in Slack" in send(hooked(404, b"no_service").url, edition).reason


def test_a_channel_has_one_recipient_that_is_no_secret() -> None:
    assert channel("https://hooks.slack.com/services/T/B/X").recipients == ("policy-slack",)


def test_parts_are_numbered_from_one(edition: Edition) -> None:
    assert [payload.part for payload in channel("https://h/x").render(edition)] == [1]
    assert all(isinstance(payload, Payload) for payload in channel("https://h/x").render(edition))


@pytest.mark.parametrize("word", ["services", "workflows", "triggers"])
def test_words_of_every_address_are_not_masked(word: str, hooked: Hooked, edition: Edition) -> None:
    hook = hooked(400, f"no {word}".encode())
    assert f"no {word}" in send(hook.url.replace("services", word), edition).reason
