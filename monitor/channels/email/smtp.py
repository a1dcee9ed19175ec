"""The mail server, the SMTP steps that submit a mail, and what each failure means for the mail."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import ssl
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urlsplit

import aiosmtplib

from monitor.channels.base import AttemptInterrupted, ProbeResult, SendLimits, is_local_host, run_bounded
from monitor.model import Outcome
from monitor.secret import Secret, redact
from monitor.text.safe import log_value

LOGIN_RETRY_WAIT: Final = timedelta(hours=1)
"""The wait after a refused login or certificate. A person must act, and servers lock accounts that try too often."""

QUIT_SECONDS: Final = 5.0
"""Maximum seconds for QUIT, after the mail was accepted."""

MAX_REASON_LENGTH: Final = 300
"""Maximum characters of the reason of a failure, which may quote the server."""

_LOGIN_CODES: Final = frozenset((530, 534, 535, 538))
"""Replies with which the server demands a login or refuses the one it got (RFC 4954, 6)."""


PORTS: Final = {"smtp": 587, "smtps": 465}
ADDRESS_FORM: Final = (
    "write smtps://user:password@host:465, or smtp://host:587 for STARTTLS; percent-encode @ : / in the password"
)


@dataclass(frozen=True, slots=True)
class Server:
    """The address of a mail server. `implicit_tls`: TLS from the first byte, instead of by STARTTLS."""

    host: str
    port: int
    implicit_tls: bool
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Every form in which a server's answer could contain the password."""
        if not self.password:
            return ()
        login = f"\x00{self.username}\x00{self.password}".encode()
        forms = (
            self.password,
            quote(self.password, safe=""),
            b64encode(self.password.encode()).decode(),
            b64encode(login).decode(),
        )
        return tuple(Secret(form) for form in forms)

    def tls(self, ca_file: Path | None) -> ssl.SSLContext:
        """Return the context that checks the server's certificate. Raises OSError if `ca_file` cannot be used.

        A server on the loopback interface may have any certificate, unless `ca_file` is set. Even plain text is allowed
        there, since only programs on this machine can answer, and local mail servers often have certificates for
        another name.
        """
        if not is_local_host(self.host) or ca_file is not None:
            return ssl.create_default_context(cafile=ca_file)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # loads no authorities: that would take 50 ms of CPU
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context


def parse_server(address: Secret) -> Server:
    """Read `smtp://…` or `smtps://…`. Raises ValueError whose message never shows the address."""
    try:
        parts = urlsplit(address.reveal().strip())
        host, port = parts.hostname or "", parts.port
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:  # a bad port or IPv6 address: the error's own message would show a part of the secret
        raise ValueError(f"not the address of a mail server; {ADDRESS_FORM}") from None
    problem = _address_problem(parts, host)
    if problem:
        raise ValueError(f"{problem}; {ADDRESS_FORM}")
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(host, port or PORTS[parts.scheme], parts.scheme == "smtps", username or None, password or None)


