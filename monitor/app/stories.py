"""Show which articles were joined, take an article out of its story, or move it into the story of another article.

Each change is one short write transaction. It is safe while the daemon works, because an edition reads the pending
articles and records them as its own in one transaction.
"""

from __future__ import annotations

import datetime as dt
import shlex
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from monitor import events, log
from monitor.collect.grouping import renew_fingerprint
from monitor.digest import load
from monitor.errors import UsageError
from monitor.events import StoryJoined, StorySplit
from monitor.model.stories import JoinedArticle, PlacedArticle
from monitor.store import Store, Writer
from monitor.store.regroup import NewPlace
from monitor.text.address import canonical_url

_MAX_PERIOD: Final = dt.timedelta(days=36_500)  # longer than any archive, and `now` minus this is still a valid date


@dataclass(frozen=True, slots=True)
class RegroupResult:
    """An article that was moved to another story, and the other article that it was split from or joined to.

    `copies` counts the copies of the article that moved with it. `digests` are the digests that will now send the
    article or one of these copies.
    """

    title: str
    url: str
    story: int
    former_story: int
    other_title: str
    other_url: str
    copies: int
    digests: tuple[str, ...]


def joined_articles(store: Store, now: dt.datetime, days: float) -> Sequence[JoinedArticle]:
    """Return the articles of the last `days` that were, or in shadow mode would be, joined.

    The least certain come first.
    """
    return store.joined_articles(None if days > _MAX_PERIOD.days else now - dt.timedelta(days=days))


def split(store: Store, url: str, now: dt.datetime) -> RegroupResult:
    """Move the article at `url`, with its own copies, from its story into a new story, and record this.

    The digests that had left the article out will send it. Raises UsageError if there is no such article, or if it
    cannot be split from its story, for example because it is alone there.
    """
    events.subscribe(log.write)
    with store.writing() as tx:
        one = _find_article(tx, url)
        members = tx.story_articles(one.story_id)
        moved = _with_copies(one, members)
        rest = [member for member in members if member.id not in moved]
        if not rest:
            raise UsageError(_nothing_to_split(one, members))
        other = _joined_to(one, rest)
        reason = f"split by hand from {other.article.url}; it was {_former_relation(one, other)}"
        story_id = _move(tx, one, members, NewPlace(None, one.id, "new", None, reason))
        leads = [member.id for member in rest if member.lead_id == member.id]
        tx.record_decision(one.id, leads, "apart", now)
        tx.release_left_out(one.story_id)
        digests = tx.waiting_digests(moved)
        tx.events.append(StorySplit(one.article.url, story_id, one.story_id, ", ".join(digests)))
    return _regroup_result(one, other, story_id, len(moved) - 1, digests)


def join(store: Store, url: str, other_url: str, now: dt.datetime) -> RegroupResult:
    """Move the article at `url`, with its own copies, into the story of the article at `other_url`, and record this.

    There it counts as a separate report: no other article is left out because of it, and nothing is sent again. Raises
    UsageError if there is no such article, or if both articles are already in the same story.
    """
    events.subscribe(log.write)
    with store.writing() as tx:
        one, other = _find_article(tx, url), _find_article(tx, other_url)
        if one.id == other.id:
            raise UsageError(f"{url} and {other_url} are one article; name two")
        if one.story_id == other.story_id:
            what = f"both are in story {one.story_id} already; monitor why {one.article.url} shows it"
            raise UsageError(what)
        members = tx.story_articles(one.story_id)
        moved = _with_copies(one, members)
        reason = f"joined by hand to {other.article.url}; it was {one.relation}: {one.reason}"
        story_id = _move(tx, one, members, NewPlace(other.story_id, one.id, "event", other.id, reason))
        tx.forget_decision(one.id, [member.id for member in tx.story_articles(story_id)])
        tx.record_decision(one.id, [other.id], "together", now)
        tx.release_left_out(one.story_id)
        digests = tx.waiting_digests(moved)
        tx.events.append(StoryJoined(one.article.url, other.article.url, story_id, one.story_id, ", ".join(digests)))
    return _regroup_result(one, other, story_id, len(moved) - 1, digests)


