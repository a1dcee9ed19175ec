"""Build an edition from pending matches: an item for each story, under its first rule, with the matching sentence.

A copy is shown as a link next to its original. Other reports of a story are lines below its leading report.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from monitor.digest.changes import sent_changes
from monitor.digest.subscription import Digest
from monitor.model import (
    AlternateLink,
    Coverage,
    Edition,
    Excerpt,
    Group,
    Item,
    Pending,
    PendingChange,
    Report,
    Span,
    Window,
)
from monitor.text.sentences import sentence_at

MAX_EXCERPT_LENGTH: Final = 300
"""Maximum length of an excerpt, in code points."""

MAX_COMPARED_SPANS: Final = 40
"""Maximum number of matched terms in a text whose sentences are compared to find the best excerpt."""

MAX_RELATED_ARTICLES: Final = 5
"""Maximum number of related articles that an item names."""

_CONTEXT_LENGTH: Final = 80
_SENTENCE_END_SIGNS: Final = frozenset(".!?。！？；…")
_CLOSING_SIGNS: Final = "”’」』）】》〉\"')]}»"


def build_edition(
    digest: Digest,
    window: Window,
    pending: Sequence[Pending],
    coverage: Coverage,
    now: dt.datetime,
    *,
    changes: Sequence[PendingChange] = (),
) -> Edition:
    """Build the edition of `digest` for `window`, at `now`. It contains every pending article exactly once.

    `changes` are edits of articles that earlier editions contain.

    A pending article leads a story, is a line of a story, is a copy of one of these reports, or is counted as left out.
    Articles that a source listed at once, far more than ever before, become one item for each source and rule, with a
    line for each article. The groups have the order of the digest's rules; a removed rule with pending matches comes
    last. Within a group the newest item comes first, followed by the items that are related to it. The order of
    `pending` makes no difference.
    """
    stories = defaultdict(list)
    for found in pending:
        stories[found.story_id].append(found)
    unlisted = {match.rule for found in pending for match in found.matches} - set(digest.rules)
    order = (*dict.fromkeys(digest.rules), *sorted(unlisted))
    arranged = [(members, *_reports_of(members, digest)) for members in stories.values()]
    listed: dict[tuple[str, str], list[list[Pending]]] = defaultdict(list)
    items = []
    for members, blocks, _ in arranged:
        for block in blocks:
            if _came_at_once(members, digest):
                matched = {match.rule for report in block for one in report for match in one.matches}
                listed[block[0][0].source, min(matched, key=order.index)] += block
            else:
                items.append(_make_item(block, order, digest))
    for reports in listed.values():
        reports.sort(key=lambda report: _rank(report[0], digest))
        items.append(replace(_make_item(reports, order, digest), at_once=True, more_on=None, first_seen=None))
    items.sort(key=_newest_first)
    groups = (Group(rule, _group_related_items([item for item in items if item.rules[0] == rule])) for rule in order)
    shown = tuple(group for group in groups if group.items)
    left_out = sum(left for _, _, left in arranged)
    edition = Edition(digest.name, window, now, digest.timezone, shown, coverage, left_out=left_out)
    return replace(edition, changes=sent_changes(changes)) if changes else edition


def _came_at_once(members: Sequence[Pending], digest: Digest) -> bool:
    """Return whether all pending articles of a story were listed with many others at once.

    False for a story that was sent before, unless the digest shows all reports in full.
    """
    return all(one.at_once and (one.sent_as is None or digest.follow == "all") for one in members)


def _reports_of(members: Sequence[Pending], digest: Digest) -> tuple[list[list[list[Pending]]], int]:
    """Return the reports of a story, divided into items, and the number of articles that are left out.

    A report is an article with its copies. Its first member is an article of an official source, or else the article
    that was seen first. The reports of an item are ordered in the same way.
    """
    by_lead = sorted(members, key=lambda member: member.lead_id)
    reports = [
        sorted(copies, key=lambda copy: _rank(copy, digest)) for _, copies in groupby(by_lead, lambda one: one.lead_id)
    ]
    reports.sort(key=lambda report: _rank(report[0], digest))
    if digest.follow == "all":
        return [[report] for report in reports], 0
    first = 0 if reports[0][0].sent_as is not None else 1
    kept = reports[:first] + [
        report
        for report in reports[first:]
        if digest.follow == "lines" or report[0].source in digest.official or any(one.by_hand for one in report)
    ]
    return [kept] if kept else [], len(members) - sum(map(len, kept))


def _rank(member: Pending, digest: Digest) -> tuple[bool, dt.datetime, int]:
    return member.source not in digest.official, member.seen, member.article_id


def _newest_first(item: Item) -> tuple[float, int, int]:
    at = item.published.at if item.published else item.seen
    return -at.timestamp(), item.story_id, item.article_id


def _group_related_items(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return the items in their order, but with each item followed by those related to it, directly or indirectly."""
    item_of = {item.article_id: item.article_id for item in items}
    item_of |= {report.article_id: item.article_id for item in items for report in item.reports}
    related: dict[int, set[int]] = defaultdict(set)
    for item in items:
        for other in item.see_also:
            if (number := item_of.get(other.article_id)) is not None:
                related[item.article_id].add(number)
                related[number].add(item.article_id)
    by_id = {item.article_id: item for item in items}
    place = {number: at for at, number in enumerate(by_id)}
    placed: dict[int, Item] = {}
    for number in by_id:
        if number in placed:
            continue
        together = {number}
        waiting = [number]
        while waiting:
            new = related[waiting.pop()] - together
            together |= new
            waiting += new
        placed.update((one, by_id[one]) for one in sorted(together, key=place.__getitem__))
    return tuple(placed.values())