def _address_problem(parts: SplitResult, host: str) -> str:
    if parts.scheme not in PORTS:
        return "the address of a mail server begins with smtp:// or smtps://"
    if not host or any(character.isspace() or not character.isprintable() for character in host):
        return "the address of the mail server names no host"
    if parts.path.strip("/") or parts.query or parts.fragment:
        return "the address of the mail server has something after the host"
    if parts.password and not parts.username:
        return "the address of the mail server has a password but no user"
    return ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The data that the server gets: sender, recipient, and the bytes of the mail."""

    sender: str
    recipient: str
    message: bytes


@dataclass(slots=True)
class Progress:
    """How far an attempt to send has come.

    `handed_over`: the mail was on its way, so it may have arrived although the attempt failed.
    """

    step: str = "connecting"
    handed_over: bool = False
    accepted: bool = False


class InsecureConnection(Exception):
    """Raised for a server on another machine that offers no encryption."""


def submit(server: Server, envelope: Envelope, context: ssl.SSLContext, limits: SendLimits) -> Outcome:
    """Try to hand `envelope` to the server, within the time of `limits`. Never raises for what the server does."""
    progress = Progress()
    try:
        run_bounded(
            lambda: _session(server, envelope, context, progress),
            limits,
            undecided=lambda: progress.handed_over and not progress.accepted,
        )
    except (aiosmtplib.SMTPException, OSError, AttemptInterrupted, InsecureConnection) as error:
        outcome = outcome_of_failure(error, progress, server)
        return Outcome(outcome.kind, clean_reason(outcome.reason, server), outcome.after)
    return Outcome("sent", f"accepted by {server}")


def try_login(server: Server, context: ssl.SSLContext, limits: SendLimits) -> ProbeResult:
    """Connect and log in as for a mail, and quit without sending one."""
    progress = Progress()
    try:
        run_bounded(lambda: _session(server, None, context, progress), limits, undecided=lambda: False)
    except (aiosmtplib.SMTPException, OSError, AttemptInterrupted, InsecureConnection) as error:
        return ProbeResult(False, clean_reason(outcome_of_failure(error, progress, server).reason, server))
    login = "accepts the login" if server.username is not None else "answers; no login is configured"
    return ProbeResult(True, f"{server} {login}")


class _Client(aiosmtplib.SMTP):
    """Closes its connection at once. A proper end of TLS would wait for the server, with nothing left to send."""

    def close(self) -> None:
        transport = self.transport
        super().close()
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()


async def _session(server: Server, envelope: Envelope | None, context: ssl.SSLContext, progress: Progress) -> None:
    """Connect, use TLS wherever it is offered, log in, hand over the mail if there is one, and quit."""
    name = socket.gethostname()
    client = _Client(
        hostname=server.host,
        port=server.port,
        use_tls=server.implicit_tls,
        start_tls=False,
        tls_context=context,
        # A full name, or else an address literal (RFC 5321, 4.1.4). Without it the library would ask the name server.
        local_hostname=name if "." in name and name.isascii() else "[127.0.0.1]",
        timeout=None,
    )
    try:
        await client.connect()
        progress.step = "greeting"
        if not server.implicit_tls:
            await client.ehlo()
            if client.supports_extension("starttls"):
                progress.step = "starting TLS"
                await client.starttls()
            elif not is_local_host(server.host):
                raise InsecureConnection("offers no STARTTLS; without it nothing is sent to another machine")
        if server.username is not None:
            progress.step = "login"
            await client.login(server.username, server.password or "")
        if envelope is None:
            progress.step = "NOOP"
            await client.noop()
        else:
            await _transact(client, envelope, progress)
        with suppress(aiosmtplib.SMTPException):
            await client.quit(timeout=QUIT_SECONDS)
    finally:
        client.close()


async def _transact(client: aiosmtplib.SMTP, envelope: Envelope, progress: Progress) -> None:
    """Carry out one mail transaction (RFC 5321, 3.3): sender, recipient, mail."""
    progress.step = "sender"
    options, encoding = [], "ascii"
    if not (envelope.sender.isascii() and envelope.recipient.isascii() and envelope.message.isascii()):  # RFC 6531
        if client.is_ehlo_or_helo_needed:  # after STARTTLS the server may offer other extensions than before
            await client.ehlo()
        if not client.supports_extension("smtputf8"):
            raise aiosmtplib.SMTPNotSupported("takes no addresses outside ASCII (no SMTPUTF8)")
        options, encoding = ["SMTPUTF8", "BODY=8BITMIME"], "utf-8"
    await client.mail(envelope.sender, options=options, encoding=encoding)
    progress.step = "recipient"
    await client.rcpt(envelope.recipient, encoding=encoding)
    progress.step = "mail"
    # DATA is done here in two steps, to know whether the mail was on its way when a connection breaks.
    ready = await client.execute_command(b"DATA")
    if ready.code != aiosmtplib.SMTPStatus.start_input or client.protocol is None:
        raise aiosmtplib.SMTPDataError(ready.code, ready.message)
    client.protocol.write(re.sub(rb"(?m)^\.", b"..", envelope.message) + b".\r\n")
    progress.handed_over = True
    answer = await client.protocol.read_response()
    if answer.code != aiosmtplib.SMTPStatus.completed:
        raise aiosmtplib.SMTPDataError(answer.code, answer.message)
    progress.accepted = True


def outcome_of_failure(error: Exception, progress: Progress, server: Server) -> Outcome:
    """Return what a failure means for the mail. The caller must pass the reason through `clean_reason`."""
    if progress.accepted:
        return Outcome("sent", f"accepted by {server}")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _outcome_of_refusal(error, progress, server)
    if progress.handed_over:
        return Outcome("ambiguous", f"{server} may have taken the mail, but did not say so: {error}")
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return Outcome("parked", f"{server} {error}")
    if isinstance(error, (InsecureConnection, ssl.SSLError)) or isinstance(error.__cause__, ssl.SSLError):
        return Outcome("retry", f"no safe connection to {server}: {error}", LOGIN_RETRY_WAIT)
    cause = error.__cause__
    if progress.step == "connecting" and isinstance(cause, OSError) and cause.errno is not None:
        return Outcome("retry", f"{server} cannot be reached: {os.strerror(cause.errno)}; does the mail server run?")
    wait = LOGIN_RETRY_WAIT if progress.step == "login" and type(error) is aiosmtplib.SMTPException else None
    return Outcome("retry", f"{server}, {progress.step}: {str(error) or type(error).__name__}", wait)


def _outcome_of_refusal(error: aiosmtplib.SMTPResponseException, progress: Progress, server: Server) -> Outcome:
    """Return what a refusal means for the mail.

    A refused login is not the mail's fault: the mail waits until the login is corrected.
    """
    reply = f"{error.code} {error.message}"
    permanent = 500 <= error.code < 600  # noqa: PLR2004 - permanent negative replies, RFC 5321, 4.2.1
    if permanent and (progress.step == "login" or error.code in _LOGIN_CODES):
        return Outcome("retry", f"{server} refused the login: {reply}; check user and password", LOGIN_RETRY_WAIT)
    if permanent and progress.step in ("sender", "recipient", "mail"):
        return Outcome("parked", f"{server} refused the {progress.step}: {reply}")
    if progress.handed_over and not 400 <= error.code < 600:  # noqa: PLR2004 - neither yes nor no
        return Outcome("ambiguous", f"{server} gave an invalid answer to the mail: {reply}")
    return Outcome("retry", f"{server} refused for now ({progress.step}): {reply}")


def clean_reason(reason: str, server: Server) -> str:
    """Return a reason that may be stored and shown: one short line, without the password in any form."""
    shown = redact(reason, server.secrets).encode("utf-8", "replace").decode()
    return log_value(shown)[:MAX_REASON_LENGTH]
