"""Where temporary files are: in memory, if it has room for them.

What is tested is a program that dies, not a machine that does, so nothing has to reach a disk. A commit of SQLite takes
0.04 ms in memory, and 1 to 5 ms on the disks that were measured; some tests make thousands.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")
ROOM: Final = 4 << 30
"""Bytes that must be free. A run of the whole suite takes less than a quarter of it."""
CHOSEN_BY: Final = ("TMPDIR", "TEMP", "TMP", "PYTEST_DEBUG_TEMPROOT")


def keep_in_memory() -> None:
    """Let this process and those that it starts have their temporary files in memory, unless somebody chose a place."""
    if not any(name in os.environ for name in CHOSEN_BY) and _has_room(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # it is looked up once


def _has_room(folder: Path) -> bool:
    """Return whether a folder can be used for temporary files: also for programs, which the tests install and start."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    system = os.statvfs(folder)
    return not system.f_flag & os.ST_NOEXEC and min(system.f_bavail * system.f_frsize, _free_memory()) >= ROOM


def _free_memory() -> int:
    """Return how many bytes of memory programs may still take, by Linux; 0 where it does not say so."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    kilobytes = next((line.split()[1] for line in lines if line.startswith("MemAvailable:")), "0")
    return int(kilobytes) * 1024