def _make_item(reports: Sequence[Sequence[Pending]], order: Sequence[str], digest: Digest) -> Item:
    """Return one story as an item. The first of `reports` is its leading report."""
    leading, *others = reports
    first = leading[0]
    article = first.article
    members = [member for report in reports for member in report]
    matched = {match.rule for member in members for match in member.matches}
    if not matched:
        raise ValueError(f"story {first.story_id} is pending without a match")
    spans = [span for match in first.matches for span in match.spans]
    marks = [(span.start, span.end) for span in spans if span.field == "title"]
    title = normalize_excerpt(article.title, marks, 0, len(article.title))
    earliest = min(members, key=lambda member: (member.seen, member.article_id))
    see_also = {other.article_id: other for member in members for other in member.see_also}
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
        excerpt=_choose_excerpt(article.text, spans),
        rules=tuple(rule for rule in order if rule in matched),
        alternates=_alternates(leading),
        backfilled=all(member.backfilled for member in members),
        reports=tuple(_make_report(report) for report in others),
        first_seen=None if earliest is first else _make_report([earliest]),
        more_on=None if digest.follow == "all" else first.sent_as,
        copies=len(leading) - 1,
        see_also=tuple(see_also.values())[:MAX_RELATED_ARTICLES],
    )


def _make_report(copies: Sequence[Pending]) -> Report:
    first = copies[0]
    title = normalize_excerpt(first.article.title, (), 0, len(first.article.title)).text
    return Report(
        article_id=first.article_id,
        title=title,
        url=first.article.url,
        source=first.source,
        seen=first.seen,
        alternates=_alternates(copies),
        copies=len(copies) - 1,
    )


def _alternates(members: Sequence[Pending]) -> tuple[AlternateLink, ...]:
    """Return the other places where a report was published, without duplicates, in the order they were seen."""
    first = members[0]
    links = [AlternateLink(member.article.title, member.article.url, member.source) for member in members]
    links += [link for member in members for link in member.alternates]
    places: dict[tuple[str, str], AlternateLink] = {}
    for link in links:
        places.setdefault((link.source, link.url), link)
    del places[first.source, first.article.url]
    return tuple(places.values())


def _choose_excerpt(text: str, spans: Sequence[Span]) -> Excerpt | None:
    """Return the sentence with the most different matched terms, the first one if there are several.

    If the text has no matched term, return its first sentence. An ellipsis shows that the excerpt begins or ends in the
    middle of a sentence.
    """
    if not text.strip():
        return None
    places = sorted((span for span in spans if span.field == "text"), key=lambda span: (span.start, span.end))
    opening = len(text) - len(text.lstrip())
    bounds = [sentence_at(text, span.start, span.end, MAX_EXCERPT_LENGTH) for span in places[:MAX_COMPARED_SPANS]]
    start, end = max(
        bounds or [sentence_at(text, opening, opening + 1, MAX_EXCERPT_LENGTH)],
        key=lambda bound: (
            len({span.term for span in places if bound[0] <= span.start and span.end <= bound[1]}),
            -bound[0],
        ),
    )
    sentence = normalize_excerpt(text, [(span.start, span.end) for span in places], start, end)
    lead = "… " if _continues(text, start) else ""
    tail = " …" if _continues(text, end) else ""
    marks = tuple((first + len(lead), last + len(lead)) for first, last in sentence.marks)
    return Excerpt(f"{lead}{sentence.text}{tail}", marks)


def _continues(text: str, at: int) -> bool:
    """Return whether a sentence continues across the position `at`."""
    before, after = text[max(0, at - _CONTEXT_LENGTH) : at], text[at : at + _CONTEXT_LENGTH]
    blank = before[len(before.rstrip()) :] + after[: len(after) - len(after.lstrip())]
    if not before.strip() or not after.strip() or blank.splitlines() not in ([], [blank]):
        return False
    return before.rstrip().rstrip(_CLOSING_SIGNS)[-1:] not in _SENTENCE_END_SIGNS


def normalize_excerpt(text: str, marks: Iterable[tuple[int, int]], start: int, end: int) -> Excerpt:
    """Return `text[start:end]` with each run of blanks replaced by one blank, and without blanks at its ends.

    `marks` are half-open ranges of code points in `text`. The result marks the same characters, except blanks at the
    ends of a mark.
    """
    kept: list[str] = []
    places = []  # places[i]: the position of text[start + i] in the result
    for character in text[start:end]:
        places.append(len(kept))
        if not character.isspace():
            kept.append(character)
        elif kept and kept[-1] != " ":
            kept.append(" ")
    places.append(len(kept))
    shown = "".join(kept).rstrip(" ")
    moved = []
    for first, last in _merge_marks(marks, start, end):
        marked = shown[places[first - start] : places[last - start]]
        begin = places[first - start] + len(marked) - len(marked.lstrip(" "))
        moved.append((begin, begin + len(marked.strip(" "))))
    return Excerpt(shown, _merge_marks(moved, 0, len(shown)))


def _merge_marks(marks: Iterable[tuple[int, int]], start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return the parts of `marks` in `[start, end)`, sorted. Overlapping and adjacent parts are merged."""
    found: list[tuple[int, int]] = []
    for first, last in sorted((max(a, start), min(b, end)) for a, b in marks):
        if first >= last:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)
