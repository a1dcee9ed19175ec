"""The bytes of a mail: the same every time, readable everywhere, and never more than was meant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.email import KIND, EmailChannel, Options, list_id
from monitor.channels.email import message as message_module
from monitor.channels.email.message import (
    EmailContent,
    Mailbox,
    RoundTripMismatch,
    compose,
    fold_words,
    full_message_id,
)
from monitor.model import Edition, Group
from monitor.text.safe import mail_header

Expected = Callable[[str, str], None]

WHEN = dt.datetime(2026, 11, 21, 8, 0, 3, tzinfo=dt.timezone(dt.timedelta(hours=8)))
CONTENT = EmailContent(Mailbox("Monitor", "monitor@example.org"), WHEN, "A subject", "text\n", "<p>html</p>\n")
LONG_LIST = "a-very-long-name-of-a-list-" * 6 + "x.monitor.example.org"
LONG_WAY_OUT = "https://example.org/leave?token=" + "0123456789abcdef" * 20


def parse(raw: bytes) -> EmailMessage:
    message = BytesParser(policy=SMTP).parsebytes(raw)
    assert isinstance(message, EmailMessage)
    return message


def contents(message: EmailMessage) -> list[tuple[str, str]]:
    return [(part.get_content_type(), part.get_content()) for part in message.iter_parts()]


def channel(**changes: object) -> EmailChannel:
    given = {
        "smtp": "smtp://127.0.0.1", "from": "监测 Monitor <monitor@example.org>", "to": ["reader@example.org"],
        "subject_prefix": "[Monitor] ", "reply_to": "desk@example.org", "unsubscribe": LONG_WAY_OUT, **changes,
    }  # fmt: skip
    built = KIND.build("team", Options.model_validate(given))
    assert isinstance(built, EmailChannel)
    return built


def mail(edition: Edition, **changes: object) -> bytes:
    (payload,) = channel(**changes).render(edition)
    return compose(EmailContent.load(payload.body), "reader@example.org", "0123456789abcdef")


def test_a_whole_mail(edition: Edition, expected: Expected) -> None:
    raw = mail(edition)
    assert raw.count(b"\n") == raw.count(b"\r\n")
    expected("mail.eml", raw.decode("ascii").replace("\r\n", "\n"))


def test_the_headers_say_who_when_and_that_a_machine_wrote_it(edition: Edition) -> None:
    message = parse(mail(edition))
    assert message["Message-ID"] == "<0123456789abcdef@example.org>"
    assert message["Date"].datetime == WHEN
    assert message["Date"].datetime.utcoffset() == dt.timedelta(hours=8)
    assert message["From"] == "监测 Monitor <monitor@example.org>"
    assert message["To"] == "reader@example.org"
    assert message["Reply-To"] == "desk@example.org"
    assert message["Subject"] == "[Monitor] morning: Chongqing aims to gain upper hand in Web 3.0 (+5 more)"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<morning.monitor.example.org>"
    assert message["List-Unsubscribe"] == f"<{LONG_WAY_OUT}>"
    assert message["Bcc"] is None
    assert message["Precedence"] is None


def test_the_same_letter_gives_the_same_bytes_also_after_the_database(edition: Edition) -> None:
    assert mail(edition) == mail(edition)
    (payload,) = channel().render(edition)
    assert EmailContent.load(payload.body).dump() == payload.body


def test_another_recipient_or_message_id_gives_another_mail() -> None:
    assert compose(CONTENT, "a@example.org", "1") != compose(CONTENT, "b@example.org", "1")
    assert compose(CONTENT, "a@example.org", "1") != compose(CONTENT, "a@example.org", "2")


def test_no_line_is_too_long_and_no_byte_is_above_ascii(edition: Edition) -> None:
    """RFC 5322, 2.1.1: at most 998 characters a line; and no server needs 8BITMIME."""
    long_item = replace(edition.items[1], title="元宇宙" * 500, url="https://example.org/" + "x" * 1900)
    raw = mail(replace(edition, groups=(Group("r", (long_item,)),)))
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("name", ["List-Id", "List-Unsubscribe"])
def test_long_identifiers_are_not_folded(edition: Edition, name: str) -> None:
    wanted = {"List-Id": f"<{LONG_LIST}>", "List-Unsubscribe": f"<{LONG_WAY_OUT}>"}[name]
    assert f"\r\n{name}: {wanted}\r\n".encode() in mail(edition, list_id=LONG_LIST)


def test_hostile_titles_add_no_header_and_come_back_as_they_were_cleaned(hostile: Edition) -> None:
    message = parse(mail(hostile))
    assert message["Bcc"] is None
    assert len(message.keys()) == 12
    assert len(str(message["Subject"])) <= 200
    assert "\n" not in str(message["Subject"])
    assert not message.defects
    (text, html) = contents(message)
    assert (text[0], html[0]) == ("text/plain", "text/html")


def test_an_encoded_newline_that_was_not_cleaned_is_not_sent() -> None:
    for subject in (
        "x =?utf-8?q?=0ABcc:_thief@example.net?=",
        "x\nBcc: thief@example.net",
        "x\rBcc: thief@example.net",
    ):
        try:
            raw = compose(replace(CONTENT, subject=subject), "a@example.org", "1")
        except (RoundTripMismatch, ValueError):
            continue
        assert parse(raw)["Bcc"] is None
        assert b"\nBcc" not in raw
        assert parse(raw)["Subject"] == subject


def test_a_mail_that_does_not_come_back_as_it_was_written_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last net: break each part of what is written, and see it refused."""
    as_bytes = EmailMessage.as_bytes
    breaks = {
        b"Subject: A subject": b"Subject: Another", b"To: a@": b"To: b@", b"Message-ID: <1@": b"Message-ID: <2@",
        b"\r\nMIME-Version": b"\r\nBcc: thief@example.net\r\nMIME-Version", b"\r\ntext": b"\r\ntexts",
        b"<p>html</p>": b"<p>other</p>", b"text/html": b"text/enriched",
    }  # fmt: skip
    for old, new in breaks.items():
        monkeypatch.setattr(EmailMessage, "as_bytes", lambda self, old=old, new=new: as_bytes(self).replace(old, new))
        with pytest.raises(RoundTripMismatch, match=r"the same after parsing|not those that were written"):
            compose(CONTENT, "a@example.org", "1")
    monkeypatch.undo()
    compose(CONTENT, "a@example.org", "1")


