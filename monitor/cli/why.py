"""`monitor why`: show all that is recorded of an article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Final
from zoneinfo import ZoneInfo

import typer

from monitor.cli.common import (
    EXIT_ATTENTION,
    EXIT_DONE,
    ConfigOption,
    JsonOption,
    finish,
    format_moment,
    format_time,
    load_config,
    print_error,
    show,
    show_json,
    with_count,
)
from monitor.clock import SystemClock

if TYPE_CHECKING:
    from monitor.app.explain import ArticleTrace
    from monitor.model.reports import Revision, Trace, TraceEntry
    from monitor.rules import Explanation

MAX_SENTENCES: Final = 5
"""Maximum number of removed sentences, and of added sentences, that are shown for an edit."""

_MAX_SENTENCE_LENGTH: Final = 200  # code points


def why(
    url: Annotated[str, typer.Argument(metavar="URL", help="The article's address, or its number.")],
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show the trace of one article: polls, story, rules, editions, deliveries."""
    from monitor.app.explain import explain
    from monitor.app.opening import open_store

    loaded = load_config(config, without_secrets=True)
    with open_store(loaded, SystemClock(), create=False) as store:
        explained = explain(store, loaded, url)
    if json:
        show_json(as_json(explained))
    elif explained is not None:
        show("\n".join(as_lines(explained)))
    if explained is None:
        print_error(
            f"{url}: no source has listed this address; see what they list with `monitor try`, and `monitor status`"
        )
    finish(EXIT_DONE if explained else EXIT_ATTENTION)


def as_json(explained: ArticleTrace | None) -> dict[str, object]:
    """Return a JSON document: what is recorded of the article, if anything, and which of the current rules match."""
    if explained is None:
        return {"trace": None, "rules": []}
    return {"trace": explained.trace, "rules": list(explained.rules)}


def as_lines(explained: ArticleTrace) -> list[str]:
    """Return what is recorded of the article as lines of text."""
    zone, trace = ZoneInfo(explained.timezone), explained.trace
    return [
        *_article(trace, zone),
        *_listed(trace, zone),
        *_story(trace, zone),
        *_matches(trace, zone),
        *_rules_now(explained.rules),
        *_editions(explained, zone),
    ]


def _article(trace: Trace, zone: ZoneInfo) -> Iterator[str]:
    yield trace.article.title or "(no title)"
    yield f"  {trace.article.url}"
    yield f"  article {trace.article_id}, first seen {format_time(trace.first_seen_at, zone)} at {trace.source}"
    for number, title in trace.at_its_address.items():
        yield f"  at this address, too: article {number}, {title or '(no title)'}"
    if trace.article.published is not None:
        by = f", by {trace.article.dated_by}" if trace.article.dated_by else ""
        yield f"  published {format_moment(trace.article.published, zone)} ({trace.article.published.precision}{by})"
    if trace.article.origin:
        yield f"  it names as its origin: {trace.article.origin}"
    if trace.text_removed_at is not None and not trace.article.text:
        removed = format_time(trace.text_removed_at, zone)
        yield f"  its text was removed {removed}, because it is older than `keep`; rules see only its title"
    for revision in trace.revisions:
        yield from _revision(revision, zone)
    if trace.reread_times or trace.reread_due_at:
        again = f"next {format_time(trace.reread_due_at, zone)}" if trace.reread_due_at else "and will not be again"
        yield f"  its page was read again {with_count(trace.reread_times, 'time')}, {again}"


def _revision(revision: Revision, zone: ZoneInfo) -> Iterator[str]:
    """Yield lines about an edit: the change as a digest may send it, and the removed and added sentences."""
    from monitor.model import in_words

    yield f"  revised {format_time(revision.replaced_at, zone)}; before: {revision.title}"
    if revision.differences:
        yield f"    {in_words(revision.differences)}"
    if revision.edit is None:
        return
    sides = (("-", revision.edit.gone), ("+", revision.edit.came))
    yield from (f"    {sign} {_shorten(sentence)}" for sign, some in sides for sentence in some[:MAX_SENTENCES])
    left = sum(max(0, len(some) - MAX_SENTENCES) for _, some in sides)
    if left:
        yield f"    and {with_count(left, 'more sentence')}"


def _shorten(sentence: str) -> str:
    return sentence if len(sentence) <= _MAX_SENTENCE_LENGTH else f"{sentence[: _MAX_SENTENCE_LENGTH - 1].rstrip()}…"


