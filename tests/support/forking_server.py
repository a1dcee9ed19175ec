"""The process from which `forking.py` has commands forked. It may import an earlier version: it knows of none.

One JSON order a line on the standard input: {"words": [WORD …], "folder": PATH, "out": PATH, "err": PATH}. The command
runs in the folder, and writes to the two files. One line is answered, its exit status.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import runpy
import sys
import traceback
from typing import Any


def main() -> None:
    """Import the program, then serve orders until the input ends."""
    package = importlib.import_module("monitor")
    for module in pkgutil.walk_packages(package.__path__, "monitor."):
        if not module.name.startswith("monitor._") and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for line in sys.stdin:
        sys.stdout.write(f"{_forked(json.loads(line))}\n")
        sys.stdout.flush()


def _forked(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        _child(order)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _child(order: dict[str, Any]) -> None:
    status = 0
    try:
        os.chdir(order["folder"])
        _redirect(order)
        sys.argv = ["monitor", *order["words"]]
        runpy.run_module("monitor", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - a forked child must never return into the parent's loop
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _redirect(order: dict[str, Any]) -> None:
    for descriptor, path in ((0, os.devnull), (1, order["out"]), (2, order["err"])):
        opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)


if __name__ == "__main__":
    main()
