"""What a get gives: documents, conditions, redirects, refusals."""

from __future__ import annotations

import datetime as dt
import errno
import gzip
import hashlib
import logging
import socket
from collections.abc import Callable
from typing import Any

import pytest

from monitor.fetch import PROJECT_URL, Fetched, FetchError, Gate, NotModified, SameBody, user_agent
from monitor.model import Validators
from monitor.text.walls import Wall
from tests.support.walls import CHALLENGES, LOGINS, Answer, page

Make = Callable[..., Any]


def failed(answer: object) -> FetchError:
    assert isinstance(answer, FetchError), answer
    return answer


def fetched(answer: object) -> Fetched:
    assert isinstance(answer, Fetched), answer
    return answer


# --- a document ---


def test_a_document_comes_with_all_that_is_known_of_it(serve: Make, gate: Gate) -> None:
    headers = {"ETag": '"1"', "Last-Modified": "Tue, 1 Sep 2026 10:00:00 GMT", "Content-Type": "text/xml; charset=gbk"}
    server = serve(lambda call: call.answer(200, b"<rss/>", headers))
    answer = fetched(gate.get(server.url("/feed?a=1#frag")))
    assert (answer.url, answer.status, answer.body) == (server.url("/feed?a=1"), 200, b"<rss/>")
    assert (answer.content_type, answer.moved_to) == ("text/xml; charset=gbk", None)
    assert answer.validators == Validators(
        b'"1"', b"Tue, 1 Sep 2026 10:00:00 GMT", hashlib.sha256(b"<rss/>").hexdigest()
    )
    assert answer.seconds > 0


def test_the_request_says_who_asks_and_nothing_else(serve: Make, make_gate: Make) -> None:
    server = serve(lambda call: call.answer(200, b""))
    gate = make_gate(user_agent=user_agent("1.2"))
    gate.get(server.url("/x?y"), accept="application/rss+xml")
    assert server.calls[0].head.decode().splitlines() == [
        "GET /x?y HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        f"User-Agent: announcement-monitor/1.2 (+{PROJECT_URL})",
        "Accept: application/rss+xml",
        "Accept-Encoding: gzip",
        "Connection: close",
        "",
    ]


def test_the_program_always_has_a_name_and_an_address(serve: Make, gate: Gate) -> None:
    server = serve(lambda call: call.answer(200, b""))
    gate.get(server.url())
    assert server.calls[0].header(b"user-agent").startswith(b"announcement-monitor/")
    assert PROJECT_URL.encode() in server.calls[0].header(b"user-agent")


def test_no_cookie_comes_back_and_no_referrer_is_sent(serve: Make, gate: Gate) -> None:
    def handler(call: Any) -> None:
        if call.path == "/":
            call.answer(302, b"", {"Set-Cookie": "a=b; Path=/", "Location": "/next"})
        else:
            call.answer(200, b"ok", {"Set-Cookie": "a=b; Path=/"})

    server = serve(handler)
    gate.get(server.url())
    gate.get(server.url("/again"))
    assert [call.path for call in server.calls] == ["/", "/next", "/again"]
    assert not any(call.header(b"cookie") or call.header(b"referer") for call in server.calls)


@pytest.mark.parametrize("status", [200, 203, 226])
def test_statuses_that_bring_a_document(serve: Make, gate: Gate, status: int) -> None:
    server = serve(lambda call: call.answer(status, b"x", {"ETag": '"1"'}))
    answer = fetched(gate.get(server.url()))
    assert (answer.status, answer.body) == (status, b"x")
    assert answer.validators.etag == (None if status == 226 else b'"1"')


def test_a_gzipped_document_is_unpacked(serve: Make, gate: Gate) -> None:
    server = serve(lambda call: call.answer(200, gzip.compress(b"text" * 1000), {"Content-Encoding": "gzip"}))
    assert fetched(gate.get(server.url())).body == b"text" * 1000


def test_a_gzipped_file_stays_a_file(serve: Make, gate: Gate) -> None:
    packed = gzip.compress(b"<urlset/>")
    server = serve(lambda call: call.answer(200, packed, {"Content-Type": "application/gzip"}))
    assert fetched(gate.get(server.url())).body == packed


def test_a_body_in_chunks_is_put_together(serve: Make, gate: Gate) -> None:
    server = serve(
        lambda call: call.send(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nA: b\r\n\r\n"
        )
    )
    assert fetched(gate.get(server.url())).body == b"abcde"


