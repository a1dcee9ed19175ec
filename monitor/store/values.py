"""Convert values for the database: column types, and rows to model objects and back.

Times always have a timezone. Texts are cleaned so that every database accepts them, and keys are short enough for every
index.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import DateTime, Dialect, Row, Text
from sqlalchemy.types import TypeDecorator

from monitor.clock import to_utc
from monitor.model import (
    Activity,
    Article,
    DayOfPolls,
    Decision,
    Difference,
    EditionReport,
    KnownEntry,
    Match,
    Moment,
    PollRecord,
    SourceState,
    Span,
    Validators,
    Window,
)
from monitor.store.endpoints import endpoint_of, endpoint_values
from monitor.store.hints import hints_of, hints_value

T = TypeVar("T")
_CHUNK_SIZE: Final = 500  # maximum number of values in an IN list; databases accept some thousands of parameters
_MIN_TIME: Final = dt.datetime.min.replace(tzinfo=dt.UTC)
_MAX_TIME: Final = dt.datetime.max.replace(tzinfo=dt.UTC)
# PostgreSQL refuses NUL in a text. All databases refuse half a surrogate pair, because it has no UTF-8 form.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
# A PostgreSQL B-tree refuses keys above about 2,700 bytes; a code point takes at most 4 of them.
_MAX_KEY: Final = 500
_KEY_PREFIX: Final = 200


def clean_text(text: str) -> str:
    """Return `text` with each character that databases refuse replaced by one other, so that spans stay valid."""
    return _UNSTORABLE.sub(_REPLACEMENT, text)


def index_key(text: str) -> str:
    """Return `text` in the form for an index: unchanged or, if it is too long, its start and its hash."""
    text = clean_text(text)
    if len(text) <= _MAX_KEY:
        return text
    return f"{text[:_KEY_PREFIX]}#sha256:{hashlib.sha256(text.encode()).hexdigest()}"


class UtcTime(TypeDecorator[dt.datetime]):
    """A time with a timezone. Times without a timezone are refused. Times that are read are in UTC.

    SQLite does not store timezones.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Convert to UTC. Raises ValueError for a naive time."""
        if value is None:
            return None
        at = to_utc(value)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Convert from UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if dialect.name == "sqlite" else value.astimezone(dt.UTC)


class CleanText(TypeDecorator[str]):
    """A text that may come from outside. It is cleaned when it is written."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Clean the text; see `clean_text`."""
        return None if value is None else clean_text(value)


class JsonText(TypeDecorator[Any]):
    """A small value that is stored as JSON in a text column, in the same way on SQLite and PostgreSQL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Convert to readable JSON."""
        return None if value is None else clean_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's
        """Convert from JSON."""
        return None if value is None else json.loads(value)


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """Return `values` in lists that are small enough for one SQL statement: in order, without repetitions."""
    unique = list(dict.fromkeys(values))
    return (unique[start : start + _CHUNK_SIZE] for start in range(0, len(unique), _CHUNK_SIZE))


def moment_values(moment: Moment | None) -> dict[str, Any]:
    """Return the column values of a moment of publication. The time is stored in UTC, its offset in seconds."""
    if moment is None:
        return {"published_at": None, "published_offset": None, "published_precision": None}
    offset = moment.at.utcoffset() or dt.timedelta()
    try:
        at = moment.at.astimezone(dt.UTC)
    except OverflowError:  # the time in UTC would be outside the calendar: use the end of the calendar
        at = _MIN_TIME if offset > dt.timedelta() else _MAX_TIME
    return {
        "published_at": at,
        "published_offset": int(offset.total_seconds()),
        "published_precision": moment.precision,
    }


def moment_of(row: Any) -> Moment | None:
    """Return the moment of publication, from the row of an article. It has the offset that was stated."""
    if row.published_at is None:
        return None
    zone = dt.timezone(dt.timedelta(seconds=row.published_offset))
    return Moment(row.published_at.astimezone(zone), row.published_precision)


def article_of(row: Row[Any]) -> Article:
    """Return an article from its row."""
    return Article(
        url=row.url,
        title=row.title,
        text=row.text,
        published=moment_of(row),
        language=row.language,
        site=row.site,
        authors=tuple(row.authors),
        dated_by=row.dated_by or "",
        origin=row.origin,
    )


def spans_value(match: Match) -> list[list[str | int]]:
    """Return the spans of a match in the form in which they are stored."""
    return [[span.field, span.start, span.end, clean_text(span.term)] for span in match.spans]


def match_of(row: Row[Any]) -> Match:
    """Return a match from its row."""
    return Match(row.rule, tuple(Span(*span) for span in row.spans))


