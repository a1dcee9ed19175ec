"""`monitor export`: the sources for feed readers, and the archive for everything else."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import json
import os
import secrets
import sys
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, TextIO

import typer

from monitor.cli.common import ATTENTION, DONE, ConfigOption, finish, load_config, tell
from monitor.clock import SystemClock
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.model import ArchivedArticle

COLUMNS: Final = (
    "address", "url", "title", "text", "published", "precision", "language", "sources", "rules", "story", "first_seen",
)  # fmt: skip


def export(
    format: Annotated[  # noqa: A002 - the name of the option
        Literal["opml", "jsonl", "csv"], typer.Option("--format", help="opml: the sources. jsonl, csv: the archive.")
    ] = "opml",
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write it into this file instead.")
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
    loaded = load_config(config)
    if format == "opml":
        if days is not None or rule is not None:
            raise UsageError("--days and --rule choose articles; write --format jsonl or --format csv with them")
        finish(_sources(loaded, output))
    with _written(output, mark=format == "csv") as stream:
        count = _articles(loaded, stream, format, days, rule)
    if output is not None:
        tell(f"{output}: {count} article{'s' if count != 1 else ''}")
    finish(DONE)


def _sources(loaded: Config, output: Path | None) -> int:
    from monitor.config.exporting import export_opml, written_sources

    exported = export_opml(written_sources(loaded.path))
    for note in exported.notes:
        tell(f"note: {note}")
    with _written(output) as stream:
        stream.write(exported.text)
    if output is not None:
        tell(f"{output}: {exported.sources} source{'s' if exported.sources != 1 else ''}")
    return ATTENTION if exported.left_out else DONE


def _articles(loaded: Config, stream: TextIO, format_: str, days: int | None, rule: str | None) -> int:
    from monitor.app.wiring import open_store

    if rule is not None and rule not in (known := [known.name for known in loaded.rules]):
        raise UsageError(f'--rule: no rule is called "{rule}"; rules are: {", ".join(known)}')
    clock = SystemClock()
    since = clock.now() - dt.timedelta(days=min(days, 36_500)) if days is not None else None
    write = _csv(stream) if format_ == "csv" else _jsonl(stream)
    next(write)
    count = 0
    with open_store(loaded, clock, create=False) as store:
        for count, archived in enumerate(store.archived(since=since, rule=rule), start=1):  # noqa: B007 - it is returned
            write.send(_data(archived))
    return count


Sink = Generator[None, Mapping[str, object], None]


def _jsonl(stream: TextIO) -> Sink:
    """Takes articles and writes each on a line."""
    while True:
        article = yield
        stream.write(json.dumps(article, ensure_ascii=False) + "\n")


def _csv(stream: TextIO) -> Sink:
    """Takes articles and writes each in a row, below one with the names of the columns."""
    from monitor.text.safe import csv_cell

    writer = csv.writer(stream, lineterminator="\r\n")  # RFC 4180
    writer.writerow(COLUMNS)
    while True:
        article = yield
        cells = (", ".join(value) if isinstance(value, list) else value for value in article.values())
        writer.writerow(["" if cell is None else csv_cell(str(cell)) for cell in cells])


def _data(archived: ArchivedArticle) -> dict[str, object]:
    article = archived.article
    values = (
        archived.address, article.url, article.title, article.text,
        article.published.at.isoformat() if article.published else None,
        article.published.precision if article.published else None,
        article.language, list(archived.sources), list(archived.rules), archived.story_id,
        archived.first_seen_at.isoformat(),
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


@contextlib.contextmanager
def _written(output: Path | None, *, mark: bool = False) -> Iterator[TextIO]:
    """Where the export goes. A file appears when it is complete; `mark` begins it with what Excel knows UTF-8 by."""
    if output is None:
        with _piped():
            yield sys.stdout
        return
    beside = output.with_name(f".{output.name}.{secrets.token_hex(4)}.new")
    try:
        with beside.open("x", encoding="utf-8-sig" if mark else "utf-8", newline="") as stream:
            yield stream
        beside.replace(output)
    except OSError as error:
        raise UsageError(f"{output}: {error.strerror}; name a file that can be written") from None
    finally:
        beside.unlink(missing_ok=True)


@contextlib.contextmanager
def _piped() -> Iterator[None]:
    """End quietly when the reader of the pipe has seen enough."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still buffered goes nowhere
        finish(DONE)