def test_a_body_may_end_with_the_line_when_nothing_else_says_its_length(serve: Make, gate: Gate) -> None:
    server = serve(lambda call: call.send(b"HTTP/1.0 200 OK\r\n\r\nabcde"))
    assert fetched(gate.get(server.url())).body == b"abcde"


def test_early_hints_before_the_answer_do_not_matter(serve: Make, gate: Gate) -> None:
    server = serve(
        lambda call: call.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 3) or call.answer(200, b"x")
    )
    assert fetched(gate.get(server.url())).body == b"x"


# --- conditions ---


def test_validators_are_asked_with_byte_for_byte(serve: Make, gate: Gate) -> None:
    etag = b'W/"\xe9\xff, \\"'
    server = serve(lambda call: call.answer(200, b"1", {"ETag": etag, "Last-Modified": b"yesterday \xe9"}))
    first = fetched(gate.get(server.url()))
    assert first.validators.etag == etag
    gate.get(server.url(), validators=first.validators)
    assert server.calls[0].header(b"if-none-match") is None
    assert server.calls[1].header(b"if-none-match") == etag
    assert server.calls[1].header(b"if-modified-since") == b"yesterday \xe9"


def test_not_modified_keeps_the_validators_that_were_sent(serve: Make, gate: Gate) -> None:
    server = serve(lambda call: call.answer(304, b"", {"ETag": '"of something never seen"'}, length=-1))
    known = Validators(b'"1"', b"Tue", "hash")
    answer = gate.get(server.url(), validators=known)
    assert isinstance(answer, NotModified)
    assert (answer.status, answer.validators) == (304, known)


@pytest.mark.parametrize("known", [Validators(), Validators(body_hash="x"), Validators(etag=b"bad\n")])
def test_not_modified_without_a_condition_is_an_error(serve: Make, gate: Gate, known: Validators) -> None:
    server = serve(lambda call: call.answer(304, b"", length=-1))
    answer = failed(gate.get(server.url(), validators=known))
    assert (answer.kind, answer.status) == ("http", 304)


def test_the_same_body_is_reported_with_its_new_validators(serve: Make, gate: Gate) -> None:
    tags = iter(("1", "2"))
    server = serve(lambda call: call.answer(200, b"same", {"ETag": f'"{next(tags)}"'}))
    first = fetched(gate.get(server.url()))
    second = gate.get(server.url(), validators=first.validators)
    assert isinstance(second, SameBody)
    assert second.validators.etag == b'"2"'
    assert second.validators.body_hash == first.validators.body_hash


# --- redirects ---


def chain(serve: Make, *statuses: int, end: Callable[[Any], None] | None = None) -> Any:
    """Serve a chain where /0 leads to /1 and so on, and the last one answers."""

    def handler(call: Any) -> None:
        at = int(call.path[1:])
        if at < len(statuses):
            call.answer(statuses[at], b"moved", {"Location": f"/{at + 1}", "ETag": '"redirect"'})
        else:
            (end or (lambda call: call.answer(200, b"here", {"ETag": '"end"', "Last-Modified": "Tue"})))(call)

    return serve(handler)


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [((301,), True), ((308, 301), True), ((302,), False), ((303,), False), ((307,), False), ((301, 302, 301), False)],
)
def test_a_move_counts_when_every_step_is_for_good(
    serve: Make, gate: Gate, statuses: tuple[int, ...], moved: bool
) -> None:
    server = chain(serve, *statuses)
    answer = fetched(gate.get(server.url("/0")))
    assert (answer.url, answer.body) == (server.url(f"/{len(statuses)}"), b"here")
    assert answer.moved_to == (answer.url if moved else None)


def test_ten_redirects_are_followed_and_the_eleventh_is_not(serve: Make, gate: Gate) -> None:
    assert fetched(gate.get(chain(serve, *[302] * 10).url("/0"))).body == b"here"
    server = chain(serve, *[302] * 11)
    answer = failed(gate.get(server.url("/0")))
    assert answer.kind == "redirect"
    assert len(server.calls) == 11


def test_a_circle_is_noticed_at_once(serve: Make, gate: Gate) -> None:
    server = serve(lambda call: call.answer(302, b"", {"Location": "/b" if call.path == "/a" else "/a"}))
    answer = failed(gate.get(server.url("/a")))
    assert answer.kind == "redirect"
    assert "circle" in answer.reason
    assert len(server.calls) == 2


