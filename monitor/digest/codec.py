"""An edition ↔ text: JSON in ASCII, so that any database takes any title. What was dumped loads unchanged."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final, get_args

from monitor.model import Coverage, Edition, Excerpt, Group, Item, Mention, Moment, Precision, Trouble, Window

VERSION: Final = 1

Json = dict[str, Any]


def dump(edition: Edition) -> str:
    """The edition as one line of JSON. Times keep their offset, not the name of their zone."""
    return json.dumps(_edition(edition), separators=(",", ":"))


def load(text: str) -> Edition:
    """The edition that was dumped. Raises ValueError when `text` is none, or of a later version of this program."""
    try:
        data = json.loads(text)
        if data["version"] != VERSION:
            raise ValueError(f"an edition of version {data['version']}; this program reads version {VERSION}")
        return _load_edition(data)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not an edition: {error!r}") from error


def _edition(edition: Edition) -> Json:
    window, coverage = edition.window, edition.coverage
    return {
        "version": VERSION,
        "digest": edition.digest,
        "window": {"start": window.start.isoformat(), "end": window.end.isoformat(), "slot": window.slot},
        "built_at": edition.built_at.isoformat(),
        "timezone": edition.timezone,
        "groups": [{"rule": group.rule, "items": [_item(item) for item in group.items]} for group in edition.groups],
        "coverage": {
            "sources": coverage.sources,
            "troubles": [
                {
                    "source": trouble.source,
                    "reason": trouble.reason,
                    "since": _time(trouble.since),
                    "blind": trouble.blind,
                    "gap": trouble.gap,
                }
                for trouble in coverage.troubles
            ],
        },
    }


def _item(item: Item) -> Json:
    published, excerpt = item.published, item.excerpt
    return {
        "story": item.story_id,
        "article": item.article_id,
        "title": item.title,
        "url": item.url,
        "source": item.source,
        "seen": item.seen.isoformat(),
        "title_marks": item.title_marks,
        "published": published and {"at": published.at.isoformat(), "precision": published.precision},
        "language": item.language,
        "excerpt": excerpt and {"text": excerpt.text, "marks": excerpt.marks},
        "rules": item.rules,
        "also": [{"title": mention.title, "url": mention.url, "source": mention.source} for mention in item.also],
        "backfilled": item.backfilled,
    }


def _load_edition(data: Json) -> Edition:
    window, coverage = data["window"], data["coverage"]
    return Edition(
        digest=data["digest"],
        window=Window(_moment(window["start"]), _moment(window["end"]), window["slot"]),
        built_at=_moment(data["built_at"]),
        timezone=data["timezone"],
        groups=tuple(Group(group["rule"], tuple(map(_load_item, group["items"]))) for group in data["groups"]),
        coverage=Coverage(
            coverage["sources"],
            tuple(
                Trouble(
                    trouble["source"],
                    trouble["reason"],
                    _maybe_moment(trouble["since"]),
                    blind=bool(trouble.get("blind", False)),  # older editions do not say
                    gap=bool(trouble.get("gap", False)),
                )
                for trouble in coverage["troubles"]
            ),
        ),
    )


def _load_item(data: Json) -> Item:
    published, excerpt = data["published"], data["excerpt"]
    return Item(
        story_id=data["story"],
        article_id=data["article"],
        title=data["title"],
        url=data["url"],
        source=data["source"],
        seen=_moment(data["seen"]),
        title_marks=_marks(data["title_marks"]),
        published=Moment(_moment(published["at"]), _precision(published["precision"])) if published else None,
        language=data["language"],
        excerpt=Excerpt(excerpt["text"], _marks(excerpt["marks"])) if excerpt else None,
        rules=tuple(data["rules"]),
        also=tuple(Mention(mention["title"], mention["url"], mention["source"]) for mention in data["also"]),
        backfilled=bool(data.get("backfilled", False)),  # older editions do not say
    )


def _marks(pairs: list[list[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in pairs)


def _precision(word: str) -> Precision:
    if word not in get_args(Precision):
        raise ValueError(f"not a precision: {word!r}")
    return word  # type: ignore[return-value]  # just checked against the literal


def _time(at: dt.datetime | None) -> str | None:
    return at.isoformat() if at else None


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _maybe_moment(text: str | None) -> dt.datetime | None:
    return _moment(text) if text else None
