"""Slack: an edition is one or more Block Kit messages, posted to an incoming webhook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from monitor.channels.base import ChannelKind, SendLimits, on_this_machine
from monitor.channels.slack.blocks import messages
from monitor.channels.slack.post import post
from monitor.model import Edition, Outcome, Payload
from monitor.secret import Secret

FORM: Final = "write the address that Slack gave, https://hooks.slack.com/services/…, as env:NAME or file:PATH"


def _webhook(secret: Secret) -> Secret:
    """Only an address that does not show itself on the way: whoever reads it can post. No message shows it."""
    try:
        parts = urlsplit(secret.reveal().strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(f"the webhook is not an address; {FORM}") from None
    if not host or any(character.isspace() or not character.isprintable() for character in secret.reveal().strip()):
        raise ValueError(f"the webhook is not an address; {FORM}")
    if parts.scheme != "https" and not (parts.scheme == "http" and on_this_machine(host)):
        raise ValueError(f"the webhook does not begin with https://; {FORM}")
    return Secret(secret.reveal().strip(), secret.origin)


class Options(BaseModel):
    """Messages to one Slack channel, through an incoming webhook."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    webhook: Annotated[Secret, AfterValidator(_webhook)] = Field(
        description="The address of an incoming webhook, as env:NAME or file:PATH: whoever knows it can post."
    )


@dataclass(frozen=True, slots=True)
class SlackChannel:
    """An incoming webhook."""

    kind: ClassVar[str] = "slack"
    name: str
    options: Options
    limits: SendLimits

    @property
    def recipients(self) -> tuple[str, ...]:
        """The channel itself: the webhook knows whom it reaches."""
        return (self.name,)

    def render(self, edition: Edition) -> tuple[Payload, ...]:
        """As many messages as Slack's limits ask for."""
        return tuple(Payload(body, part) for part, body in enumerate(messages(edition), 1))

    def send(self, payload: Payload, recipient: str, message_id: str) -> Outcome:  # noqa: ARG002 - Slack takes neither
        """Post one message."""
        return post(self.options.webhook, payload.body, self.limits)


KIND: Final = ChannelKind(Options, SlackChannel)
