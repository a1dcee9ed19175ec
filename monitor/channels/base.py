"""What a channel is, and what the rest of the program may ask of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from monitor.model import Edition, Outcome, Payload

DEADLINE = 60.0
"""Seconds that one attempt to send may take in all."""

GRACE = 5.0
"""Seconds that the far end has for its answer once the program is to stop; the program itself has a little more."""

OptionsT = TypeVar("OptionsT", bound=BaseModel)


class Channel(Protocol):
    """A way to tell someone."""

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
        """Whom it tells; each gets a delivery of its own. Never a secret."""
        ...

    def render(self, edition: Edition) -> tuple[Payload, ...]:
        """What is to be sent, in order. Pure, and the same for the same edition."""
        ...

    def send(self, payload: Payload, recipient: str, message_id: str) -> Outcome:
        """Try once to send what was rendered, for `recipient`, under a stable `message_id`.

        Never raises for what the far end does, and ends within the channel's time. No reason holds a secret.
        """
        ...


@dataclass(frozen=True, slots=True)
class Seams:
    """What a channel gets from outside: the limits of an attempt.

    It may take `seconds`. Once `stopping` is set it ends at once, unless the message is on its way: then the far end
    has `grace` seconds to say whether it took it, since a message of unknown fate would have to be sent again.
    """

    seconds: float = DEADLINE
    stopping: threading.Event | None = None
    grace: float = GRACE


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a channel cannot send on this machine as it is, and how to mend it. `key`: the option that it is about."""

    key: str
    what: str
    remedy: str


def _faultless(options: BaseModel) -> Fault | None:  # noqa: ARG001 - the seam's
    return None


def _unstamped(payload: Payload, message_id: str) -> str:  # noqa: ARG001 - the seam's
    return ""


@dataclass(frozen=True, slots=True)
class ChannelKind(Generic[OptionsT]):
    """An entry of the registry: the options of a kind, and how a channel is made of them.

    `fault` looks at what on this machine the options depend on; it changes nothing and asks nobody.
    `stamp` says how a `message_id` stands in what is sent; "" where it does not.
    """

    Options: type[OptionsT]
    make: Callable[[str, OptionsT, Seams], Channel]
    fault: Callable[[OptionsT], Fault | None] = _faultless
    stamp: Callable[[Payload, str], str] = _unstamped

    def build(self, name: str, options: OptionsT, seams: Seams | None = None) -> Channel:
        """The channel called `name`."""
        return self.make(name, options, seams or Seams())