def _find_article(tx: Writer, url: str) -> PlacedArticle:
    found = tx.find_placed(url, canonical_url(url))
    if not found:
        what = f"{url}: no source has listed this address; monitor stories and monitor search show addresses"
        raise UsageError(what)
    if len(found) > 1:
        articles = "; ".join(f"{one.id} ({one.article.title or 'no title'})" for one in found)
        raise UsageError(f"{url}: several articles have this address; name one by its number: {articles}")
    return found[0]


def _with_copies(one: PlacedArticle, members: Sequence[PlacedArticle]) -> frozenset[int]:
    """Return the ids of an article and of the copies that move with it.

    For the first article of a group, these are all copies of the group. For a copy, these are the copies of it.
    """
    group = [member for member in members if member.lead_id == one.lead_id]
    if one.lead_id == one.id:
        return frozenset(member.id for member in group)
    moved = {one.id}
    for member in group:  # the oldest first, so that a copy comes after its original
        if member.of_article in moved:
            moved.add(member.id)
    return frozenset(moved)


def _joined_to(one: PlacedArticle, rest: Sequence[PlacedArticle]) -> PlacedArticle:
    """Return the article of `rest` to which `one` was joined: its original, else the first of its group or story."""
    wanted = (one.of_article, one.lead_id)
    return min(rest, key=lambda member: wanted.index(member.id) if member.id in wanted else len(wanted))


def _former_relation(one: PlacedArticle, other: PlacedArticle) -> str:
    if one.relation == "new":  # the other articles were joined to it
        return f"in one story with {other.relation}: {other.reason}"
    return f"{one.relation}: {one.reason}"


def _nothing_to_split(one: PlacedArticle, members: Sequence[PlacedArticle]) -> str:
    copies = [member.article.url for member in members if member.id != one.id and member.article.url]
    if not copies:
        return f"{one.article.url} is alone in its story: there is nothing to split it from"
    remedy = f"monitor split {shlex.quote(copies[0])}"
    return f"{one.article.url} is the first of its copies; split one of those instead: {remedy}"


def _move(tx: Writer, one: PlacedArticle, members: Sequence[PlacedArticle], place: NewPlace) -> int:
    """Move an article and its copies into another story. Return the story's id.

    The copies that move, and the copies that stay, become separate groups. A digest that has shown no article of one of
    these groups will send that group.
    """
    moved = _with_copies(one, members)
    group = [member.id for member in members if member.lead_id == one.lead_id]
    shown = _shown_in_editions(tx, group)
    story_id = tx.move(moved, place)
    if one.lead_id != one.id:
        renew_fingerprint(tx, one.id, one.article, one.source)
        _rebind(tx, one.lead_id, [member for member in group if member not in moved], shown)
    if one.lead_id != one.id or place.relation == "new":
        _rebind(tx, one.id, moved, shown)
    return story_id


def _shown_in_editions(tx: Writer, articles: Collection[int]) -> Mapping[str, Mapping[int, int | None]]:
    """Return, for each digest, the articles that its editions contain, each with the id of the edition that showed it.

    The id is None if the article was not shown: it was only a link at another report, or a setting left it out.
    """
    bound = tx.bound_articles(articles)
    editions = {one.edition_id: load(tx.kept_edition(one.edition_id).encoded) for one in bound}
    in_words = {
        number: {
            article_id
            for item in edition.items
            for article_id in (item.article_id, *(report.article_id for report in item.reports))
        }
        for number, edition in editions.items()
    }
    found: dict[str, dict[int, int | None]] = defaultdict(dict)
    for one in bound:
        found[one.digest][one.article_id] = one.edition_id if one.article_id in in_words[one.edition_id] else None
    return found


def _rebind(tx: Writer, lead_id: int, articles: Collection[int], shown: Mapping[str, Mapping[int, int | None]]) -> None:
    for digest, by_article in shown.items():
        editions = [edition for article_id in articles if (edition := by_article.get(article_id)) is not None]
        tx.rebind(digest, lead_id, articles, min(editions, default=None))


def _regroup_result(
    one: PlacedArticle, other: PlacedArticle, story_id: int, copies: int, digests: tuple[str, ...]
) -> RegroupResult:
    return RegroupResult(
        title=one.article.title,
        url=one.article.url,
        story=story_id,
        former_story=one.story_id,
        other_title=other.article.title,
        other_url=other.article.url,
        copies=copies,
        digests=digests,
    )
