"""The words that all channels share: times, counts, headlines, and how complete an edition is.

The texts are plain and not yet safe to show.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from monitor.model import (
    AlternateLink,
    Coverage,
    Edition,
    Excerpt,
    Group,
    Item,
    OperatorMessage,
    Report,
    SeeAlso,
    SourceIssue,
)
from monitor.model.delivery import SentChange
from monitor.text.safe import one_line

MAX_TITLE_LENGTH: Final = 300
"""Maximum code points of a title that is shown. Excerpts have the same limit."""

MAX_PROBLEMS: Final = 3
"""Maximum number of open problems that an edition names."""

MAX_SUBJECT_HEADLINE_LENGTH: Final = 110
"""Maximum characters of a headline in the subject of a message."""

CHANGED_HEADING: Final = "Changed since it was sent"
"""The heading above articles that were sent in earlier editions and that their publishers have changed since."""

MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                  "November", "December")  # fmt: skip
_NOTHING_NEW: Final = "Nothing new"  # the summary of an empty edition
_WORD_PATTERN: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff]|\\d+|[^\\W\\d_\u3400-\u9fff\uf900-\ufaff]+")


def local_time(at: dt.datetime, zone: ZoneInfo) -> str:
    """Return a moment in the reader's zone: "21 Nov 2026, 08:00"."""
    local = at.astimezone(zone)
    return f"{local.day} {MONTHS[local.month - 1][:3]} {local.year}, {local:%H:%M}"


def publication_time(item: Item, zone: ZoneInfo) -> str:
    """Return when an item was published, as exactly as its source stated it; if not known, when it was first seen.

    A time of day is shown in the reader's zone. A day, month or year is shown as the source stated it.
    """
    moment = item.published
    if moment is None:
        return f"seen {local_time(item.seen, zone)}"
    if moment.precision in ("second", "minute"):
        return local_time(moment.at, zone)
    if moment.precision == "hour":
        return local_time(moment.at, zone).replace(", ", ", about ")
    month = f"{MONTHS[moment.at.month - 1][:3]} {moment.at.year}"
    shown = {"day": f"{moment.at.day} {month}", "month": month}
    return shown.get(moment.precision, str(moment.at.year))


def backfill_note(item: Item) -> str:
    """Return, in words, why an item that is not new is in the edition; "" if the item is new."""
    return "from the archive: the rule is new or has changed" if item.backfilled else ""


def period(edition: Edition) -> str:
    """Return the period that the edition covers: "20 Nov 2026, 08:00 – 21 Nov 2026, 08:00 (Asia/Shanghai)".

    An edition that is built late, for example after a pause, also contains what came after its period. The text then
    says so.
    """
    zone = ZoneInfo(edition.timezone)
    start, end, built = (local_time(at, zone) for at in (edition.window.start, edition.window.end, edition.built_at))
    late = built != end and any(item.latest_time > edition.window.end for item in edition.items)
    more = f", and what came until {built}" if late else ""
    if start == end:
        return f"{end}{more} ({edition.timezone})"
    if start.partition(",")[0] == end.partition(",")[0]:
        end = end.rpartition(" ")[2]
    return f"{start} – {end}{more} ({edition.timezone})"


def with_count(number: int, one: str, many: str) -> str:
    """Return a number and its noun: "1 story", "3 stories"."""
    return f"{number:,} {one if number == 1 else many}"


def summary(edition: Edition) -> str:
    """Return how much is in the edition: "3 stories under 2 rules (5 articles = 3 stories + 2 copies)".

    Two things are counted separately, because they are not articles of this edition: articles that were left out since
    the last edition that was sent, and changes of articles that were sent before.
    """
    if edition.changes:
        changed, rest = f"{changes(edition)} of what was sent", summary(replace(edition, changes=()))
        return f"{rest}; {changed}" if edition.items else changed if rest == _NOTHING_NEW else f"{changed}; {rest}"
    counts = edition.counts
    parts = [
        with_count(counts.stories, "story", "stories") if counts.stories else "",
        listed_at_once(counts.at_once),
        with_count(counts.lines, "further report", "further reports") if counts.lines else "",
        with_count(counts.copies, "copy", "copies") if counts.copies else "",
        f"{counts.left_out:,} left out" if counts.left_out else "",
    ]
    counted_parts = list(filter(None, parts))
    adds_up = f"{with_count(counts.articles, 'article', 'articles')} = {' + '.join(counted_parts)}"
    if edition.items:
        first = f"{counted_parts[0]} under {len(edition.groups)} rules" if edition.groups[1:] else counted_parts[0]
    else:
        first = unread_sources(edition.coverage) or _NOTHING_NEW
    is_plain = not counted_parts or (edition.items and not counted_parts[1:])
    before = f"{edition.left_out_before:,} left out since the last edition" if edition.left_out_before else ""
    account = "; ".join(filter(None, ("" if is_plain else adds_up, before)))
    return f"{first} ({account})" if account else first


