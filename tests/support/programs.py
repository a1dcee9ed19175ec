"""Which child processes of tests are programs on the real clock."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path


def runs_on_the_real_clock(command: Sequence[str | bytes | os.PathLike[str]]) -> bool:
    """Return whether it is `monitor run`, or `monitor once` without `--now`, by either name of the program."""
    words = [os.fsdecode(word) for word in command]
    is_monitor = Path(words[0]).name == "monitor" or ("-m", "monitor") in pairwise(words)
    return is_monitor and ("run" in words or ("once" in words and "--now" not in words))