def state_values(state: SourceState) -> dict[str, Any]:
    """Return the column values of the state of a source, without name and address, which are configured."""
    return {
        "etag": state.validators.etag,
        "last_modified": state.validators.last_modified,
        "body_hash": state.validators.body_hash,
        "polls": state.polls,
        "failures": state.failures,
        "interval_seconds": None if state.interval is None else state.interval.total_seconds(),
        "next_poll_at": state.next_poll_at,
        "last_polled_at": state.last_polled_at,
        "last_success_at": state.last_success_at,
        "last_new_at": state.last_new_at,
        "last_error": state.last_error,
        "paused": state.paused,
        "page_failures": state.page_failures,
        "gap_since": state.gap_since,
        "empty_answers": state.empty_answers,
        "cut_hash": state.cut_hash,
        "cut_since": state.cut_since,
        "storm_since": state.storm_since,
        "activity": None if state.activity is None else state.activity.encoded(),
        "newest_at": state.newest_at,
        "quiet_check_at": state.quiet_check_at,
        "unmodified_since": state.unmodified_since,
        "days": state.days or None,
        "moved_to": state.moved_to,
        "moved_answers": state.moved_answers,
        "poll_hints": hints_value(state.hints),
        "obeys_robots": state.obeys_robots,
        **endpoint_values(state.found),
    }


def state_of(row: Row[Any]) -> SourceState:
    """Return the state of a source, from its row."""
    seconds = row.interval_seconds
    return SourceState(
        id=row.id,
        name=row.name,
        url=row.url,
        validators=Validators(row.etag, row.last_modified, row.body_hash),
        polls=row.polls,
        failures=row.failures,
        interval=None if seconds is None else dt.timedelta(seconds=seconds),
        next_poll_at=row.next_poll_at,
        last_polled_at=row.last_polled_at,
        last_success_at=row.last_success_at,
        last_new_at=row.last_new_at,
        last_error=row.last_error,
        paused=row.paused,
        added_at=row.added_at,
        page_failures=row.page_failures or 0,
        gap_since=row.gap_since,
        found=endpoint_of(row),
        empty_answers=row.empty_answers or 0,
        cut_hash=row.cut_hash,
        cut_since=row.cut_since,
        storm_since=row.storm_since,
        activity=None if row.activity is None else Activity.decoded(row.activity),
        newest_at=row.newest_at,
        quiet_check_at=row.quiet_check_at,
        unmodified_since=row.unmodified_since,
        days=tuple(DayOfPolls(*one) for one in row.days or ()),
        moved_to=row.moved_to,
        moved_answers=row.moved_answers or 0,
        hints=hints_of(row.poll_hints),
        obeys_robots=row.obeys_robots or False,
    )


def decision_value(decision: Decision) -> list[str]:
    """Return a decision in the form in which it is stored."""
    return [clean_text(decision.kind), clean_text(decision.reason)]


def decision_of(value: Sequence[str] | None) -> Decision | None:
    """Return the decision stored as `value`; None if an early version of the program recorded no decision."""
    return None if value is None else Decision(*value)


KNOWN_ENTRY: Final = ("key", "content_hash", "article_id", "tags", "first_seen_at", "title", "page_read_at", "url")
"""The columns that `known_entry_of` needs."""


def known_entry_of(row: Any) -> KnownEntry:
    """Return an entry from its row."""
    tags = None if row.tags is None else tuple(row.tags)
    page_read = row.page_read_at is not None
    return KnownEntry(row.key, row.content_hash, row.article_id, tags, row.first_seen_at, row.title, page_read, row.url)


def differences_value(differences: Sequence[Difference]) -> list[list[str]] | None:
    """Return differences in the form in which they are stored; None if there are no differences."""
    return [[one.kind, *map(clean_text, (one.before, one.after, one.said, one.says))] for one in differences] or None


def differences_of(value: Sequence[Sequence[Any]] | None) -> tuple[Difference, ...]:
    """Return the differences stored as `value`."""
    return tuple(Difference(*one) for one in value or ())


def poll_of(row: Row[Any]) -> PollRecord:
    """Return a poll from its row."""
    return PollRecord(
        at=row.at,
        outcome=row.outcome,
        reason=row.reason,
        status=row.status,
        entries=row.entries,
        new=row.new,
        matches=row.matches,
        size=row.size,
        seconds=row.seconds,
        decisions=tuple(Decision(*each) for each in row.decisions or ()),
    )


def window_of(row: Row[Any]) -> Window:
    """Return the window of an edition, from its row."""
    return Window(row.window_start, row.window_end, row.slot)


def edition_of(row: Row[Any]) -> EditionReport:
    """Return an edition without its content, from its row."""
    return EditionReport(row.id, row.digest, window_of(row), row.built_at, row.items)
