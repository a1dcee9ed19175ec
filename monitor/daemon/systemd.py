"""Tell the service manager the state of the daemon, by the protocol of sd_notify.

https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html. Without a service manager nothing happens. A
message that cannot be sent is dropped: the daemon must never fail because of it. When the watchdog is kept alive is
decided in docs/decisions/0030.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock
from typing import Final

from monitor.clock import Clock, SystemClock

SEND_SECONDS: Final = 2.0
"""Maximum seconds to send a message, while the socket's queue is full."""

SOCKET_VARIABLE: Final = "NOTIFY_SOCKET"
WATCHDOG_VARIABLE: Final = "WATCHDOG_USEC"
WATCHDOG_PROCESS_VARIABLE: Final = "WATCHDOG_PID"


class ServiceManager:
    """Sends the daemon's state to the socket that the environment names. Any thread may call it."""

    def __init__(self, environ: Mapping[str, str] | None = None, clock: Clock | None = None) -> None:
        environ = environ or {}
        self._address = _address_of(environ.get(SOCKET_VARIABLE, ""))
        self._clock = clock or SystemClock()
        self._lock = Lock()
        self._is_ready = self._is_stopping = False
        self._watchdog_seconds = _watchdog_seconds(environ)

    def beat_seconds(self, usual: float) -> float:
        """Return the seconds between two calls of `keep_alive`: `usual`, but at most half of the watchdog's time."""
        return usual if self._watchdog_seconds is None else min(usual, self._watchdog_seconds / 2)

    def ready(self) -> None:
        """Say that the daemon is at work with its configuration, unless that was the last thing said."""
        with self._lock:
            if not self._is_ready and not self._is_stopping:
                self._is_ready = True
                self._send("READY=1")

    def reloading(self) -> None:
        """Say that a changed configuration is being read. `ready` ends this."""
        with self._lock:
            if self._is_stopping:
                return
            self._is_ready = False
            # systemd compares this with its own times: both are those of CLOCK_MONOTONIC.
            self._send(f"RELOADING=1\nMONOTONIC_USEC={int(self._clock.monotonic() * 1_000_000)}")

    def stopping(self) -> None:
        """Say that the daemon is stopping."""
        with self._lock:
            self._is_stopping = True
            self._send("STOPPING=1")

    def keep_alive(self) -> None:
        """Say that the daemon is working, which restarts the time of the watchdog."""
        self._send("WATCHDOG=1")

    def _send(self, message: str) -> None:
        if self._address is None:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.settimeout(SEND_SECONDS)
            sender.connect(self._address)
            sender.sendall(message.encode())


def _address_of(path: str) -> str | None:
    """Return the address of the socket; None if there is none. A path that begins with @ is an abstract socket."""
    if path.startswith("@"):
        return f"\0{path[1:]}"
    return path if path.startswith("/") else None


def _watchdog_seconds(environ: Mapping[str, str]) -> float | None:
    """Return the seconds of the watchdog, if the environment has one for this process."""
    if environ.get(WATCHDOG_PROCESS_VARIABLE, str(os.getpid())) != str(os.getpid()):
        return None
    text = environ.get(WATCHDOG_VARIABLE, "")
    seconds = int(text) / 1_000_000 if text.isascii() and text.isdigit() else 0.0
    return seconds or None
