"""The command line: parses arguments, calls `app`, prints. Commands import slow modules late, so help is quick."""

from monitor.cli.main import main

__all__ = ["main"]
