"""Addresses as they are asked for, and the proxy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.outcome import FetchFailed
from monitor.fetch.transport import Target, parse, proxy_of, trusted_authorities
from monitor.secret import Secret


def bad(url: str) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        parse(url)
    assert caught.value.kind == "bad_url"
    return caught.value


@pytest.mark.parametrize(
    ("given", "url", "host", "port"),
    [
        ("http://Example.ORG", "http://example.org", "example.org", 80),
        (" https://example.org/a b?q=ü#frag ", "https://example.org/a%20b?q=%C3%BC", "example.org", 443),
        ("https://user:pw@example.org:8443/", "https://example.org:8443/", "example.org", 8443),
        ("http://example.org./x", "http://example.org/x", "example.org", 80),
        ("http://重庆.中国/通知", "http://xn--zwt745i.xn--fiqs8s/%E9%80%9A%E7%9F%A5", "xn--zwt745i.xn--fiqs8s", 80),
        ("http://under_score.example/", "http://under_score.example/", "under_score.example", 80),
        ("http://0x7f.1/", "http://127.0.0.1/", "127.0.0.1", 80),
        ("http://2130706433:81/", "http://127.0.0.1:81/", "127.0.0.1", 81),
        ("http://127。0。0。1/", "http://127.0.0.1/", "127.0.0.1", 80),
        ("http://[::ffff:127.0.0.1]/", "http://127.0.0.1/", "127.0.0.1", 80),
        ("http://[2606:4700:0::1]:81/", "http://[2606:4700::1]:81/", "2606:4700::1", 81),
        ("http://127.0.0.1./", "http://127.0.0.1/", "127.0.0.1", 80),
    ],
)
def test_an_address_has_one_spelling(given: str, url: str, host: str, port: int) -> None:
    target = parse(given)
    assert (target.url, target.host, target.port) == (url, host, port)


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org", "//example.org/", "ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)",
        "http://", "http:///path", "http://?q", "http://a b/", "http://a..b/", "http://.a/", "http://a/\x00", "http://a/\nb",
        "http://[::1", "http://[::g]/", "http://256.256.256.256/", "http://1.2.3.4.5/", "http://0177.0.0.1/",
        "http://%31%32%37.0.0.1/", "http://exa%6dple.org/", "http://ex*mple.org/", "http://１２７.0.0.1/", "http://①/",
        "http://a:0/", "http://a:65536/", "http://a:-1/", "http://a:x/", "http://a:99999999999999999999/",
        "http://" + "a." * 126 + "aaa/", "http://" + "a" * 64 + ".example/", "http://xn--\ud800/", "http://a/\ud800", "http://😀.example/",
        "http://a" + "/" * 70000,
    ],
)  # fmt: skip
def test_what_cannot_be_fetched_is_a_bad_url_and_not_repeated(url: str) -> None:
    assert "passwd" not in bad(url).reason


@given(st.text(max_size=60) | st.from_regex(r"https?://[^/]{0,20}(:\w{0,6})?/?.{0,10}", fullmatch=True))
def test_no_text_raises_anything_else(url: str) -> None:
    try:
        target = parse(url)
    except FetchFailed:
        return
    assert target.url.isascii()
    assert parse(target.url) == Target(target.url, target.scheme, target.host, target.port)


@given(st.binary(max_size=60))
def test_no_location_raises_anything_else(location: bytes) -> None:
    base = parse("https://example.org/a/b")
    try:
        assert base.join(location).authorization is None
    except FetchFailed as failure:
        if failure.kind != "redirect":
            raise


@pytest.mark.parametrize(
    ("location", "url"),
    [
        (b"c?d", "https://example.org/a/c?d"),
        (b"/c#frag", "https://example.org/c"),
        (b"//other.example/", "https://other.example/"),
        (b"http://other.example", "http://other.example"),
        (b" \thttp://other.example/a\tb ", "http://other.example/ab"),
        ("/通知".encode(), "https://example.org/%E9%80%9A%E7%9F%A5"),
        ("/通知".encode("gb18030"), "https://example.org/%CD%A8%D6%AA"),
        ("http://重庆.中国/".encode(), "http://xn--zwt745i.xn--fiqs8s/"),
        (b"https://user:pw@example.org/", "https://example.org/"),
    ],
)
def test_where_a_location_leads(location: bytes, url: str) -> None:
    target = parse("https://me:mine@example.org/a/b").join(location)
    assert target.url == url
    assert target.authorization is None


def test_credentials_become_a_header_and_leave_the_address() -> None:
    target = parse("https://jo%40x:a%20s%C3%A4@example.org/")
    assert target.authorization == b"Basic am9AeDphIHPDpA=="  # jo@x:a sä
    assert "jo" not in target.url
    assert "am9A" not in repr(target)
    assert parse("https://token@example.org/").authorization == b"Basic dG9rZW46"


@pytest.mark.parametrize("url", ["https://p:1/", "socks5://p:1", "hunter2", "http://u:hunter2@[/"])
def test_a_proxy_that_is_none_is_refused_without_telling_it(url: str) -> None:
    with pytest.raises(ValueError, match="proxy") as caught:
        proxy_of(Secret(url))
    assert "hunter2" not in str(caught.value)


def test_authorities_are_loaded_and_checked_against() -> None:
    context = trusted_authorities()
    assert context.check_hostname
    assert context.cert_store_stats()["x509_ca"] > 50
