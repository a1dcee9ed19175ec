"""The httpx transport: a new connection for each request, on which httpcore speaks HTTP/1.1."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Final, cast

import httpcore
import httpx

from monitor.fetch.backend import GuardedBackend

BACKEND: Final = "backend"
"""The extension of a request that holds the network backend of its exchange."""

# httpcore sets ALPN on its TLS context at every connection, which is not safe while other threads use the context. So
# httpcore gets this one, which no connection uses: `DeadlineStream.start_tls` takes the real context.
_UNUSED_CONTEXT: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

_Connection = httpcore.HTTP11Connection | httpcore.ConnectionPool


class GuardedTransport(httpx.BaseTransport):
    """An httpx transport that makes a connection for each request, with the backend in the request's extensions.

    It keeps nothing between two requests, so all threads use the same one. Headers and body of an answer are as
    httpcore receives them.
    """

    def __init__(self, proxy: httpcore.Proxy | None) -> None:
        self._proxy = proxy

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request, and return the answer without its body. Raises whatever httpcore raises."""
        backend: GuardedBackend = request.extensions[BACKEND]
        url = request.url
        address = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        stream = cast("httpx.SyncByteStream", request.stream)
        outgoing = httpcore.Request(request.method, address, headers=request.headers.raw, content=stream)
        connection = self._connect(backend, address.origin)
        try:
            answer = connection.handle_request(outgoing)
        except BaseException:
            connection.close()
            raise
        return httpx.Response(answer.status, headers=answer.headers, stream=_AnswerStream(connection, answer))

    def _connect(self, backend: GuardedBackend, origin: httpcore.Origin) -> _Connection:
        """Return a connection to `origin`. Only for a proxy is it a pool of httpcore, which costs much of a request."""
        if self._proxy is None:
            return httpcore.HTTP11Connection(origin, backend.connect(origin))
        return httpcore.ConnectionPool(
            ssl_context=_UNUSED_CONTEXT, proxy=self._proxy, max_connections=1, retries=0, network_backend=backend
        )


class _AnswerStream(httpx.SyncByteStream):
    """The body of an answer, without framing but still compressed. Closing it closes the connection."""

    def __init__(self, connection: _Connection, answer: httpcore.Response) -> None:
        self._connection = connection
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        """Hang up."""
        self._answer.close()
        self._connection.close()
