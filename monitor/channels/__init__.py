"""The kinds of channels, which are the ways to send a digest. Each kind has one line here."""

from collections.abc import Callable
from typing import Any, Final

from monitor.channels.base import Channel, ChannelKind, PreflightProblem, ProbeResult, SendLimits
from monitor.channels.email import KIND as EMAIL
from monitor.channels.file import KIND as FILE
from monitor.channels.slack import KIND as SLACK
from monitor.model import Edition

KINDS: Final[dict[str, ChannelKind[Any]]] = {
    "email": EMAIL,
    "file": FILE,
    "slack": SLACK,
}


def formats() -> dict[str, Callable[[Edition], str]]:
    """Return all formats in which an edition can be shown, by name. Each kind of channel adds its own."""
    return {name: form for kind in KINDS.values() for name, form in kind.formats.items()}


__all__ = ["KINDS", "Channel", "ChannelKind", "PreflightProblem", "ProbeResult", "SendLimits", "formats"]
