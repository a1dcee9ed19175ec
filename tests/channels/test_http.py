"""What each way in which a webhook can fail means for the message."""

from __future__ import annotations

import datetime as dt
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest

from monitor.channels import Channel, SendLimits
from monitor.channels.http import Answer, WebhookChannel, outcome_of, secure_address
from monitor.model import Edition, OperatorMessage, Outcome, Payload
from monitor.secret import Secret
from tests.support.waiting import EXCHANGE, NEVER

Hooked = Callable[..., Any]

TOKEN = "T0CANARY0/B0CANARY0/CANARYSECRETTOKEN"


class Plain(WebhookChannel):
    """The least that a kind adds."""

    kind = "plain"
    public = ("services",)

    def render_message(self, message: OperatorMessage) -> Payload:
        return Payload(message.subject)

    def render(self, edition: Edition) -> tuple[Payload, ...]:
        return (Payload(json.dumps({"text": edition.digest})),)


def channel(webhook: str, limits: SendLimits | None = None) -> Channel:
    return Plain("plain", Secret(webhook), limits or SendLimits(seconds=10))


def send(webhook: str, edition: Edition, limits: SendLimits | None = None) -> Outcome:
    """Make one attempt; no reason ever shows a part of the address."""
    found = channel(webhook, limits)
    (payload,) = found.render(edition)
    outcome = found.send(payload, "plain", "0123456789abcdef")
    assert "CANARY" not in outcome.reason
    assert outcome.reason.isprintable()
    assert len(outcome.reason) <= 420
    return outcome


# --- the address ------------------------------------------------------------------------------------------------------


REMEDY = "write env:HOOK"


@pytest.mark.parametrize(
    "webhook",
    ["https://example.org/T/B/X", "http://127.0.0.1:8080/x", "http://localhost/x", "http://[::1]/x",
     " https://example.org/x "],
)  # fmt: skip
def test_an_address_is_taken_without_blanks_around_it(webhook: str) -> None:
    found = secure_address(Secret(webhook, "env:HOOK"), REMEDY)
    assert (found.reveal(), found.origin) == (webhook.strip(), "env:HOOK")


@pytest.mark.parametrize(
    ("webhook", "why"),
    [
        ("", "not an address"),
        ("CANARY", "not an address"),
        ("https:///CANARY", "not an address"),
        ("https://[CANARY", "not an address"),
        ("https://h:CANARY/", "not an address"),
        ("https://h/CANARY x", "not an address"),
        ("http://example.org/CANARY", "does not begin with https://"),
        ("http://10.0.0.1/CANARY", "does not begin with https://"),
        ("ftp://127.0.0.1/CANARY", "does not begin with https://"),
    ],
)
def test_another_is_refused_with_the_remedy_and_not_shown(webhook: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"{why}; {REMEDY}$") as caught:
        secure_address(Secret(webhook), REMEDY)
    assert "CANARY" not in str(caught.value)


def test_a_channel_shows_no_part_of_its_address() -> None:
    assert "CANARY" not in repr(channel(f"https://example.org/services/{TOKEN}"))


def test_a_channel_has_one_recipient_that_is_no_secret() -> None:
    assert channel("https://example.org/T/B/X").recipients == ("plain",)


# --- answers ----------------------------------------------------------------------------------------------------------


Given = tuple[int, dict[str, str], str, int | None]
ANSWERS: list[Given] = [
    (200, {}, "sent", None),
    (204, {}, "sent", None),
    (429, {"Retry_After": "30"}, "retry", 30),
    (429, {}, "retry", None),
    (429, {"Retry_After": "99999999"}, "retry", 86_400),
    (429, {"Retry_After": "-5"}, "retry", None),
    (429, {"Retry_After": "Sat, 21 Nov 2026 08:00:00 GMT"}, "retry", None),
    (500, {}, "retry", None),
    (502, {}, "retry", None),
    (503, {"Retry_After": "120"}, "retry", 120),
    (504, {}, "ambiguous", None),
    (400, {}, "parked", None),
    (401, {}, "parked", None),
    (403, {}, "parked", None),
    (404, {}, "parked", None),
    (408, {}, "retry", None),
    (410, {}, "parked", None),
    (413, {}, "parked", None),
    (301, {"Location": "http://127.0.0.1:9/CANARY"}, "parked", None),
    (302, {"Location": "http://127.0.0.1:9/CANARY"}, "retry", None),
    (308, {"Location": "http://127.0.0.1:9/CANARY"}, "parked", None),
]


