"""Mail: an edition is one message with a text and an HTML part, handed to a server for each recipient."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from monitor.channels.base import ChannelKind, Seams
from monitor.channels.email.conversation import AFTER_LOGIN, Envelope, hand_over
from monitor.channels.email.message import Letter, Unfaithful, compose, full_message_id
from monitor.channels.email.options import Options, parse_mailbox
from monitor.channels.email.server import Server, parse_server
from monitor.channels.render import as_html, as_text
from monitor.channels.wording import subject
from monitor.model import Edition, Outcome, Payload
from monitor.text.safe import mail_header

LABEL: Final = 63
"""The longest label of a domain, RFC 1035, 2.3.4."""


@dataclass(frozen=True, slots=True)
class EmailChannel:
    """A mail server, a sender and the recipients."""

    kind: ClassVar[str] = "email"
    name: str
    options: Options
    server: Server
    seams: Seams

    @property
    def recipients(self) -> tuple[str, ...]:
        """The bare addresses; each gets a message of their own."""
        return self.options.recipients

    def render(self, edition: Edition) -> tuple[Payload, ...]:
        """One letter, dated when the edition was built."""
        letter = Letter(
            sender=parse_mailbox(self.options.sender),
            date=edition.built_at.astimezone(ZoneInfo(edition.timezone)).replace(microsecond=0),
            subject=mail_header(f"{self.options.subject_prefix}{subject(edition)}"),
            text=as_text(edition),
            html=as_html(edition),
            reply_to=self.options.reply_to and parse_mailbox(self.options.reply_to).address,
            headers=self._headers(edition.digest),
        )
        return (Payload(letter.dump()),)

    def _headers(self, digest: str) -> tuple[tuple[str, str], ...]:
        """What tells a machine that a machine wrote this.

        No `Precedence`: it was never standardised, and `Auto-Submitted` (RFC 3834) and `List-Id` say the same.
        `X-Auto-Response-Suppress` is what Exchange obeys; it leaves reports of failed delivery on.
        """
        options = self.options
        headers = [
            ("Auto-Submitted", "auto-generated"),
            ("X-Auto-Response-Suppress", "OOF, AutoReply"),
            ("List-Id", f"<{options.list_id or list_id(digest, parse_mailbox(options.sender).address)}>"),
        ]
        if options.unsubscribe:
            headers.append(("List-Unsubscribe", f"<{options.unsubscribe}>"))
        return tuple(headers)

    def send(self, payload: Payload, recipient: str, message_id: str) -> Outcome:
        """Hand the letter to the server, addressed to `recipient`."""
        letter = Letter.load(payload.body)
        try:
            envelope = Envelope(letter.sender.address, recipient, compose(letter, recipient, message_id))
            context = self.server.tls(self.options.ca_file)
        except Unfaithful as error:
            return Outcome("parked", f"not sent, because {error}")
        except (OSError, ssl.SSLError) as error:
            return Outcome("retry", f"ca_file cannot be used: {error.strerror or error}", AFTER_LOGIN)
        return hand_over(self.server, envelope, context, self.seams)


def list_id(digest: str, sender: str) -> str:
    """A List-Id (RFC 2919) made of the digest's name and the sender's domain: the same for all of its editions."""
    label = re.sub(r"[^a-z0-9]+", "-", digest.lower()).strip("-")
    if not digest.isascii() or not label:
        label = f"{label}-{sha256(digest.encode(errors='replace')).hexdigest()[:8]}".strip("-")
    return f"{label[:LABEL]}.monitor.{sender.rpartition('@')[2]}"


def _make(name: str, options: Options, seams: Seams) -> EmailChannel:
    return EmailChannel(name, options, parse_server(options.smtp), seams)


def _stamp(payload: Payload, message_id: str) -> str:
    """The Message-ID of the mail; "" of a payload that another kind of channel has frozen under the same name."""
    try:
        return full_message_id(message_id, Letter.load(payload.body).sender.address)
    except (KeyError, TypeError, ValueError):
        return ""


KIND: Final = ChannelKind(Options, _make, stamp=_stamp)
