"""Many commands of one program, each in a process of its own that is forked from one with everything imported.

To start the program takes a second of the processor, nearly all of it for imports.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SERVER = Path(__file__).with_name("forking_server.py")


@dataclass(frozen=True, slots=True)
class Forked:
    """A process from which commands are forked."""

    process: subprocess.Popen[str]

    def run(self, words: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a command as `python -m monitor` does, in `folder`, with nothing to read on its standard input."""
        args = [sys.executable, "-m", "monitor", *words]
        sys.audit("subprocess.Popen", args[0], args, str(folder), None)  # as if it was started: see tests/conftest.py
        with tempfile.TemporaryDirectory(prefix="monitor-forked-") as name:
            out, err = Path(name) / "out", Path(name) / "err"
            status = self._ask({"words": list(words), "folder": str(folder), "out": str(out), "err": str(err)})
            return subprocess.CompletedProcess(args, status, out.read_text("utf-8"), err.read_text("utf-8"))

    def _ask(self, order: Mapping[str, object]) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def forking(environ: Mapping[str, str]) -> Iterator[Forked]:
    """Import the program that PYTHONPATH of `environ` names, for commands that all have this environment."""
    with subprocess.Popen(
        [sys.executable, "-P", str(SERVER)], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Forked(process)
