"""The two axes along which the file varies, with their registries."""

from __future__ import annotations

from typing import Final

from monitor import channels, sources
from monitor.config.kinds import Axis
from monitor.config.tables import ChannelTable, SourceTable

SOURCES: Final = Axis(SourceTable, sources.KINDS, open=True)
CHANNELS: Final = Axis(ChannelTable, channels.KINDS)
