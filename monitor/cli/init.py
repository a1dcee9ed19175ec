"""`monitor init`: write a first sources.toml for a new user."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from monitor.cli.common import EXIT_DONE, finish, print_error, show, with_count
from monitor.errors import UsageError

T = TypeVar("T")


def init(
    *,
    folder: Annotated[
        Path, typer.Argument(metavar="[FOLDER]", help="Where to write it.", show_default="here")
    ] = Path(),
    group: Annotated[
        list[str] | None,
        typer.Option("--group", metavar="G", help="Watch this group of the catalogue. May be repeated."),
    ] = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="K", help="How to send you digests: email, slack, file …")
    ] = None,
    to: Annotated[
        list[str] | None, typer.Option("--to", metavar="ADDRESS", help="The address to send mail to. May be repeated.")
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="T", help='When the digest is sent, as in "08:00".')] = None,
    timezone: Annotated[
        str | None, typer.Option("--timezone", metavar="Z", help="Your zone. [default: the machine's]")
    ] = None,
) -> None:
    """Write a small sources.toml of your own from groups of the catalogue.

    At a terminal, it asks for everything that is not given as an option. It never overwrites an existing file.
    """
    from monitor.app import init as use

    path = use.free_path(folder)
    if _is_at_terminal() and not group:
        print_error(f"This writes {path}. Groups of sources in the catalogue:")
        for name, holds in use.GROUPS.items():
            print_error(f"  {name:<12} {holds}")
    groups = tuple(group or ()) or _ask(
        "Which groups, with commas between", ", ".join(use.DEFAULT_GROUPS), lambda text: use.check_groups(_parts(text))
    )
    kinds = ", ".join(use.STARTERS)
    kind = (
        use.check_channel(channel) if channel else _ask(f"How to send you digests ({kinds})", "file", use.check_channel)
    )
    addresses = tuple(to or ())
    if use.has_recipients(kind) and not addresses and _is_at_terminal():
        addresses = _ask("To which addresses, with commas between", None, _parts)
    when = at or _ask("When to send the daily digest", "08:00", use.check_at)
    zone = timezone or _ask("Your time zone", use.machine_timezone(), use.check_zone)
    written = use.write_first_config(folder, use.FirstConfig(groups, kind, addresses, when, zone))
    listed = (
        f"{with_count(written.sources, 'source')}, {with_count(written.rules, 'rule')}, a digest at {when} by {kind}"
    )
    print_error(f"wrote {written.path}: {listed}; next:")
    show("\n".join(f"  {step}" for step in use.next_steps(written)))
    finish(EXIT_DONE)


def _ask(question: str, default: str | None, check: Callable[[str], T]) -> T:
    """Ask at the terminal until the answer is valid, and return the answer. Without a terminal, return the default."""
    while True:
        answer = typer.prompt(question, default=default, err=True) if _is_at_terminal() else default or ""
        try:
            return check(answer)
        except UsageError as wrong:
            if not _is_at_terminal():
                raise
            print_error(wrong.what)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("，", ",").split(",") if part.strip())


def _is_at_terminal() -> bool:
    """Return whether a person at a terminal can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()
