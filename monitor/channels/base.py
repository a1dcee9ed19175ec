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
"""Maximum seconds that one attempt to send may take."""

STOP_GRACE = 5.0
"""Seconds that the receiving server has to answer while the program stops. The program itself has a little longer."""

CHECK_INTERVAL: Final = 0.1
"""Seconds between two checks whether the event that ends an attempt is set."""

CLOSE_TURNS: Final = 3
"""Number of turns of the event loop after which a closed connection has released its socket."""

CLOSE_SECONDS: Final = 1.0
"""Maximum seconds for closing the connection after an attempt has ended."""

T = TypeVar("T")
OptionsT = TypeVar("OptionsT", bound=BaseModel)


class Channel(Protocol):
    """A way to send editions and messages."""

    @property
    def name(self) -> str:
        """The channel's name in the configuration."""
        ...

    @property
    def kind(self) -> str:
        """The name of its kind in the registry."""
        ...

    @property
    def recipients(self) -> tuple[str, ...]:
        """The recipients, each of which gets a delivery of its own. They are never secret."""
        ...

    def render(self, edition: Edition) -> tuple[Payload, ...]:
        """Return the payloads to send, in order. Pure: the same edition always gives the same payloads."""
        ...

    def render_message(self, message: OperatorMessage) -> Payload:
        """Return the payload of a message to the operator. Pure: the same message always gives the same payload."""
        ...

    def send(self, payload: Payload, recipient: str, message_id: str) -> Outcome:
        """Try once to send a rendered payload to `recipient`, under a stable `message_id`.

        Never raises for what the receiving server does, and ends within the channel's time limit. The reason in the
        outcome never contains a secret.
        """
        ...


@dataclass(frozen=True, slots=True)
class SendLimits:
    """The limits of an attempt to send.

    An attempt may take `seconds`. When `stopping` is set, the attempt ends at once. But if the message is already on
    its way, the receiving server has `grace` seconds to say whether it accepted the message: without an answer the
    message must be sent again.
    """

    seconds: float = DEADLINE
    stopping: threading.Event | None = None
    grace: float = STOP_GRACE


@dataclass(frozen=True, slots=True)
class PreflightProblem:
    """Why a channel cannot send from this machine, and how to fix it.

    `key`: the option that causes the problem.
    """

    key: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """Whether the receiving server can be reached and accepts the login. `message` says what was found, no secret."""

    usable: bool
    message: str


@dataclass(frozen=True, slots=True)
class ChannelKind(Generic[OptionsT]):
    """An entry of the registry: the options of a kind, and how a channel is made of them.

    `preflight` checks whether a channel with these options could send from this machine. It changes nothing and sends
    nothing. `message_id_of` returns how a `message_id` appears in a sent payload, or "" if it does not appear there.
    `formats` are the functions with which this kind shows an edition, by their names for `monitor digest --format`.
    Each returns text that is safe to print. `synonyms` are other words for the kind: if somebody writes one of them,
    this kind is suggested. `starter` are the options that `monitor init` writes, with secrets as `env:NAME`. A kind
    without them is not offered by `monitor init`. `examples` are example values of these secrets, by option.
    `server_of` returns the host and the port of the receiving server, which are not secret; None if there is no server.
    `probe` connects to the receiving server, and logs in if the kind has a login, but sends nothing.
    """

    Options: type[OptionsT]
    make: Callable[[str, OptionsT, SendLimits], Channel]
    preflight: Callable[[OptionsT], PreflightProblem | None] = lambda _: None
    message_id_of: Callable[[Payload, str], str] = lambda _payload, _message_id: ""
    formats: Mapping[str, Callable[[Edition], str]] = field(default_factory=dict)
    synonyms: tuple[str, ...] = ()
    starter: Mapping[str, object] = field(default_factory=dict)
    examples: Mapping[str, str] = field(default_factory=dict)
    server_of: Callable[[OptionsT], tuple[str, int] | None] = lambda _: None
    probe: Callable[[OptionsT, SendLimits], ProbeResult] = lambda *_: ProbeResult(True, "nothing to connect to")

    def build(self, name: str, options: OptionsT, limits: SendLimits | None = None) -> Channel:
        """Make the channel called `name`."""
        return self.make(name, options, limits or SendLimits())


def _resolve_path(path: Path, info: ValidationInfo) -> Path:
    return Path((info.context or {}).get("folder", "")) / path.expanduser()


RelativeToConfiguration = Annotated[Path, AfterValidator(_resolve_path)]
"""A path. A relative path starts at the folder of the configuration (`folder` in the context of the validation)."""


def is_local_host(host: str) -> bool:
    """Return whether the host in an address is this machine, judged by its name only, without a DNS lookup."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class AttemptInterrupted(Exception):
    """Raised when an attempt to send was ended early. The message says why."""


def run_bounded(work: Callable[[], Coroutine[Any, Any, T]], limits: SendLimits, undecided: Callable[[], bool]) -> T:
    """Run `work` in its own event loop, within `limits`. Raises AttemptInterrupted if a limit ends the work.

    `undecided` returns whether the message is on its way while its result is still unknown. In that case
    `limits.stopping` takes effect only after `limits.grace` seconds. `asyncio.run` is not used, because it waits
    without limit for threads that are still looking up a name.
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
    """Cancel the open tasks of `loop`, and give closed connections time to release their sockets."""
    open_tasks = [task for task in asyncio.all_tasks(loop) if task is not asyncio.current_task()]
    for task in open_tasks:
        task.cancel()
    if open_tasks:
        await asyncio.wait(open_tasks, timeout=CLOSE_SECONDS)
    await loop.shutdown_asyncgens()
    for _ in range(CLOSE_TURNS):
        await asyncio.sleep(0)