@pytest.mark.parametrize("case", ANSWERS, ids=str)
def test_each_answer_has_its_meaning(case: Given, hooked: Hooked, edition: Edition) -> None:
    status, headers, kind, after = case
    hook = hooked(status, b"" if status == 204 else b"said", **headers)
    outcome = send(hook.url, edition)
    assert (outcome.kind, outcome.after) == (kind, None if after is None else dt.timedelta(seconds=after))
    assert outcome.reason.startswith(f"answered {status}")
    assert len(hook.posts) == 1  # no redirect is followed


def test_a_message_is_posted_as_it_was_rendered(hooked: Hooked, edition: Edition) -> None:
    hook = hooked()
    assert send(hook.url, edition) == Outcome("sent", "answered 200: ok")
    ((path, headers, body),) = hook.posts
    (payload,) = channel(hook.url).render(edition)
    assert path == f"/services/{TOKEN}"
    assert body.decode() == payload.body
    assert headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("status", [403, 404, 410])
def test_an_address_that_takes_no_messages_says_what_to_do(status: int) -> None:
    assert "make a new webhook" in outcome_of(Answer(status)).reason


class Talking(Plain):
    """A service that says in its words what went wrong, with a status of success."""

    def meaning(self, answer: Answer) -> Outcome:
        return Outcome("parked", answer.text) if "errcode" in answer.message else outcome_of(answer)


def test_a_service_may_say_more_than_its_status(hooked: Hooked, edition: Edition) -> None:
    refused = hooked(200, b'{"errcode": 7}')
    for url, kind in ((hooked().url, "sent"), (refused.url, "parked")):
        found = Talking("talking", Secret(url), SendLimits(seconds=10))
        assert found.send(found.render(edition)[0], "talking", "0123456789abcdef").kind == kind


def test_parts_of_the_address_that_are_no_secret_stay_readable(hooked: Hooked, edition: Edition) -> None:
    assert "services are down" in send(hooked(500, b"services are down").url, edition).reason


@pytest.mark.parametrize("status", range(200, 600))
def test_every_status_has_a_meaning(status: int) -> None:
    outcome = outcome_of(Answer(status))
    assert (outcome.kind == "sent") is (status < 300)
    assert outcome.reason.startswith(f"answered {status}")


@pytest.mark.parametrize(
    "said",
    [f"no route /services/{TOKEN}", "token CANARYSECRETTOKEN", quote(f"/services/{TOKEN}", safe=""), "T0CANARY0?",
     "x" * 1990 + "CANARYSECRETTOKEN", f"http://127.0.0.1/services/{TOKEN}"],
)  # fmt: skip
def test_an_answer_that_repeats_the_address_is_masked(said: str, hooked: Hooked, edition: Edition) -> None:
    assert send(hooked(404, said.encode()).url, edition).kind == "parked"


def test_a_page_instead_of_a_word_is_one_short_line(hooked: Hooked, edition: Edition) -> None:
    page = b"<html>\r\n<h1>\x1b[31mBlocked\xff</h1>" + b"x" * 100_000
    outcome = send(hooked(403, page).url, edition)
    assert "<html> <h1>\\x1b[31mBlocked\ufffd</h1>xxx" in outcome.reason


# --- lines that break or stay silent ----------------------------------------------------------------------------------


def test_a_receiver_that_is_not_there_is_tried_again(edition: Edition) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused
        outcome = send(f"http://127.0.0.1:{taken.getsockname()[1]}/services/{TOKEN}", edition)
    assert outcome.kind == "retry"
    assert "could not be reached" in outcome.reason


