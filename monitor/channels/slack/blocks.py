"""An edition as Block Kit messages, within Slack's limits.

A message may have 50 blocks, a header 150 characters and a section 3,000 characters
(https://docs.slack.dev/reference/block-kit/blocks). A whole message may have about 13,000 characters
(https://github.com/slackapi/bolt-js/issues/2509). How Slack counts these is not documented. So everything that is sent
counts here, and the limit here is lower.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.channels import wording
from monitor.model import Edition, Excerpt, Group, Item, OperatorMessage, SeeAlso, SentChange
from monitor.text.safe import one_line, plain_text, slack_link, slack_text

MAX_BLOCKS: Final = 50
MAX_SECTION: Final = 3000
MAX_HEADER_LENGTH: Final = 150
MAX_MESSAGE_LENGTH: Final = 11_000
MAX_FOOTER_LENGTH: Final = 1_500
MAX_TITLE: Final = 250
MAX_LINE: Final = 280
MAX_NAME: Final = 100

_FRAME_BLOCKS: Final = 3  # header, summary, completeness
# Slack begins and ends bold text only at the border of a word. This invisible character makes such a border, also
# between Chinese characters.
_WORD_BORDER: Final = "\u200b"

Block = dict[str, Any]


def render_messages(edition: Edition) -> tuple[str, ...]:
    """Return the messages of an edition as JSON, in order. Most editions fit into one message."""
    parts = list(_pack_into_messages(edition)) or [[]]
    return tuple(_message(edition, blocks, number, len(parts)) for number, blocks in enumerate(parts, 1))


def _message(edition: Edition, blocks: list[Block], number: int, total: int) -> str:
    part = f" ({number}/{total})" if total > 1 else ""
    frame = [_header(edition, part), _context(_summary(edition))]
    completeness = [_context(text) for text in [_completeness(edition)] if text]
    above, below = (completeness, []) if edition.coverage.issues else ([], completeness)
    body = {
        "text": f"{slack_text(one_line(wording.subject(edition)))}{part}",
        "blocks": [*frame, *(above if number == 1 else []), *blocks, *(below if number == total else [])],
        "unfurl_links": False,
        "unfurl_media": False,
    }
    return json.dumps(body, separators=(",", ":"))


def _pack_into_messages(edition: Edition) -> Iterator[list[Block]]:
    """Yield the blocks of each message. A message that starts in the middle of a rule says so."""
    room = MAX_MESSAGE_LENGTH - encoded_length(
        [_header(edition, " (99/99)"), _context(_summary(edition)), _context("x" * MAX_FOOTER_LENGTH)]
    )
    packed: list[Block] = []
    packed_length = 0
    for added, as_first in _undivided_pieces(edition):
        if packed and (
            packed_length + encoded_length(added) > room or len(packed) + len(added) > MAX_BLOCKS - _FRAME_BLOCKS
        ):
            yield packed
            packed, packed_length = [], 0
        blocks = added if packed else as_first
        packed += blocks
        packed_length += encoded_length(blocks)
    if packed:
        yield packed


def _undivided_pieces(edition: Edition) -> Iterator[tuple[list[Block], list[Block]]]:
    """Yield the pieces that are never divided between messages, each in two forms.

    The first form is used after another piece, the second form at the start of a message. Each section of a story is a
    piece, because a story with many reports may be longer than a message.
    """
    zone = ZoneInfo(edition.timezone)
    for group in edition.groups:
        heading, continued = _heading(group, is_first=True), _heading(group, is_first=False)
        for item in group.items:
            lead = _section(item_text(item, zone))
            yield [*heading, lead], [*(heading or continued), lead]
            heading = []
            for section in map(_section, report_texts(item)):
                yield [section], [*continued, _section(_continued_title(item)), section]
    for number, change in enumerate(edition.changes):
        count = "continued" if number else wording.changes(edition)
        opening = [{"type": "divider"}, _section(f"*{wording.CHANGED_HEADING}* · {count}")]
        section = _section(change_text(change, zone))
        yield [section] if number else [*opening, section], [*opening, section]


def render_operator_message(message: OperatorMessage) -> str:
    """Return a message to the operator as JSON. Lines that do not fit into a Slack message are only counted."""
    subject = wording.message_subject(message)
    blocks = [_section(f"*{slack_text(subject)}*")]
    closing = _context(slack_text(one_line(message.closing)))
    lines: list[str] = []
    for section in message.sections:
        lines.append(f"*{slack_text(one_line(section.heading))}*")
        for line in section.lines:
            text = slack_text(clip(one_line(line.text), MAX_LINE))
            lines.append(
                f"• {text}\n→ {slack_text(clip(one_line(line.remedy), MAX_LINE))}" if line.remedy else f"• {text}"
            )
    for number, text in enumerate(lines):
        if encoded_length([*blocks, _section(text), closing]) > MAX_MESSAGE_LENGTH or len(blocks) + 3 > MAX_BLOCKS:
            blocks.append(_section(f"and {len(lines) - number:,} more lines"))
            break
        blocks.append(_section(text))
    body = {"text": slack_text(subject), "blocks": [*blocks, closing], "unfurl_links": False, "unfurl_media": False}
    return json.dumps(body, separators=(",", ":"))


def encoded_length(blocks: Iterable[Block]) -> int:
    """Return the length of the blocks as they are sent, in UTF-16 code units, as Slack's own code counts it."""
    return utf16_length(json.dumps(list(blocks), separators=(",", ":"), ensure_ascii=False))