def _listed(trace: Trace, zone: ZoneInfo) -> Iterator[str]:
    yield "Listed by"
    for entry in trace.entries:
        held = " (not new then)" if entry.baseline else ""
        yield f"  {entry.source}, since {format_time(entry.first_seen_at, zone)}{held}: {entry.title}"
        if entry.decision is not None:
            yield f"    classified as {entry.decision.kind}: {entry.decision.reason}"
        if entry.tags:
            yield f"    tags: {', '.join(entry.tags)}"
        yield from _page(entry, zone)
        if entry.found is not None:
            yield f"    read as {entry.found.kind} at {entry.found.url or 'its address'}: {entry.found.reason}"
        for poll in entry.polls:
            yield f"    polled {format_time(poll.at, zone)}: {poll.outcome}: {poll.reason}"
            for decision in poll.decisions:
                yield f"      {decision.kind}: {decision.reason}"


def _page(entry: TraceEntry, zone: ZoneInfo) -> Iterator[str]:
    """Yield lines about the article's page, if pages are read for the source."""
    if entry.page_read_at is not None:
        part = " in part" if entry.page_reason else ""
        yield f"    its page was read{part} {format_time(entry.page_read_at, zone)}"
    if not entry.page_reason:
        return
    if entry.page_read_at is not None and entry.page_due_at is None and not entry.page_tries:
        yield f"    not all of it is kept: {entry.page_reason}"
        return
    if not entry.page_tries:
        yield f"    its page was not read yet: {entry.page_reason}"
        return
    again = f"again {format_time(entry.page_due_at, zone)}" if entry.page_due_at else "not again"
    tried = "once" if entry.page_tries == 1 else f"{entry.page_tries} times"
    yield f"    its page was tried {tried}, {again}: {entry.page_reason}"


def _story(trace: Trace, zone: ZoneInfo) -> Iterator[str]:
    yield f"Story {trace.story_id}"
    for member in trace.members:
        of = f" of {member.of}" if member.of else ""
        seen = f"{member.source}, {format_time(member.first_seen_at, zone)}"
        relation = f"{member.relation}, would be {member.shadow}" if member.shadow else member.relation
        yield f"  {relation}{of}: {member.title} ({seen}): {member.reason}"
    for other in trace.related:
        yield f"  related to {other.title} ({other.source}, {other.url}): {other.likeness}"
        yield f"    not joined: {other.reason}"
    for decision in trace.decisions:
        decided = "kept apart from" if decision.verdict == "apart" else "joined to"
        yield f"  by hand, {format_time(decision.at, zone)}: {decided} {decision.title} ({decision.url})"


def _matches(trace: Trace, zone: ZoneInfo) -> Iterator[str]:
    yield "Matches" if trace.matches else "No rule matched"
    for found in trace.matches:
        held = f", not to be sent: {found.held}" if found.held else ""
        late = ", found in the archive" if found.backfilled else ""
        terms = ", ".join(f"{span.term} at {span.field} {span.start}–{span.end}" for span in found.match.spans)
        yield f"  {found.match.rule}, {format_time(found.matched_at, zone)}{late}{held}: {terms or 'no spans'}"


def _rules_now(rules: Sequence[Explanation]) -> Iterator[str]:
    failed = [rule for rule in rules if not rule.held]
    if failed:
        yield "Rules that do not hold"
    for rule in failed:
        yield f"  {rule.rule}: {rule.failed}"


def _editions(explained: ArticleTrace, zone: ZoneInfo) -> Iterator[str]:
    editions = explained.trace.editions
    matches = explained.trace.matches
    if editions:
        yield "Editions"
    elif not matches:
        yield "In no edition: no rule matched it"
    elif all(found.held for found in matches):
        yield "In no edition: what matched is not to be sent"
    else:
        yield "In no edition yet"
    for edition in editions:
        digest_zone = explained.digest_timezones.get(edition.digest, explained.timezone)
        end = format_time(edition.window.end, ZoneInfo(digest_zone))
        built, items = format_time(edition.built_at, zone), with_count(edition.items, "item")
        yield f"  {edition.digest}, {end}, built {built}, {items}"
        for delivery in edition.deliveries:
            message_id = explained.message_ids.get(delivery.id)
            stamped = "" if message_id is None else f" (Message-ID {message_id})"
            yield f"    {delivery.channel} → {delivery.recipient}: {delivery.state}{stamped}"
            if delivery.state == "dropped":
                yield f"      not to be sent: {delivery.last_error}"
            for attempt in delivery.ledger:
                ended = f"{attempt.outcome or 'under way'}: {attempt.reason or ''}"
                yield f"      attempt {attempt.number}, {format_time(attempt.started_at, zone)}: {ended}"