def test_validators_go_to_the_first_address_only_and_are_not_taken_from_the_last(serve: Make, gate: Gate) -> None:
    server = chain(serve, 302)
    answer = fetched(gate.get(server.url("/0"), validators=Validators(b'"1"', b"Mon")))
    assert server.calls[0].header(b"if-none-match") == b'"1"'
    assert server.calls[1].header(b"if-none-match") is None
    assert server.calls[1].header(b"if-modified-since") is None
    assert (answer.validators.etag, answer.validators.last_modified) == (None, None)
    again = gate.get(server.url("/0"), validators=answer.validators)
    assert isinstance(again, SameBody)


def test_not_modified_from_another_address_than_was_asked_is_an_error(serve: Make, gate: Gate) -> None:
    server = chain(serve, 302, end=lambda call: call.answer(304, b"", length=-1))
    answer = failed(gate.get(server.url("/0"), validators=Validators(b'"1"')))
    assert (answer.kind, answer.status) == ("http", 304)


@pytest.mark.parametrize(
    "location", [None, "", "http://", "ftp://127.0.0.1/", "file:///etc/passwd", "http://[::1", "http://a b/", "data:,x"]
)
def test_a_redirect_to_nowhere_is_an_error(serve: Make, gate: Gate, location: str | None) -> None:
    headers = {} if location is None else {"Location": location}
    server = serve(lambda call: call.answer(302, b"", headers))
    assert failed(gate.get(server.url())).kind == "redirect"


def test_a_page_that_refreshes_itself_elsewhere_is_a_page(serve: Make, gate: Gate) -> None:
    page = b'<meta http-equiv="refresh" content="0;url=/next">'
    server = serve(lambda call: call.answer(200, page, {"Refresh": "0;url=/next"}))
    assert fetched(gate.get(server.url())).body == page
    assert len(server.calls) == 1


def test_a_failure_after_a_redirect_says_so(serve: Make, gate: Gate) -> None:
    server = chain(serve, 302, end=lambda call: call.answer(404))
    assert failed(gate.get(server.url("/0"))).reason.endswith("(after a redirect)")
    assert "redirect" not in failed(gate.get(server.url("/1"))).reason


# --- credentials ---


def test_credentials_of_the_address_go_to_its_origin_and_nowhere_else(serve: Make, gate: Gate) -> None:
    def elsewhere(call: Any) -> None:
        call.answer(302, b"", {"Location": home.url("/back")})

    def handler(call: Any) -> None:
        if call.path == "/":
            call.answer(302, b"", {"Location": "/same"})
        elif call.path == "/same":
            call.answer(302, b"", {"Location": other.url("/", userinfo="x:y@")})
        else:
            call.answer(200, b"")

    other: Any = serve(elsewhere)
    home: Any = serve(handler)
    fetched(gate.get(home.url("/", userinfo="user:pass@")))
    sent = [(call.path, call.header(b"authorization")) for call in home.calls]
    assert sent == [("/", b"Basic dXNlcjpwYXNz"), ("/same", b"Basic dXNlcjpwYXNz"), ("/back", None)]
    assert other.calls[0].header(b"authorization") is None


def test_no_reason_and_no_repr_tells_a_secret(serve: Make, gate: Gate) -> None:
    def handler(call: Any) -> None:
        if call.path.startswith("/loop"):
            call.answer(302, b"", {"Location": call.path})
        elif call.path.startswith("/broken"):
            call.send(b"HTTP/1.1 200 OK\r\nX" + call.path.encode() + b"\r\n\r\n")
        elif call.path.startswith("/ok"):
            call.answer(200, b"x")
        else:
            call.answer(500, b"hunter2", {"X-Echo": call.path})

    server = serve(handler)
    for path in ("/", "/loop", "/broken", "/ok"):
        answer = gate.get(server.url(f"{path}?token=hunter2", userinfo="u:hunter2@"))
        assert "hunter2" not in repr(answer)
    for url in ("http://u:hunter2@/", "http://u:hunter2@10.0.0.1/?hunter2", "hunter2://x", "http://u:hunter2@a b/"):
        assert "hunter2" not in failed(gate.get(url)).reason.replace("not hunter2", "")


def test_the_libraries_write_no_address_into_the_log(serve: Make, gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)  # of the root: a careless set-up that wants everything
    server = serve(lambda call: call.answer(200, b"x"))
    fetched(gate.get(server.url("/?token=hunter2")))
    assert caplog.records == []


# --- refusals ---


