"""The mail channel. An edition becomes one message with a text part and an HTML part.

The message is handed to the mail server once for each recipient.
"""

from __future__ import annotations

import datetime as dt
import re
import ssl
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, ClassVar, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from monitor.channels.base import ChannelKind, ProbeResult, RelativeToConfiguration, SendLimits
from monitor.channels.email.message import (
    CONTROL_CHARACTER,
    EmailContent,
    RoundTripMismatch,
    compose,
    full_message_id,
    parse_mailbox,
)
from monitor.channels.email.smtp import LOGIN_RETRY_WAIT, Envelope, Server, parse_server, submit, try_login
from monitor.channels.render import as_html, as_text, message_as_html, message_as_text
from monitor.channels.wording import message_subject, subject
from monitor.model import Edition, OperatorMessage, Outcome, Payload
from monitor.secret import Secret
from monitor.text.safe import mail_header

MAX_LABEL_LENGTH: Final = 63
"""Maximum characters of a label of a domain name (RFC 1035, 2.3.4)."""

_LIST_ID_PATTERN: Final = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+", re.ASCII)
_UNSUBSCRIBE_PATTERN: Final = re.compile(r"(?:mailto:[^\s<>@,]+@|https://)[!-;=?-~]+", re.ASCII)


def _check_prefix(text: str) -> str:
    if CONTROL_CHARACTER.search(text):
        raise ValueError("it contains a line end or another control character; write it on one line")
    return text


def _check_mailbox(text: str) -> str:
    parse_mailbox(text)
    return text


def _check_server(secret: Secret) -> Secret:
    parse_server(secret)
    return secret


def _check_list_id(text: str) -> str:
    found = text.strip().removeprefix("<").removesuffix(">")
    if not _LIST_ID_PATTERN.fullmatch(found):
        raise ValueError('write a List-Id such as "news.example.org" (RFC 2919)')
    return found


def _check_unsubscribe(text: str) -> str:
    if not _UNSUBSCRIBE_PATTERN.fullmatch(text) or (text.startswith("https:") and not urlsplit(text).hostname):
        raise ValueError('write a "mailto:" or an "https://" address in ASCII')
    return text


Address = Annotated[str, AfterValidator(_check_mailbox)]


