"""What may be written about a mail channel; no message shows a password."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.channels.email import KIND, Options
from monitor.channels.email.message import parse_mailbox
from monitor.channels.email.smtp import Server, parse_server
from monitor.secret import Secret

GOOD = {"smtp": "smtp://127.0.0.1:25", "from": "monitor@example.org", "to": ["a@example.org"]}


def options(**changes: object) -> Options:
    return Options.model_validate({**GOOD, **changes})


# --- the server -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("smtp://mail.example.org", Server("mail.example.org", 587, implicit_tls=False)),
        ("smtps://mail.example.org", Server("mail.example.org", 465, implicit_tls=True)),
        ("smtp://mail.example.org:2525/", Server("mail.example.org", 2525, implicit_tls=False)),
        ("smtp://a%40b:p%40%2F%3A%20%E5%AE%87@h:1", Server("h", 1, False, "a@b", "p@/: 宇")),
        (" SMTP://H:1 ", Server("h", 1, implicit_tls=False)),
        ("smtp://user@h", Server("h", 587, False, "user")),
        ("smtp://[::1]:25", Server("::1", 25, implicit_tls=False)),
        ("smtp://bücher.example", Server("xn--bcher-kva.example", 587, implicit_tls=False)),
    ],
)
def test_the_address_of_a_server_is_read(address: str, server: Server) -> None:
    assert parse_server(Secret(address)) == server


@pytest.mark.parametrize(
    "address",
    ["", "mail.example.org", "http://u:hunter2@h", "smtp://", "smtp://u:hunter2@", "smtp://u:hunter2@h:port",
     "smtp://u:hunter2@h:99999", "smtp://u:hunter2@h/path", "smtp://u:hunter2@h?x", "smtp://:hunter2@h",
     "smtp://u:hunter2@[h", "smtp://u:hunter2@a b", "smtp://u:hunter2/x@h", "smtp://u:hunter2@\ud800h"],
)  # fmt: skip
def test_what_is_no_address_of_a_server_is_refused_without_showing_it(address: str) -> None:
    with pytest.raises(ValueError, match="write smtps://user:password@host:465") as caught:
        parse_server(Secret(address))
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_server_shows_its_name_and_never_its_password() -> None:
    server = Server("::1", 25, False, "user", "hunter2")
    assert str(server) == "[::1]:25"
    assert str(Server("h", 25, implicit_tls=False)) == "h:25"
    assert "hunter2" not in repr(server)


@pytest.mark.parametrize("host", ["mail.example.org", "10.0.0.1"])
def test_the_certificate_of_another_machine_is_verified(host: str) -> None:
    context = Server(host, 465, implicit_tls=True).tls(None)
    assert context.check_hostname
    assert context.verify_mode.name == "CERT_REQUIRED"


# --- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("a@example.org", "", "a@example.org"),
        ("Monitor <a@Example.ORG>", "Monitor", "a@example.org"),
        ('"Monitor, Inc." <a.b+c@example.org>', "Monitor, Inc.", "a.b+c@example.org"),
        ("监测 <a@例子.公司>", "监测", "a@xn--fsqu00a.xn--55qx5d"),
        ("用户@example.org", "", "用户@example.org"),
        ("root@localhost", "", "root@localhost"),
    ],
)
def test_mail_addresses_are_read(text: str, name: str, address: str) -> None:
    assert parse_mailbox(text) == (name, address)


@pytest.mark.parametrize(
    "text",
    ["", "a", "a@", "@b", "a@b@c", "a b@c.org", "a@b..org", "a@-b.org", "a@b.org, c@d.org", "A <a@b.org\nBcc: x@y.z>",
     "a@b.org\r\nBcc: x@y.z", "a@b_.org", "a@א1b.org", f"a@{'x' * 64}.org"],
)  # fmt: skip
def test_what_is_no_mail_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a mail address|IDNA"):
        parse_mailbox(text)


# --- options ----------------------------------------------------------------------------------------------------------


def test_a_recipient_named_twice_gets_one_mail() -> None:
    found = options(to=["A <a@example.org>", "b@example.org", "A@EXAMPLE.org", "a@example.org"])
    assert KIND.build("team", found).recipients == ("a@example.org", "b@example.org")


def test_all_options_are_read() -> None:
    found = options(
        reply_to="desk@example.org", subject_prefix="[M] ", list_id="<News.example.org>",
        unsubscribe="mailto:leave@example.org?subject=leave", ca_file="/etc/ca.pem",
    )  # fmt: skip
    assert found.list_id == "News.example.org"
    assert found.ca_file == Path("/etc/ca.pem")


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        ({"smtp": "http://u:hunter2@h"}, "smtp", "begins with smtp:// or smtps://"),
        ({"from": "nobody"}, "from", "'nobody' is not a mail address"),
        ({"to": []}, "to", "at least 1 item"),
        ({"to": ["a@example.org", "x"]}, "to", "'x' is not a mail address"),
        ({"reply_to": "x"}, "reply_to", "is not a mail address"),
        ({"subject_prefix": "a\nBcc: x"}, "subject_prefix", "on one line"),
        ({"subject_prefix": "x" * 41}, "subject_prefix", "at most 40"),
        ({"list_id": "a b"}, "list_id", "List-Id such as"),
        ({"list_id": "nodots"}, "list_id", "List-Id such as"),
        ({"unsubscribe": "http://example.org"}, "unsubscribe", 'a "mailto:" or an "https://"'),
        ({"unsubscribe": "https://a>\r\nX: y"}, "unsubscribe", 'a "mailto:" or an "https://"'),
        ({"unsubscribe": "https:///x"}, "unsubscribe", 'a "mailto:" or an "https://"'),
        ({"frm": "x"}, "frm", "not permitted"),
        ({"sender": "a@example.org"}, "sender", "not permitted"),
    ],
)
def test_a_wrong_option_is_named_with_what_is_wrong(change: dict[str, object], place: str, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        options(**change)
    assert [(error["loc"][0], said in error["msg"]) for error in caught.value.errors()] == [(place, True)]
    assert "hunter2" not in str(caught.value)


def test_a_ca_file_is_next_to_the_configuration() -> None:
    given = {**GOOD, "ca_file": "certs/ca.pem"}
    assert Options.model_validate(given, context={"folder": Path("/config")}).ca_file == Path("/config/certs/ca.pem")
    assert Options.model_validate(given).ca_file == Path("certs/ca.pem")


def test_the_password_is_not_shown_by_the_options() -> None:
    found = options(smtp="smtp://user:hunter2@h")
    assert "hunter2" not in f"{found!r} {found} {found.model_dump()} {found.model_dump_json()}"
