"""The entry point, which turns errors into messages and exit statuses."""

from __future__ import annotations

import sys
from typing import NoReturn

from monitor.cli.app import app
from monitor.cli.common import EXIT_ATTENTION, EXIT_WRONG_INPUT, apply_masks, collect_garbage_rarely, set_masks
from monitor.errors import MonitorError, UserError


def main() -> NoReturn:
    """Run the command that the arguments name, and exit.

    The exit status is 0 if all is well, 1 if something needs attention or could not be done, and 2 for wrong input.
    """
    set_masks()
    collect_garbage_rarely()
    try:
        app()
    except UserError as error:
        _print_monitor_error(error)
        sys.exit(EXIT_WRONG_INPUT)
    except MonitorError as error:
        _print_monitor_error(error)
        sys.exit(EXIT_ATTENTION)
    sys.exit(0)


def _print_monitor_error(error: MonitorError) -> None:
    from monitor.text.safe import terminal_text

    sys.stderr.write("\n".join(terminal_text(line) for line in apply_masks(str(error)).splitlines()) + "\n")
