"""What is new in a reading: entries → finds. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from monitor.articles import article_of
from monitor.collect.fulltext import UNASKED, Page, PageReader, completed, cut, uncut
from monitor.collect.moments import latest
from monitor.model import Article, Entry, Find, KnownEntry, LatePage, Match, Reading, Source
from monitor.rules import RuleSet
from monitor.stories import content_hash, text_key
from monitor.text.address import canonical_url
from monitor.text.fold import folded

BASELINE = "baseline"
"""Why the matches of a first poll's older entries are held back."""


@dataclass(frozen=True, slots=True)
class News:
    """An entry that is new, or says something else than it did (`before`)."""

    entry: Entry
    content_hash: str
    before: KnownEntry | None


def news_in(reading: Reading, known: Mapping[str, KnownEntry]) -> tuple[News, ...]:
    """The entries of `reading` that are not `known` as they are."""
    news = []
    for entry in reading.entries:
        before = known.get(entry.key)
        says = content_hash(entry.title, entry.url, f"{entry.summary}\x00{entry.content}")
        if before is None or before.content_hash != says:
            news.append(News(entry, says, before))
    return tuple(news)


def find_of(
    news: News,
    source: Source,
    reading: Reading,
    *,
    archive: Mapping[int, Article],
    rules: RuleSet,
    since: dt.datetime,
    fresh: bool,
    stale: bool = False,
    pages: PageReader,
) -> Find:
    """The article that `news` leads to, and the rules that hold for it.

    `archive` has the earlier state of revised articles by id. A key under which there is now another article, as when a
    source numbers its entries by their place, leads to a new find. At a first poll (`fresh`) entries dated before
    `source.backfill`, and those without a date, are baseline: `pages` is not asked for theirs. That time counts back
    from when the source was first asked for (`since`): what came out while it could not be read is no old news. An
    entry that is `stale` in any case is baseline too.
    """
    entry, before = news.entry, news.before
    listed = article_of(entry, site=reading.title, language=reading.language)
    old = archive.get(before.article_id) if before else None
    if old is not None and _another(listed, old, paged=source.full_text):
        before = old = None
    held = BASELINE if stale or (fresh and not _recent(entry, source.backfill, since)) else None
    page = pages.read(entry.url) if held is None else UNASKED
    article = _article(entry, listed, page, old if source.full_text and entry.url else None)
    tagged = before.tags if before else None
    matches, refreshed = _matches(article, old, entry, source, rules, tagged=tagged)
    return Find(
        entry=entry,
        article=article,
        address=canonical_url(article.url),
        text_key=text_key(article.title, article.text),
        content_hash=news.content_hash,
        matches=matches,
        refreshed=refreshed,
        known=before,
        held=held,
        page_due=page.due,
        page_tries=page.tries,
        page_reason=page.reason,
        page_read=page.article is not None,
    )


def _article(entry: Entry, listed: Article, page: Page, old: Article | None) -> Article:
    """The article by its page; else as listed, with the text that its page gave before (`old`), if that is more."""
    if page.article is not None:
        return completed(entry, listed, page.article)
    if old is not None and len(old.text) > len(listed.text):
        return replace(listed, text=old.text)
    return listed


def late_find(late: LatePage, old: Article, page: Page, source: Source, rules: RuleSet) -> Find:
    """What a page that is read at last adds to its article `old`: its text, and the rules that hold for it.

    Where the article has all of the page's text already, another source that lists it could read the page before. What
    holds for that text need not have been found under this source's name and tags: then all rules that hold are told.
    """
    read = page.article or Article(late.url, "", "")
    read_before = folded(read.text) in folded(old.text)
    if read_before:
        listed, read = old, replace(read, text="")
    else:
        listed = replace(old, text=_besides(old.text, read.text))
    entry = Entry(late.known.key, late.title, late.url, summary=listed.text, tags=late.known.tags or ())
    article = completed(entry, listed, read)
    matches, refreshed = _matches(article, None if read_before else old, entry, source, rules)
    return Find(
        entry=entry,
        article=article,
        address=canonical_url(article.url),
        text_key=text_key(article.title, article.text),
        content_hash=late.known.content_hash,
        matches=matches,
        refreshed=refreshed,
        known=late.known,
        page_due=page.due,
        page_tries=page.tries,
        page_reason=page.reason,
        page_read=True,
    )


def _besides(text: str, page: str) -> str:
    """The lines of `text` that are none of `page`: what only the list says."""
    on_page = {folded(line) for line in page.split("\n") if line.strip()}
    return "\n".join(line for line in text.split("\n") if folded(line) not in on_page).strip()


def _another(listed: Article, old: Article, *, paged: bool) -> bool:
    """Both what it is called and where it lies changed: no edit of an article does that.

    Where pages are read (`paged`), a title that the list cuts may have been completed by the article's page.
    """
    if canonical_url(listed.url) == canonical_url(old.url):
        return False
    title, before = folded(listed.title), folded(old.title)
    if paged and cut(title) and (beginning := uncut(title)):
        return not before.startswith(beginning)
    return title != before


def _matches(
    article: Article,
    old: Article | None,
    entry: Entry,
    source: Source,
    rules: RuleSet,
    *,
    tagged: tuple[str, ...] | None = None,
) -> tuple[tuple[Match, ...], tuple[Match, ...]]:
    """The rules that hold; for a revision apart from those that held before, so that an edit sends no old article.

    `tagged` are the tags that the entry had before, where that is known.
    """
    tags = (*source.tags, *entry.tags)
    holding = tuple(rules.match(article, source=source.name, tag=tags))
    if old is None:
        return holding, ()
    said = (*source.tags, *(entry.tags if tagged is None else tagged))
    before = {match.rule for match in rules.match(old, source=source.name, tag=said)}
    return (
        tuple(match for match in holding if match.rule not in before),
        tuple(match for match in holding if match.rule in before),
    )


def _recent(entry: Entry, backfill: dt.timedelta, since: dt.datetime) -> bool:
    moment = entry.published or entry.updated
    return moment is not None and backfill > dt.timedelta() and latest(moment) >= since - backfill