def utf16_length(text: str) -> int:
    """Return the length of a text in UTF-16 code units."""
    return len(_utf16(text)) // 2


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _header(edition: Edition, part: str) -> Block:
    name = clip(one_line(edition.digest) or "Digest", MAX_HEADER_LENGTH - len(part))
    return {"type": "header", "text": {"type": "plain_text", "text": f"{name}{part}", "emoji": False}}


def _heading(group: Group, *, is_first: bool) -> list[Block]:
    count = wording.group_size(group) if is_first else "continued"
    return [{"type": "divider"}, _section(f"*{_short_name(group.rule)}* · {count}")]


def _continued_title(item: Item) -> str:
    return f"*{slack_text(clip(one_line(wording.headline(item).text), MAX_NAME))}* · continued"


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def _summary(edition: Edition) -> str:
    repeats = wording.repeat_warning(edition.coverage, ZoneInfo(edition.timezone))
    texts = (wording.summary(edition), wording.period(edition), repeats, wording.open_problems(edition))
    return slack_text(" · ".join(filter(None, texts)))


def item_text(item: Item, zone: ZoneInfo) -> str:
    """Return one story in mrkdwn. If it does not fit into a section, its least important parts are left out."""
    title = clip(one_line(wording.headline(item).text), MAX_TITLE)
    link = slack_link(item.url, title)
    lines = [f"*{link if utf16_length(link) <= MAX_SECTION * 2 // 3 and item.in_full else slack_text(title)}*"]
    if item.in_full:
        lines += _own_lines(item, lines[0], zone)
    if first := wording.first_seen_line(item, zone):
        lines.append(slack_text(clip(one_line(first), MAX_LINE)))
    shown = item.in_full
    places = wording.labelled_alternates(item) if shown else iter(())
    others = (slack_link(link.url, clip(one_line(label), MAX_TITLE)) for label, link in places)
    related = map(_related_text, item.see_also)
    also_under = map(_short_name, item.rules[1:])
    for lead, entries in (("Also at ", others), ("See also ", related), ("Also under ", also_under)):
        room = MAX_SECTION - utf16_length("\n".join([*lines, lead])) - 1
        joined = join_within(entries, " · ", room)
        lines += [f"{lead}{joined}"] if joined else []
    return "\n".join(lines)


def change_text(change: SentChange, zone: ZoneInfo) -> str:
    """Return the changes of an article in mrkdwn: its headline, its source and address, and the changed words."""
    title = clip(one_line(wording.line_title(change)), MAX_TITLE)
    link = slack_link(change.url, title)
    headline = link if utf16_length(link) <= MAX_SECTION // 2 else slack_text(title)
    lines = [f"*{headline}*", f"{_short_name(change.source)} · seen {slack_text(wording.local_time(change.at, zone))}"]
    lines.append(f"> {slack_text(clip(one_line(change.words), MAX_SECTION // 6))}")
    places = (
        slack_link(link.url, clip(one_line(label), MAX_TITLE)) for label, link in wording.labelled_alternates(change)
    )
    alternates = join_within(places, " · ", MAX_SECTION - utf16_length("\n".join([*lines, "Also at "])) - 1)
    return "\n".join([*lines, f"Also at {alternates}"] if alternates else lines)


