"""What each way in which a mail server can fail means for the mail."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from monitor.channels import KINDS, Channel, SendLimits
from monitor.channels.email.smtp import (
    LOGIN_RETRY_WAIT,
    InsecureConnection,
    Progress,
    Server,
    clean_reason,
    outcome_of_failure,
)
from monitor.model import Edition, Outcome
from tests.support.mail import MailServer
from tests.support.waiting import EXCHANGE, NEVER

PASSWORD = "hunter2-ünïque/p@ss"
QUOTED = "hunter2-%C3%BCn%C3%AFque%2Fp%40ss"
Scripted = Callable[[Mapping[str, str | None]], Any]


def channel(smtp: str, limits: SendLimits | None = None, **changes: object) -> Channel:
    given = {"smtp": smtp, "from": "monitor@example.org", "to": ["reader@example.org"], **changes}
    kind = KINDS["email"]
    return kind.build("team", kind.Options.model_validate(given), limits)


def send(
    smtp: str, edition: Edition, limits: SendLimits | None = None, to: str = "reader@example.org", **more: object
) -> Outcome:
    """Make one attempt; no reason ever shows the password."""
    found = channel(smtp, limits or SendLimits(seconds=10), **more)
    (payload,) = found.render(edition)
    outcome = found.send(payload, to, "0123456789abcdef")
    assert "hunter2" not in outcome.reason
    assert outcome.reason.isprintable()
    assert len(outcome.reason) <= 300
    return outcome


# --- answers ----------------------------------------------------------------------------------------------------------

Answer = tuple[dict[str, str | None], str, str, dt.timedelta | None]
ANSWERS: list[Answer] = [
    # the greeting and the introduction are no fault of the mail
    ({"CONNECT": "421 too busy"}, "retry", "421 too busy", None),
    ({"CONNECT": "554 no SMTP service here"}, "retry", "554 no SMTP service here", None),
    ({"CONNECT": None}, "retry", "connecting", None),
    ({"CONNECT": "hello, this is no mail server"}, "retry", "Malformed SMTP response", None),
    ({"EHLO": "421 closing"}, "retry", "421 closing", None),
    ({"EHLO": "502 no such command"}, "retry", "502 no such command", None),
    ({"EHLO": None}, "retry", "greeting", None),
    # the sender, the recipient and the mail itself
    ({"MAIL": "451 try later"}, "retry", "451 try later", None),
    ({"MAIL": "550 5.7.1 not your address"}, "parked", "refused the sender: 550 5.7.1 not your address", None),
    ({"MAIL": "530 5.7.0 authentication required"}, "retry", "refused the login: 530 5.7.0", LOGIN_RETRY_WAIT),
    ({"MAIL": None}, "retry", "sender", None),
    ({"RCPT": "450 4.2.1 greylisted"}, "retry", "450 4.2.1 greylisted", None),
    ({"RCPT": "452 mailbox full"}, "retry", "452 mailbox full", None),
    ({"RCPT": "550 5.1.1 no such user"}, "parked", "refused the recipient: 550 5.1.1 no such user", None),
    ({"RCPT": None}, "retry", "recipient", None),
    ({"DATA": "451 no room"}, "retry", "451 no room", None),
    ({"DATA": "554 no valid recipients"}, "parked", "refused the mail: 554 no valid recipients", None),
    ({"DATA": None}, "retry", "mail", None),
    # after the final dot
    ({"END": "451 4.3.0 try again"}, "retry", "451 4.3.0 try again", None),
    ({"END": "552 too big"}, "parked", "refused the mail: 552 too big", None),
    ({"END": "554-spam\r\n554 go away"}, "parked", "554 spam", None),
    ({"END": None}, "ambiguous", "may have taken the mail", None),
    ({"END": "354 what?"}, "ambiguous", "an invalid answer to the mail: 354 what?", None),
    ({"END": "gibberish"}, "ambiguous", "an invalid answer to the mail", None),
    # the parting changes nothing
    ({"QUIT": "421 closing"}, "sent", "accepted by 127.0.0.1:", None),
    ({"QUIT": None}, "sent", "accepted by 127.0.0.1:", None),
]


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: f"{case[0]}"[1:40])
def test_each_answer_means_what_is_certain_of_it(case: Answer, scripted: Scripted, edition: Edition) -> None:
    replies, kind, said, after = case
    server = scripted(replies)
    outcome = send(f"smtp://127.0.0.1:{server.port}", edition)
    assert (outcome.kind, outcome.after) == (kind, after), outcome.reason
    assert said in outcome.reason
    assert len(server.mails) == (("END" in replies) or kind == "sent")


def test_a_mail_arrives_as_it_was_composed_and_the_same_at_every_attempt(scripted: Scripted, edition: Edition) -> None:
    server = scripted({"END": "451 once more"})
    for _ in range(2):
        send(f"smtp://127.0.0.1:{server.port}", edition)
    first, second = server.mails
    assert first == second
    assert [command for command in server.commands if not command.startswith("EHLO")][:3] == [
        "MAIL FROM:<monitor@example.org>", "RCPT TO:<reader@example.org>", "DATA",
    ]  # fmt: skip


def test_a_machine_without_a_full_name_introduces_itself_by_a_literal(
    scripted: Scripted, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = scripted({})
    for name in ("laptop", "host.example.org", "bücher.example"):
        monkeypatch.setattr(socket, "gethostname", lambda name=name: name)
        send(f"smtp://127.0.0.1:{server.port}", edition)
    assert [command for command in server.commands if command.startswith("EHLO")] == [
        "EHLO [127.0.0.1]", "EHLO host.example.org", "EHLO [127.0.0.1]",
    ]  # fmt: skip


def test_lines_that_begin_with_a_dot_arrive_whole(scripted: Scripted, edition: Edition) -> None:
    server = scripted({})
    (payload,) = channel(f"smtp://127.0.0.1:{server.port}").render(edition)
    body = payload.body.replace('"text":"morning', '"text":".\\n..\\n.dot\\nmorning')
    outcome = channel(f"smtp://127.0.0.1:{server.port}").send(type(payload)(body), "reader@example.org", "1")
    assert outcome.kind == "sent"
    text = message_from_bytes(server.mails[0], policy=policy.SMTP).get_body(("plain",))
    assert text is not None
    assert text.get_content().startswith(".\r\n..\r\n.dot\r\nmorning")


# --- lines that break or stay silent ----------------------------------------------------------------------------------


def test_a_server_that_is_not_there_is_tried_again(edition: Edition) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused
        outcome = send(f"smtp://user:{QUOTED}@127.0.0.1:{taken.getsockname()[1]}", edition)
    assert outcome.kind == "retry"
    assert outcome.reason.endswith(" cannot be reached: Connection refused; does the mail server run?")


@pytest.mark.parametrize(
    ("step", "kind"), [("CONNECT", "retry"), ("EHLO", "retry"), ("RCPT", "retry"), ("END", "ambiguous")]
)
def test_a_server_that_falls_silent_is_left_in_time(step: str, kind: str, scripted: Scripted, edition: Edition) -> None:
    server = scripted({step: ""})
    seconds = EXCHANGE if step == "END" else 0.4
    outcome = send(f"smtp://127.0.0.1:{server.port}", edition, SendLimits(seconds=seconds))
    assert (outcome.kind, f"took longer than {seconds} s" in outcome.reason) == (kind, True)


def test_a_server_that_is_silent_only_at_the_end_has_the_mail(scripted: Scripted, edition: Edition) -> None:
    server = scripted({"QUIT": ""})
    assert send(f"smtp://127.0.0.1:{server.port}", edition, SendLimits(seconds=EXCHANGE)).kind == "sent"


# --- the program is stopped -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "step"),
    [("smtps", "CONNECT"), *(("smtp", step) for step in ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA"))],
)
def test_a_stop_before_the_mail_was_handed_over_ends_the_attempt_at_once(
    scheme: str, step: str, scripted: Scripted, edition: Edition, stopping: Any
) -> None:
    server = scripted({step: ""})
    server.before = lambda key: stopping.set() if key == step else None
    limits = SendLimits(seconds=NEVER, stopping=stopping, grace=NEVER)
    outcome = send(f"{scheme}://127.0.0.1:{server.port}", edition, limits)
    assert (outcome.kind, outcome.after) == ("retry", None)
    assert outcome.reason.endswith(": the program was stopped")
    assert server.mails == []


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("250 taken", "sent: accepted by 127.0.0.1:"),
        ("451 try again", "retry: 127.0.0.1:"),
        ("552 too big", "parked: 127.0.0.1:"),
        (None, "ambiguous: 127.0.0.1:"),
    ],
)
def test_a_stop_after_the_mail_was_handed_over_waits_for_the_servers_answer(
    answer: str | None, outcome: str, scripted: Scripted, edition: Edition, stopping: Any
) -> None:
    server = scripted({"END": answer})
    server.before = lambda key: stopping.set_and_seen() if key == "END" else None
    limits = SendLimits(seconds=NEVER, stopping=stopping, grace=NEVER)
    found = send(f"smtp://127.0.0.1:{server.port}", edition, limits)
    assert f"{found.kind}: {found.reason}".startswith(outcome)
    assert "stopped" not in found.reason
    assert len(server.mails) == 1


def test_a_server_that_does_not_answer_within_the_grace_leaves_it_open(
    scripted: Scripted, edition: Edition, stopping: Any
) -> None:
    server = scripted({"END": ""})
    server.before = lambda key: stopping.set() if key == "END" else None
    start = time.monotonic()
    limits = SendLimits(seconds=NEVER, stopping=stopping, grace=0.2)
    outcome = send(f"smtp://127.0.0.1:{server.port}", edition, limits)
    assert time.monotonic() - start >= 0.2
    assert (outcome.kind, "the program was stopped" in outcome.reason) == ("ambiguous", True)


def test_a_stop_after_the_servers_yes_needs_no_parting(
    scripted: Scripted, edition: Edition, stopping: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.channels.email.smtp.QUIT_SECONDS", NEVER)
    server = scripted({"QUIT": ""})
    server.before = lambda key: stopping.set() if key == "QUIT" else None
    limits = SendLimits(seconds=NEVER, stopping=stopping, grace=NEVER)
    outcome = send(f"smtp://127.0.0.1:{server.port}", edition, limits)
    assert outcome.kind == "sent"


# --- no secret --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [PASSWORD, QUOTED, b64encode(PASSWORD.encode()).decode(), b64encode(f"\0user\0{PASSWORD}".encode()).decode()],
)
def test_a_password_that_the_server_repeats_is_masked(form: str) -> None:
    server = Server("h", 25, False, "user", PASSWORD)
    assert clean_reason(f"535 wrong: {form}!", server) == "535 wrong: ***!"


def test_a_reason_is_one_short_printable_line() -> None:
    said = clean_reason("554 \x1b[31mred\r\nnext \udcff " + "x" * 900, Server("h", 25, implicit_tls=False))
    assert said.isprintable()
    assert len(said) == 300


def test_a_login_that_is_refused_waits_for_an_hour(scripted: Scripted, edition: Edition) -> None:
    server = scripted({"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": f"535 5.7.8 wrong password {PASSWORD}"})
    outcome = send(f"smtp://user:{QUOTED}@127.0.0.1:{server.port}", edition)
    assert outcome.kind == "retry"
    assert outcome.after == dt.timedelta(hours=1)
    where, _, said = outcome.reason.partition(" ")
    assert where == f"127.0.0.1:{server.port}"
    assert said == "refused the login: 535 5.7.8 wrong password ***; check user and password"
    assert server.mails == []


def test_a_login_that_fails_for_now_is_tried_again_soon(scripted: Scripted, edition: Edition) -> None:
    server = scripted({"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "454 4.7.0 temporary"})
    outcome = send(f"smtp://user:{QUOTED}@127.0.0.1:{server.port}", edition)
    assert (outcome.kind, outcome.after) == ("retry", None)


def test_a_server_that_knows_no_login_waits_for_an_hour(scripted: Scripted, edition: Edition) -> None:
    outcome = send(f"smtp://user:{QUOTED}@127.0.0.1:{scripted({}).port}", edition)
    assert (outcome.kind, outcome.after) == ("retry", LOGIN_RETRY_WAIT)
    assert "AUTH extension is not supported" in outcome.reason


# --- addresses outside ASCII ------------------------------------------------------------------------------------------


def test_an_address_outside_ascii_needs_a_server_that_takes_it(scripted: Scripted, edition: Edition) -> None:
    server = scripted({})
    outcome = send(f"smtp://127.0.0.1:{server.port}", edition, to="用户@example.org")
    assert (outcome.kind, "no SMTPUTF8" in outcome.reason) == ("parked", True)
    assert server.mails == []


def test_an_address_outside_ascii_is_sent_with_smtputf8(scripted: Scripted, edition: Edition) -> None:
    server = scripted({"EHLO": "250-here\r\n250-8BITMIME\r\n250 SMTPUTF8"})
    assert send(f"smtp://127.0.0.1:{server.port}", edition, to="用户@example.org").kind == "sent"
    assert "RCPT TO:<用户@example.org>" in server.commands
    assert "MAIL FROM:<monitor@example.org> SMTPUTF8 BODY=8BITMIME" in server.commands


# --- real servers -----------------------------------------------------------------------------------------------------


class Inbox:
    """Keeps what arrives; the first recipient of "nobody" is refused."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.envelopes.append(envelope)
        return "250 OK"


