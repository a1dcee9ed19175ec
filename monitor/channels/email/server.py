"""The mail server, as its address names it."""

from __future__ import annotations

import ssl
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urlsplit

from monitor.channels.options import on_this_machine
from monitor.secret import Secret

PORTS: Final = {"smtp": 587, "smtps": 465}
FORM: Final = (
    "write smtps://user:password@host:465, or smtp://host:587 for STARTTLS; percent-encode @ : / in the password"
)


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in. `implicit_tls`: encrypted from the first byte, else by STARTTLS."""

    host: str
    port: int
    implicit_tls: bool
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """It runs on this machine."""
        return on_this_machine(self.host)

    @property
    def hidden(self) -> tuple[Secret, ...]:
        """Every form in which the password could come back in a server's words."""
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
        """How its certificate is judged. Raises OSError when `ca_file` cannot be used.

        On loopback any certificate will do, unless `ca_file` names one: there even plain text is allowed, mail servers
        on the same machine come with certificates for no name, and who can answer there is already on this machine.
        """
        context = ssl.create_default_context(cafile=ca_file)
        if self.loopback and ca_file is None:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def parse_server(address: Secret) -> Server:
    """Read `smtp://…` or `smtps://…`. Raises ValueError; its message never shows the address."""
    try:
        parts = urlsplit(address.reveal().strip())
        host, port = _ascii(parts.hostname or ""), parts.port
    except ValueError:  # of a port or an IPv6 address; its message would show a part of the secret
        raise ValueError(f"not the address of a mail server; {FORM}") from None
    wrong = _wrong(parts, host)
    if wrong:
        raise ValueError(f"{wrong}; {FORM}")
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(host, port or PORTS[parts.scheme], parts.scheme == "smtps", username or None, password or None)


def _ascii(host: str) -> str:
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _wrong(parts: SplitResult, host: str) -> str:
    if parts.scheme not in PORTS:
        return "the address of a mail server begins with smtp:// or smtps://"
    if not host or any(character.isspace() or not character.isprintable() for character in host):
        return "the address of the mail server names no host"
    if parts.path.strip("/") or parts.query or parts.fragment:
        return "the address of the mail server has something after the host"
    if parts.password and not parts.username:
        return "the address of the mail server has a password but no user"
    return ""
