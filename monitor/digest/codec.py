"""Convert an edition to text and back. The text is JSON in ASCII, which every database accepts.

An edition that is dumped and loaded is the same as before. Pydantic cannot guarantee that, so the conversion is written
out here: pydantic cannot dump a lone surrogate, cannot read an offset with seconds, and loads times with its own class
of time zones.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final, get_args

from monitor.model import (
    AlternateLink,
    Coverage,
    Edition,
    Excerpt,
    Group,
    Item,
    Moment,
    Precision,
    Report,
    SeeAlso,
    SentChange,
    SourceIssue,
    Window,
)

VERSION: Final = 1
"""The version of the format."""

Json = dict[str, Any]


def dump(edition: Edition) -> str:
    """Return the edition as one line of JSON. Times keep their offset from UTC, but not the name of their zone."""
    window, coverage = edition.window, edition.coverage
    data = {
        "version": VERSION,
        "digest": edition.digest,
        "window": {"start": window.start.isoformat(), "end": window.end.isoformat(), "slot": window.slot},
        "built_at": edition.built_at.isoformat(),
        "timezone": edition.timezone,
        "groups": [
            {"rule": group.rule, "items": [_item_value(item) for item in group.items]} for group in edition.groups
        ],
        **({"problems": list(edition.problems)} if edition.problems else {}),
        **({"left_out": edition.left_out} if edition.left_out else {}),
        **({"changes": [_change_value(change) for change in edition.changes]} if edition.changes else {}),
        **({"left_out_before": edition.left_out_before} if edition.left_out_before else {}),
        "coverage": {
            "sources": coverage.sources,
            **({"restored_at": coverage.restored_at.isoformat()} if coverage.restored_at else {}),
            "troubles": [
                {
                    "source": issue.source,
                    "reason": issue.reason,
                    "since": issue.since and issue.since.isoformat(),
                    "blind": issue.blind,
                    "gap": issue.gap,
                }
                for issue in coverage.issues
            ],
        },
    }
    return json.dumps(data, separators=(",", ":"))


def load(text: str) -> Edition:
    """Return the edition that was dumped as `text`.

    Raises ValueError if `text` is not a dumped edition, or if a later version of this program has dumped it.
    """
    try:
        data = json.loads(text)
        if data["version"] != VERSION:
            raise ValueError(f"an edition of version {data['version']}; this program reads version {VERSION}")
        return _load_edition(data)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not an edition: {error!r}") from error


def _item_value(item: Item) -> Json:
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
        "also": [_link_value(link) for link in item.alternates],
        "backfilled": item.backfilled,
        **({"reports": [_report_value(report) for report in item.reports]} if item.reports else {}),
        **({"first_seen": _report_value(item.first_seen)} if item.first_seen else {}),
        **({"more_on": item.more_on} if item.more_on is not None else {}),
        **({"copies": item.copies} if item.copies else {}),
        **({"at_once": True} if item.at_once else {}),
        **({"see_also": [_see_also_value(other) for other in item.see_also]} if item.see_also else {}),
    }


def _see_also_value(other: SeeAlso) -> Json:
    return {
        "article": other.article_id,
        "title": other.title,
        "url": other.url,
        "source": other.source,
        "reason": other.reason,
        **({"sent_before": True} if other.sent_before else {}),
    }


def _change_value(change: SentChange) -> Json:
    return {
        "article": change.article_id,
        "title": change.title,
        "url": change.url,
        "source": change.source,
        "at": change.at.isoformat(),
        "words": change.words,
        "also": [_link_value(link) for link in change.alternates],
    }


def _link_value(link: AlternateLink) -> Json:
    return {"title": link.title, "url": link.url, "source": link.source}


def _report_value(report: Report) -> Json:
    return {
        "article": report.article_id,
        "title": report.title,
        "url": report.url,
        "source": report.source,
        "seen": report.seen.isoformat(),
        "also": [_link_value(link) for link in report.alternates],
        "copies": report.copies,
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
                SourceIssue(
                    issue["source"],
                    issue["reason"],
                    _moment(issue["since"]) if issue["since"] else None,
                    blind=bool(issue.get("blind", False)),  # missing in older editions
                    gap=bool(issue.get("gap", False)),
                )
                for issue in coverage["troubles"]
            ),
            _moment(coverage["restored_at"]) if "restored_at" in coverage else None,
        ),
        problems=tuple(data.get("problems", ())),
        left_out=data.get("left_out", 0),
        changes=tuple(map(_load_change, data.get("changes", ()))),
        left_out_before=data.get("left_out_before", 0),
    )


def _load_item(data: Json) -> Item:
    published, excerpt = data["published"], data["excerpt"]
    if published and published["precision"] not in get_args(Precision):
        raise ValueError(f"not a precision: {published['precision']!r}")
    return Item(
        story_id=data["story"],
        article_id=data["article"],
        title=data["title"],
        url=data["url"],
        source=data["source"],
        seen=_moment(data["seen"]),
        title_marks=_marks(data["title_marks"]),
        published=Moment(_moment(published["at"]), published["precision"]) if published else None,
        language=data["language"],
        excerpt=Excerpt(excerpt["text"], _marks(excerpt["marks"])) if excerpt else None,
        rules=tuple(data["rules"]),
        alternates=_load_links(data["also"]),
        backfilled=bool(data.get("backfilled", False)),  # missing in older editions
        reports=tuple(map(_load_report, data.get("reports", ()))),
        first_seen=_load_report(data["first_seen"]) if "first_seen" in data else None,
        more_on=data.get("more_on"),
        copies=data.get("copies", 0),
        see_also=tuple(
            SeeAlso(
                other["article"],
                other["title"],
                other["url"],
                other["source"],
                other["reason"],
                bool(other.get("sent_before", False)),
            )
            for other in data.get("see_also", ())
        ),
        at_once=data.get("at_once", False),
    )


def _load_change(data: Json) -> SentChange:
    return SentChange(
        article_id=data["article"],
        title=data["title"],
        url=data["url"],
        source=data["source"],
        at=_moment(data["at"]),
        words=data["words"],
        alternates=_load_links(data["also"]),
    )


def _load_report(data: Json) -> Report:
    return Report(
        article_id=data["article"],
        title=data["title"],
        url=data["url"],
        source=data["source"],
        seen=_moment(data["seen"]),
        alternates=_load_links(data["also"]),
        copies=data["copies"],
    )


def _load_links(data: list[Json]) -> tuple[AlternateLink, ...]:
    return tuple(AlternateLink(link["title"], link["url"], link["source"]) for link in data)


def _marks(pairs: list[list[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in pairs)


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
