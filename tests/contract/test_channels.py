"""What every kind of channel keeps, whatever it talks to. A kind without an example here fails the first test."""

from __future__ import annotations

import datetime as dt
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from pydantic import BaseModel, ValidationError

from monitor.channels import KINDS, Channel, ProbeResult, SendLimits, formats
from monitor.model import (
    AlternateLink,
    Coverage,
    Edition,
    Excerpt,
    Group,
    Item,
    MessageLine,
    MessageSection,
    Moment,
    OperatorMessage,
    Outcome,
    SourceIssue,
    Window,
)
from tests.support.mail import MailServer
from tests.support.waiting import NEVER, SOON

CANARY = "CANARYSECRET"
DEADLINE = 0.5


Taking = Callable[[Callable[[], object]], AbstractContextManager[tuple[int, list[bytes]]]]


@dataclass(frozen=True)
class Example:
    """Options that work. `far` are those for a far end at a port of this machine; None: it writes to this machine.

    `taking(before)` runs a server that takes every message, calls `before` and says yes; it gives its port and what it
    took.
    """

    local: Callable[[Path], dict[str, Any]]
    far: Callable[[int], dict[str, Any]] | None = None
    taking: Taking | None = None


@contextmanager
def taking_mail(before: Callable[[], object]) -> Iterator[tuple[int, list[bytes]]]:
    taken: list[bytes] = []

    class Taker:
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
            taken.append(envelope.original_content or b"")
            before()
            return "250 taken"

    mail = MailServer(
        Taker(), hostname="127.0.0.1", port=0, auth_require_tls=False,
        authenticator=lambda *_: AuthResult(success=True),
    )  # fmt: skip
    mail.start()
    try:
        yield mail.port, taken
    finally:
        mail.stop()


@contextmanager
def taking_posts(before: Callable[[], object]) -> Iterator[tuple[int, list[bytes]]]:
    taken: list[bytes] = []

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["Content-Length"])))
            before()
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Taker) as web:
        thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield web.server_address[1], taken
        web.shutdown()
        thread.join()


MAILS = {"from": "Monitor <monitor@example.org>", "to": ["a@example.org", "b@example.org"]}
EXAMPLES = {
    "email": Example(
        lambda _: {"smtp": "smtp://127.0.0.1:9", **MAILS},
        lambda port: {"smtp": f"smtp://user:{CANARY}@127.0.0.1:{port}", **MAILS},
        taking_mail,
    ),
    "file": Example(lambda folder: {"folder": str(folder)}),
    "slack": Example(
        lambda _: {"webhook": "https://hooks.slack.com/services/x"},
        lambda port: {"webhook": f"http://127.0.0.1:{port}/services/T0/{CANARY}"},
        taking_posts,
    ),
}
DIALLING = sorted(kind for kind, example in EXAMPLES.items() if example.far)

AT = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


def edition(items: int = 3) -> Edition:
    said, alternates = (
        Excerpt("A sentence about Web3. " * 10, ((18, 22),)),
        (AlternateLink("Other", "https://example.net", "Echo"),),
    )
    made = tuple(
        Item(
            n, n, f"Story number {n} 元宇宙", f"https://example.org/{n}", "Wire", AT, (), Moment(AT, "day"), "en", said,
            ("rule",), alternates,
        )
        for n in range(items)
    )  # fmt: skip
    groups = (Group("rule", made),) if made else ()
    window = Window(AT, AT + dt.timedelta(days=1), "2026-11-21 08:00")
    return Edition(
        "morning", window, AT, "Asia/Shanghai", groups, Coverage(3, (SourceIssue("Wire", "answered 503", AT),))
    )


def build(kind: str, options: dict[str, Any], limits: SendLimits | None = None) -> Channel:
    return KINDS[kind].build("team", KINDS[kind].Options.model_validate(options), limits)


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def channel(kind: str, tmp_path: Path) -> Channel:
    return build(kind, EXAMPLES[kind].local(tmp_path))


def test_every_kind_has_an_example() -> None:
    assert sorted(EXAMPLES) == sorted(KINDS)


# --- what it is -------------------------------------------------------------------------------------------------------


def test_it_knows_its_name_its_kind_and_its_recipients(kind: str, channel: Channel) -> None:
    assert (channel.name, channel.kind) == ("team", kind)
    assert channel.recipients
    assert all(channel.recipients)
    assert len(set(channel.recipients)) == len(channel.recipients)


def test_its_options_refuse_what_they_do_not_know(kind: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="not permitted"):
        KINDS[kind].Options.model_validate({**EXAMPLES[kind].local(tmp_path), "no_such_option": 1})


def test_its_options_are_described_for_the_schema(kind: str) -> None:
    options: type[BaseModel] = KINDS[kind].Options
    schema = options.model_json_schema(by_alias=True)
    assert options.__doc__
    assert [name for name, each in schema["properties"].items() if "description" not in each] == []
    assert schema["additionalProperties"] is False


