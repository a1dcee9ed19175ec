"""The entry point: errors → messages and exit statuses."""

from __future__ import annotations

import sys
from typing import NoReturn

from monitor.cli.app import app
from monitor.cli.common import ATTENTION, WRONG, mask, masked
from monitor.errors import MonitorError, UserError


def main() -> NoReturn:
    """Run the command that the arguments name, and exit.

    0: done. 1: done, but something needs attention, or it could not be done. 2: the user's input is wrong.
    """
    mask()
    try:
        app()
    except UserError as error:
        _tell(error)
        sys.exit(WRONG)
    except MonitorError as error:
        _tell(error)
        sys.exit(ATTENTION)
    sys.exit(0)


def _tell(error: MonitorError) -> None:
    from monitor.text.safe import terminal

    sys.stderr.write("\n".join(terminal(line) for line in masked(str(error)).splitlines()) + "\n")