def changes(edition: Edition) -> str:
    """Return how many changes of sent articles are in the edition: "1 change", "3 changes"."""
    return with_count(len(edition.changes), "change", "changes")


def listed_at_once(number: int) -> str:
    """Return, in words, how many articles a source listed at once (far more than ever before); "" for 0."""
    return f"{with_count(number, 'article', 'articles')} listed at once" if number else ""


def group_size(group: Group) -> str:
    """Return how much the group of a rule contains: "3 stories and 60 articles listed at once"."""
    at_once = [item for item in group.items if item.at_once]
    stories = len(group.items) - len(at_once)
    parts = (
        with_count(stories, "story", "stories") if stories else "",
        listed_at_once(sum(1 + len(item.reports) for item in at_once)),
    )
    return " and ".join(filter(None, parts))


def unread_sources(coverage: Coverage) -> str:
    """Return, in words, how many sources gave no complete answer in the whole window; "" if there are none."""
    blind = len(coverage.blind)
    return f"{blind:,} of {with_count(coverage.sources, 'source', 'sources')} could not be read" if blind else ""


def headline(item: Item) -> Excerpt:
    """Return the headline of an item: its title with its marks, shortened if very long, or its address if untitled.

    For a new report of a story that was sent before, return "More on:" and the earlier headline. For articles that a
    source listed at once, return the source's name and their number.
    """
    if item.at_once:
        return shorten(Excerpt(f"{item.source}: {listed_at_once(1 + len(item.reports))}"))
    if item.more_on is not None:
        return shorten(Excerpt(f"More on: {item.more_on}"))
    return shorten(Excerpt(item.title, item.title_marks) if item.title.strip() else Excerpt(item.url or "(no title)"))


def shorten(text: Excerpt, limit: int = MAX_TITLE_LENGTH) -> Excerpt:
    """Return at most `limit` code points of a text. A shortened text ends with an ellipsis, which is not marked."""
    if len(text.text) <= limit:
        return text
    kept = text.text[: limit - 1].rstrip()
    marks = tuple((start, min(end, len(kept))) for start, end in text.marks if start < len(kept))
    return Excerpt(f"{kept}…", marks)


def subject(edition: Edition) -> str:
    """Return the subject of the edition's message: the digest, the first headline and how many more there are."""
    if not edition.items and edition.changes:
        more = len(edition.changes) - 1
        first = clip(one_line(line_title(edition.changes[0])))
        return f"{edition.digest}: changed: {first}" + (f" (+{more} more)" if more else "")
    if not edition.items:
        return f"{edition.digest}: {unread_sources(edition.coverage) or 'nothing new'}"
    first = " ".join(headline(edition.items[0]).text.split())
    if len(first) > MAX_SUBJECT_HEADLINE_LENGTH:
        first = f"{first[: MAX_SUBJECT_HEADLINE_LENGTH - 1].rstrip()}…"
    more = len(edition.items) - 1
    return f"{edition.digest}: {first}" + (f" (+{more} more)" if more else "")


def line_reports(item: Item) -> tuple[Report, ...]:
    """Return the reports of a story that are shown as one line each."""
    if item.in_full:
        return item.reports
    own = Report(item.article_id, item.title, item.url, item.source, item.seen, item.alternates, item.copies)
    return (own, *item.reports)


def line_title(report: Report | SentChange) -> str:
    """Return the title of a report that is shown as one line, shortened if very long; its address if untitled."""
    return shorten(Excerpt(report.title if report.title.strip() else report.url or "(no title)")).text


