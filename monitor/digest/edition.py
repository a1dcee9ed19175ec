"""Pending matches → an edition: an item for each story, under its first rule, with the sentence that matched.

An edition ↔ text: JSON in ASCII, so that any database takes any title. What was dumped loads unchanged. The mapping is
written out because pydantic's is not equal: it cannot dump a lone surrogate, cannot read an offset with seconds, and
returns times in a class of zones of its own.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final, get_args

from monitor.digest.subscription import Digest
from monitor.model import (
    AlternateLink,
    Coverage,
    Edition,
    Excerpt,
    Group,
    Item,
    Moment,
    Pending,
    Precision,
    SourceIssue,
    Span,
    Window,
)
from monitor.text.sentences import sentence_at

EXCERPT: Final = 300
"""The longest excerpt, in code points."""

LOOKED_AT: Final = 40
"""So many places of one article are compared for the most telling sentence."""

VERSION: Final = 1
"""Of the text of an edition."""

Json = dict[str, Any]

_NEAR: Final = 80
_ENDS: Final = frozenset(".!?。！？；…")
_CLOSERS: Final = "”’」』）】》〉\"')]}»"


def build_edition(
    digest: Digest, window: Window, pending: Sequence[Pending], coverage: Coverage, now: dt.datetime
) -> Edition:
    """Build the edition of `digest` for `window`, at `now`. Every pending story is in it exactly once.

    The digest's rules give the order of the groups; a rule that is pending but no longer among them comes last. Within
    a group the newest item comes first. The order of `pending` makes no difference.
    """
    stories = defaultdict(list)
    for found in pending:
        stories[found.story_id].append(found)
    unlisted = {match.rule for found in pending for match in found.matches} - set(digest.rules)
    order = (*dict.fromkeys(digest.rules), *sorted(unlisted))
    items = sorted(
        (_item(members, order) for members in stories.values()),
        key=lambda item: (-(item.published.at if item.published else item.seen).timestamp(), item.story_id),
    )
    groups = (Group(rule, tuple(item for item in items if item.rules[0] == rule)) for rule in order)
    shown = tuple(group for group in groups if group.items)
    return Edition(digest.name, window, now, digest.timezone, shown, coverage)


def _item(members: list[Pending], order: Sequence[str]) -> Item:
    """Return one story, as the article says it that was seen first."""
    members = sorted(members, key=lambda member: (member.seen, member.article_id))
    first = members[0]
    article = first.article
    matched = {match.rule for member in members for match in member.matches}
    if not matched:
        raise ValueError(f"story {first.story_id} is pending without a match")
    spans = [span for match in first.matches for span in match.spans]
    marks = [(span.start, span.end) for span in spans if span.field == "title"]
    title = normalize_excerpt(article.title, marks, 0, len(article.title))
    return Item(
        story_id=first.story_id,
        article_id=first.article_id,
        title=title.text,
        url=article.url,
        source=first.source,
        seen=first.seen,
        title_marks=title.marks,
        published=article.published,
        language=article.language,
        excerpt=_excerpt(article.text, spans),
        rules=tuple(rule for rule in order if rule in matched),
        alternates=_alternates(members),
        backfilled=all(member.backfilled for member in members),
    )


def _alternates(members: list[Pending]) -> tuple[AlternateLink, ...]:
    """Return where else the story is, each address of a source once, in the order in which they were seen."""
    first = members[0]
    alternates = [AlternateLink(member.article.title, member.article.url, member.source) for member in members]
    alternates += [link for member in members for link in member.alternates]
    places: dict[tuple[str, str], AlternateLink] = {}
    for link in alternates:
        places.setdefault((link.source, link.url), link)
    del places[first.source, first.article.url]
    return tuple(places.values())


def _excerpt(text: str, spans: Sequence[Span]) -> Excerpt | None:
    """Return the sentence with most of the matched terms, the first of several; the opening if no term is in the text.

    An ellipsis shows where it begins or ends within a sentence.
    """
    if not text.strip():
        return None
    places = sorted((span for span in spans if span.field == "text"), key=lambda span: (span.start, span.end))
    opening = len(text) - len(text.lstrip())
    bounds = [sentence_at(text, span.start, span.end, EXCERPT) for span in places[:LOOKED_AT]]
    start, end = max(
        bounds or [sentence_at(text, opening, opening + 1, EXCERPT)],
        key=lambda bound: (
            len({span.term for span in places if bound[0] <= span.start and span.end <= bound[1]}),
            -bound[0],
        ),
    )
    sentence = normalize_excerpt(text, [(span.start, span.end) for span in places], start, end)
    lead = "… " if _runs_on(text, start) else ""
    tail = " …" if _runs_on(text, end) else ""
    marks = tuple((first + len(lead), last + len(lead)) for first, last in sentence.marks)
    return Excerpt(f"{lead}{sentence.text}{tail}", marks)


def _runs_on(text: str, at: int) -> bool:
    """Return whether a sentence goes on across the position `at`."""
    before, after = text[max(0, at - _NEAR) : at], text[at : at + _NEAR]
    blank = before[len(before.rstrip()) :] + after[: len(after) - len(after.lstrip())]
    if not before.strip() or not after.strip() or blank.splitlines() not in ([], [blank]):
        return False
    return before.rstrip().rstrip(_CLOSERS)[-1:] not in _ENDS


def normalize_excerpt(text: str, marks: Iterable[tuple[int, int]], start: int, end: int) -> Excerpt:
    """Return `text[start:end]` with each run of blanks as one blank and none at the ends.

    `marks` are half-open pairs of code points. They stay on their characters, without the blanks at their ends.
    """
    kept: list[str] = []
    places = []  # places[i]: where text[start + i] went
    for character in text[start:end]:
        places.append(len(kept))
        if not character.isspace():
            kept.append(character)
        elif kept and kept[-1] != " ":
            kept.append(" ")
    places.append(len(kept))
    shown = "".join(kept).rstrip(" ")
    moved = []
    for first, last in _merge(marks, start, end):
        marked = shown[places[first - start] : places[last - start]]
        begin = places[first - start] + len(marked) - len(marked.lstrip(" "))
        moved.append((begin, begin + len(marked.strip(" "))))
    return Excerpt(shown, _merge(moved, 0, len(shown)))


def _merge(marks: Iterable[tuple[int, int]], start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return those parts of `marks` that are in `[start, end)`, sorted; what overlaps or touches becomes one."""
    found: list[tuple[int, int]] = []
    for first, last in sorted((max(a, start), min(b, end)) for a, b in marks):
        if first >= last:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


# --- as text


def dump(edition: Edition) -> str:
    """Return the edition as one line of JSON. Times keep their offset, not the name of their zone."""
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
    """Read an edition that was dumped. Raises ValueError when `text` is none, or of a later version of this program."""
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
        "also": [{"title": link.title, "url": link.url, "source": link.source} for link in item.alternates],
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
                SourceIssue(
                    issue["source"],
                    issue["reason"],
                    _moment(issue["since"]) if issue["since"] else None,
                    blind=bool(issue.get("blind", False)),  # older editions do not say
                    gap=bool(issue.get("gap", False)),
                )
                for issue in coverage["troubles"]
            ),
            _moment(coverage["restored_at"]) if "restored_at" in coverage else None,
        ),
        problems=tuple(data.get("problems", ())),
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
        alternates=tuple(AlternateLink(link["title"], link["url"], link["source"]) for link in data["also"]),
        backfilled=bool(data.get("backfilled", False)),  # older editions do not say
    )


def _marks(pairs: list[list[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in pairs)


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