@pytest.mark.parametrize("status", [201, 202, 204, 205, 206, 300, 305, 400, 401, 403, 404, 410, 429, 500, 503, 999])
def test_other_statuses_are_no_document(serve: Make, gate: Gate, status: int) -> None:
    length = -1 if status in {204, 205} else None
    server = serve(lambda call: call.answer(status, b"", {"Retry-After": "7", "ETag": '"1"'}, length=length))
    answer = failed(gate.get(server.url()))
    assert (answer.kind, answer.status, answer.retry_after) == ("http", status, dt.timedelta(seconds=7))


def test_a_large_document_is_not_even_begun(serve: Make, make_gate: Make) -> None:
    gate = make_gate(max_bytes=1000)
    server = serve(lambda call: call.answer(200, b"", length=1001))
    answer = failed(gate.get(server.url()))
    assert answer.kind == "too_large"
    assert "1000 bytes" in answer.reason
    server = serve(lambda call: call.answer(200, b"x" * 1000))
    assert len(fetched(gate.get(server.url())).body) == 1000


def test_the_type_is_handed_on_as_it_is(serve: Make, gate: Gate) -> None:
    answer = b"HTTP/1.1 200 OK\r\n%sContent-Length: 0\r\n\r\n"
    stated = serve(lambda call: call.send(answer % b"Content-Type: text/html; charset=\xe9\r\n"))
    silent = serve(lambda call: call.send(answer % b""))
    types = [fetched(gate.get(server.url())).content_type for server in (stated, silent)]
    assert types == ["text/html; charset=é", None]


def test_a_length_counts_only_without_chunks(serve: Make, make_gate: Make) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\nTransfer-Encoding: chunked\r\n\r\n"
    server = serve(lambda call: call.send(head + b"2\r\nok\r\n0\r\n\r\n"))
    assert fetched(make_gate(max_bytes=1000).get(server.url())).body == b"ok"


def test_a_document_that_does_not_end_is_too_large(serve: Make, make_gate: Make) -> None:
    def handler(call: Any) -> None:
        call.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            call.send(b"x" * 65536)

    answer = failed(make_gate(max_bytes=1 << 20).get(serve(handler).url()))
    assert answer.kind == "too_large"
    assert "1 MiB" in answer.reason


@pytest.mark.parametrize("coding", ["br", "deflate", "zstd", "gzip, gzip"])
def test_a_compression_that_was_not_asked_for_is_an_error(serve: Make, gate: Gate, coding: str) -> None:
    server = serve(lambda call: call.answer(200, b"x", {"Content-Encoding": coding}))
    assert failed(gate.get(server.url())).kind == "encoding"


def test_a_server_that_is_not_there_is_a_failure_to_connect(gate: Gate) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    answer = failed(gate.get(f"http://127.0.0.1:{port}/"))
    assert answer.kind == "connect"
    assert "refused" in answer.reason


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (b"", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-", "protocol"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "protocol"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nBad Header\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nA: " + b"x" * 300_000, "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", "truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n", "truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "truncated"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nplain text", "encoding"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n", "truncated"),
    ],
)
def test_what_is_no_answer_is_said_so(serve: Make, gate: Gate, sent: bytes, kind: str) -> None:
    server = serve(lambda call: call.send(sent))
    assert failed(gate.get(server.url())).kind == kind


class BreaksAtTheEnd(socket.socket):
    """A line whose end is a break."""

    def recv(self, size: int, flags: int = 0) -> bytes:
        data = super().recv(size, flags)
        if not data:
            raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
        return data


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (b"", "connect"),
        (b"HTTP/1.1 200 OK\r\nX:", "connect"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", "truncated"),
        (b"HTTP/1.1 200 OK\r\n\r\nx", "truncated"),
    ],
)
def test_a_line_that_breaks_is_no_answer_or_half_a_document(
    serve: Make, make_gate: Make, sent: bytes, kind: str
) -> None:
    server = serve(lambda call: call.send(sent))

    class Breaking:
        def dial(self, address: str, port: int) -> socket.socket:
            sock = BreaksAtTheEnd(socket.AF_INET, socket.SOCK_STREAM)
            sock.connect((address, port))
            return sock

    answer = failed(make_gate(dialer=Breaking()).get(server.url()))
    assert answer.kind == kind
    assert "broke" in answer.reason


