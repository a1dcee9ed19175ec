"""The daemon: APScheduler ticks, signals, heartbeat, reload. The database says when work is due."""

from monitor.daemon.memory import share_arena
from monitor.daemon.reload import Reload
from monitor.daemon.systemd import ServiceManager
from monitor.daemon.ticks import Daemon

__all__ = ["Daemon", "Reload", "ServiceManager", "share_arena"]
