"""Laws of the way through redirects: what is meant for one place is sent to no other."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.outcome import FetchFailed
from monitor.fetch.redirects import RedirectChain
from monitor.fetch.reply import Reply
from monitor.fetch.transport import parse
from monitor.model import Request

HOME = "https://home.example/list"
ADDRESSES = [
    HOME, "/next", "?page=2", "//home.example/", "https://home.example:8443/", "http://home.example/",
    "https://other.example/", "https://sub.home.example/", "https://home.example.evil.example/", "https://me@home.example/x",
]  # fmt: skip
SECRETS = {b"X-Api-Key", b"Authorization", b"Content-Type"}

hops = st.lists(st.tuples(st.sampled_from([301, 302, 303, 307, 308]), st.sampled_from(ADDRESSES)), max_size=6)
requests = st.builds(
    Request,
    method=st.sampled_from(["GET", "POST"]),
    body=st.just(b"secret"),
    headers=st.just((("X-Api-Key", "k"), ("Content-Type", "a/b"))),
    verify=st.booleans(),
    tls=st.sampled_from(["modern", "legacy"]),
)


@given(st.sampled_from([HOME, "https://home.example/article", "https://other.example/article"]), hops, requests)
def test_whatever_the_way_only_the_home_is_sent_secrets_and_trusted(
    start: str, way: list[tuple[int, str]], request: Request
) -> None:
    login = HOME.replace("://", "://me:mine@")
    asked = request if start == HOME else replace(request, trusted_url=login)
    chain = RedirectChain(parse(login if start == HOME else start), asked)
    at_home = chain.target.origin == parse(HOME).origin
    for status, location in way:
        sent = {name for name, _ in chain.outgoing([], []).headers} & SECRETS
        assert at_home or not sent
        assert at_home or chain.outgoing([], []).body is None
        assert chain.verify or chain.target.host == "home.example"
        assert not chain.legacy or chain.target.host == "home.example"
        try:
            chain.follow(Reply(status, [(b"Location", location.encode())]))
        except FetchFailed:  # in a circle, or with a body to give away
            return
        at_home = at_home and chain.target.origin == parse(HOME).origin


@given(hops)
def test_what_became_a_get_stays_one(way: list[tuple[int, str]]) -> None:
    chain = RedirectChain(parse(HOME), Request(method="POST", body=b"x"))
    was_get = False
    for status, location in way:
        try:
            chain.follow(Reply(status, [(b"Location", location.encode())]))
        except FetchFailed:
            return
        message = chain.outgoing([], [(b"If-None-Match", b"x")])
        assert message.method == ("GET" if was_get or status in {301, 302, 303} else "POST")
        assert (message.body is None) == (message.method == "GET")
        assert not message.conditional
        was_get = message.method == "GET"
