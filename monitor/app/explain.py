"""Explain what happened to an article, and which rules match it now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from monitor.channels import KINDS
from monitor.config import Config
from monitor.model.reports import Revision, Trace
from monitor.rules import Explanation
from monitor.store import Store
from monitor.stories import compare
from monitor.text.address import canonical_url


@dataclass(frozen=True, slots=True)
class ArticleTrace:
    """What is recorded of an article, and for each current rule why it matches or not. Times are shown in `timezone`.

    `message_ids` has the Message-ID of each delivery by mail, by the delivery's id. Other deliveries are not in it.
    """

    trace: Trace
    rules: tuple[Explanation, ...] = ()
    timezone: str = "UTC"
    digest_timezones: Mapping[str, str] = field(default_factory=dict)
    message_ids: Mapping[int, str] = field(default_factory=dict)


def explain(store: Store, config: Config, url: str) -> ArticleTrace | None:
    """Return what is known of the article at `url`; None if no source has ever listed it."""
    trace = store.trace(url, canonical_url(url))
    if trace is None:
        return None
    trace = replace(trace, revisions=tuple(with_edits(trace)))
    zones = {digest.name: digest.timezone for digest in config.digests}
    kinds = {name: KINDS[channel.kind] for name, channel in config.channels.items()}
    deliveries = [one for edition in trace.editions for one in edition.deliveries if one.channel in kinds]
    found = {one.id: kinds[one.channel].message_id_of(store.payload_of(one.id), one.message_id) for one in deliveries}
    message_ids = {delivery_id: full for delivery_id, full in found.items() if full}
    return ArticleTrace(trace, ask_rules(config, trace), config.timezone, zones, message_ids)


def with_edits(trace: Trace) -> Iterator[Revision]:
    """Yield the revisions of an article, each with the sentences that its edit removed and added.

    Where a text was removed because of its age, the sentences are not known.
    """
    present = Revision(trace.article.title, trace.article.text, trace.first_seen_at)
    for one, following in pairwise((*trace.revisions, present)):
        if trace.text_removed_at is not None and not (one.text and following.text):
            yield one
        else:
            yield replace(one, edit=compare((one.title, one.text), (following.title, following.text)))


def ask_rules(config: Config, trace: Trace) -> tuple[Explanation, ...]:
    """Return for each rule of `config` why it matches the traced article or not. The tags of its sources count too."""
    listing = {entry.source for entry in trace.entries}
    tags = [tag for source in config.sources if source.name in listing for tag in source.tags]
    tags += [tag for entry in trace.entries for tag in entry.tags]
    return tuple(
        config.ruleset.explain(rule.name, trace.article, source=sorted(listing), tag=tags) for rule in config.rules
    )
