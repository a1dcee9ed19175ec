"""Handing one mail to a server: the steps of SMTP, and what each way of failing means for the mail."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import aiosmtplib

from monitor.channels.base import Seams
from monitor.channels.bounded import CutShort, run_bounded
from monitor.channels.email.server import Server
from monitor.model import Outcome
from monitor.secret import redact
from monitor.text.safe import log_value

AFTER_LOGIN: Final = timedelta(hours=1)
"""A wait after a refused login or certificate: a person must act, and servers lock accounts that try too often."""

PARTING: Final = 5.0
"""Seconds for a polite end, once the mail is handed over."""

WORDS: Final = 300
"""So much is kept of what a server said."""

_LOGIN_CODES: Final = frozenset((530, 534, 535, 538))
"""RFC 4954, 6: the server wants a login, or refuses this one."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the server is told: from whom, to whom, which bytes."""

    sender: str
    recipient: str
    message: bytes

    @property
    def international(self) -> bool:
        """It holds an address with something else than ASCII before the @ (RFC 6531)."""
        return not (self.sender.isascii() and self.recipient.isascii() and self.message.isascii())


@dataclass(slots=True)
class Progress:
    """How far an attempt came. `handed_over`: the mail was on its way, so a failure no longer says that it is lost."""

    step: str = "connecting"
    handed_over: bool = False
    accepted: bool = False

    @property
    def undecided(self) -> bool:
        """The server has the mail, or a part of it, and has not said what it does with it."""
        return self.handed_over and not self.accepted


class Insecure(Exception):
    """The server offers no encryption, and is not on this machine."""


def hand_over(server: Server, envelope: Envelope, context: ssl.SSLContext, seams: Seams) -> Outcome:
    """Try to hand `envelope` to the server, within the time of `seams`. Never raises for what the server does."""
    progress = Progress()
    try:
        run_bounded(lambda: _converse(server, envelope, context, progress), seams, lambda: progress.undecided)
    except (aiosmtplib.SMTPException, OSError, CutShort, Insecure) as error:
        outcome = failed(error, progress, server)
        return Outcome(outcome.kind, clean(outcome.reason, server), outcome.after)
    return Outcome("sent", f"accepted by {server}")


class _Client(aiosmtplib.SMTP):
    """Hangs up at once: closing TLS would wait for the server's part of it, and nothing is left to be said."""

    def close(self) -> None:
        transport = self.transport
        super().close()
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()


async def _converse(server: Server, envelope: Envelope, context: ssl.SSLContext, progress: Progress) -> None:
    client = _Client(
        hostname=server.host,
        port=server.port,
        use_tls=server.implicit_tls,
        start_tls=False,
        tls_context=context,
        local_hostname=_own_name(),
        timeout=None,
    )
    try:
        await client.connect()
        await _introduce(client, server, progress)
        await _address(client, envelope, progress)
        await _send(client, envelope.message, progress)
        with suppress(aiosmtplib.SMTPException):
            await client.quit(timeout=PARTING)
    finally:
        client.close()


async def _introduce(client: aiosmtplib.SMTP, server: Server, progress: Progress) -> None:
    """STARTTLS wherever it is offered, then the login."""
    progress.step = "greeting"
    if not server.implicit_tls:
        await client.ehlo()
        if client.supports_extension("starttls"):
            progress.step = "starting TLS"
            await client.starttls()
        elif not server.loopback:
            raise Insecure("offers no STARTTLS; without it nothing is sent to another machine")
    if server.username is not None:
        progress.step = "login"
        await client.login(server.username, server.password or "")


async def _address(client: aiosmtplib.SMTP, envelope: Envelope, progress: Progress) -> None:
    progress.step = "sender"
    if not envelope.international:
        await client.mail(envelope.sender)
        progress.step = "recipient"
        await client.rcpt(envelope.recipient)
        return
    if client.is_ehlo_or_helo_needed:  # after STARTTLS the server may offer something else than before
        await client.ehlo()
    if not client.supports_extension("smtputf8"):
        raise aiosmtplib.SMTPNotSupported("takes no addresses outside ASCII (no SMTPUTF8)")
    await client.mail(envelope.sender, options=["SMTPUTF8", "BODY=8BITMIME"], encoding="utf-8")
    progress.step = "recipient"
    await client.rcpt(envelope.recipient, encoding="utf-8")


async def _send(client: aiosmtplib.SMTP, message: bytes, progress: Progress) -> None:
    """DATA in two steps of our own: whether the mail was on its way when the line broke makes all the difference."""
    progress.step = "mail"
    ready = await client.execute_command(b"DATA")
    if ready.code != aiosmtplib.SMTPStatus.start_input or client.protocol is None:
        raise aiosmtplib.SMTPDataError(ready.code, ready.message)
    client.protocol.write(re.sub(rb"(?m)^\.", b"..", message) + b".\r\n")
    progress.handed_over = True
    answer = await client.protocol.read_response()
    if answer.code != aiosmtplib.SMTPStatus.completed:
        raise aiosmtplib.SMTPDataError(answer.code, answer.message)
    progress.accepted = True


def _own_name() -> str:
    """This machine's name if it is a full one, else a literal (RFC 5321, 4.1.4); never asks the name server."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def failed(error: Exception, progress: Progress, server: Server) -> Outcome:
    """What a failure means for the mail. The reason still needs `clean`."""
    if progress.accepted:
        return Outcome("sent", f"accepted by {server}")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _answered(error, progress, server)
    if progress.handed_over:
        return Outcome("ambiguous", f"{server} may have taken the mail, but did not say so: {error}")
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return Outcome("parked", f"{server} {error}")
    if isinstance(error, (Insecure, ssl.SSLError)) or isinstance(error.__cause__, ssl.SSLError):
        return Outcome("retry", f"no safe connection to {server}: {error}", AFTER_LOGIN)
    wait = AFTER_LOGIN if progress.step == "login" and type(error) is aiosmtplib.SMTPException else None
    return Outcome("retry", f"{server}, {progress.step}: {str(error) or type(error).__name__}", wait)


def _answered(error: aiosmtplib.SMTPResponseException, progress: Progress, server: Server) -> Outcome:
    """The server said no. A refused login is no fault of the mail: it waits until the login is mended."""
    said = f"{error.code} {error.message}"
    permanent = 500 <= error.code < 600  # noqa: PLR2004 - permanent negative replies, RFC 5321, 4.2.1
    if permanent and (progress.step == "login" or error.code in _LOGIN_CODES):
        return Outcome("retry", f"{server} refused the login: {said}; check user and password", AFTER_LOGIN)
    if permanent and progress.step in ("sender", "recipient", "mail"):
        return Outcome("parked", f"{server} refused the {progress.step}: {said}")
    if progress.handed_over and not 400 <= error.code < 600:  # noqa: PLR2004 - neither yes nor no
        return Outcome("ambiguous", f"{server} answered the mail with what is no answer: {said}")
    return Outcome("retry", f"{server} refused for now ({progress.step}): {said}")


def clean(reason: str, server: Server) -> str:
    """A reason that may be stored and shown: one line, not long, without the password in any form."""
    shown = redact(reason, server.hidden).encode("utf-8", "replace").decode()
    return log_value(shown)[:WORDS]
