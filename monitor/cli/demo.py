"""`monitor demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.common import EXIT_ATTENTION, EXIT_DONE, finish, show
from monitor.clock import SystemClock
from monitor.errors import UsageError


def demo(
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="Where the digest's HTML goes.")] = Path(
        "monitor-demo.html"
    ),
) -> None:
    """Run the whole job on a small sample site, with no network and no set-up."""
    from monitor import log
    from monitor.demo import run_demo

    log.configure("warning")
    # Find out before the work whether the file can be written.
    try:
        output.touch()
    except OSError as error:
        what = f"{output} cannot be written ({error.strerror}); name a file in a folder that exists"
        raise UsageError(what, argument="output") from None
    result = run_demo(SystemClock(), output, show)
    finish(EXIT_DONE if result.succeeded else EXIT_ATTENTION)
