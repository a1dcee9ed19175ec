"""Write the decisions of a poll in a given transaction, and group its articles with those in the archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from monitor.collect.grouping import as_shadow, group, renew_fingerprint, turn_copy_into_report
from monitor.collect.ports import WriteTransaction
from monitor.collect.reports import RecentReports, with_site_name
from monitor.collect.result import Collected, PollResult, RaiseNotice
from monitor.events import JoinTried
from monitor.failpoint import failpoint
from monitor.model import SUPPRESSING_RELATIONS, Decision, EntryChange, KnownArticle, Placement, SourceState
from monitor.model.fingerprints import StoredReport
from monitor.model.suppressed import TOO_MANY_NEW
from monitor.stories import DedupIndex, DedupResult, address_stated_by_page
from monitor.stories.events import WINDOW
from monitor.stories.packing import FORMAT
from monitor.text.address import former_url


def apply(
    tx: WriteTransaction, result: PollResult, reports: RecentReports | None = None, *, shadow: bool = False
) -> Collected:
    """Write `result` in the transaction `tx`. Return the record of the poll, with the number of new matches.

    `reports` are the reports of the last days. If it is None, new articles are not joined to events. `shadow`: record
    which near copies and reports of events would be joined, but do not join them.
    """
    source_id, at = result.state.id, result.record.at
    released = tx.release_matches(source_id, TOO_MANY_NEW, at) if result.storm_is_over else 0
    matches = released + record_changes(tx, result.entries, result.state, at, reports, shadow=shadow)
    poll = replace(result.record, matches=matches)
    for page in result.postponed:
        tx.postpone_page(source_id, page.key, page.due, page.tries, page.reason)
    tx.record_poll(source_id, poll)
    tx.save_state(result.state)
    tx.save_sitemaps(source_id, result.sitemaps)
    if result.slices is not None:
        tx.save_feed_slices(source_id, result.slices)
    _update_notices(tx, result, at)
    failpoint("collect.recorded")
    return Collected(result.source, poll)


def _update_notices(tx: WriteTransaction, result: PollResult, at: dt.datetime) -> None:
    """Raise and resolve notices, in their order.

    Nearly every poll resolves many kinds of notices, none of which is open. So it asks once which of them are open.
    """
    open_kinds = set(tx.open_notices(result.source))
    for change in result.notices:
        if isinstance(change, RaiseNotice):
            tx.raise_notice(change.notice, at)
            open_kinds.add(change.notice.kind)
        elif change.kind in open_kinds or change.subject != result.source:
            tx.resolve_notice(change.kind, change.subject, at, reason=change.reason, quiet_for=change.quiet_for)


def record_changes(
    tx: WriteTransaction,
    changes: Sequence[EntryChange],
    state: SourceState,
    at: dt.datetime,
    reports: RecentReports | None = None,
    *,
    shadow: bool = False,
) -> int:
    """Group the articles of `changes` with the archive and with one another, and write them.

    Return the number of new matches. The other arguments are as in `apply`.
    """
    if not changes:
        return 0
    addresses = {candidate for change in changes for candidate in (change.address, former_url(change.article.url))}
    addresses.update(filter(None, map(address_stated_by_page, changes)))
    dedup = DedupIndex(tx.candidates(addresses, {change.text_key for change in changes if change.text_key}))
    if reports is not None and needs_reports(changes):
        reports.load_new_reports(tx, at)
    listed: list[tuple[EntryChange, int]] = []
    matches = 0
    for change in changes:
        listed_as, revised, further = change, None, tuple(filter(None, (address_stated_by_page(change),)))
        if change.known is not None:
            article_id, revised = change.known.article_id, change
        elif (found := dedup.classify(change, state.name, trust_pages=not shadow)).same is not None:
            article_id = found.same.id
            listed_as, revised = _listed_again(change, found, found.same)
            further = (*further, change.address) if found.by_page else further
        else:
            article = _add_article(tx, change, found.placement, state, at=at, reports=reports, shadow=shadow)
            dedup.add(replace(article, sources=(state.name,), further=further))
            article_id = article.id
        for address in further:
            tx.add_article_address(article_id, address)
        if revised is not None:
            dedup.revise(_revise(tx, article_id, revised, state, at))
        # This must be done now, before a later change revises the article.
        matches += tx.add_matches(article_id, change.matches, at, change.suppressed_reason)
        listed.append((listed_as, article_id))
    tx.link_entries(state.id, listed, at)
    return matches


def needs_reports(changes: Sequence[EntryChange]) -> bool:
    """Return whether any of the changes may be a new report of an event."""
    return any(change.known is None and change.matches for change in changes)


def _listed_again(
    change: EntryChange, found: DedupResult, same: KnownArticle
) -> tuple[EntryChange, EntryChange | None]:
    """Return the change for an entry whose article is already known, and the revision of that article, if any."""
    why = (found.placement.reason, change.decision.reason if change.decision else "")
    listed_as = replace(change, decision=Decision("known", "; ".join(filter(None, why))))
    if not change.matches or (change.article.title, change.article.text) == (same.title, same.text):
        return listed_as, None
    # Another source has other words for the same article. The spans of its matches are positions in these words.
    address = same.address if found.by_page else change.address
    return listed_as, replace(change, article=replace(change.article, url=same.url), address=address)


def _revise(
    tx: WriteTransaction, article_id: int, revised: EntryChange, state: SourceState, at: dt.datetime
) -> KnownArticle:
    """Write the new state of an article, and return the article as it is recorded now."""
    article = tx.revise_article(article_id, revised, at)
    if not article.is_copy:
        renew_fingerprint(tx, article_id, revised.article, state.name)
    elif revised.matches:  # an article that never matched a rule is not sent
        turn_copy_into_report(tx, article, revised.article, state.name, at)
    tx.refresh_matches(article_id, (*revised.refreshed, *revised.matches))
    return article


def _add_article(
    tx: WriteTransaction,
    change: EntryChange,
    placement: Placement,
    state: SourceState,
    *,
    at: dt.datetime,
    reports: RecentReports | None,
    shadow: bool,
) -> KnownArticle:
    """Write a new article: as a copy if `placement` says so, else as a comparison of its text with others decides.

    An article is joined to an event only if a rule matched it, because other articles are not sent.
    """
    if placement.relation in SUPPRESSING_RELATIONS and not shadow:
        return tx.add_article(change, placement, state.id, at)
    recent = reports if change.matches else None
    grouped = group(tx, change.article, state.name, recent, at, shadow=shadow)
    if placement.of_number is not None:  # an exact copy that must not be joined (`shadow`)
        grouped = replace(grouped, placement=as_shadow(placement, placement.of_number))
    placement = grouped.placement
    article = tx.add_article(change, placement, state.id, at)
    grouped.save(tx, article.id)
    if placement.shadow is not None:
        values = (placement.shadow.relation, placement.of or "", placement.score, placement.reason)
        tx.events.append(JoinTried(change.article.url, *values))
    if recent is not None and placement.relation not in SUPPRESSING_RELATIONS:
        packed = recent.add(
            StoredReport(article.id, article.story_id, with_site_name(change.article, state.name), state.name, at)
        )
        tx.save_packed_report(article.id, FORMAT, packed, at - WINDOW)
    return article
