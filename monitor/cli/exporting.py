"""`monitor export`: export the sources for feed readers, or the archive for other programs."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TextIO

import typer

from monitor.cli.common import EXIT_ATTENTION, EXIT_DONE, ConfigOption, finish, load_config, print_error, with_count
from monitor.clock import SystemClock
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.config import Config


def export(
    format: Annotated[  # noqa: A002 - the name of the option
        Literal["opml", "jsonl", "csv"], typer.Option("--format", help="opml: the sources. jsonl, csv: the archive.")
    ] = "opml",
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write to this file instead of standard output.")
    ] = None,
    days: Annotated[
        int | None, typer.Option("--days", min=1, metavar="N", help="Only articles first seen in the last N days.")
    ] = None,
    rule: Annotated[
        str | None, typer.Option("--rule", metavar="NAME", help="Only articles for which this rule held.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Export the sources as OPML, or the articles of the archive."""
    loaded = load_config(config, without_secrets=True)
    if format == "opml":
        if days is not None or rule is not None:
            raise UsageError("--days and --rule choose articles; write --format jsonl or --format csv with them")
        finish(_sources(loaded, output))
    from monitor.app.exporting import export_articles, filter_articles
    from monitor.app.opening import open_store

    with _open_output(output, mark=format == "csv") as stream:
        clock = SystemClock()
        choice = filter_articles(loaded, clock.now(), days=days, rule=rule)
        with open_store(loaded, clock, create=False) as store:
            count = export_articles(store, choice, stream, format)
    if output is not None:
        print_error(f"{output}: {with_count(count, 'article')}")
    finish(EXIT_DONE)


def _sources(loaded: Config, output: Path | None) -> int:
    from monitor.app.exporting import export_sources

    exported = export_sources(loaded)
    for note in exported.notes:
        print_error(f"note: {note}")
    with _open_output(output) as stream:
        stream.write(exported.text)
    if output is not None:
        print_error(f"{output}: {with_count(exported.sources, 'source')}")
    return EXIT_ATTENTION if exported.left_out else EXIT_DONE


@contextlib.contextmanager
def _open_output(output: Path | None, *, mark: bool = False) -> Iterator[TextIO]:
    """Open the output of the export. An output file appears only when it is complete.

    With `mark`, the UTF-8 byte order mark is written first, which Excel needs.
    """
    if output is None:
        with _ignore_closed_pipe():
            yield sys.stdout
        return
    from secrets import token_hex  # it takes 5 ms to import

    unfinished = output.with_name(f".{output.name}.{token_hex(4)}.new")
    try:
        with unfinished.open("x", encoding="utf-8-sig" if mark else "utf-8", newline="") as stream:
            yield stream
        unfinished.replace(output)
    except OSError as error:
        raise UsageError(f"{output}: {error.strerror}; name a file that can be written") from None
    finally:
        unfinished.unlink(missing_ok=True)


@contextlib.contextmanager
def _ignore_closed_pipe() -> Iterator[None]:
    """End without an error if the program that reads our pipe stops reading."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # discard what is still buffered
        finish(EXIT_DONE)
