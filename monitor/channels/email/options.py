"""What `[channel.NAME]` with `kind = "email"` says, checked."""

from __future__ import annotations

import re
from email.utils import getaddresses
from typing import Annotated, Final, NamedTuple
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from monitor.channels.email.server import parse_server
from monitor.channels.options import BesideConfiguration
from monitor.secret import Secret

_LOCAL = r"[^\x00-\x20\x7f-\xa0\s@<>()\[\],;:\\\"]{1,64}"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ADDRESS: Final = re.compile(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})*")
_LIST_ID: Final = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+", re.ASCII)
_UNSUBSCRIBE: Final = re.compile(r"(?:mailto:[^\s<>@,]+@|https://)[!-;=?-~]+", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Mailbox(NamedTuple):
    """A name, perhaps empty, and an address whose domain is in its ASCII form."""

    name: str
    address: str


def parse_mailbox(text: str) -> Mailbox:
    """Read `Name <address>` or a bare address. Raises ValueError with what is wrong."""
    found = getaddresses([text.strip()])
    name, address = found[0] if len(found) == 1 else ("", "")
    if _CONTROL.search(text) or not _ADDRESS.fullmatch(address):
        raise ValueError(f'{text!r} is no mail address; write "name@example.org" or "Name <name@example.org>"')
    local, _, domain = address.rpartition("@")
    try:
        return Mailbox(name.strip(), f"{local}@{domain.encode('idna').decode('ascii').lower()}")
    except UnicodeError:
        raise ValueError(f"{text!r}: its domain cannot be written as IDNA; check its spelling") from None


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("holds a line end or another control character; write it on one line")
    return text


def _mailbox(text: str) -> str:
    parse_mailbox(text)
    return text


def _server(secret: Secret) -> Secret:
    parse_server(secret)
    return secret


def _list_id(text: str) -> str:
    found = text.strip().removeprefix("<").removesuffix(">")
    if not _LIST_ID.fullmatch(found):
        raise ValueError('write a List-Id such as "news.example.org" (RFC 2919)')
    return found


def _unsubscribe(text: str) -> str:
    if not _UNSUBSCRIBE.fullmatch(text) or (text.startswith("https:") and not urlsplit(text).hostname):
        raise ValueError('write a "mailto:" or an "https://" address in ASCII')
    return text


Address = Annotated[str, AfterValidator(_mailbox)]


class Options(BaseModel):
    """Mail through an SMTP server, one message for each recipient."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    smtp: Annotated[Secret, AfterValidator(_server)] = Field(
        description="smtps://user:password@host:465 (TLS) or smtp://host:587 (STARTTLS), as env:NAME or file:PATH"
    )
    sender: Address = Field(alias="from", description="The address that it comes from, perhaps with a name.")
    to: list[Address] = Field(min_length=1, description="Whom to send it to; each gets a message of their own.")
    reply_to: Address | None = Field(None, description="Where answers go, if not to `from`.")
    subject_prefix: Annotated[str, AfterValidator(_one_line)] = Field(
        "", max_length=40, description="What every subject begins with."
    )
    list_id: Annotated[str, AfterValidator(_list_id)] | None = Field(
        None,
        max_length=255,
        description="The List-Id that readers filter by; left out, it is made of digest and domain.",
    )
    unsubscribe: Annotated[str, AfterValidator(_unsubscribe)] | None = Field(
        None, max_length=900, description="A mailto: or https: address by which readers leave (List-Unsubscribe)."
    )
    ca_file: BesideConfiguration | None = Field(
        None, description="Certificates (PEM) to trust instead of the system's, for a mail server with a private one."
    )

    @property
    def recipients(self) -> tuple[str, ...]:
        """The bare addresses, each once."""
        found: dict[str, str] = {}
        for address in (parse_mailbox(entry).address for entry in self.to):
            found.setdefault(address.casefold(), address)
        return tuple(found.values())