class Options(BaseModel):
    """Mail through an SMTP server, one message for each recipient."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    smtp: Annotated[Secret, AfterValidator(_check_server)] = Field(
        description="smtps://user:password@host:465 (TLS) or smtp://host:587 (STARTTLS), as env:NAME or file:PATH"
    )
    sender: Address = Field(alias="from", description="The sender's address, perhaps with a name.")
    to: list[Address] = Field(min_length=1, description="The recipients; each gets a message of their own.")
    reply_to: Address | None = Field(None, description="Where replies go, if not to `from`.")
    subject_prefix: Annotated[str, AfterValidator(_check_prefix)] = Field(
        "", max_length=40, description="What every subject begins with."
    )
    list_id: Annotated[str, AfterValidator(_check_list_id)] | None = Field(
        None,
        max_length=255,
        description="The List-Id that readers filter by; by default made of digest and domain.",
    )
    unsubscribe: Annotated[str, AfterValidator(_check_unsubscribe)] | None = Field(
        None, max_length=900, description="A mailto: or https: address for unsubscribing (List-Unsubscribe)."
    )
    ca_file: RelativeToConfiguration | None = Field(
        None,
        description="Certificates (PEM) to trust instead of the system's, if the mail server has a private one.",
    )


@dataclass(frozen=True, slots=True)
class EmailChannel:
    """Sends mail through one mail server, from one sender, to all its recipients."""

    kind: ClassVar[str] = "email"
    name: str
    options: Options
    server: Server
    limits: SendLimits

    @property
    def recipients(self) -> tuple[str, ...]:
        """The addresses without names, each only once. Each recipient gets a message of their own."""
        found: dict[str, str] = {}
        for address in (parse_mailbox(entry).address for entry in self.options.to):
            found.setdefault(address.casefold(), address)
        return tuple(found.values())

    def render(self, edition: Edition) -> tuple[Payload, ...]:
        """Return the content of one mail. Its date is the time when the edition was built."""
        date = edition.built_at.astimezone(ZoneInfo(edition.timezone))
        return (self._payload(subject(edition), date, as_text(edition), as_html(edition), edition.digest),)

    def render_message(self, message: OperatorMessage) -> Payload:
        """Return the content of one mail to the operator."""
        date = message.at.astimezone(ZoneInfo(message.timezone))
        return self._payload(
            message_subject(message), date, message_as_text(message), message_as_html(message), "operator"
        )

    def _payload(self, title: str, date: dt.datetime, text: str, html: str, default_list_id: str) -> Payload:
        """Return the content of a mail. Its List-Id is the one in the options; without one, `default_list_id`."""
        options = self.options
        sender = parse_mailbox(options.sender)
        # These headers say to a receiving program that a program wrote this mail. `Precedence` is not used: it was
        # never standardised, and `Auto-Submitted` (RFC 3834) and `List-Id` say the same. Exchange obeys
        # `X-Auto-Response-Suppress`; the value here still allows reports of failed delivery.
        headers = [
            ("Auto-Submitted", "auto-generated"),
            ("X-Auto-Response-Suppress", "OOF, AutoReply"),
            ("List-Id", f"<{options.list_id or list_id(default_list_id, sender.address)}>"),
        ]
        if options.unsubscribe:
            headers.append(("List-Unsubscribe", f"<{options.unsubscribe}>"))
        content = EmailContent(
            sender=sender,
            date=date.replace(microsecond=0),
            subject=mail_header(f"{options.subject_prefix}{title}"),
            text=text,
            html=html,
            reply_to=options.reply_to and parse_mailbox(options.reply_to).address,
            headers=tuple(headers),
        )
        return Payload(content.dump())

    def send(self, payload: Payload, recipient: str, message_id: str) -> Outcome:
        """Submit the mail to the server, addressed to `recipient`."""
        content = EmailContent.load(payload.body)
        try:
            envelope = Envelope(content.sender.address, recipient, compose(content, recipient, message_id))
            context = self.server.tls(self.options.ca_file)
        except RoundTripMismatch as error:
            return Outcome("parked", f"not sent, because {error}")
        except (OSError, ssl.SSLError) as error:
            return Outcome("retry", f"ca_file cannot be used: {error.strerror or error}", LOGIN_RETRY_WAIT)
        return submit(self.server, envelope, context, self.limits)


def list_id(digest: str, sender: str) -> str:
    """Return the List-Id (RFC 2919) of a digest, made of its name and the sender's domain.

    It is the same for all editions of the digest.
    """
    label = re.sub(r"[^a-z0-9]+", "-", digest.lower()).strip("-")
    if not digest.isascii() or not label:
        label = f"{label}-{sha256(digest.encode(errors='replace')).hexdigest()[:8]}".strip("-")
    return f"{label[:MAX_LABEL_LENGTH]}.monitor.{sender.rpartition('@')[2]}"


def _make(name: str, options: Options, limits: SendLimits) -> EmailChannel:
    return EmailChannel(name, options, parse_server(options.smtp), limits)


def _server_of(options: Options) -> tuple[str, int]:
    server = parse_server(options.smtp)
    return server.host, server.port


def _probe(options: Options, limits: SendLimits) -> ProbeResult:
    server = parse_server(options.smtp)
    try:
        context = server.tls(options.ca_file)
    except (OSError, ssl.SSLError) as error:
        return ProbeResult(False, f"ca_file cannot be used: {error.strerror or error}")
    return try_login(server, context, limits)


def _message_id_of(payload: Payload, message_id: str) -> str:
    """Return the Message-ID of the mail; "" if the payload was made by a channel of another kind with the same name."""
    try:
        return full_message_id(message_id, EmailContent.load(payload.body).sender.address)
    except (KeyError, TypeError, ValueError):
        return ""


KIND: Final = ChannelKind(
    Options,
    _make,
    message_id_of=_message_id_of,
    synonyms=("mail", "e-mail", "smtp", "smtps", "邮件"),
    starter={"smtp": "env:SMTP_URL", "from": "monitor@example.org", "to": ["you@example.org"]},
    examples={"smtp": "smtps://user:password@mail.example.org:465"},
    server_of=_server_of,
    probe=_probe,
)
