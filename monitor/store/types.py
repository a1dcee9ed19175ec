"""Column types: times that are always aware, texts that every database takes, keys that every index takes."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from typing import Any, Final

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from monitor.clock import aware

# PostgreSQL refuses NUL in a text, and no database takes half a surrogate pair: it has no UTF-8 form.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
# A PostgreSQL B-tree refuses keys above about 2,700 bytes; a code point takes at most 4 of them.
_LONGEST_KEY: Final = 500
_KEPT_OF_KEY: Final = 200


def clean(text: str) -> str:
    """Return `text` with what no database takes replaced, one code point for one: spans into it stay valid."""
    return _UNSTORABLE.sub(_REPLACEMENT, text)


def indexable(text: str) -> str:
    """Return `text` as the key of an index: itself, or its start and its hash if it is too long."""
    text = clean(text)
    if len(text) <= _LONGEST_KEY:
        return text
    return f"{text[:_KEPT_OF_KEY]}#sha256:{hashlib.sha256(text.encode()).hexdigest()}"


class UtcTime(TypeDecorator[dt.datetime]):
    """An aware time. Naive ones are refused; what comes back is in UTC, on SQLite too, which keeps no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Convert to UTC. Raises ValueError for a naive time."""
        if value is None:
            return None
        at = aware(value)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Convert from UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if dialect.name == "sqlite" else value.astimezone(dt.UTC)


class CleanText(TypeDecorator[str]):
    """A text from outside: cleaned on its way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """See `clean`."""
        return None if value is None else clean(value)


class JsonText(TypeDecorator[Any]):
    """A small value as JSON in a text column, alike on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Convert to readable JSON."""
        return None if value is None else clean(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's
        """Convert from JSON."""
        return None if value is None else json.loads(value)
