"""Runs passes of the program in forked children, and kills them at given points.

One JSON order a line on the standard input:
    {"config": PATH, "environ": {…}, "nows": [ISO …], "kill": [NAME, N] | null, "mutant": NAME | null, "trace": PATH,
     "work": NAME}
The child does the work (of `WORK`; a pass, if none is named) at each time of `nows`; at the N-th time that it comes to
the failpoint NAME it kills itself.
Every failpoint that it comes to is written to `trace` with its thread, a line each, before anything else happens. One
line is answered:
    {"status": the child's wait status}

With "fork": false the passes are made in this process, and nothing is killed or written to `trace`. What is imported
and compiled at the first pass is then there in every child. No thread outlives a pass, so forking is safe.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import signal
import sys
import threading
import traceback
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from monitor import config, failpoint, log
from monitor.app.program import Program
from monitor.app.status import DAEMON
from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.collect.poll import Collector
from monitor.daemon.orders import Orders
from monitor.deliver.outbox import Outbox, SendResult
from monitor.errors import LockHeld
from monitor.executor import InlineExecutor
from monitor.model import Delivery, Outcome, Source
from monitor.model.orders import DigestRequest, OrderRequest, PassRequest
from monitor.sandbox import InlineReaders
from tests.support import statements

TRIES = 3000


def main() -> None:
    """Serve orders until the input ends."""
    log.configure("error")
    statements.share()
    for line in sys.stdin:
        order = json.loads(line)
        status = _forked(order) if order["fork"] else _here(order)
        sys.stdout.write(json.dumps({"status": status}) + "\n")
        sys.stdout.flush()


def _here(order: Mapping[str, Any]) -> int:
    _passes(order)
    left = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    if left:
        raise RuntimeError(f"threads outlive a pass: {left}")
    gc.collect()
    gc.freeze()  # the children collect their own only, and share the rest
    return 0


def _forked(order: Mapping[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        _child(order)
    return os.waitpid(pid, 0)[1]


def _child(order: Mapping[str, Any]) -> None:
    try:
        if order["mutant"]:
            MUTANTS[order["mutant"]]()
        failpoint.arm(_killer(order["kill"], Path(order["trace"])))
        _passes(order)
    except BaseException:  # noqa: BLE001 - a forked child must never return into the parent's loop
        traceback.print_exc()
        os._exit(3)
    os._exit(0)


def _killer(kill: tuple[str, int] | None, trace: Path) -> Callable[[str], None]:
    seen: Counter[str] = Counter()
    lock = threading.Lock()
    file = os.open(trace, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def act(name: str) -> None:
        with lock:
            seen[name] += 1
            os.write(file, f"{name} {threading.get_ident()}\n".encode())
            if kill is not None and [name, seen[name]] == list(kill):
                os.kill(os.getpid(), signal.SIGKILL)

    return act


def _passes(order: Mapping[str, Any]) -> None:
    loaded = config.load(Path(order["config"]), order["environ"])
    for now in order["nows"]:
        clock = FixedClock(dt.datetime.fromisoformat(now))
        _once(loaded, clock, order.get("work", "pass"))


def _once(loaded: config.Config, clock: FixedClock, work: str) -> None:
    executor = InlineExecutor() if work == "orders" else None  # so that it comes to the same points each time
    for _ in range(TRIES):
        try:
            with open_program(loaded, clock, command=DAEMON, readers=InlineReaders(), executor=executor) as program:
                WORK[work](program)
            return
        except LockHeld:
            # A server needs a moment to see that the killed process's connection, and with it its lock, is gone.
            threading.Event().wait(0.02)
    raise TimeoutError("the killed process's lock is never given back")


def _carry_out(*requests: OrderRequest) -> Callable[[Program], object]:
    """Place orders, as commands do, and carry them out, as the daemon does."""

    def work(program: Program) -> None:
        now = program.clock.now()
        for request in requests:
            program.store.place_order(request, DAEMON, now, now + dt.timedelta(minutes=1))
        Orders(program, InlineExecutor(), executor=InlineExecutor()).tick()

    return work


WORK: Mapping[str, Callable[[Program], object]] = {
    "pass": lambda program: program.once(),
    "poll": lambda program: program.once(send=False),
    "orders": _carry_out(PassRequest(("one.xml",), send=False), DigestRequest("flash")),
}


# --- programs that break the promise: the test must catch each of them


def _commit_before_send() -> None:
    """Mark a delivery as sent, then send it."""

    def attempt(self: Outbox, delivery: Delivery) -> SendResult:
        failpoint.failpoint("deliver.claimed")
        outcome = Outcome("sent", "surely")
        self.store.finish(delivery.id, outcome, self.clock.now(), None)
        failpoint.failpoint("deliver.sent")
        self.channels[delivery.channel].send(delivery.payload, delivery.recipient, delivery.message_id)
        return SendResult(delivery, outcome)

    Outbox._attempt = attempt  # type: ignore[method-assign]  # a mutant


def _validators_early() -> None:
    """Save the validators of an answer before what was in it: of a source whose news is nowhere else."""
    poll = Collector.poll

    def early(self: Collector, source: Source, now: dt.datetime) -> Any:
        result = poll(self, source, now)
        if source.url.endswith("/three.xml"):
            state = replace(self.store.source_state(source.name), validators=result.state.validators)
            self.writer.write(lambda tx: tx.save_state(state))
            failpoint.failpoint("mutant.early")
        return result

    Collector.poll = early  # type: ignore[method-assign]  # a mutant


def _random_message_id() -> None:
    """Give each attempt an id of its own."""
    attempt = Outbox._attempt

    def renamed(self: Outbox, delivery: Delivery) -> SendResult:
        return attempt(self, replace(delivery, message_id=uuid.uuid4().hex))

    Outbox._attempt = renamed  # type: ignore[method-assign]  # a mutant


MUTANTS = {
    "commit before send": _commit_before_send,
    "validators early": _validators_early,
    "random message id": _random_message_id,
}

if __name__ == "__main__":
    main()