# --- rendering --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("items", [0, 1, 3, 200])
def test_rendering_is_the_same_every_time_and_for_every_instance(kind: str, items: int, tmp_path: Path) -> None:
    first, second = (build(kind, EXAMPLES[kind].local(tmp_path)).render(edition(items)) for _ in range(2))
    assert first == second
    assert first
    assert all(isinstance(payload.body, str) for payload in first)


@pytest.mark.parametrize("items", [0, 1, 3, 200])
def test_parts_are_numbered_from_one_and_keep_the_order_of_the_stories(channel: Channel, items: int) -> None:
    payloads = channel.render(edition(items))
    assert [payload.part for payload in payloads] == list(range(1, len(payloads) + 1))
    words_of = "".join(payload.body for payload in payloads)
    places = [words_of.index(f"Story number {n} ") for n in range(items)]
    assert places == sorted(places)


def test_what_is_rendered_can_be_stored_anywhere(channel: Channel) -> None:
    """As text in any database: no NUL, no half of a surrogate pair."""
    item = Item(1, 1, "half \ud83d\x00", "https://example.org", "Wire\x00", AT, excerpt=Excerpt("\udcff"), rules=("r",))
    for payload in channel.render(Edition("d", edition().window, AT, "UTC", (Group("r", (item,)),))):
        assert "\x00" not in payload.body
        payload.body.encode()


@pytest.mark.parametrize("items", [0, 3])
def test_its_forms_show_an_edition_the_same_every_time(kind: str, items: int) -> None:
    for form in KINDS[kind].formats.values():
        shown = form(edition(items))
        assert shown == form(edition(items))
        assert all(f"Story number {number} " in shown for number in range(items))
        assert "\x1b" not in shown


def test_no_two_kinds_call_their_forms_the_same() -> None:
    named = [name for each in KINDS.values() for name in each.formats]
    assert len(set(named)) == len(named) == len(formats())


LINES = (MessageLine("broken 两江: answered 503 <b>&", "monitor try"), MessageLine("and 4 more"))
MESSAGE = OperatorMessage(
    "2 problems: broken", AT, "Asia/Shanghai", (MessageSection("New problems", LINES),), "the end"
)


def test_a_message_to_the_operator_is_the_same_every_time_and_says_everything(kind: str, tmp_path: Path) -> None:
    first, second = (build(kind, EXAMPLES[kind].local(tmp_path)).render_message(MESSAGE) for _ in range(2))
    assert first == second
    assert first.part == 1
    said = first.body.encode().decode("unicode_escape", "replace")
    for words in ("New problems", "answered 503", "monitor try", "and 4 more", "the end", "2 problems: broken"):
        assert words in said
    assert "<b>" not in first.body.replace("<b>&\\n", "")  # only the text part of a mail may have it


def test_a_message_to_the_operator_of_any_length_is_one_payload_that_can_be_stored(channel: Channel) -> None:
    lines = tuple(MessageLine("&<>" * 400 + "\ud83d\x00", "do it " * 300) for _ in range(40))
    payload = channel.render_message(OperatorMessage("x" * 5_000, AT, "UTC", (MessageSection("New", lines),)))
    assert "\x00" not in payload.body
    payload.body.encode()


# --- sending ----------------------------------------------------------------------------------------------------------


