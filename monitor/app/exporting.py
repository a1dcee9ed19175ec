"""Export the sources for feed readers, and the archive for other programs."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TextIO

from monitor.config import Config
from monitor.config.syntax import read_source_tables
from monitor.errors import UsageError
from monitor.interchange import OpmlExport, export_opml
from monitor.model import ArchivedArticle
from monitor.store import Store
from monitor.text.safe import csv_cell

Format = Literal["jsonl", "csv"]

COLUMNS: Final = (
    "address", "url", "title", "text", "published", "precision", "language", "sources", "rules", "story", "first_seen",
)  # fmt: skip

_MAX_DAYS: Final = 36_500  # days

WriteArticle = Callable[[Mapping[str, Any]], object]


def export_sources(config: Config) -> OpmlExport:
    """Return the sources of the configuration's file as OPML. Raises ConfigError if the file cannot be read."""
    return export_opml(read_source_tables(config.path))


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles to export: those first seen since a time, and those that a rule matched.

    None means no condition.
    """

    since: dt.datetime | None = None
    rule: str | None = None


def filter_articles(config: Config, now: dt.datetime, *, days: int | None, rule: str | None) -> ArticleFilter:
    """Return a filter for articles of the last `days` that `rule` matched. Raises UsageError for an unknown rule."""
    known = [one.name for one in config.rules]
    if rule is not None and rule not in known:
        raise UsageError(f'no rule is called "{rule}"; rules are: {", ".join(known)}', argument="rule")
    return ArticleFilter(None if days is None else now - dt.timedelta(days=min(days, _MAX_DAYS)), rule)


def export_articles(store: Store, article_filter: ArticleFilter, stream: TextIO, format_: Format) -> int:
    """Write the articles that pass the filter to `stream`, and return their number."""
    write = _csv_writer(stream) if format_ == "csv" else _json_lines_writer(stream)
    count = 0
    for archived in store.archived_articles(since=article_filter.since, rule=article_filter.rule):
        write(_article_data(archived))
        count += 1
    return count


def _json_lines_writer(stream: TextIO) -> WriteArticle:
    return lambda article: stream.write(json.dumps(article, ensure_ascii=False) + "\n")


def _csv_writer(stream: TextIO) -> WriteArticle:
    """Write the names of the columns as the first row, and return a function that writes an article as a row."""
    writer = csv.writer(stream, lineterminator="\r\n")  # RFC 4180
    writer.writerow(COLUMNS)

    def write(article: Mapping[str, Any]) -> None:
        cells = (", ".join(value) if isinstance(value, list) else value for value in article.values())
        writer.writerow(["" if cell is None else csv_cell(str(cell)) for cell in cells])

    return write


def _article_data(archived: ArchivedArticle) -> dict[str, object]:
    article = archived.article
    values = (
        archived.address,
        article.url,
        article.title,
        article.text,
        article.published.at.isoformat() if article.published else None,
        article.published.precision if article.published else None,
        article.language,
        list(archived.sources),
        list(archived.rules),
        archived.story_id,
        archived.first_seen_at.isoformat(),
    )
    return dict(zip(COLUMNS, values, strict=True))