def authenticated(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    good = isinstance(data, LoginPassword) and data.login == b"user" and data.password == PASSWORD.encode()
    return AuthResult(success=good, handled=False)


@contextmanager
def serving(inbox: Inbox, **how: Any) -> Iterator[str]:
    controller = MailServer(inbox, hostname="127.0.0.1", port=0, **how)
    controller.start()
    try:
        yield f"127.0.0.1:{controller.port}"
    finally:
        controller.stop()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    authority = trustme.CA()
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(file)
    return authority, file


def server_side(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_a_plain_server_on_this_machine_takes_the_mail(edition: Edition, expected: Callable[[str, str], None]) -> None:
    inbox = Inbox()
    with serving(inbox) as address:
        outcome = send(f"smtp://{address}", edition)
    assert outcome == Outcome("sent", f"accepted by {address}")
    (envelope,) = inbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("monitor@example.org", ["reader@example.org"])
    message = message_from_bytes(envelope.original_content or b"", policy=policy.SMTP)
    assert message["Message-ID"] == "<0123456789abcdef@example.org>"
    text = message.get_body(("plain",))
    assert text is not None
    expected("edition.txt", text.get_content().replace("\r\n", "\n"))


def test_starttls_and_a_login(edition: Edition, authority: tuple[trustme.CA, Path]) -> None:
    inbox = Inbox()
    how = {"tls_context": server_side(authority[0]), "require_starttls": True, "authenticator": authenticated,
           "auth_required": True}  # fmt: skip
    with serving(inbox, **how) as address:
        assert send(f"smtp://user:{QUOTED}@{address}", edition, ca_file=authority[1]).kind == "sent"
        wrong = send(f"smtp://user:hunter2@{address}", edition, ca_file=authority[1])
        without = send(f"smtp://{address}", edition, ca_file=authority[1])
    assert len(inbox.envelopes) == 1
    assert (wrong.kind, wrong.after, "refused the login: 535" in wrong.reason) == ("retry", LOGIN_RETRY_WAIT, True)
    assert (without.kind, without.after, "refused the login: 530" in without.reason) == (
        "retry",
        LOGIN_RETRY_WAIT,
        True,
    )


def test_tls_from_the_first_byte(edition: Edition, authority: tuple[trustme.CA, Path]) -> None:
    inbox = Inbox()
    with serving(inbox, ssl_context=server_side(authority[0])) as address:
        assert send(f"smtps://{address}", edition, ca_file=authority[1]).kind == "sent"
    assert len(inbox.envelopes) == 1


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("certificate", ["other.example.org", "of another authority"])
def test_a_certificate_that_is_not_trusted_gets_no_mail_and_no_password(
    scheme: str, certificate: str, edition: Edition, authority: tuple[trustme.CA, Path]
) -> None:
    inbox = Inbox()
    context = server_side(trustme.CA()) if " " in certificate else server_side(authority[0], certificate)
    how = {"ssl_context": context} if scheme == "smtps" else {"tls_context": context}
    with serving(inbox, **how) as address:
        outcome = send(f"{scheme}://user:{QUOTED}@{address}", edition, ca_file=authority[1])
    assert (outcome.kind, outcome.after) == ("retry", LOGIN_RETRY_WAIT)
    assert "no safe connection" in outcome.reason
    assert "certificate verify failed" in outcome.reason
    assert inbox.envelopes == []


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_on_this_machine_any_certificate_will_do_unless_one_is_named(scheme: str, edition: Edition) -> None:
    inbox, context = Inbox(), server_side(trustme.CA(), "other.example.org")
    with serving(inbox, **({"ssl_context": context} if scheme == "smtps" else {"tls_context": context})) as address:
        assert send(f"{scheme}://{address}", edition).kind == "sent"


def test_starttls_is_used_where_it_is_offered_even_on_this_machine(edition: Edition) -> None:
    inbox = Inbox()
    with serving(inbox, tls_context=server_side(trustme.CA()), require_starttls=True) as address:
        assert send(f"smtp://{address}", edition).kind == "sent"


def test_another_machine_without_starttls_gets_nothing(
    scripted: Scripted, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = scripted({"EHLO": "250-here\r\n250 AUTH PLAIN"})
    monkeypatch.setattr("monitor.channels.email.smtp.is_local_host", lambda _: False)
    outcome = send(f"smtp://user:{QUOTED}@127.0.0.1:{server.port}", edition)
    assert (outcome.kind, outcome.after) == ("retry", LOGIN_RETRY_WAIT)
    assert "offers no STARTTLS" in outcome.reason
    assert not any(command.startswith(("AUTH", "MAIL")) for command in server.commands)


def test_a_refused_recipient_is_parked_with_the_servers_words(edition: Edition) -> None:
    with serving(Inbox()) as address:
        outcome = send(f"smtp://{address}", edition, to="nobody@example.org")
    assert outcome == Outcome("parked", f"{address} refused the recipient: 550 5.1.1 no such user here")


def test_a_ca_file_that_is_not_there_is_reported(edition: Edition, tmp_path: Path) -> None:
    outcome = send("smtp://127.0.0.1:9", edition, ca_file=tmp_path / "none.pem")
    assert (outcome.kind, outcome.reason) == ("retry", "ca_file cannot be used: No such file or directory")
    (tmp_path / "odd.pem").write_text("no certificate")
    assert "ca_file cannot be used" in send("smtp://127.0.0.1:9", edition, ca_file=tmp_path / "odd.pem").reason


def test_what_a_server_can_do_is_asked_again_after_starttls(edition: Edition) -> None:
    inbox = Inbox()
    with serving(inbox, tls_context=server_side(trustme.CA()), require_starttls=True, enable_SMTPUTF8=True) as address:
        assert send(f"smtp://{address}", edition, to="用户@example.org").kind == "sent"
    assert inbox.envelopes[0].rcpt_tos == ["用户@example.org"]


# --- the decision itself ----------------------------------------------------------------------------------------------

SERVER = Server("h", 25, implicit_tls=False)


@pytest.mark.parametrize(
    ("error", "progress", "kind", "after"),
    [
        (ConnectionResetError("reset"), Progress("mail", handed_over=True), "ambiguous", None),
        (ConnectionResetError("reset"), Progress("mail"), "retry", None),
        (aiosmtplib.SMTPReadTimeoutError("x"), Progress("mail", handed_over=True), "ambiguous", None),
        (aiosmtplib.SMTPServerDisconnected("x"), Progress("recipient"), "retry", None),
        (aiosmtplib.SMTPServerDisconnected("x"), Progress("mail", handed_over=True, accepted=True), "sent", None),
        (aiosmtplib.SMTPAuthenticationError(454, "x"), Progress("login"), "retry", None),
        (aiosmtplib.SMTPAuthenticationError(535, "x"), Progress("login"), "retry", LOGIN_RETRY_WAIT),
        (aiosmtplib.SMTPResponseException(501, "x"), Progress("starting TLS"), "retry", None),
        (InsecureConnection("offers no STARTTLS"), Progress("greeting"), "retry", LOGIN_RETRY_WAIT),
        (TimeoutError(), Progress("connecting"), "retry", None),
    ],
)
def test_only_what_is_certain_is_said(
    error: Exception, progress: Progress, kind: str, after: dt.timedelta | None
) -> None:
    outcome = outcome_of_failure(error, progress, SERVER)
    assert (outcome.kind, outcome.after) == (kind, after)
    assert outcome.reason.strip()
