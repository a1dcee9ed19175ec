"""The mail: its content, which is fixed when an edition is built, and its bytes, which are the same at each attempt."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from email.errors import NonASCIILocalPartDefect
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import Parser
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, getaddresses
from typing import Final, NamedTuple

MAX_LINE_LENGTH: Final = 76
"""Maximum code points of a header line (RFC 2047, 2). Longer lines are folded."""

MAX_WORD_SIZE: Final = 45
"""Maximum bytes of text in one encoded word. They become 60 characters of base64: RFC 2047, 2, allows 75 in all."""

_MAILBOX_HEADERS: Final = frozenset({"From", "To", "Reply-To"})
_UNFOLDED_HEADERS: Final = frozenset(
    ("message-id", "list-id", "list-unsubscribe", "list-unsubscribe-post", "auto-submitted", "x-auto-response-suppress")
)


_LOCAL_PART = r"[^\x00-\x20\x7f-\xa0\s@<>()\[\],;:\\\"]{1,64}"
_DOMAIN_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ADDRESS: Final = re.compile(rf"{_LOCAL_PART}@{_DOMAIN_LABEL}(?:\.{_DOMAIN_LABEL})*")
CONTROL_CHARACTER: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Mailbox(NamedTuple):
    """A name, perhaps empty, and an address whose domain is in its ASCII form."""

    name: str
    address: str


def parse_mailbox(text: str) -> Mailbox:
    """Read `Name <address>` or an address alone. Raises ValueError that says what is wrong."""
    found = getaddresses([text.strip()])
    name, address = found[0] if len(found) == 1 else ("", "")
    if CONTROL_CHARACTER.search(text) or not _ADDRESS.fullmatch(address):
        raise ValueError(f'{text!r} is not a mail address; write "name@example.org" or "Name <name@example.org>"')
    local, _, domain = address.rpartition("@")
    try:
        return Mailbox(name.strip(), f"{local}@{domain.encode('idna').decode('ascii').lower()}")
    except UnicodeError:
        raise ValueError(f"{text!r}: its domain cannot be written as IDNA; check its spelling") from None


class RoundTripMismatch(ValueError):
    """Raised when a mail that is parsed again differs from its content. The message names the part that differs."""


@dataclass(frozen=True, slots=True)
class EmailContent:
    """A mail without its recipient. A payload contains it as JSON."""

    sender: Mailbox
    date: dt.datetime
    subject: str
    text: str
    html: str
    reply_to: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def dump(self) -> str:
        """Return the mail as JSON, for the payload."""
        return json.dumps({**asdict(self), "date": self.date.isoformat()}, separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> EmailContent:
        """Return the mail from the JSON that `dump` made."""
        data = json.loads(text)
        return cls(
            sender=Mailbox(*data["sender"]),
            date=dt.datetime.fromisoformat(data["date"]),
            subject=data["subject"],
            text=data["text"],
            html=data["html"],
            reply_to=data["reply_to"],
            headers=tuple((name, value) for name, value in data["headers"]),
        )


class _Policy(EmailPolicy):
    """How headers and bodies are written, where the standard library's policy makes mistakes.

    The standard library folds a long identifier or address into encoded words, which are not allowed there. It also
    loses blanks between the words of a subject when it encodes only some of the words. Bodies are written in 7 bits, so
    that no server needs an extension for long lines or for Chinese text.
    """

    def fold(self, name: str, value: str) -> str:
        if name.lower() in _UNFOLDED_HEADERS:
            return f"{name}: {value}{self.linesep}"
        if name.lower() == "subject":
            return f"{name}: {fold_words(value, self.linesep, first=len(name) + 2)}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("utf-8" if self.utf8 else "ascii")


_POLICY: Final = _Policy(linesep=SMTP.linesep, cte_type="7bit", max_line_length=78)


def fold_words(text: str, linesep: str, *, first: int = 0) -> str:
    """Return `text` as the value of an unstructured header that reads the same after unfolding and decoding.

    Plain words are folded at blanks. All other text becomes encoded words in UTF-8, which are divided only between
    characters.
    """
    words = text.split(" ")
    if text.isascii() and "=?" not in text and "" not in words and max(map(len, words)) <= MAX_LINE_LENGTH - first:
        lines = [""]
        for word in words:
            if len(lines[-1]) + len(word) >= MAX_LINE_LENGTH - first:
                lines.append("")
            lines[-1] += f"{word} "
        return f"{linesep} ".join(line[:-1] for line in lines)
    return f"{linesep} ".join(f"=?utf-8?B?{b64encode(piece).decode()}?=" for piece in _encoded_pieces(text))


def _encoded_pieces(text: str) -> Iterator[bytes]:
    piece = b""
    for character in text:
        encoded = character.encode()
        if len(piece) + len(encoded) > MAX_WORD_SIZE:
            yield piece
            piece = b""
        piece += encoded
    yield piece


def compose(content: EmailContent, recipient: str, message_id: str) -> bytes:
    """Return the mail for one recipient, with CRLF line ends. The same arguments give the same bytes.

    Raises RoundTripMismatch if a mail program would read something else from these bytes than `content`.
    """
    headers: list[tuple[str, str | Address]] = [
        ("Message-ID", full_message_id(message_id, content.sender.address)),
        ("Date", format_datetime(content.date)),
        ("From", _address(content.sender)),
        ("To", _address(Mailbox("", recipient))),
        ("Subject", content.subject),
        *([("Reply-To", _address(Mailbox("", content.reply_to)))] if content.reply_to else []),
        *content.headers,
    ]
    international = any(isinstance(value, Address) and not value.addr_spec.isascii() for _, value in headers)
    message = EmailMessage(policy=_POLICY.clone(utf8=international))
    for name, value in headers:
        message[name] = value
    # Text that is mostly ASCII stays readable in quoted-printable. Other text is shorter in base64.
    text_cte, html_cte = (
        "quoted-printable" if sum(not character.isascii() for character in body) * 6 < len(body) else "base64"
        for body in (content.text, content.html)
    )
    message.set_content(content.text, cte=text_cte)
    message.add_alternative(content.html, subtype="html", cte=html_cte)
    message.set_boundary(f"=_{hashlib.sha256(f'{message_id} {content.dump()}'.encode()).hexdigest()[:32]}")
    raw = message.as_bytes()
    _check_round_trip(raw, content, dict(headers))
    return raw


def _address(mailbox: Mailbox) -> Address:
    local, _, domain = mailbox.address.rpartition("@")
    return Address(mailbox.name, local, domain)


def full_message_id(message_id: str, sender: str) -> str:
    """Return `message_id` in the form of RFC 5322: in angle brackets, and with the sender's domain if it has none."""
    bare = message_id.strip("<> ")
    return f"<{bare}>" if "@" in bare else f"<{bare}@{sender.rpartition('@')[2]}>"


