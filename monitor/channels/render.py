"""An edition as plain text and as a page of HTML: for mail, for a preview, for a browser. Pure and deterministic."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from monitor.channels import wording
from monitor.model import Coverage, Edition, Item, OperatorMessage, Report, SentChange, SourceIssue
from monitor.text.safe import one_line, plain_text, safe_url

if TYPE_CHECKING:
    import css_inline
    from jinja2 import Template

LINE_WIDTH: Final = 60
"""Length of the separating lines in the plain text, in characters. Other lines may be longer: they are not wrapped."""

MAX_ISSUES_ABOVE: Final = 10
"""Maximum number of incomplete sources that are listed above the news. If there are more, the end lists them all."""

MAX_ADDRESS_LENGTH: Final = 72
"""Maximum characters of an address that is shown."""

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}", re.ASCII)


def as_text(edition: Edition) -> str:
    """Return the edition as plain text, with matched terms between asterisks. It is safe for a mail and a terminal."""
    zone = ZoneInfo(edition.timezone)
    coverage = edition.coverage
    complete, more = wording.completeness(coverage), further_issues(coverage)
    lines = [
        one_line(edition.digest),
        f"{long_date(edition.window.end, zone)} | {wording.summary(edition)}",
        wording.period(edition),
    ]
    if repeats := wording.repeat_warning(coverage, zone):
        lines += ["", repeats]
    if problems := wording.open_problems(edition):
        lines += ["", problems]
    if coverage.issues:  # sources with possibly missing news are listed above the news
        lines += ["", complete, *_issue_lines(first_issues(coverage), zone)]
        lines += [f"  {more}"] if more else []
    number = 0
    for group in edition.groups:
        rule = one_line(group.rule)
        lines += ["", f"-- {rule} {'-' * max(3, LINE_WIDTH - len(rule) - 4)}"]
        for item in group.items:
            number += 1
            lines += ["", *_item_lines(number, item, zone)]
    if edition.changes:
        lines += ["", f"-- {wording.CHANGED_HEADING} {'-' * (LINE_WIDTH - len(wording.CHANGED_HEADING) - 4)}"]
        for change in edition.changes:
            lines += ["", *_change_lines(change, zone)]
    # Below the news: a line that all sources were read, or all incomplete sources if there were too many for above.
    if more or (coverage.sources and not coverage.issues):
        lines += ["", "-" * LINE_WIDTH, complete, *_issue_lines(coverage.issues, zone)]
    return "\n".join([*lines, ""])


def _item_lines(number: int, item: Item, zone: ZoneInfo) -> Iterator[str]:
    indent = " " * len(f"{number}. ")
    # A headline without marks can be searched for and copied as it was published.
    yield f"{number}. {one_line(wording.headline(item).text)}"
    if item.in_full:
        yield from _own_lines(item, indent, zone)
    if first := wording.first_seen_line(item, zone):
        yield f"{indent}{one_line(first)}"
    for report in wording.line_reports(item):
        yield f"{indent}- {one_line(report.source)}: {one_line(wording.line_title(report))}"
        if address := safe_url(report.url):
            yield f"{indent}  {address}"
        yield from _alternate_lines(report, f"{indent}  ")
    for other in item.see_also:
        named, reason = wording.see_also(other)
        address = safe_url(other.url)
        yield f"{indent}See also {one_line(named)}" + (f" | {address}" if address else "")
        yield f"{indent}  ({one_line(reason)})"
    if len(item.rules) > 1:
        yield f"{indent}Also under {one_line(', '.join(item.rules[1:]))}"


def _own_lines(item: Item, indent: str, zone: ZoneInfo) -> Iterator[str]:
    origin = (one_line(item.source), wording.publication_time(item, zone), wording.backfill_note(item))
    yield f"{indent}{' | '.join(filter(None, origin))}"
    if item.excerpt and item.excerpt.text:
        pieces = wording.split_at_marks(item.excerpt.text, item.excerpt.marks)
        marked = "".join(f"*{_plain_piece(piece)}*" if mark else _plain_piece(piece) for piece, mark in pieces)
        yield f"{indent}{marked.strip()}"
    if address := safe_url(item.url):
        yield f"{indent}{address}"
    yield from _alternate_lines(item, indent)


def _change_lines(change: SentChange, zone: ZoneInfo) -> Iterator[str]:
    yield f"- {one_line(wording.line_title(change))}"
    yield f"  {one_line(change.words)}"
    yield f"  {one_line(change.source)} | seen {wording.local_time(change.at, zone)}"
    if address := safe_url(change.url):
        yield f"  {address}"
    yield from _alternate_lines(change, "  ")


def _alternate_lines(shown: Item | Report | SentChange, indent: str) -> Iterator[str]:
    own_address = safe_url(shown.url)
    for label, link in wording.labelled_alternates(shown):
        address = safe_url(link.url)
        yield f"{indent}Also at {one_line(label)}" + (f" | {address}" if address and address != own_address else "")


def _issue_lines(issues: Iterable[SourceIssue], zone: ZoneInfo) -> Iterator[str]:
    return (f"  - {one_line(wording.issue_line(issue, zone))}" for issue in issues)


def _plain_piece(text: str) -> str:
    """Return a part of a line as safe plain text, each run of blanks as one blank, also at its ends."""
    return re.sub(r"\s+", " ", plain_text(text))


def as_html(edition: Edition) -> str:
    """Return the edition as a complete HTML page for mail: inline styles, nothing loaded from elsewhere."""
    page = _template().render(edition=edition, zone=ZoneInfo(edition.timezone))
    return _inliner().inline(page)


def long_date(at: dt.datetime, zone: ZoneInfo) -> str:
    """Return a moment's date in the reader's zone: "Saturday, 21 November 2026"."""
    local = at.astimezone(zone)
    return f"{_DAYS[local.weekday()]}, {local.day} {wording.MONTHS[local.month - 1]} {local.year}"


def first_issues(coverage: Coverage) -> tuple[SourceIssue, ...]:
    """Return the issues that are listed above the news, those that lasted for the whole window first."""
    return tuple(sorted(coverage.issues, key=lambda issue: not issue.blind))[:MAX_ISSUES_ABOVE]


def further_issues(coverage: Coverage) -> str:
    """Return, in words, how many issues are not listed above the news; "" if all of them are."""
    more = len(coverage.issues) - MAX_ISSUES_ABOVE
    return f"and {more:,} more: all are listed at the end" if more > 0 else ""


def short_address(url: str) -> str:
    """Return an address for display: without its scheme and query, and shortened in the middle if it is long."""
    parts = urlsplit(url)
    shown = f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}" if parts.netloc else url
    if len(shown) <= MAX_ADDRESS_LENGTH:
        return shown
    return f"{shown[: MAX_ADDRESS_LENGTH // 2]}…{shown[-(MAX_ADDRESS_LENGTH // 2 - 1) :]}"


def message_as_text(message: OperatorMessage) -> str:
    """Return a message to the operator as plain text that is safe for a mail and a terminal."""
    lines: list[str] = []
    for section in message.sections:
        lines += [f"{one_line(section.heading)}:", ""]
        for line in section.lines:
            lines.append(f"- {one_line(line.text)}")
            lines += [f"  → {one_line(line.remedy)}"] if line.remedy else []
        lines.append("")
    return "\n".join([*lines, one_line(message.closing), ""])


def message_as_html(message: OperatorMessage) -> str:
    """Return a message to the operator as a complete HTML page for mail, as `as_html` does for an edition."""
    return _inliner().inline(_template("message.html").render(message=message))


@cache
def _template(name: str = "digest.html") -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("monitor.channels"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = _plain_piece
    environment.tests["language_tag"] = _LANGUAGE.fullmatch
    environment.globals |= {
        function.__name__: function for function in (first_issues, further_issues, long_date, short_address)
    }
    environment.globals |= {"wording": wording, "safe_url": safe_url}
    return environment.get_template(name)


@cache
def _inliner() -> css_inline.CSSInliner:
    import css_inline

    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)
