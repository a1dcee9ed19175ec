"""Pending matches → an edition: an item for each story, under its first rule, with the sentence that matched."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from monitor.digest.marks import excerpted
from monitor.model import Coverage, Edition, Excerpt, Group, Item, Mention, Pending, Span, Window
from monitor.text.sentences import sentence_at

EXCERPT: Final = 300
"""The longest excerpt, in code points."""

LOOKED_AT: Final = 40
"""So many places of one article are compared for the most telling sentence."""

_NEAR: Final = 80
_ENDS: Final = frozenset(".!?。！？；…")
_CLOSERS: Final = "”’」』）】》〉\"')]}»"


def build_edition(
    *,
    digest: str,
    window: Window,
    timezone: str,
    rules: Sequence[str],
    pending: Sequence[Pending],
    coverage: Coverage,
    now: dt.datetime,
) -> Edition:
    """The edition of `digest` for `window`, built at `now`. Every pending story is in it exactly once.

    `rules` is the order of the groups; a rule that is pending but no longer among them comes last. Within a group the
    newest item comes first. The order of `pending` makes no difference.
    """
    stories = defaultdict(list)
    for found in pending:
        stories[found.story_id].append(found)
    order = (*dict.fromkeys(rules), *sorted({match.rule for found in pending for match in found.matches} - set(rules)))
    items = sorted((_item(members, order) for members in stories.values()), key=_newest_first)
    groups = (Group(rule, tuple(item for item in items if item.rules[0] == rule)) for rule in order)
    return Edition(digest, window, now, timezone, tuple(group for group in groups if group.items), coverage)


def _newest_first(item: Item) -> tuple[float, int]:
    at = item.published.at if item.published else item.seen
    return -at.timestamp(), item.story_id


def _item(members: list[Pending], order: Sequence[str]) -> Item:
    """One story, told by the article that was seen first."""
    members = sorted(members, key=lambda member: (member.seen, member.article_id))
    first = members[0]
    article = first.article
    held = {match.rule for member in members for match in member.matches}
    if not held:
        raise ValueError(f"story {first.story_id} is pending without a match")
    spans = [span for match in first.matches for span in match.spans]
    title = excerpted(article.title, _marks(spans, "title"), 0, len(article.title))
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
        rules=tuple(rule for rule in order if rule in held),
        also=_also(members),
        backfilled=all(member.backfilled for member in members),
    )


def _also(members: list[Pending]) -> tuple[Mention, ...]:
    """The other places that carry the story, each once, in the order in which they were seen."""
    first = members[0]
    mentions = [Mention(member.article.title, member.article.url, member.source) for member in members]
    mentions += [mention for member in members for mention in member.also]
    places: dict[tuple[str, str], Mention] = {}
    for mention in mentions:
        places.setdefault((mention.source, mention.url), mention)
    del places[first.source, first.article.url]
    return tuple(places.values())


def _marks(spans: Iterable[Span], field: str) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in spans if span.field == field]


def _excerpt(text: str, spans: Sequence[Span]) -> Excerpt | None:
    """The sentence with most of the matched terms, the first of several; without a term in the text, its opening."""
    places = sorted((span for span in spans if span.field == "text"), key=lambda span: (span.start, span.end))
    if not text.strip():
        return None
    opening = len(text) - len(text.lstrip())
    bounds = [sentence_at(text, span.start, span.end, EXCERPT) for span in places[:LOOKED_AT]]
    start, end = max(
        bounds or [sentence_at(text, opening, opening + 1, EXCERPT)],
        key=lambda bound: (len({span.term for span in places if _within(span, bound)}), -bound[0]),
    )
    return _cut_shown(text, start, end, excerpted(text, _marks(places, "text"), start, end))


def _within(span: Span, bound: tuple[int, int]) -> bool:
    return bound[0] <= span.start and span.end <= bound[1]


def _cut_shown(text: str, start: int, end: int, excerpt: Excerpt) -> Excerpt:
    """The excerpt with an ellipsis where it begins or ends within a sentence."""
    lead = "… " if _runs_on(text, start) else ""
    tail = " …" if _runs_on(text, end) else ""
    marks = tuple((first + len(lead), last + len(lead)) for first, last in excerpt.marks)
    return Excerpt(f"{lead}{excerpt.text}{tail}", marks)


def _runs_on(text: str, at: int) -> bool:
    """Whether a sentence goes on across the place `at`."""
    before, after = text[max(0, at - _NEAR) : at], text[at : at + _NEAR]
    blank = before[len(before.rstrip()) :] + after[: len(after) - len(after.lstrip())]
    if not before.strip() or not after.strip() or blank.splitlines() not in ([], [blank]):
        return False
    return before.rstrip().rstrip(_CLOSERS)[-1:] not in _ENDS