def _check_round_trip(raw: bytes, content: EmailContent, headers: dict[str, str | Address]) -> None:
    """Parse the mail as the recipient's mail program will, and compare the result with the content.

    Raises RoundTripMismatch if they differ.
    """
    parsed = Parser(policy=SMTP).parsestr(raw.decode())
    wanted = {name: str(value) for name, value in headers.items()}
    mime_headers = {"MIME-Version", "Content-Type"}
    if sorted(parsed.keys()) != sorted([*wanted, *mime_headers]):
        raise RoundTripMismatch("its header lines are not those that were written")
    for name, value in wanted.items():
        defects = [each for each in parsed[name].defects if not isinstance(each, NonASCIILocalPartDefect)]
        found = str(parsed[name])
        if name in _MAILBOX_HEADERS:  # the parser leaves a blank between encoded words, which RFC 2047, 6.2, joins
            found, value = "".join(found.split()), "".join(value.split())  # noqa: PLW2901 - only compared from here on
        if found != value or defects:
            raise RoundTripMismatch(f"its {name} is not the same after parsing the mail")
    for part, kind, body in zip(parsed.iter_parts(), ("plain", "html"), (content.text, content.html), strict=True):
        found_lines, wanted_lines = (
            re.split(r"\r\n|\r|\n", each.rstrip("\r\n")) for each in (part.get_content(), body)
        )
        if part.get_content_subtype() != kind or found_lines != wanted_lines:
            raise RoundTripMismatch(f"its {kind} part is not the same after parsing the mail")
