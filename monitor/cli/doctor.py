"""`monitor doctor`: check the installation, from the configuration to the channels."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from monitor.cli.common import (
    EXIT_ATTENTION,
    EXIT_DONE,
    EXIT_WRONG_INPUT,
    ConfigOption,
    JsonOption,
    finish,
    set_up_log,
    show,
    show_json,
)
from monitor.clock import SystemClock

if TYPE_CHECKING:
    from monitor.app.doctor import Check

_WORDS: Final = {"ok": "ok", "warning": "warning", "failed": "FAILED"}


def doctor(
    send: Annotated[
        bool, typer.Option("--send", help="Send a test message through each channel, to all its recipients.")
    ] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Check the installation: configuration, database, clock, DNS, channels.

    Each check gives one line: ok, warning or FAILED. Nothing is changed, and nothing is sent without --send.
    """
    from monitor.app.doctor import examine, load_for_examination
    from monitor.config import environment

    loaded, wrong = load_for_examination(config, environment())
    set_up_log(loaded.secrets if loaded else (), loaded.timezone if loaded else "UTC")
    checks = []
    for check in examine(loaded, wrong, SystemClock(), send=send):
        checks.append(check)
        if not json:
            show(_line(check))
            sys.stdout.flush()
    if json:
        show_json({"ok": exit_status(checks) == EXIT_DONE, "checks": checks})
    finish(exit_status(checks))


def exit_status(checks: list[Check]) -> int:
    """Return 2 if the configuration is wrong, 1 if anything else failed, else 0. Warnings do not count."""
    failed = {check.topic for check in checks if check.state == "failed"}
    if "configuration" in failed:
        return EXIT_WRONG_INPUT
    return EXIT_ATTENTION if failed else EXIT_DONE


def _line(check: Check) -> str:
    subject = f" {check.subject}" if check.subject else ""
    remedy = f"; {check.remedy}" if check.remedy else ""
    return f"{_WORDS[check.state]:<8}{check.topic}{subject}: {check.message}{remedy}"