def _related_text(other: SeeAlso) -> str:
    """Return a related article in mrkdwn, with the reason why it is an item of its own."""
    named, reason = wording.see_also(other)
    return f"{slack_link(other.url, clip(one_line(named), MAX_TITLE))} ({slack_text(clip(one_line(reason), MAX_LINE))})"


def _own_lines(item: Item, headline: str, zone: ZoneInfo) -> list[str]:
    """Return the lines of the leading report: where and when it appeared, and its excerpt if there is room for it."""
    details = filter(None, (wording.publication_time(item, zone), wording.backfill_note(item)))
    lines = [" · ".join([_short_name(item.source), *map(slack_text, details)])]
    if item.excerpt and item.excerpt.text:
        quote = f"> {_in_bold(item.excerpt)}"
        lines += [quote] if utf16_length("\n".join([headline, *lines, quote])) <= MAX_SECTION else []
    return lines


def report_texts(item: Item) -> Iterator[str]:
    """Yield the texts of the sections that list the other reports of a story, in mrkdwn, one line for each report.

    No report is left out. A section contains as many lines as fit into it.
    """
    section = ""
    for report in wording.line_reports(item):
        title = clip(one_line(wording.line_title(report)), MAX_TITLE)
        link = slack_link(report.url, title)
        line = (
            f"• {_short_name(report.source)}: {link if utf16_length(link) <= MAX_SECTION // 3 else slack_text(title)}"
        )
        others = (
            slack_link(other.url, clip(one_line(label), MAX_NAME))
            for label, other in wording.labelled_alternates(report)
        )
        alternates = join_within(others, " · ", MAX_LINE)
        line += f" (also at {alternates})" if alternates else ""
        if section and utf16_length(f"{section}\n{line}") > MAX_SECTION:
            yield section
            section = ""
        section = f"{section}\n{line}" if section else line
    if section:
        yield section


def join_within(entries: Iterable[str], between: str, room: int) -> str:
    """Join as many entries as fit into `room` UTF-16 code units. An ellipsis replaces the other entries."""
    joined = ""
    for entry in filter(None, entries):
        longer = f"{joined}{between}{entry}" if joined else entry
        if utf16_length(longer) + utf16_length(between) + 1 > room:
            return f"{joined}{between}…" if joined else ""
        joined = longer
    return joined


def _completeness(edition: Edition) -> str:
    completeness = slack_text(wording.completeness(edition.coverage))
    zone = ZoneInfo(edition.timezone)
    issues = (
        f"• {slack_text(clip(one_line(wording.issue_line(each, zone)), MAX_TITLE))}"
        for each in sorted(edition.coverage.issues, key=lambda issue: not issue.blind)
    )
    listed = join_within(issues, "\n", MAX_FOOTER_LENGTH - utf16_length(completeness) - 1)
    return f"{completeness}\n{listed}" if listed else completeness


def _in_bold(excerpt: Excerpt) -> str:
    """Return the excerpt with its terms in bold."""
    pieces = []
    for piece, mark in wording.split_at_marks(excerpt.text, excerpt.marks):
        text = slack_text(" ".join(plain_text(f"|{piece}|").split())[1:-1])
        pieces.append(f"{_WORD_BORDER}*{text}*{_WORD_BORDER}" if mark and text.strip() else text)
    return "".join(pieces)


def _short_name(text: str) -> str:
    return slack_text(clip(one_line(text), MAX_NAME))


def clip(text: str, limit: int) -> str:
    """Return at most `limit` UTF-16 code units of a text. A shortened text ends with an ellipsis."""
    if utf16_length(text) <= limit:
        return text
    # If the limit divides a surrogate pair, the first half of the pair is dropped too.
    return f"{_utf16(text)[: 2 * (limit - 1)].decode('utf-16-le', 'ignore').rstrip()}…"
