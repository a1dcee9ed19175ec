"""Decide what follows from a new or changed entry: its article, and the rules that match the article. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from monitor.collect.articles import Page, merge_page
from monitor.collect.diff import ChangedEntry, is_cut
from monitor.model import Article, Decision, Difference, Entry, EntryChange, Match, PageRetry, Source
from monitor.rules import RuleSet
from monitor.stories import compare_texts, compare_titles, text_key
from monitor.text.address import canonical_url
from monitor.text.fold import fold_text

LATE_PAGE: Final = "late page"


def decide_entry(change: ChangedEntry, page: Page, source: Source, rules: RuleSet) -> EntryChange:
    """Return the article of a new or changed entry, and the rules that match it.

    The article is made from its page. If the page was not read, it is made from the list. Its text is then the recorded
    text if that is longer, because that came from the page.
    """
    entry, article = change.entry, change.listed
    if page.article is not None:
        article = merge_page(entry, article, page.article)
    elif change.old is not None and source.full_text and entry.url and len(change.old.text) > len(article.text):
        article = replace(article, text=change.old.text)
    tagged = change.known.tags if change.known else None
    matches, refreshed = holding_rules(article, change.old, entry, source, rules, tagged=tagged)
    return EntryChange(
        entry,
        article,
        canonical_url(article.url),
        text_key(article.title, article.text),
        change.content_hash,
        matches,
        refreshed,
        known=change.known,
        suppressed_reason=change.suppressed_reason,
        page_due=page.due,
        page_tries=page.tries,
        page_reason=page.reason,
        page_read=page.article is not None,
        decision=change.decision,
        differences=_differences(change, article, page_read=page.article is not None) if change.old else (),
    )


def _differences(change: ChangedEntry, article: Article, *, page_read: bool) -> tuple[Difference, ...]:
    """Return the statements of an article that its publisher's edit has changed; nothing for a new entry.

    Texts are compared only if both come from the article's page, or both from the list. The new title is compared with
    the title that this source listed before, because the article may have its title from another source.
    """
    known, old, entry = change.known, change.old, change.entry
    if known is None or old is None:
        return ()
    found = compare_texts(old.text, article.text).differences if known.page_read == page_read else ()
    title = None if is_cut(known.title) or is_cut(entry.title) else compare_titles(known.title, entry.title)
    return found if title is None else (*found, title)


def decide_late_page(retry: PageRetry, old: Article, page: Page, source: Source, rules: RuleSet) -> EntryChange:
    """Return the article `old` with the text of its page, which could be read now, and the rules that match it.

    If the article already has all of the page's text, another source has read the page before. Its matches were found
    with the name and tags of the other source. So all rules that match with this source's name and tags are new.
    """
    read = page.article or Article(retry.url, "", "")
    read_before = fold_text(read.text) in fold_text(old.text)
    listed = old if read_before else replace(old, text=_lines_missing_in(old.text, read.text))
    entry = Entry(retry.known.key, retry.title, retry.url, summary=listed.text, tags=retry.known.tags or ())
    article = merge_page(entry, listed, replace(read, text="") if read_before else read)
    matches, refreshed = holding_rules(article, None if read_before else old, entry, source, rules)
    return EntryChange(
        entry,
        article,
        canonical_url(article.url),
        text_key(article.title, article.text),
        retry.known.content_hash,
        matches,
        refreshed,
        known=retry.known,
        page_due=page.due,
        page_tries=page.tries,
        page_reason=page.reason,
        page_read=True,
        decision=Decision(LATE_PAGE, f"its page could be read at try {retry.tries + 1}"),
    )


def _lines_missing_in(text: str, page: str) -> str:
    """Return the lines of `text`, which comes from the list, that are not in `page`."""
    on_page = {fold_text(line) for line in page.split("\n") if line.strip()}
    return "\n".join(line for line in text.split("\n") if fold_text(line) not in on_page).strip()


def holding_rules(
    article: Article,
    old: Article | None,
    entry: Entry,
    source: Source,
    rules: RuleSet,
    *,
    tagged: tuple[str, ...] | None = None,
) -> tuple[tuple[Match, ...], tuple[Match, ...]]:
    """Return the matches of rules that match only now, and the matches of rules that also matched the `old` article.

    They are separate because an edit must not send an article again for the same rule. `tagged` are the tags that the
    entry had before, if known.
    """
    holding = tuple(rules.match(article, source=source.name, tag=(*source.tags, *entry.tags)))
    if old is None:
        return holding, ()
    said = (*source.tags, *(entry.tags if tagged is None else tagged))
    before = {match.rule for match in rules.match(old, source=source.name, tag=said)}
    return (
        tuple(match for match in holding if match.rule not in before),
        tuple(match for match in holding if match.rule in before),
    )
