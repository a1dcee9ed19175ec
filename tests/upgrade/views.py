"""What an upgrade must keep, read from a database without the program's own code.

Rows are named by what people see (titles, names of sources), and not by ids, keys or canonical addresses: a later
version may give old rows better keys, but it may not gain, lose or send one for it. When a later schema moves columns
about, the queries here follow it, and what they answer stays equal to what was recorded.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from tests.support.world import squeeze

Rows = dict[str, list[list[Any]]]

QUERIES = {
    "source": "SELECT name, kind, url, active, paused IS NOT NULL, found_kind, found_url FROM source",
    "entry": "SELECT s.name, e.title, e.url, a.title, e.baseline, e.page_due_at IS NOT NULL FROM entry e"
    " JOIN source s ON s.id = e.source_id JOIN article a ON a.id = e.article_id",
    "article": "SELECT a.title, a.url, s.name FROM article a JOIN source s ON s.id = a.source_id",
    "text": "SELECT title, text FROM article",
    "revision": "SELECT a.title, r.title, r.text FROM revision r JOIN article a ON a.id = r.article_id",
    "match": "SELECT a.title, m.rule, m.held, m.mark FROM match m JOIN article a ON a.id = m.article_id",
    "digest": "SELECT name, active FROM digest",
    "edition": "SELECT digest, slot, items FROM edition",
    "sent": "SELECT i.digest, e.slot, a.title FROM edition_article i JOIN article a ON a.id = i.article_id"
    " JOIN edition e ON e.id = i.edition_id",
    "delivery": "SELECT e.digest, e.slot, d.channel, d.recipient, d.state FROM delivery d"
    " JOIN edition e ON e.id = d.edition_id",
    "notice": "SELECT kind, subject FROM notice WHERE resolved_at IS NULL",
}
_LETTERS = {"entry": (1, 3), "article": (0,), "text": (0, 1), "revision": (0, 1, 2), "match": (0,), "sent": (2,)}
"""The columns that hold titles and texts. Of these the letters count: how an ampersand is read may become better."""

_READ_BETTER = {
    "cdatametaverseferrysails": "metaverseferrysails",
    "web3wbrfairopensinmay": "web3fairopensinmay",
    "attbtestsbmetaversecalls": "atttestsmetaversecalls",
}
"""Titles of the feed that nobody escaped, as 0.1.0 read them and as they are. Addresses there are compared by host."""


def read_rows(connection: Connection) -> Rows:
    """Return the rows of every view, sorted; long texts as a hash."""
    rows = {view: _read(connection, view) for view in QUERIES}
    now = {tuple(row) for row in rows["text"]}
    rows["revision"] = [row for row in rows["revision"] if tuple(row[1:]) not in now]
    return rows


def message_ids(connection: Connection, state: str) -> list[str]:
    """Return the ids of the mails in this state."""
    query = "SELECT message_id FROM delivery WHERE state = :state AND recipient LIKE '%@%' ORDER BY id"
    return list(connection.execute(text(query), {"state": state}).scalars())


def _read(connection: Connection, view: str) -> list[list[Any]]:
    found = connection.execute(text(QUERIES[view]))
    rows = ([_plain(value, letters=n in _LETTERS.get(view, ())) for n, value in enumerate(row)] for row in found)
    return sorted(rows, key=repr)


def _plain(value: Any, *, letters: bool) -> Any:
    """Return a value as JSON has it, the same from both databases and in whichever folder they are."""
    if isinstance(value, bool):
        return int(value)
    if not isinstance(value, str):
        return value
    if letters:
        value = squeeze(value)
        value = _READ_BETTER.get(value, value)
    value = re.sub(r"(?<=\Ahttp://careless\.example/).+", "", value)
    if len(value) > 120:
        return f"{len(value)} letters, sha256 {hashlib.sha256(value.encode()).hexdigest()[:16]}"
    return Path(value).name if re.match(r"/.*/digests$", value) else value


def changes(before: Rows, after: Rows) -> list[str]:
    """Return a line for each row that was lost (-) or came (+)."""
    lines = []
    for view in QUERIES:
        old, new = (Counter(map(repr, rows[view])) for rows in (before, after))
        lines += [f"- {view} {row}" for row in sorted((old - new).elements())]
        lines += [f"+ {view} {row}" for row in sorted((new - old).elements())]
    return lines


def compared(expected: Iterable[object], found: Iterable[object]) -> str:
    """Return what is missing and what is too much, a line each; "" when both are the same."""
    wanted, got = Counter(map(str, expected)), Counter(map(str, found))
    lines = [f"missing: {line}" for line in (wanted - got).elements()]
    lines += [f"too much: {line}" for line in (got - wanted).elements()]
    return "\n".join(lines)
