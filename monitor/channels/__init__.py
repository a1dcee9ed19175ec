"""Who is told, and how. One line here for each kind of channel."""

from typing import Any, Final

from monitor.channels.base import Channel, ChannelKind, PreflightProblem, SendLimits
from monitor.channels.email import KIND as EMAIL
from monitor.channels.file import KIND as FILE
from monitor.channels.slack import KIND as SLACK

KINDS: Final[dict[str, ChannelKind[Any]]] = {
    "email": EMAIL,
    "file": FILE,
    "slack": SLACK,
}

__all__ = ["KINDS", "Channel", "ChannelKind", "PreflightProblem", "SendLimits"]
