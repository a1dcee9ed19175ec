"""What goes along with a request, and where it does not go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from monitor.fetch import Fetched, FetchError, Gate, SameBody
from monitor.model import Request, Validators

Make = Callable[..., Any]

KEY = Request(headers=(("X-Api-Key", "canary-1"), ("Accept", "application/json"), ("Accept-Language", "zh-CN")))
POST = Request(method="POST", body=b'{"page":1}', headers=(("Content-Type", "application/json"), ("X-Api-Key", "k-1")))


def ok(call: Any) -> None:
    call.body()
    call.answer(200, b"ok")


def towards(status: int, location: str) -> Callable[[Any], None]:
    """Redirects every request for `/`, and answers all others."""

    def handler(call: Any) -> None:
        call.body()
        if call.path == "/":
            call.answer(status, b"", {"Location": location})
        else:
            call.answer(200, b"ok")

    return handler


def failed(answer: object) -> FetchError:
    assert isinstance(answer, FetchError), answer
    return answer


# --- headers ---


def test_headers_are_sent_as_stated_and_come_before_the_usual_ones(serve: Make, gate: Gate) -> None:
    server = serve(ok)
    assert isinstance(gate.get(server.url(), accept="text/html", request=KEY), Fetched)
    call = server.calls[0]
    assert call.head.count(b"Accept: ") == 1
    assert [call.header(name) for name in (b"x-api-key", b"accept", b"accept-language")] == [
        b"canary-1", b"application/json", b"zh-CN",
    ]  # fmt: skip
    assert call.header(b"accept-encoding") == b"gzip"


def test_headers_stay_on_the_way_within_their_origin(serve: Make, gate: Gate) -> None:
    server = serve(towards(302, "/next"))
    gate.get(server.url(), request=KEY)
    assert [call.header(b"x-api-key") for call in server.calls] == [b"canary-1"] * 2


def test_headers_go_to_no_other_origin_and_do_not_come_back(serve: Make, gate: Gate) -> None:
    way: list[str] = []
    there = serve(lambda call: call.answer(302, b"", {"Location": way[0]}))
    here = serve(towards(302, there.url("/")))
    way.append(here.url("/back"))
    assert isinstance(gate.get(here.url(), request=KEY), Fetched)
    assert [call.header(b"x-api-key") for call in (*here.calls, *there.calls)] == [b"canary-1", None, None]
    assert [call.header(b"accept") for call in (*here.calls, *there.calls)] == [b"application/json", b"*/*", b"*/*"]


@pytest.mark.parametrize("userinfo", ["", "me:mine@"])
def test_a_failure_elsewhere_says_that_nothing_went_along(serve: Make, gate: Gate, userinfo: str) -> None:
    there = serve(lambda call: call.answer(401))
    here = serve(towards(302, there.url("/x")))
    answer = failed(gate.get(here.url(userinfo=userinfo), request=Request() if userinfo else KEY))
    assert answer.reason.endswith(
        "(after a redirect to another origin, where the source's headers and login do not go)"
    )
    assert failed(gate.get(here.url())).reason.endswith("(after a redirect)")


def test_another_port_of_the_same_host_is_another_origin(serve: Make, gate: Gate) -> None:
    home, other = serve(ok), serve(ok)
    request = KEY.for_page(home.url("/list"))
    gate.get(home.url("/a"), request=request)
    gate.get(other.url("/a"), request=request)
    assert home.calls[0].header(b"x-api-key") == b"canary-1"
    assert other.calls[0].header(b"x-api-key") is None


def test_an_article_s_page_is_asked_for_as_a_page(serve: Make, gate: Gate) -> None:
    server = serve(ok)
    gate.get(server.url("/a"), accept="text/html", request=POST.for_page(server.url("/list")))
    call = server.calls[0]
    assert (call.method, call.header(b"content-type"), call.header(b"x-api-key")) == ("GET", None, b"k-1")
    gate.get(server.url("/a"), accept="text/html", request=KEY.for_page(server.url("/list")))
    assert server.calls[1].header(b"accept") == b"text/html"


def test_the_login_of_a_source_goes_to_its_own_pages_only(serve: Make, gate: Gate) -> None:
    home, other = serve(ok), serve(ok)
    request = Request().for_page(home.url("/list", userinfo="me:mine@"))
    gate.get(home.url("/a"), request=request)
    gate.get(other.url("/a"), request=request)
    gate.get(other.url("/a", userinfo="you:yours@"), request=request)
    assert home.calls[0].header(b"authorization") == b"Basic bWU6bWluZQ=="
    assert [call.header(b"authorization") for call in other.calls] == [None, None]


def test_a_stated_authorization_takes_the_place_of_a_login(serve: Make, gate: Gate) -> None:
    server = serve(ok)
    gate.get(server.url(userinfo="me:mine@"), request=Request(headers=(("authorization", "Bearer t"),)))
    assert server.calls[0].head.lower().count(b"authorization: ") == 1
    assert server.calls[0].header(b"authorization") == b"Bearer t"


def test_the_user_agent_goes_wherever_the_way_leads(serve: Make, gate: Gate) -> None:
    there = serve(ok)
    here = serve(towards(302, there.url("/x")))
    gate.get(here.url(), request=Request(user_agent="Mozilla/5.0 (test)"))
    assert [call.header(b"user-agent") for call in (*here.calls, *there.calls)] == [b"Mozilla/5.0 (test)"] * 2


def test_a_home_that_is_no_address_is_a_bad_url(gate: Gate) -> None:
    assert failed(gate.get("http://127.0.0.1:1/", request=Request(trusted_url="nothing"))).kind == "bad_url"


# --- POST ---


def test_a_post_brings_its_body_and_no_conditions(serve: Make, gate: Gate) -> None:
    bodies: list[bytes] = []

    def handler(call: Any) -> None:
        bodies.append(call.body())
        call.answer(200, b"ok", {"ETag": '"1"'})

    server = serve(handler)
    first = gate.get(server.url(), request=POST)
    assert isinstance(first, Fetched)
    again = gate.get(server.url(), request=POST, validators=first.validators)
    assert isinstance(again, SameBody)
    assert bodies == [b'{"page":1}'] * 2
    call = server.calls[1]
    assert (call.method, call.header(b"content-length"), call.header(b"content-type")) == (
        "POST", b"10", b"application/json",
    )  # fmt: skip
    assert call.header(b"if-none-match") is None


def test_not_modified_is_no_answer_to_a_post(serve: Make, gate: Gate) -> None:
    server = serve(lambda call: call.answer(304))
    answer = failed(gate.get(server.url(), request=POST, validators=Validators(etag=b'"1"')))
    assert (answer.kind, answer.status) == ("http", 304)


def test_a_post_without_a_body_says_so(serve: Make, gate: Gate) -> None:
    server = serve(ok)
    assert isinstance(gate.get(server.url(), request=Request(method="POST")), Fetched)
    assert server.calls[0].header(b"content-length") == b"0"


def test_a_long_body_arrives_whole(serve: Make, gate: Gate) -> None:
    lengths: list[int] = []

    def handler(call: Any) -> None:
        lengths.append(len(call.body()))
        call.answer(200, b"ok")

    assert isinstance(gate.get(serve(handler).url(), request=Request(method="POST", body=b"x" * 3_000_000)), Fetched)
    assert lengths == [3_000_000]


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_post_that_is_sent_elsewhere_becomes_a_get(serve: Make, gate: Gate, status: int) -> None:
    server = serve(towards(status, "/next"))
    assert isinstance(gate.get(server.url(), request=POST), Fetched)
    call = server.calls[1]
    assert (call.method, call.body(), call.header(b"content-length"), call.header(b"content-type")) == (
        "GET", b"", None, None,
    )  # fmt: skip
    assert call.header(b"x-api-key") == b"k-1"


def test_a_post_that_is_sent_back_to_its_address_as_a_get_is_no_circle(serve: Make, gate: Gate) -> None:
    def handler(call: Any) -> None:
        call.body()
        if call.method == "POST":
            call.answer(303, b"", {"Location": "/"})
        else:
            call.answer(200, b"ok")

    assert isinstance(gate.get(serve(handler).url(), request=POST), Fetched)


@pytest.mark.parametrize("status", [307, 308])
def test_a_post_is_repeated_within_its_origin(serve: Make, gate: Gate, status: int) -> None:
    bodies: list[bytes] = []

    def handler(call: Any) -> None:
        bodies.append(call.body())
        call.answer(*((status, b"", {"Location": "/next"}) if call.path == "/" else (200, b"ok")))

    server = serve(handler)
    assert isinstance(gate.get(server.url(), request=POST), Fetched)
    assert [call.method for call in server.calls] == ["POST", "POST"]
    assert bodies == [b'{"page":1}'] * 2


@pytest.mark.parametrize("status", [307, 308])
def test_a_body_goes_to_no_other_origin(serve: Make, gate: Gate, status: int) -> None:
    there = serve(ok)
    here = serve(towards(status, there.url("/x?canary")))
    answer = failed(gate.get(here.url(), request=POST))
    assert answer.kind == "redirect"
    assert "write the new address into url" in answer.reason
    assert "canary" not in answer.reason
    assert there.calls == []


@pytest.mark.parametrize("status", [301, 302, 303])
def test_elsewhere_a_post_is_a_get_that_tells_nothing(serve: Make, gate: Gate, status: int) -> None:
    there = serve(ok)
    here = serve(towards(status, there.url("/x")))
    assert isinstance(gate.get(here.url(), request=POST), Fetched)
    call = there.calls[0]
    assert (call.method, call.body(), call.header(b"x-api-key")) == ("GET", b"", None)


# --- the value ---


def test_what_is_sent_is_not_in_what_is_printed() -> None:
    request = Request(
        headers=(("X-Api-Key", "canary"),), body=b"canary", trusted_url="https://canary/", secrets=("canary",)
    )
    assert "canary" not in repr(request)
    assert "canary" not in repr(request.for_page("https://canary/"))
