"""The command line: parses, calls app, prints. Heavy parts are imported inside commands, so that help is quick."""

from monitor.cli.main import main

__all__ = ["main"]
