"""Through a proxy, and only through the one that is configured."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from monitor.fetch import Fetched, FetchError, Gate
from monitor.secret import Secret

Make = Callable[..., Any]


def failed(answer: object) -> FetchError:
    assert isinstance(answer, FetchError), answer
    return answer


def proxy_url(server: Any) -> Secret:
    return Secret(f"http://user:hunter2@127.0.0.1:{server.port}")


def test_a_configured_proxy_gets_the_name_and_its_login(serve: Make, make_gate: Make, names: Make) -> None:
    proxy = serve(lambda call: call.answer(200, b"by proxy"))
    resolver = names({})
    gate = make_gate(allow_private=(), proxy=proxy_url(proxy), resolver=resolver)
    answer = gate.get("http://news.example/feed?x")
    assert isinstance(answer, Fetched)
    assert (answer.url, answer.body) == ("http://news.example/feed?x", b"by proxy")
    assert proxy.calls[0].head.startswith(b"GET http://news.example/feed?x HTTP/1.1\r\n")
    assert proxy.calls[0].header(b"host") == b"news.example"
    assert proxy.calls[0].header(b"proxy-authorization") == b"Basic dXNlcjpodW50ZXIy"
    assert resolver.asked == []


def test_a_proxy_may_have_no_login_and_a_name(serve: Make, make_gate: Make, names: Make) -> None:
    proxy = serve(lambda call: call.answer(200, b"by proxy"))
    resolver = names({"proxy.inner": ["127.0.0.1"]})
    gate = make_gate(allow_private=(), proxy=Secret(f"http://proxy.inner:{proxy.port}"), resolver=resolver)
    assert isinstance(gate.get("http://news.example/"), Fetched)
    assert proxy.calls[0].header(b"proxy-authorization") is None
    assert resolver.asked == ["proxy.inner"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.1", "127.1", "2130706433", "[::1]", "169.254.169.254", "localhost", "a.localhost."]
)
def test_a_literal_private_address_is_refused_also_by_proxy(serve: Make, make_gate: Make, host: str) -> None:
    proxy = serve(lambda call: call.answer(302, b"", {"Location": f"http://{host}/"}))
    gate = make_gate(allow_private=(), proxy=proxy_url(proxy))
    assert failed(gate.get(f"http://{host}/")).kind == "blocked"
    assert proxy.calls == []
    assert failed(gate.get("http://news.example/")).kind == "blocked"
    assert len(proxy.calls) == 1


def tunnel_to(port: int) -> Callable[[Any], None]:
    """Handle a call as a proxy: accept CONNECT and pass bytes to and fro."""

    def pump(one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(65536):
                other.sendall(data)
        except OSError:
            pass
        with suppress(OSError):
            other.shutdown(socket.SHUT_WR)

    def handler(call: Any) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as far:
            call.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(far, call.sock), daemon=True)
            back.start()
            pump(call.sock, far)
            back.join(5)

    return handler


def test_a_secure_address_is_tunnelled_and_checked_at_its_end(
    serve: Make, make_gate: Make, server_tls: Any, client_tls: Any
) -> None:
    server = serve(lambda call: call.answer(200, b"end to end"), tls=server_tls)
    proxy = serve(tunnel_to(server.port))
    gate = make_gate(proxy=proxy_url(proxy), tls=client_tls)
    answer = gate.get("https://secure.example/x")
    assert isinstance(answer, Fetched)
    assert answer.body == b"end to end"
    assert proxy.calls[0].head.startswith(b"CONNECT secure.example:443 HTTP/1.1\r\n")
    assert server.calls[0].header(b"proxy-authorization") is None
    assert failed(gate.get("https://wrong.example/")).kind == "tls"


@pytest.mark.parametrize(("status", "message"), [(407, "407"), (502, "502")])
def test_a_proxy_that_refuses_is_reported_without_its_words(
    serve: Make, make_gate: Make, status: int, message: str
) -> None:
    proxy = serve(lambda call: call.send(b"HTTP/1.1 %d user:hunter2 says no\r\n\r\n" % status))
    answer = failed(make_gate(proxy=proxy_url(proxy)).get("https://secure.example/"))
    assert answer.kind == "connect"
    assert message in answer.reason
    assert "hunter2" not in answer.reason


def test_a_proxy_that_is_not_there_is_reported_without_its_login(make_gate: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    answer = failed(make_gate(proxy=Secret(f"http://user:hunter2@127.0.0.1:{port}")).get("http://news.example/"))
    assert answer.kind == "connect"
    assert "hunter2" not in answer.reason


def test_proxies_of_the_environment_are_ignored(serve: Make, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = serve(lambda call: call.answer(200, b"by proxy"))
    server = serve(lambda call: call.answer(200, b"direct"))
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url())
    answer = gate.get(server.url())
    assert isinstance(answer, Fetched)
    assert answer.body == b"direct"
    assert proxy.calls == []


def test_a_netrc_file_is_ignored(serve: Make, gate: Gate, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login user password hunter2\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server = serve(lambda call: call.answer(200, b"direct"))
    gate.get(server.url())
    assert server.calls[0].header(b"authorization") is None
