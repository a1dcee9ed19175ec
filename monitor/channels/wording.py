"""The words that all channels share: times, counts, headlines, and how complete an edition is.

The texts are plain and not yet safe to show, except those of `one_line`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from monitor.channels.counts import listed_at_once, unread_sources, with_count
from monitor.model import (
    AlternateLink,
    Coverage,
    Edition,
    Excerpt,
    Item,
    OperatorMessage,
    Report,
    SeeAlso,
    SourceIssue,
)
from monitor.model.delivery import SentChange
from monitor.text.safe import plain_text

MAX_TITLE: Final = 300
"""Maximum code points of a title that is shown. Excerpts have the same limit."""

MAX_ISSUES_ABOVE: Final = 10
"""Maximum number of incomplete sources that are listed above the news. If there are more, the end lists them all."""

MAX_PROBLEMS: Final = 3
"""Maximum number of open problems that an edition names."""

MAX_SUBJECT_HEADLINE: Final = 110
"""Maximum characters of a headline in the subject of a message."""

MAX_ADDRESS: Final = 72
"""Maximum characters of an address that is shown."""

CHANGED: Final = "Changed since it was sent"
"""The heading above articles that were sent in earlier editions and that their publishers have changed since."""

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                  "November", "December")  # fmt: skip
_WORDS: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff]|\\d+|[^\\W\\d_\u3400-\u9fff\uf900-\ufaff]+")


def one_line(text: str) -> str:
    """Return a text as one line of safe plain text, with each run of blanks replaced by one blank."""
    return " ".join(plain_text(text).split())


def local_time(at: dt.datetime, zone: ZoneInfo) -> str:
    """Return a moment in the reader's zone: "21 Nov 2026, 08:00"."""
    local = at.astimezone(zone)
    return f"{local.day} {_MONTHS[local.month - 1][:3]} {local.year}, {local:%H:%M}"


def long_date(at: dt.datetime, zone: ZoneInfo) -> str:
    """Return a moment's date in the reader's zone: "Saturday, 21 November 2026"."""
    local = at.astimezone(zone)
    return f"{_DAYS[local.weekday()]}, {local.day} {_MONTHS[local.month - 1]} {local.year}"


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
    month = f"{_MONTHS[moment.at.month - 1][:3]} {moment.at.year}"
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
    late = built != end and any(_latest_time(item) > edition.window.end for item in edition.items)
    more = f", and what came until {built}" if late else ""
    if start == end:
        return f"{end}{more} ({edition.timezone})"
    if start.partition(",")[0] == end.partition(",")[0]:
        end = end.rpartition(" ")[2]
    return f"{start} – {end}{more} ({edition.timezone})"


def _latest_time(item: Item) -> dt.datetime:
    """Return when an item was first seen or when it was published, whichever is later.

    A publication date without a time of day is ignored.
    """
    published = item.published
    timed = published is not None and published.precision in ("second", "minute", "hour")
    return max(item.seen, published.at) if published is not None and timed else item.seen


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


def shorten(text: Excerpt, limit: int = MAX_TITLE) -> Excerpt:
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
    first = first if len(first) <= MAX_SUBJECT_HEADLINE else f"{first[: MAX_SUBJECT_HEADLINE - 1].rstrip()}…"
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
    return set(_WORDS.findall(title.casefold()))


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


def first_issues(coverage: Coverage) -> tuple[SourceIssue, ...]:
    """Return the issues that are listed above the news, those that lasted for the whole window first."""
    return tuple(sorted(coverage.issues, key=lambda issue: not issue.blind))[:MAX_ISSUES_ABOVE]


def further_issues(coverage: Coverage) -> str:
    """Return, in words, how many issues are not listed above the news; "" if all of them are."""
    more = len(coverage.issues) - MAX_ISSUES_ABOVE
    return f"and {more:,} more: all are listed at the end" if more > 0 else ""


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
    return text if len(text) <= MAX_SUBJECT_HEADLINE else f"{text[: MAX_SUBJECT_HEADLINE - 1]}…"


def message_subject(message: OperatorMessage) -> str:
    """Return the subject of a message to the operator, short enough for a list of mails."""
    return f"[monitor] {clip(one_line(message.subject))}"


def split_at_marks(text: str, marks: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """Yield the parts of `text`, each with whether it is marked. The caller makes each part safe to show."""
    at = 0
    for start, end in marks:
        yield text[at:start], False
        yield text[start:end], True
        at = end
    yield text[at:], False


def short_address(url: str) -> str:
    """Return an address for display: without its scheme and query, and shortened in the middle if it is long."""
    parts = urlsplit(url)
    shown = f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}" if parts.netloc else url
    if len(shown) <= MAX_ADDRESS:
        return shown
    return f"{shown[: MAX_ADDRESS // 2]}…{shown[-(MAX_ADDRESS // 2 - 1) :]}"
