"""One exchange with one host: requests and answers are httpx's, its transport is ours (decision 0003).

Its client is not used: what a client adds to a transport are redirects, cookies, logins and proxies from the
environment, and none of them is wanted here.
"""

from __future__ import annotations

import base64
import logging
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final, cast
from urllib.parse import unquote_to_bytes

import httpcore
import httpx

from monitor.fetch.backend import GuardedBackend, ReceiveMeter, TlsContext
from monitor.fetch.connection import BACKEND, GuardedTransport
from monitor.fetch.deadline import Deadline
from monitor.fetch.dial import Connector
from monitor.fetch.guard import parse_ip_literal
from monitor.fetch.outcome import FetchFailed
from monitor.fetch.reply import STATUSES_WITH_DOCUMENT, HeaderList, Reply
from monitor.secret import Secret

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_HOST_NAME: Final = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")  # other names are IDNA by now
_MAX_HOST_LENGTH: Final = 253


def silence_library_logs() -> None:
    """Keep the libraries' own lines out of the log: httpx logs every address at INFO, httpcore headers at DEBUG."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


# --- addresses ---


@dataclass(frozen=True, slots=True)
class Target:
    """An address that can be fetched. `url` is without credentials and fragment; `host` is plain ASCII.

    `authorization` is a header's value, made from the credentials in the address, if it has any. `port` is always set.
    `parsed` is `url` as httpx reads it, where it is known, so that the request does not parse it again.
    """

    url: str = field(repr=False)
    scheme: str
    host: str
    port: int
    authorization: bytes | None = field(default=None, repr=False)
    parsed: httpx.URL | None = field(default=None, repr=False, compare=False)

    @property
    def origin(self) -> tuple[str, str, int]:
        """The origin of the target: credentials are sent only there."""
        return self.scheme, self.host, self.port

    def join(self, location: bytes) -> Target:
        """Return the target of a `Location`. Credentials in it are dropped. Raises FetchFailed if it is not valid."""
        try:
            return _make_target(httpx.URL(self.url).join(_location_text(location)).copy_with(userinfo=b""))
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchFailed("redirect", "the server redirects to an address that cannot be read") from error
        except FetchFailed as failure:
            raise FetchFailed("redirect", f"the server redirects elsewhere, but {failure.reason}") from failure


def parse(url: str) -> Target:
    """Return the target of a configured address. Raises FetchFailed("bad_url"), which does not show the address."""
    try:
        return _make_target(httpx.URL(url.strip()))
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchFailed("bad_url", "the address cannot be read") from error


def _make_target(url: httpx.URL) -> Target:
    if url.scheme not in _DEFAULT_PORTS:
        raise FetchFailed("bad_url", f"only http and https addresses can be fetched, not {url.scheme[:20] or 'others'}")
    host = _normalize_host(url.raw_host.decode("ascii"))
    port = _DEFAULT_PORTS[url.scheme] if url.port is None else url.port
    if not 0 < port < 1 << 16:
        raise FetchFailed("bad_url", f"there is no port {str(port)[:20]}")
    if not url.userinfo and not url.fragment and host == url.host:  # most addresses: a copy would be parsed again
        return Target(str(url).removesuffix("#"), url.scheme, host, port, parsed=url)
    bare = url.copy_with(userinfo=b"", host=host, fragment=None)
    user, _, password = url.userinfo.partition(b":")
    login = base64.b64encode(unquote_to_bytes(user) + b":" + unquote_to_bytes(password))
    return Target(str(bare), url.scheme, host, port, b"Basic " + login if url.userinfo else None)


def _normalize_host(host: str) -> str:
    """Return the normal form of a host: without a dot at the end, and an IP address in its usual form."""
    try:
        address = parse_ip_literal(host)
    except ValueError as error:
        raise FetchFailed("bad_url", "the address has no host name that can be used") from error
    if address is not None:
        return str(address)
    name = host.removesuffix(".")
    if len(name) > _MAX_HOST_LENGTH or not _HOST_NAME.fullmatch(name):
        raise FetchFailed("bad_url", "the address has no host name that can be used")
    return name


def _location_text(location: bytes) -> str:
    """Return a `Location` as text. If it is not valid UTF-8, bytes outside ASCII are percent-encoded.

    So the server gets the same bytes back.
    """
    text = location.strip(b" \t").replace(b"\t", b"")
    try:
        return text.decode()
    except UnicodeDecodeError:
        return re.sub(rb"[\x80-\xff]", lambda byte: b"%%%02X" % byte.group()[0], text).decode("ascii")


def proxy_of(secret: Secret) -> httpcore.Proxy:
    """Return the proxy from its setting. Raises ValueError, whose message does not show the setting."""
    try:
        target = parse(secret.reveal())
    except FetchFailed as failure:
        raise ValueError(f"the proxy cannot be used: {failure.reason}") from None
    if target.scheme != "http":
        raise ValueError("the proxy must be given as http://user:password@host:port")
    headers = [(b"Proxy-Authorization", target.authorization)] if target.authorization else None
    return httpcore.Proxy(httpcore.URL(scheme="http", host=target.host, port=target.port, target="/"), headers=headers)


# --- the exchange ---


@dataclass(frozen=True, slots=True)
class ExchangeSettings:
    """The parts that all exchanges of a gate share. `proxied`: the transport connects to a proxy."""

    connector: Connector
    transport: GuardedTransport
    proxied: bool
    max_bytes: int

    @classmethod
    def of(cls, connector: Connector, proxy: httpcore.Proxy | None, max_bytes: int) -> ExchangeSettings:
        """Return the settings for exchanges through `proxy`, or without one."""
        return cls(connector, GuardedTransport(proxy), proxy is not None, max_bytes)


@dataclass(frozen=True, slots=True)
class OutgoingRequest:
    """What is sent to one host. `headers` are all headers except `Host` and those that state the body's length.

    `conditional`: the headers ask for the document only if it has changed.
    """

    method: str
    headers: HeaderList = field(repr=False)
    body: bytes | None = field(default=None, repr=False)
    conditional: bool = False


BodyReader = Callable[[Reply, Iterator[bytes]], bytes | None]


def exchange(
    settings: ExchangeSettings,
    target: Target,
    outgoing: OutgoingRequest,
    deadline: Deadline,
    read_body: BodyReader,
    *,
    tls: TlsContext,
) -> Reply:
    """Send one request and return the answer. Raises FetchFailed for everything that can go wrong.

    `read_body` gets the answer without its body, and the bytes of the body, without framing but still compressed.
    """
    if settings.proxied:
        settings.connector.refuse_literal(target.host)
    meter = ReceiveMeter(settings.max_bytes)
    backend = GuardedBackend(settings.connector, deadline, meter, tls, trusted=settings.proxied)
    host = f"[{target.host}]" if ":" in target.host else target.host
    is_default_port = target.port == _DEFAULT_PORTS[target.scheme]
    headers = [(b"Host", (host if is_default_port else f"{host}:{target.port}").encode("ascii")), *outgoing.headers]
    extensions = {BACKEND: backend}
    url = target.parsed or target.url
    request = httpx.Request(outgoing.method, url, headers=headers, content=outgoing.body, extensions=extensions)
    try:
        with closing(settings.transport.handle_request(request)) as answer:
            meter.begin_body()
            head = Reply(answer.status_code, answer.headers.raw)
            chunks = cast("httpx.SyncByteStream", answer.stream)
            return Reply(head.status, head.headers, _body(head, iter(chunks), read_body))
    except _CONNECTION_ERRORS as error:
        raise _describe_failure(error, target.host, meter) from error


def _body(head: Reply, chunks: Iterator[bytes], read_body: BodyReader) -> bytes | None:
    """Return the body. A failure to read the body of an error is ignored, because its status says enough."""
    try:
        return read_body(head, chunks)
    except (*_CONNECTION_ERRORS, FetchFailed):
        if head.status in STATUSES_WITH_DOCUMENT:
            raise
        return None


# The errors of httpcore and httpx have no common base class, and httpx's `InvalidURL` is not one of its other errors.
# ValueError includes failures of Unicode and of numbers, OSError those of sockets and TLS.
_CONNECTION_ERRORS: Final = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    OSError,
    ValueError,
)


def _describe_failure(error: Exception, host: str, meter: ReceiveMeter) -> FetchFailed:
    """Return the failure in our own words, because messages of the libraries may quote the server or our address."""
    if isinstance(error, httpcore.ProxyError):
        code = re.match(r"\d{3}", str(error))
        return FetchFailed(
            "connect", f"the proxy did not connect to {host} (it answered {code.group() if code else '?'})"
        )
    if isinstance(error, httpcore.LocalProtocolError):
        return FetchFailed("bad_url", "the request cannot be sent: its address or headers hold forbidden characters")
    broken = isinstance(error, httpcore.NetworkError | OSError)
    if meter.in_body and (broken or meter.ended):
        return FetchFailed("truncated", "the connection broke before the document was complete")
    if broken:
        return FetchFailed("connect", f"the connection to {host} broke before an answer came")
    if meter.ended:
        return FetchFailed("protocol", "the server hung up before its answer was complete")
    return FetchFailed("protocol", "the answer is not valid HTTP")


def trusted_authorities() -> ssl.SSLContext:
    """Return a context that trusts Mozilla's list of authorities and those that this machine trusts."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context
