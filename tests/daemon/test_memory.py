"""Threads of the daemon share one arena of the C library."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

COUNT = """
import ctypes, os, sys, threading
from monitor.daemon.memory import share_arena
if "share" in sys.argv:
    share_arena(os.environ)
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
together = threading.Barrier(4)
def take():
    together.wait()
    for _ in range(100):
        libc.malloc(1000)
    together.wait()
threads = [threading.Thread(target=take) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""


def arenas(path: Path, *words: str, **more: str) -> int:
    environ = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"} | more
    subprocess.run([sys.executable, "-c", COUNT, str(path), *words], check=True, env=environ)
    return path.read_text(encoding="utf-8").count("<heap nr=")


@pytest.mark.slow
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries have no arenas")
def test_threads_share_an_arena_unless_the_operator_chose(tmp_path: Path) -> None:
    path = tmp_path / "arenas.xml"
    assert arenas(path, "share") == 1
    assert arenas(path) > 1
    assert arenas(path, "share", MALLOC_ARENA_MAX="3") > 1