@contextmanager
def far_end(behaviour: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    """Yield a port of this machine; each line that comes in is treated by `behaviour`."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as line:
                behaviour(line, ended)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            with suppress(OSError), socket.create_connection(server.getsockname()):
                pass  # for a channel that did not even dial
            thread.join()


def hangs_up(line: socket.socket, ended: threading.Event) -> None:
    """Do nothing at all."""


def silent(line: socket.socket, ended: threading.Event) -> None:
    ended.wait()


def speaks_gibberish(line: socket.socket, ended: threading.Event) -> None:
    line.settimeout(10)
    line.sendall(b"\x16\x03\x01 \xff\xfe gibberish\r\n\r\n")
    ended.wait()


def drips(line: socket.socket, ended: threading.Event) -> None:
    """Send a byte now and then: every single wait is short, only the whole is not."""
    line.sendall(b"2")
    while not ended.wait(0.05):
        try:
            line.sendall(b"2")
        except OSError:
            return


def floods(line: socket.socket, ended: threading.Event) -> None:
    line.settimeout(0.2)
    while not ended.is_set():
        try:
            line.sendall(b"x" * 65_536)
        except TimeoutError:
            continue
        except OSError:
            return


BEHAVIOURS = [hangs_up, silent, speaks_gibberish, drips, floods]


def attempt(kind: str, port: int, limits: SendLimits) -> Outcome:
    far = EXAMPLES[kind].far
    assert far is not None
    channel = build(kind, far(port), limits)
    payload = channel.render(edition())[0]
    assert CANARY not in payload.body
    assert CANARY not in f"{channel!r} {channel} {channel.recipients}"
    outcome = channel.send(payload, channel.recipients[0], "0123456789abcdef")
    assert CANARY not in outcome.reason
    assert outcome.reason.isprintable()
    return outcome


def taking(kind: str, before: Callable[[], object]) -> AbstractContextManager[tuple[int, list[bytes]]]:
    made = EXAMPLES[kind].taking
    assert made is not None
    return made(before)


@pytest.mark.parametrize("kind", DIALLING)
@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda each: each.__name__)
def test_a_far_end_that_misbehaves_is_no_success_and_left_in_time(
    kind: str, behaviour: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), far_end(behaviour) as port:
        outcome = attempt(kind, port, SendLimits(seconds=DEADLINE))
    assert outcome.kind in ("retry", "ambiguous")
    assert CANARY not in caplog.text


@pytest.mark.parametrize("kind", DIALLING)
def test_a_far_end_that_is_not_there_has_certainly_got_nothing(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused
        outcome = attempt(kind, taken.getsockname()[1], SendLimits(seconds=10))
    assert outcome.kind == "retry"
    assert CANARY not in caplog.text


# --- the end of the program -------------------------------------------------------------------------------------------


class Stop(threading.Event):
    """The event that ends the program; `set_and_seen` waits until an attempt has seen it."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = threading.Event()

    def is_set(self) -> bool:
        found = super().is_set()
        if found:
            self.seen.set()
        return found

    def set_and_seen(self) -> None:
        self.set()
        assert self.seen.wait(SOON)


@pytest.mark.parametrize("kind", DIALLING)
def test_a_stop_before_the_message_is_on_its_way_sends_nothing(kind: str) -> None:
    stopping = threading.Event()
    stopping.set()
    with taking(kind, lambda: None) as (port, taken):
        outcome = attempt(kind, port, SendLimits(seconds=NEVER, stopping=stopping, grace=NEVER))
    assert (outcome.kind, "the program was stopped" in outcome.reason) == ("retry", True)
    assert taken == []


@pytest.mark.parametrize("kind", DIALLING)
def test_a_stop_while_the_far_end_thinks_sends_nothing_twice(kind: str) -> None:
    """It took the message: an attempt that did not wait for its yes would be made again."""
    stopping = Stop()
    with taking(kind, stopping.set_and_seen) as (port, taken):
        outcome = attempt(kind, port, SendLimits(seconds=NEVER, stopping=stopping, grace=NEVER))
    assert outcome.kind == "sent"
    assert len(taken) == 1


@pytest.mark.parametrize("kind", DIALLING)
def test_a_far_end_that_thinks_too_long_does_not_keep_the_program(kind: str) -> None:
    stopping, ended = threading.Event(), threading.Event()

    def before() -> None:
        stopping.set()
        ended.wait()

    with taking(kind, before) as (port, taken):
        try:
            outcome = attempt(kind, port, SendLimits(seconds=NEVER, stopping=stopping, grace=0.2))
        finally:
            ended.set()
    assert outcome.kind == "ambiguous"
    assert len(taken) == 1


# --- trying without sending -------------------------------------------------------------------------------------------


def probed(kind: str, port: int) -> ProbeResult:
    far = EXAMPLES[kind].far
    assert far is not None
    found = KINDS[kind].probe(KINDS[kind].Options.model_validate(far(port)), SendLimits(seconds=SOON))
    assert CANARY not in found.message
    assert found.message.isprintable()
    return found


@pytest.mark.parametrize("kind", DIALLING)
def test_a_probe_reaches_the_server_and_sends_nothing(kind: str) -> None:
    with taking(kind, lambda: None) as (port, taken):
        assert probed(kind, port).usable
        assert KINDS[kind].server_of(build_options(kind, port)) == ("127.0.0.1", port)
    assert taken == []


@pytest.mark.parametrize("kind", DIALLING)
def test_a_probe_says_that_nobody_answers(kind: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        found = probed(kind, unused.getsockname()[1])
    assert not found.usable
    assert "cannot be reached: Connection refused" in found.message


def build_options(kind: str, port: int) -> BaseModel:
    far = EXAMPLES[kind].far
    assert far is not None
    options: BaseModel = KINDS[kind].Options.model_validate(far(port))
    return options


def test_a_probe_of_a_refused_login_says_so() -> None:
    mail = MailServer(
        object(), hostname="127.0.0.1", port=0, auth_require_tls=False,
        authenticator=lambda *_: AuthResult(success=False, handled=False),
    )  # fmt: skip
    mail.start()
    try:
        found = probed("email", mail.port)
    finally:
        mail.stop()
    assert not found.usable
    assert "refused the login" in found.message


def test_a_probe_of_a_folder_says_what_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    file = KINDS["file"]
    for name, usable in (("new", True), ("taken", False)):
        found = file.probe(file.Options.model_validate({"folder": str(tmp_path / name)}), SendLimits())
        assert found.usable is usable
        assert (tmp_path / "new").exists() is False