def see_also(other: SeeAlso) -> tuple[str, str]:
    """Return a related article in words, and why it is an item of its own.

    If the related article was sent before, its headline is not repeated.
    """
    reason = f"not joined: {other.reason}"
    if other.sent_before:
        return f"an earlier report of {other.source}", reason
    title = shorten(Excerpt(other.title if other.title.strip() else other.url or "(no title)")).text
    return f"{other.source}: {title}", reason


def first_seen_line(item: Item, zone: ZoneInfo) -> str:
    """Return where and when a story was seen before its leading report; "" if the leading report was the first."""
    first = item.first_seen
    return f"First seen {local_time(first.seen, zone)} at {first.source}" if first is not None else ""


def labelled_alternates(item: Item | Report | SentChange) -> Iterator[tuple[str, AlternateLink]]:
    """Yield the other places where a report was published: the source, and its headline if that is different.

    A headline is different if most of its words are not in the headlines before it. An outlet's name at the end of a
    headline therefore makes no difference.
    """
    shown = _words_of(item.title.strip() or item.url or "(no title)")
    for link in item.alternates:
        own = _words_of(link.title)
        is_new = 2 * len(own - shown) > len(own)
        shown |= own
        yield f"{link.source}: {shorten(Excerpt(link.title)).text}" if is_new else link.source, link


def _words_of(title: str) -> set[str]:
    """Return the words of a headline. Each Chinese character counts as a word."""
    return set(_WORD_PATTERN.findall(title.casefold()))


def completeness(coverage: Coverage) -> str:
    """Return, in one sentence, how complete the edition is; "" if that is not known."""
    if not coverage.sources:
        return ""
    watched = f"{with_count(coverage.sources, 'source', 'sources')} watched"
    if not coverage.issues:
        return f"{watched}, all of them read."
    gaps = sum(issue.gap for issue in coverage.issues)
    failing = len(coverage.issues) - gaps
    problems = [f"{with_count(failing, 'was', 'were')} not read"] if failing else []
    problems += [f"{with_count(gaps, 'has', 'have')} a gap"] if gaps else []
    return f"{watched}; {' and '.join(problems)}, so something may be missing:"


def repeat_warning(coverage: Coverage, zone: ZoneInfo) -> str:
    """Return a warning that the edition may repeat articles that were sent, and why; "" if it cannot repeat any."""
    if coverage.restored_at is None:
        return ""
    restored = local_time(coverage.restored_at, zone)
    return f"May repeat: the database was restored from a backup ({restored}), which does not know what was sent since."


def issue_line(issue: SourceIssue, zone: ZoneInfo) -> str:
    """Return the line about a source that was not read completely: its name, why, and since when."""
    since = f" (since {local_time(issue.since, zone)})" if issue.since else ""
    return f"{issue.source}: {issue.reason}{since}"


def open_problems(edition: Edition) -> str:
    """Return the problems that were open when the edition was built, on one line; "" if there were none."""
    if not edition.problems:
        return ""
    shown = [clip(one_line(problem)) for problem in edition.problems[:MAX_PROBLEMS]]
    more = f"; and {len(edition.problems) - MAX_PROBLEMS} more" if len(edition.problems) > MAX_PROBLEMS else ""
    count = with_count(len(edition.problems), "open problem", "open problems")
    return f"{count}: {'; '.join(shown)}{more} (monitor status)"


def clip(text: str) -> str:
    """Return a text, shortened to the length that a headline may have in a subject."""
    return text if len(text) <= MAX_SUBJECT_HEADLINE_LENGTH else f"{text[: MAX_SUBJECT_HEADLINE_LENGTH - 1]}…"


def message_subject(message: OperatorMessage) -> str:
    """Return the subject of a message to the operator, short enough for a list of mails."""
    return f"{message.prefix}{clip(one_line(message.subject))}"


def split_at_marks(text: str, marks: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """Yield the parts of `text`, each with whether it is marked. The caller makes each part safe to show."""
    at = 0
    for start, end in marks:
        yield text[at:start], False
        yield text[start:end], True
        at = end
    yield text[at:], False
