"""The command line: it parses arguments, calls `app`, and prints. Commands import slow modules late: help is fast."""

from monitor.cli.main import main

__all__ = ["main"]