@contextmanager
def receiver(answer: bytes | None, *, then: Callable[[], object] = lambda: None, hold: bool = False) -> Iterator[str]:
    """Take one post, answer with these bytes, call `then` and hang up; None, or `hold`: do not hang up."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line:
                line.recv(1 << 20)
                line.sendall(answer or b"")
                then()
                if hold or answer is None:
                    ended.wait()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/services/{TOKEN}"
        finally:
            ended.set()
            thread.join()


def test_silence_after_the_message_leaves_it_open_and_ends_in_time(edition: Edition) -> None:
    with receiver(None) as url:
        outcome = send(url, edition, SendLimits(seconds=EXCHANGE))
    reason = f"the message may have been posted, but no answer came: took longer than {EXCHANGE} s"
    assert outcome == Outcome("ambiguous", reason)


def test_a_slow_drip_ends_in_time(edition: Edition) -> None:
    with receiver(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: ") as url:
        assert send(url, edition, SendLimits(seconds=5)).kind == "ambiguous"


@pytest.mark.parametrize("answer", [b"", b"gibberish\r\n\r\n"])
def test_a_line_that_breaks_after_the_message_leaves_it_open(answer: bytes, edition: Edition) -> None:
    with receiver(answer) as url:
        assert send(url, edition).kind == "ambiguous"


def test_an_answer_that_breaks_off_after_its_status_counts(edition: Edition) -> None:
    with receiver(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\no") as url:
        assert send(url, edition).kind == "sent"


def test_a_receiver_without_tls_gets_nothing(edition: Edition) -> None:
    with receiver(b"HTTP/1.1 400 Bad Request\r\n\r\n") as url:
        outcome = send(url.replace("http:", "https:"), edition)
    assert outcome.kind == "retry"


# --- the program is stopped -------------------------------------------------------------------------------------------


def test_a_stop_before_the_message_was_handed_over_ends_the_attempt_at_once(edition: Edition, stopping: Any) -> None:
    with receiver(None, then=stopping.set) as url:  # it waits for the far end's part of TLS
        limits = SendLimits(seconds=NEVER, stopping=stopping, grace=NEVER)
        outcome = send(url.replace("http:", "https:"), edition, limits)
    assert outcome == Outcome("retry", "the webhook could not be reached: the program was stopped")


@pytest.mark.parametrize(
    ("status", "kind"), [(200, "sent"), (429, "retry"), (503, "retry"), (404, "parked"), (504, "ambiguous")]
)
def test_a_stop_after_the_message_was_handed_over_waits_for_the_answer(
    status: int, kind: str, hooked: Hooked, edition: Edition, stopping: Any
) -> None:
    hook = hooked(status, b"said")
    hook.before = stopping.set_and_seen
    outcome = send(hook.url, edition, SendLimits(seconds=NEVER, stopping=stopping, grace=NEVER))
    assert (outcome.kind, outcome.reason[:12]) == (kind, f"answered {status}")
    assert len(hook.posts) == 1


def test_no_answer_within_the_grace_leaves_it_open(edition: Edition, stopping: Any) -> None:
    start = time.monotonic()
    with receiver(None, then=stopping.set) as url:
        outcome = send(url, edition, SendLimits(seconds=NEVER, stopping=stopping, grace=0.2))
    assert time.monotonic() - start >= 0.2
    assert (outcome.kind, "the program was stopped" in outcome.reason) == ("ambiguous", True)


def test_a_stop_after_the_status_needs_no_words(edition: Edition, stopping: Any) -> None:
    with receiver(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", then=stopping.set, hold=True) as url:
        outcome = send(url, edition, SendLimits(seconds=NEVER, stopping=stopping, grace=NEVER))
    assert outcome == Outcome("sent", "answered 200")


# --- what is shown and where it posts ---------------------------------------------------------------------------------


def test_proxies_of_the_environment_are_not_asked(
    hooked: Hooked, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert send(hooked().url, edition).kind == "sent"


def test_the_address_is_not_logged(hooked: Hooked, edition: Edition, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        send(hooked().url, edition)
        send(hooked(500).url, edition)
    assert "CANARY" not in caplog.text
