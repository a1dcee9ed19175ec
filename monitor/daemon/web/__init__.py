"""The pages for programs that monitor this one: `/livez`, `/readyz` and `/metrics`, on an address of this machine.

They are served while `[web] listen` is set, and follow its changes. A page is made when it is requested: counts of
events are in memory, and everything else is read from the database.
"""

from __future__ import annotations

from typing import Final

from monitor import events
from monitor.clock import Clock
from monitor.daemon.vitals import Vitals
from monitor.daemon.web.server import Address, Page, PageServer
from monitor.log import logger
from monitor.store import Store

RETRY_SECONDS: Final = 30.0
"""Seconds until the next attempt to use an address that could not be used."""

_PLAIN: Final = "text/plain; charset=utf-8"
_UNAVAILABLE: Final = 503

_log = logger("web")


class StatusPages:
    """Serves the pages of a daemon. Only one thread may call `serve` and `close`."""

    def __init__(self, store: Store, vitals: Vitals, clock: Clock) -> None:
        self._store = store
        self._vitals = vitals
        self._clock = clock
        self._wanted: Address | None = None
        self._server: PageServer | None = None
        self._retry_at: float | None = None

    def serve(self, listen: Address | None) -> None:
        """Serve the pages at `listen`, and no longer at another address. With None, serve none.

        An address that cannot be used is logged and tried again later, while the daemon goes on with its work.
        """
        if listen != self._wanted:
            self.close()
            self._wanted = listen
        elif self._retry_at is None or self._clock.monotonic() < self._retry_at:
            return
        if listen is not None:
            self._open(listen)

    def close(self) -> None:
        """Stop to serve pages."""
        self._wanted = self._retry_at = None
        if self._server is not None:
            self._server.close()
            self._server = None
            _log.info("closed")

    def _open(self, listen: Address) -> None:
        from monitor.daemon.web.metrics import Metrics

        metrics = Metrics(self._store, self._clock)
        pages = {"/livez": self._liveness, "/readyz": self._readiness, "/metrics": metrics.page}
        try:
            self._server = PageServer(listen, pages, on_close=lambda: events.unsubscribe(metrics.count))
        except OSError as error:
            if self._retry_at is None:
                reason = f"{listen[0]} port {listen[1]} cannot be used: {error.strerror}"
                _log.error("refused", reason=reason, remedy="end the program that uses it, or change [web] listen")
            self._retry_at = self._clock.monotonic() + RETRY_SECONDS
            return
        events.subscribe(metrics.count)
        self._retry_at = None
        _log.info("serving", address=listen[0], port=listen[1])

    def _liveness(self) -> Page:
        stalled = self._vitals.stalled_ticks()
        return _verdict(tuple(f"{name}: no tick was completed lately" for name in stalled))

    def _readiness(self) -> Page:
        return _verdict(self._vitals.reasons_not_ready())


def _verdict(reasons: tuple[str, ...]) -> Page:
    if not reasons:
        return Page(200, _PLAIN, b"ok\n")
    return Page(_UNAVAILABLE, _PLAIN, "".join(f"{reason}\n" for reason in reasons).encode())
