"""The kinds of sources and channels that the file may name."""

from __future__ import annotations

from typing import Final

from monitor import channels, sources
from monitor.config.kinds import KindRegistry
from monitor.config.tables import ChannelTable, SourceTable

SOURCES: Final = KindRegistry(SourceTable, sources.KINDS, kind_optional=True)
CHANNELS: Final = KindRegistry(ChannelTable, channels.KINDS)
