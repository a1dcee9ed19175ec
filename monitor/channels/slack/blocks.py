"""An edition as Block Kit messages, within Slack's limits.

https://docs.slack.dev/reference/block-kit/blocks gives 50 blocks a message, 150 characters a header and 3,000 a
section. In all a message may have about 13,000 (https://github.com/slackapi/bolt-js/issues/2509); how Slack counts them
is not documented, so everything that is sent counts here, and some room is left.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.channels import wording
from monitor.channels.wording import one_line
from monitor.model import Edition, Excerpt, Group, Item, OperatorMessage, SentChange
from monitor.text.safe import plain_text, slack_link, slack_text

BLOCKS: Final = 50
SECTION: Final = 3000
HEADER: Final = 150
MESSAGE: Final = 11_000
FOOTER: Final = 1_500
TITLE: Final = 250
LINE: Final = 280
NAME: Final = 100

_FRAME_BLOCKS: Final = 3  # header, summary, completeness
# Slack ends and begins bold only at the border of a word; between Chinese characters this makes one, unseen.
_BORDER: Final = "\u200b"

Block = dict[str, Any]


def messages(edition: Edition) -> tuple[str, ...]:
    """Return the messages as JSON, in order; one in most cases."""
    parts = list(_parts(edition)) or [[]]
    return tuple(_message(edition, blocks, number, len(parts)) for number, blocks in enumerate(parts, 1))


def _message(edition: Edition, blocks: list[Block], number: int, of: int) -> str:
    part = f" ({number}/{of})" if of > 1 else ""
    frame = [_header(edition, part), _context(_summary(edition))]
    account = [_context(text) for text in [_account(edition)] if text]
    above, below = (account, []) if edition.coverage.issues else ([], account)
    body = {
        "text": f"{slack_text(one_line(wording.subject(edition)))}{part}",
        "blocks": [*frame, *(above if number == 1 else []), *blocks, *(below if number == of else [])],
        "unfurl_links": False,
        "unfurl_media": False,
    }
    return json.dumps(body, separators=(",", ":"))


def _parts(edition: Edition) -> Iterator[list[Block]]:
    """Return the blocks of all items, packed into messages. A message that starts in the middle of a rule says so."""
    room = MESSAGE - size([_header(edition, " (99/99)"), _context(_summary(edition)), _context("x" * FOOTER)])
    packed: list[Block] = []
    used = 0
    for added, opening in _pieces(edition):
        if packed and (used + size(added) > room or len(packed) + len(added) > BLOCKS - _FRAME_BLOCKS):
            yield packed
            packed, used = [], 0
        blocks = added if packed else opening
        packed += blocks
        used += size(blocks)
    if packed:
        yield packed


def _pieces(edition: Edition) -> Iterator[tuple[list[Block], list[Block]]]:
    """Yield what is never divided between messages: as it follows other blocks, and as it opens a message.

    Each section of a story is one: a story with many reports is longer than a message may be.
    """
    zone = ZoneInfo(edition.timezone)
    for group in edition.groups:
        heading, continued = _heading(group, fresh=True), _heading(group, fresh=False)
        for item in group.items:
            lead = _section(item_text(item, zone))
            yield [*heading, lead], [*(heading or continued), lead]
            heading = []
            for section in map(_section, report_texts(item)):
                yield [section], [*continued, _section(_continued(item)), section]
    for number, change in enumerate(edition.changes):
        count = "continued" if number else wording.changes(edition)
        opening = [{"type": "divider"}, _section(f"*{wording.CHANGED}* · {count}")]
        section = _section(change_text(change, zone))
        yield [section] if number else [*opening, section], [*opening, section]


def operator_message(message: OperatorMessage) -> str:
    """Return a message to the operator as JSON: as many of its lines as there is room for."""
    subject = wording.message_subject(message)
    blocks = [_section(f"*{slack_text(subject)}*")]
    closing = _context(slack_text(one_line(message.closing)))
    lines: list[str] = []
    for section in message.sections:
        lines.append(f"*{slack_text(one_line(section.heading))}*")
        for line in section.lines:
            text = slack_text(clipped(one_line(line.text), LINE))
            lines.append(
                f"• {text}\n→ {slack_text(clipped(one_line(line.remedy), LINE))}" if line.remedy else f"• {text}"
            )
    for number, text in enumerate(lines):
        if size([*blocks, _section(text), closing]) > MESSAGE or len(blocks) + 3 > BLOCKS:
            blocks.append(_section(f"and {len(lines) - number:,} more lines"))
            break
        blocks.append(_section(text))
    body = {"text": slack_text(subject), "blocks": [*blocks, closing], "unfurl_links": False, "unfurl_media": False}
    return json.dumps(body, separators=(",", ":"))


def size(blocks: Iterable[Block]) -> int:
    """Return the length of blocks as sent, in UTF-16 units, as Slack's own code counts."""
    return units(json.dumps(list(blocks), separators=(",", ":"), ensure_ascii=False))


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units."""
    return len(_utf16(text)) // 2


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _header(edition: Edition, part: str) -> Block:
    name = clipped(one_line(edition.digest) or "Digest", HEADER - len(part))
    return {"type": "header", "text": {"type": "plain_text", "text": f"{name}{part}", "emoji": False}}


def _heading(group: Group, *, fresh: bool) -> list[Block]:
    count = wording.counted(len(group.items), "story", "stories") if fresh else "continued"
    return [{"type": "divider"}, _section(f"*{_name(group.rule)}* · {count}")]


def _continued(item: Item) -> str:
    return f"*{slack_text(clipped(one_line(wording.headline(item).text), NAME))}* · continued"


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def _summary(edition: Edition) -> str:
    repeats = wording.repeats(edition.coverage, ZoneInfo(edition.timezone))
    said = (wording.summary(edition), wording.period(edition), repeats, wording.open_problems(edition))
    return slack_text(" · ".join(filter(None, said)))


def item_text(item: Item, zone: ZoneInfo) -> str:
    """Return one story in mrkdwn. What does not fit into a section is left out, the least important first."""
    title = clipped(one_line(wording.headline(item).text), TITLE)
    link = slack_link(item.url, title)
    lines = [f"*{link if units(link) <= SECTION * 2 // 3 and item.more_on is None else slack_text(title)}*"]
    if item.more_on is None:
        lines += _own_lines(item, lines[0], zone)
    if first := wording.first_seen(item, zone):
        lines.append(slack_text(clipped(one_line(first), LINE)))
    shown = item.more_on is None
    places = wording.alternates(item) if shown else iter(())
    others = (slack_link(link.url, clipped(one_line(label), TITLE)) for label, link in places)
    for lead, entries in (("Also at ", others), ("Also under ", map(_name, item.rules[1:]))):
        room = SECTION - units("\n".join([*lines, lead])) - 1
        joined = joined_within(entries, " · ", room)
        lines += [f"{lead}{joined}"] if joined else []
    return "\n".join(lines)


def change_text(change: SentChange, zone: ZoneInfo) -> str:
    """Return what changed of an article in mrkdwn: its headline, where it is, and the words."""
    title = clipped(one_line(wording.line_title(change)), TITLE)
    link = slack_link(change.url, title)
    headline = link if units(link) <= SECTION // 2 else slack_text(title)
    lines = [f"*{headline}*", f"{_name(change.source)} · seen {slack_text(wording.clock(change.at, zone))}"]
    lines.append(f"> {slack_text(clipped(one_line(change.words), SECTION // 6))}")
    places = (slack_link(link.url, clipped(one_line(label), TITLE)) for label, link in wording.alternates(change))
    also = joined_within(places, " · ", SECTION - units("\n".join([*lines, "Also at "])) - 1)
    return "\n".join([*lines, f"Also at {also}"] if also else lines)


def _own_lines(item: Item, headline: str, zone: ZoneInfo) -> list[str]:
    """Return the lines of the leading report: where and when it appeared, and its excerpt if it fits."""
    details = filter(None, (wording.when(item, zone), wording.provenance(item)))
    lines = [" · ".join([_name(item.source), *map(slack_text, details)])]
    if item.excerpt and item.excerpt.text:
        said = f"> {_marked(item.excerpt)}"
        lines += [said] if units("\n".join([headline, *lines, said])) <= SECTION else []
    return lines


def report_texts(item: Item) -> Iterator[str]:
    """Yield the other reports of a story in mrkdwn, one line each, as many to a section as fit. None is left out."""
    said = ""
    for report in wording.lines(item):
        title = clipped(one_line(wording.line_title(report)), TITLE)
        link = slack_link(report.url, title)
        line = f"• {_name(report.source)}: {link if units(link) <= SECTION // 3 else slack_text(title)}"
        others = (slack_link(other.url, clipped(one_line(label), NAME)) for label, other in wording.alternates(report))
        also = joined_within(others, " · ", LINE)
        line += f" (also at {also})" if also else ""
        if said and units(f"{said}\n{line}") > SECTION:
            yield said
            said = ""
        said = f"{said}\n{line}" if said else line
    if said:
        yield said


def joined_within(entries: Iterable[str], between: str, room: int) -> str:
    """Join as many entries as fit into `room` UTF-16 units. An ellipsis replaces the rest."""
    joined = ""
    for entry in filter(None, entries):
        longer = f"{joined}{between}{entry}" if joined else entry
        if units(longer) + units(between) + 1 > room:
            return f"{joined}{between}…" if joined else ""
        joined = longer
    return joined


def _account(edition: Edition) -> str:
    completeness = slack_text(wording.completeness(edition.coverage))
    zone = ZoneInfo(edition.timezone)
    issues = (
        f"• {slack_text(clipped(one_line(wording.issue_line(each, zone)), TITLE))}"
        for each in sorted(edition.coverage.issues, key=lambda issue: not issue.blind)
    )
    listed = joined_within(issues, "\n", FOOTER - units(completeness) - 1)
    return f"{completeness}\n{listed}" if listed else completeness


def _marked(excerpt: Excerpt) -> str:
    """Return the excerpt with its terms in bold."""
    pieces = []
    for piece, mark in wording.pieces(excerpt.text, excerpt.marks):
        text = slack_text(" ".join(plain_text(f"|{piece}|").split())[1:-1])
        pieces.append(f"{_BORDER}*{text}*{_BORDER}" if mark and text.strip() else text)
    return "".join(pieces)


def _name(text: str) -> str:
    return slack_text(clipped(one_line(text), NAME))


def clipped(text: str, limit: int) -> str:
    """Return at most `limit` UTF-16 units of a text, with an ellipsis where it was cut."""
    if units(text) <= limit:
        return text
    # What is left of a pair of units that the cut divides is dropped.
    return f"{_utf16(text)[: 2 * (limit - 1)].decode('utf-16-le', 'ignore').rstrip()}…"