def test_a_letter_that_cannot_be_written_faithfully_is_parked(
    monkeypatch: pytest.MonkeyPatch, edition: Edition
) -> None:
    def refuse(*_: object) -> None:
        raise RoundTripMismatch("its Subject is not the same after parsing the mail")

    monkeypatch.setattr(message_module, "_check_round_trip", refuse)
    (payload,) = channel().render(edition)
    outcome = channel().send(payload, "reader@example.org", "1")
    assert (outcome.kind, outcome.reason) == (
        "parked", "not sent, because its Subject is not the same after parsing the mail",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "full"),
    [("abc", "<abc@example.org>"), ("abc@host", "<abc@host>"), ("<abc@host>", "<abc@host>")],
)
def test_a_message_id_gets_a_domain_if_it_has_none(given: str, full: str) -> None:
    assert full_message_id(given, "monitor@example.org") == full
    assert f"\r\nMessage-ID: {full}\r\n".encode() in b"\r\n" + compose(CONTENT, "a@example.org", given)


def test_a_long_message_id_is_not_folded() -> None:
    name = "x" * 200
    assert f"Message-ID: <{name}@example.org>\r\n".encode() in compose(CONTENT, "a@example.org", name)


@pytest.mark.parametrize("recipient", ["用户@example.org", "a@example.org"])
@pytest.mark.parametrize("reply_to", ["回复@example.org", "desk@example.org"])
def test_header_lines_leave_ascii_only_for_addresses_that_need_it(recipient: str, reply_to: str) -> None:
    content = replace(CONTENT, reply_to=reply_to, subject="主题 " * 30)
    raw = compose(content, recipient, "1")
    assert raw.isascii() is (recipient + reply_to).isascii()
    assert f"\r\nTo: {recipient}\r\n".encode() in raw
    assert f"\r\nReply-To: {reply_to}\r\n".encode() in raw
    assert parse(raw)["Subject"] == content.subject


@pytest.mark.parametrize(
    ("digest", "id_"),
    [
        ("morning", "morning.monitor.example.org"),
        ("Morning News!", "morning-news.monitor.example.org"),
        ("晨报", "88da32f8.monitor.example.org"),
        ("晨报 web3", "web3-7319954c.monitor.example.org"),
        ("x" * 80, "x" * 63 + ".monitor.example.org"),
    ],
)
def test_a_list_id_is_made_of_digest_and_domain(digest: str, id_: str) -> None:
    assert list_id(digest, "monitor@example.org") == id_


def test_digests_whose_names_look_alike_in_ascii_have_different_list_ids() -> None:
    ids = {list_id(name, "a@b.org") for name in ("晨报", "晚报", "晨报 web3", "晚报 web3", "web3", "!")}
    assert len(ids) == 6
    assert all(
        Options.model_validate({"smtp": "smtp://h", "from": "a@b.org", "to": ["a@b.org"], "list_id": i}) for i in ids
    )


# --- laws -------------------------------------------------------------------------------------------------------------


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_title_comes_back_as_it_was_cleaned(title: str, name: str) -> None:
    content = replace(CONTENT, subject=mail_header(title) or "-", sender=Mailbox(mail_header(name), "a@example.org"))
    message = parse(compose(content, "b@example.org", "1"))
    assert message["Subject"] == content.subject
    assert message["From"].addresses[0].addr_spec == "a@example.org"
    # The standard parser leaves a blank between the encoded words of a name, which RFC 2047, 6.2, joins.
    shown = message["From"].addresses[0].display_name
    assert "".join(shown.split()) == "".join(content.sender.name.split())


BODY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=400)


@given(BODY, BODY)
def test_any_body_comes_back_as_it_was(text: str, html: str) -> None:
    raw = compose(replace(CONTENT, text=text, html=html), "b@example.org", "1")
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    read = [body.replace("\r\n", "\n").rstrip("\n") for _, body in contents(parse(raw))]
    assert read == [text.rstrip("\n"), html.rstrip("\n")]


@given(st.text(alphabet="ab =?.元é", max_size=200))
def test_a_folded_subject_reads_the_same(text: str) -> None:
    text = " ".join(text.split()) or "-"
    folded = fold_words(text, "\r\n", first=9)
    lines = f"Subject: {folded}".split("\r\n")
    assert all(len(line) <= 78 for line in lines)
    assert all(line[:1] == " " and line.strip() for line in lines[1:])
    assert parse(f"Subject: {folded}\r\n\r\n".encode())["Subject"] == text
