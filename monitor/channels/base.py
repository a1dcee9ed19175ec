"""The interface of a channel to the rest of the program, and the time limits of an attempt to send."""

from __future__ import annotations

import asyncio
import ipaddress
import threading
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final, Generic, Protocol, TypeVar

from pydantic import AfterValidator, BaseModel, ValidationInfo

from monitor.model import Edition, OperatorMessage, Outcome, Payload

DEADLINE = 60.0
"""Maximum seconds of one attempt to send."""

STOP_GRACE = 5.0
"""Seconds that the server has for its answer when the program is stopping; the program itself has a little more."""

CHECK_INTERVAL: Final = 0.1
"""Seconds between two looks at the event that ends an attempt."""

CLOSE_TURNS: Final = 3
"""Turns of the event loop in which a closed connection releases its socket."""

CLOSE_SECONDS: Final = 1.0
"""Seconds that an ended attempt has to close its connection."""

T = TypeVar("T")
OptionsT = TypeVar("OptionsT", bound=BaseModel)


class Channel(Protocol):
    """A way to send editions and messages."""

    @property
    def name(self) -> str:
        """Its name in the configuration."""
        ...

    @property
    def kind(self) -> str:
        """Its key in the registry."""
        ...

    @property
    def recipients(self) -> tuple[str, ...]:
        """The recipients; each gets a delivery of its own. Never a secret."""
        ...

    def render(self, edition: Edition) -> tuple[Payload, ...]:
        """Return the payloads to send, in order. Pure, and the same for the same edition."""
        ...

    def render_message(self, message: OperatorMessage) -> Payload:
        """Return a message to the operator as it is sent. Pure, and the same for the same message."""
        ...

    def send(self, payload: Payload, recipient: str, message_id: str) -> Outcome:
        """Try once to send what was rendered, for `recipient`, under a stable `message_id`.

        Never raises for what the receiving server does, and ends within the channel's time limit. No reason contains a
        secret.
        """
        ...


@dataclass(frozen=True, slots=True)
class SendLimits:
    """The limits of an attempt to send.

    It may take `seconds`. After `stopping` is set it ends at once; but if the message is on its way, the receiving
    server has `grace` seconds to say whether it took the message, since otherwise it must be sent again.
    """

    seconds: float = DEADLINE
    stopping: threading.Event | None = None
    grace: float = STOP_GRACE


@dataclass(frozen=True, slots=True)
class PreflightProblem:
    """Why a channel cannot send from this machine, and how to fix it.

    `key`: the option that causes it.
    """

    key: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ChannelKind(Generic[OptionsT]):
    """An entry of the registry: the options of a kind, and how a channel is made of them.

    `preflight` checks what the options need on this machine; it changes nothing and sends nothing. `message_id_of`
    returns the form of a `message_id` in what is sent; "" where it has none. `formats` are the forms of an edition that
    this kind brings, by name, for `monitor digest --format`. Each returns text that is safe to print. `synonyms`: other
    words for the kind; if somebody writes one of them, this kind is suggested. `starter` are the options that `monitor
    init` writes, with secrets as `env:NAME`; without them it offers no such channel. `examples` are values of these
    secrets, by option.
    """

    Options: type[OptionsT]
    make: Callable[[str, OptionsT, SendLimits], Channel]
    preflight: Callable[[OptionsT], PreflightProblem | None] = lambda _: None
    message_id_of: Callable[[Payload, str], str] = lambda _payload, _message_id: ""
    formats: Mapping[str, Callable[[Edition], str]] = field(default_factory=dict)
    synonyms: tuple[str, ...] = ()
    starter: Mapping[str, object] = field(default_factory=dict)
    examples: Mapping[str, str] = field(default_factory=dict)

    def build(self, name: str, options: OptionsT, limits: SendLimits | None = None) -> Channel:
        """Make the channel called `name`."""
        return self.make(name, options, limits or SendLimits())


def _resolve_path(path: Path, info: ValidationInfo) -> Path:
    return Path((info.context or {}).get("folder", "")) / path.expanduser()


RelativeToConfiguration = Annotated[Path, AfterValidator(_resolve_path)]
"""A path; a relative one begins at the folder of the configuration (`folder` in the context of the validation)."""


def is_local_host(host: str) -> bool:
    """Return whether the host in an address is this machine, judged by its name only, without a DNS lookup."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class AttemptInterrupted(Exception):
    """Raised when an attempt was ended early; the message says why."""


def run_bounded(work: Callable[[], Coroutine[Any, Any, T]], limits: SendLimits, undecided: Callable[[], bool]) -> T:
    """Run `work` in its own event loop, within `limits`. Raises AttemptInterrupted when they end it.

    `undecided` returns whether the message is on its way and the result is not known: then `limits.stopping` takes
    effect only after `limits.grace`. `asyncio.run` is not used: it waits, without limit, for threads that still look up
    a name.
    """
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_run_within_limits(work(), limits, undecided))
    finally:
        loop.run_until_complete(_close_tasks(loop))
        loop.close()


async def _run_within_limits(work: Coroutine[Any, Any, T], limits: SendLimits, undecided: Callable[[], bool]) -> T:
    loop = asyncio.get_running_loop()
    start, stopped_at = loop.time(), None
    task = loop.create_task(work)
    while True:
        now = loop.time()
        if stopped_at is None and limits.stopping is not None and limits.stopping.is_set():
            stopped_at = now
        reason = ""
        if now - start >= limits.seconds:
            reason = f"took longer than {limits.seconds:g} s"
        elif stopped_at is not None and not (undecided() and now - stopped_at < limits.grace):
            reason = "the program was stopped"
        if reason:
            task.cancel()
        await asyncio.wait(
            {task}, timeout=CLOSE_SECONDS if reason else max(0.0, min(CHECK_INTERVAL, start + limits.seconds - now))
        )
        if task.done() and not task.cancelled():
            return task.result()
        if reason:
            raise AttemptInterrupted(reason)


async def _close_tasks(loop: asyncio.AbstractEventLoop) -> None:
    """Let closed connections leave the loop before it ends."""
    open_tasks = [task for task in asyncio.all_tasks(loop) if task is not asyncio.current_task()]
    for task in open_tasks:
        task.cancel()
    if open_tasks:
        await asyncio.wait(open_tasks, timeout=CLOSE_SECONDS)
    await loop.shutdown_asyncgens()
    for _ in range(CLOSE_TURNS):
        await asyncio.sleep(0)