@pytest.mark.parametrize("words", [{"user_agent": "a\r\nX-Injected: b"}, {"user_agent": " "}])
def test_a_header_that_cannot_be_sent_is_reported(serve: Make, make_gate: Make, words: dict[str, str]) -> None:
    server = serve(lambda call: call.answer(200, b""))
    assert failed(make_gate(**words).get(server.url())).kind == "bad_url"
    assert server.calls == [] or b"Injected" not in server.calls[0].head


# --- a wall instead of the document ---

LOGIN = LOGINS[0].body.encode()


@pytest.mark.parametrize("answer", [answers[0] for answers in CHALLENGES.values()], ids=CHALLENGES)
def test_a_wall_is_no_document_whatever_its_status_and_has_no_validators(
    serve: Make, gate: Gate, answer: Answer
) -> None:
    server = serve(lambda call: call.answer(answer.status, answer.body.encode(), [*answer.headers, ("ETag", '"1"')]))
    error = failed(gate.get(server.url()))
    assert (error.kind, error.status) == ("wall", answer.status)
    assert error.wall is not None
    assert error.reason.startswith(f"the server answered {answer.status} with {error.wall.name} instead of its content")


def test_a_wall_that_was_taken_for_content_before_is_not_taken_for_unchanged(serve: Make, gate: Gate) -> None:
    server = serve(lambda call: call.answer(200, LOGIN, {"Content-Type": "text/html"}))
    known = Validators(body_hash=hashlib.sha256(LOGIN).hexdigest())
    assert failed(gate.get(server.url(), validators=known)).wall == Wall("login", "", "Sign in – Example Intranet")


def test_a_redirect_to_a_login_is_one_though_its_page_is_only_a_script(serve: Make, gate: Gate) -> None:
    def handler(call: Any) -> None:
        if call.path == "/news":
            call.answer(302, b"", {"Location": "/user/login?to=/news"})
        else:
            call.answer(200, b"<html><title>Portal</title><div id=app></div>")

    error = failed(gate.get(serve(handler).url("/news")))
    assert error.wall is not None
    assert (error.wall.kind, "(after a redirect)" in error.reason) == ("login", True)


def test_a_page_that_was_asked_for_may_have_a_login_box_and_a_feed_is_no_page(serve: Make, gate: Gate) -> None:
    rows = "".join(f"<a href=/{number}>Tender number {number} for classrooms</a>" for number in range(5))
    server = serve(lambda call: call.answer(200, page("Sign in", f"<input type=password>{rows}").encode()))
    fetched(gate.get(server.url(), accept="text/html"))
    error = failed(gate.get(server.url(), accept="application/rss+xml, */*;q=0.1"))
    assert error.wall == Wall("login", "", "Sign in")


@pytest.mark.parametrize(("status", "wait"), [(429, 60), (503, 60)])
def test_a_wall_may_ask_to_wait(serve: Make, gate: Gate, status: int, wait: int) -> None:
    body = page("Just a moment...", "").encode()
    server = serve(lambda call: call.answer(status, body, {"Retry-After": str(wait)}))
    error = failed(gate.get(server.url()))
    assert (error.kind, error.retry_after) == ("wall", dt.timedelta(seconds=wait))


@pytest.mark.parametrize("packed", [True, False])
def test_what_a_refusal_says_is_read_also_if_it_is_packed_or_breaks_off(serve: Make, gate: Gate, packed: bool) -> None:
    body = page("Just a moment...", "").encode()
    sent = gzip.compress(body) if packed else body
    coding = {"Content-Encoding": "gzip"} if packed else {}
    assert failed(gate.get(serve(lambda call: call.answer(403, sent, coding)).url())).kind == "wall"
    cut = serve(lambda call: call.answer(403, sent, coding, length=len(sent) + 10))
    error = failed(gate.get(cut.url()))
    assert (error.kind, error.status) == ("http", 403)


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_a_refusal_that_cannot_be_decoded_is_one_all_the_same(serve: Make, gate: Gate, coding: str) -> None:
    server = serve(lambda call: call.answer(403, b"\x00\x01", {"Content-Encoding": coding}))
    assert (failed(gate.get(server.url())).kind, failed(gate.get(server.url())).status) == ("http", 403)


def test_no_more_than_the_beginning_of_a_refusal_is_read(serve: Make, make_gate: Make) -> None:
    body = page("Just a moment...", "").encode().ljust(4 << 20)
    server = serve(lambda call: call.answer(403, body))
    assert failed(make_gate(max_bytes=1 << 20).get(server.url())).kind == "wall"
