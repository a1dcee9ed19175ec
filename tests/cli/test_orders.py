"""What commands show of what the daemon did for them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from monitor.clock import SystemClock
from monitor.model.orders import DigestRequest, OrderRequest, OrderResult, PassRequest
from monitor.store import Store
from tests.support.commands import Monitor
from tests.support.configuration import Write
from tests.support.waiting import SOON

POLL = {
    "at": "2026-11-21T00:00:00+00:00", "outcome": "ok", "reason": "read 2 entries", "status": 200, "entries": 2,
    "new": 2, "matches": 1, "size": 10, "seconds": 0.5, "decisions": [{"kind": "next poll", "reason": "soon"}],
}  # fmt: skip
REPORT: Mapping[str, Any] = {
    "polls": [{"source": "one", "failed": False, "poll": POLL}],
    "editions": [
        {"digest": "flash", "slot": "s", "end": "2026-11-21T00:00:00+00:00", "timezone": "UTC", "items": 1,
         "changes": 0, "crash": None},
        {"digest": "weekly", "slot": None, "end": None, "timezone": "UTC", "items": 0,
         "changes": 0, "crash": "a bug"},
    ],
    "deliveries": [
        {"digest": "flash", "channel": "mail", "recipient": "ann", "outcome": "sent", "reason": "250"},
        {"digest": "flash", "channel": "hook", "recipient": "room", "outcome": "retry", "reason": "busy"},
    ],
    "parked": 1,
    "readdressed": {"dropped": 2, "queued": 3},
}  # fmt: skip


class Daemon:
    """Holds the database as the daemon, and gives every order the answer that the test chose."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._end = threading.Event()
        self.requests: list[OrderRequest] = []
        self.answer = OrderResult("done", result=REPORT)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Answer orders while the block runs."""
        thread = threading.Thread(target=self._serve)
        with self._store.hold("monitor run"):
            thread.start()
            try:
                yield
            finally:
                self._end.set()
                thread.join(SOON)

    def _serve(self) -> None:
        clock = SystemClock()
        while not self._end.wait(0.02):
            for order_id in self._store.waiting_orders(clock.now()):
                request = self._store.claim_order(order_id, clock.now())
                if request is not None:
                    self.requests.append(request)
                    self._store.finish_order(order_id, self.answer, clock.now())


@pytest.fixture
def daemon(write: Write, tmp_path: Path) -> Iterator[Daemon]:
    write()
    store = Store(f"sqlite:///{tmp_path / 'monitor.db'}", clock=SystemClock())
    store.prepare()
    daemon = Daemon(store)
    with daemon.running():
        yield daemon
    store.close()


def test_once_shows_what_the_daemon_did(monitor: Monitor, daemon: Daemon) -> None:
    ended = monitor("once", "--source", "one", "--source", "two", "--retry-parked", "--no-send")
    assert daemon.requests == [PassRequest(("one", "two"), retry_parked=True, send=False)]
    assert ended.status == 1
    assert ended.out.splitlines() == [
        "1 source polled: 2 new entries, 1 match",
        'digest "flash", 2026-11-21 00:00: 1 item',
        '  FAILED digest "weekly": a bug',
        "  mail → ann: sent",
        "  hook → room: NOT SENT (retry): busy",
        "1 delivery is parked; try it again: monitor once --retry-parked",
    ]
    assert ended.err == ("dropped, because their recipients were removed: 2; queued for new recipients: 3\n")


def test_as_json_it_is_the_document_of_a_direct_pass(monitor: Monitor, daemon: Daemon) -> None:
    document = json.loads(monitor("once", "--source", "one", "--json").out)
    assert document == {
        "sources": REPORT["polls"],
        "editions": [
            {"digest": "flash", "slot": "s", "items": 1, "changes": 0, "crash": None},
            {"digest": "weekly", "slot": None, "items": 0, "changes": 0, "crash": "a bug"},
        ],
        "deliveries": REPORT["deliveries"],
        "parked": 1,
    }


def test_what_the_daemon_refuses_is_wrong_input(monitor: Monitor, daemon: Daemon) -> None:
    daemon.answer = OrderResult("refused", "it has no source of that name")
    ended = monitor("once", "--source", "one")
    assert (ended.status, ended.out, ended.err) == (2, "", "it has no source of that name\n")


def test_what_the_daemon_fails_at_ends_1(monitor: Monitor, daemon: Daemon) -> None:
    daemon.answer = OrderResult("failed", "the disk is full")
    for words in (("once", "--retry-parked"), ("digest", "flash")):
        ended = monitor(*words)
        assert (ended.status, ended.out) == (1, "")
        assert ended.err == "the daemon could not do it: the disk is full\n"


def test_a_digest_of_which_nothing_is_pending_is_done(monitor: Monitor, daemon: Daemon) -> None:
    daemon.answer = OrderResult("done", result={"edition": None, "failed": []})
    ended = monitor("digest", "flash", "--json")
    assert daemon.requests == [DigestRequest("flash")]
    assert (ended.status, json.loads(ended.out)) == (0, {"editions": []})
    assert "nothing is pending" in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ("once",),
        ("once", "--no-send"),
        ("once", "--source", "one", "--now", "2026-11-21T08:00+08:00"),
        ("digest", "flash", "--now", "2026-11-21T08:00+08:00"),
        ("db", "reindex"),
    ],
)
def test_what_the_daemon_cannot_do_is_refused_naming_it(
    monitor: Monitor, daemon: Daemon, words: tuple[str, ...]
) -> None:
    ended = monitor(*words)
    assert (ended.status, ended.out, daemon.requests) == (1, "", [])
    assert "in use by monitor run (process" in ended.err


def test_while_another_command_works_it_is_refused_as_ever(monitor: Monitor, write: Write, tmp_path: Path) -> None:
    write()
    store = Store(f"sqlite:///{tmp_path / 'monitor.db'}", clock=SystemClock())
    store.prepare()
    with store.hold("monitor db reindex"):
        ended = monitor("once", "--source", "one")
    store.close()
    assert ended.status == 1
    assert "in use by monitor db reindex" in ended.err
