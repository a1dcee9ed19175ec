"""The Slack channel. An edition becomes one or more Block Kit messages, which are posted to an incoming webhook."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from monitor.channels.base import ChannelKind
from monitor.channels.http import Answer, WebhookChannel, outcome_of, secure_address, server_of, try_connection
from monitor.channels.slack.blocks import render_messages, render_operator_message
from monitor.model import Edition, OperatorMessage, Outcome, Payload
from monitor.secret import Secret

WEBHOOK_FORM: Final = "write the address that Slack gave, https://hooks.slack.com/services/…, as env:NAME or file:PATH"


class Options(BaseModel):
    """Messages to one Slack channel, through an incoming webhook."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    webhook: Annotated[Secret, AfterValidator(lambda secret: secure_address(secret, WEBHOOK_FORM))] = Field(
        description="The address of an incoming webhook, as env:NAME or file:PATH: whoever knows it can post."
    )


class SlackChannel(WebhookChannel):
    """A channel that posts to an incoming webhook of Slack."""

    kind = "slack"
    public = ("services", "workflows", "triggers")

    def render(self, edition: Edition) -> tuple[Payload, ...]:
        """Return the messages of an edition: more than one if Slack's limits require it."""
        return tuple(Payload(body, part) for part, body in enumerate(render_messages(edition), 1))

    def render_message(self, message: OperatorMessage) -> Payload:
        """Return the message to the operator, which is always a single Slack message."""
        return Payload(render_operator_message(message))

    def meaning(self, answer: Answer) -> Outcome:
        """Return what an answer of Slack means.

        https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks lists Slack's error texts.
        """
        if answer.is_gone:
            return Outcome("parked", f"{answer.text}; the webhook or its channel is gone: make a new one in Slack")
        return outcome_of(answer)


KIND: Final = ChannelKind(
    Options,
    lambda name, options, limits: SlackChannel(name, options.webhook, limits),
    formats={"slack": lambda edition: "\n".join(render_messages(edition))},
    starter={"webhook": "env:SLACK_WEBHOOK"},
    examples={"webhook": "https://hooks.slack.com/services/…"},
    synonyms=("webhook", "hook"),
    server_of=lambda options: server_of(options.webhook),
    probe=lambda options, limits: try_connection(options.webhook, limits),
)
