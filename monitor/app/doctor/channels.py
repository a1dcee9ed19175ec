"""Check the channels: try to connect and log in or, if it is wanted, send a test message through each."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from monitor.app.doctor.check import Check, failed, ok, warning
from monitor.channels import KINDS, Channel, SendLimits
from monitor.clock import Clock
from monitor.config import ChannelConfig, Config
from monitor.model import MessageLine, MessageSection, OperatorMessage

TEST_SUBJECT: Final = "Test message from monitor"

SECONDS: Final = 30.0
"""Maximum seconds for a channel to answer."""

AT_ONCE: Final = 8
"""Channels that are tried at the same time."""

_TEXT: Final = "This message was sent by: monitor doctor --send. It shows that the channel works."


def check_channels(config: Config, clock: Clock, *, send: bool) -> Iterator[Check]:
    """Yield whether each channel can be reached or, with `send`, whether each recipient's test message was accepted."""
    if not config.channels and not any(problem.where.startswith("[channel.") for problem in config.missing):
        yield warning("channel", "", "there are no channels: nothing can be sent", "add a [channel.NAME] table")
    message = OperatorMessage(
        subject=TEST_SUBJECT,
        at=clock.now(),
        timezone=config.timezone,
        sections=(MessageSection("Test", (MessageLine(_TEXT),)),),
        closing="Nothing has to be done.",
        prefix="",
    )
    limits = SendLimits(seconds=SECONDS)
    with ThreadPoolExecutor(AT_ONCE) as pool:

        def examine(channel: ChannelConfig) -> list[Check]:
            return list(_send(channel, message, limits) if send else _probe(channel, limits))

        for found in pool.map(examine, config.channels.values()):
            yield from found
    if config.channels and not send:
        yield ok("channel", "", "no message was sent; monitor doctor --send sends a test message through each channel")


def _probe(channel: ChannelConfig, limits: SendLimits) -> Iterator[Check]:
    found = KINDS[channel.kind].probe(channel.options, limits)
    if found.usable:
        yield ok("channel", channel.name, found.message)
    else:
        yield failed("channel", channel.name, found.message, _remedy(channel))


def _send(channel: ChannelConfig, message: OperatorMessage, limits: SendLimits) -> Iterator[Check]:
    live: Channel = KINDS[channel.kind].build(channel.name, channel.options, limits)
    payload = live.render_message(message)
    for recipient in live.recipients:
        outcome = live.send(payload, recipient, uuid.uuid4().hex)
        to = f"{recipient}: {outcome.reason}" if recipient != channel.name else outcome.reason
        if outcome.kind == "sent":
            yield ok("channel", channel.name, f"the test message was accepted: {to}")
        else:
            yield failed("channel", channel.name, f"the test message was not accepted: {to}", _remedy(channel))


def _remedy(channel: ChannelConfig) -> str:
    return f"correct [channel.{channel.name}], or the server that it names, and try again"
