"""A mail server on loopback."""

from __future__ import annotations

import asyncio

from aiosmtpd.controller import Controller

from tests.support.waiting import SOON


class MailServer(Controller):
    """A mail server on a port that the system chooses; the base class would connect to port 0 to see that it is up."""

    def start(self) -> None:
        """Start it, and wait for it as long as a busy machine needs."""
        self.ready_timeout = SOON
        super().start()

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd is typed in part
