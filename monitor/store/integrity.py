"""Check a database: by its own checks, and by the rules of this program."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

from monitor.errors import MigrationNeeded

# Each query counts the rows that break a rule of this program.
_VIOLATIONS: Final = {
    "deliveries that are marked as being sent by a process that has ended": """
        SELECT count(*) FROM delivery d WHERE d.state = 'claimed' AND (d.claimed_by IS NULL OR EXISTS
        (SELECT 1 FROM holder h WHERE h.id = d.claimed_by AND h.ended_at IS NOT NULL))""",
    "deliveries whose number of attempts is not the number of recorded attempts": """
        SELECT count(*) FROM delivery d WHERE d.attempts <>
        (SELECT count(*) FROM attempt a WHERE a.delivery_id = d.id)""",
    "attempts that have not ended, though nobody is sending their delivery": """
        SELECT count(*) FROM attempt a JOIN delivery d ON d.id = a.delivery_id
        WHERE a.ended_at IS NULL AND d.state <> 'claimed'""",
    "deliveries that are marked as sent without a time of sending, or have one but are not marked": """
        SELECT count(*) FROM delivery WHERE (state = 'sent') <> (sent_at IS NOT NULL)""",
    "deliveries that wait, but have no time for the next attempt": """
        SELECT count(*) FROM delivery WHERE state IN ('queued', 'retry', 'ambiguous') AND next_at IS NULL""",
    "editions that contain fewer items than they should": """
        SELECT count(*) FROM edition e WHERE e.items >
        (SELECT count(*) FROM edition_item i WHERE i.edition_id = e.id)""",
    "groups of copies whose recorded digest is not the digest of their edition": """
        SELECT count(*) FROM edition_item i JOIN edition e ON e.id = i.edition_id WHERE e.digest <> i.digest""",
    "articles whose recorded digest is not the digest of their edition": """
        SELECT count(*) FROM edition_article i JOIN edition e ON e.id = i.edition_id WHERE e.digest <> i.digest""",
    "articles that a digest's editions contain without their group of copies": """
        SELECT count(*) FROM edition_article b JOIN article a ON a.id = b.article_id WHERE NOT EXISTS
        (SELECT 1 FROM edition_item i WHERE i.digest = b.digest AND i.lead_id = coalesce(a.lead_id, a.id))""",
    "copies of a copy, or of an article of another story": """
        SELECT count(*) FROM article a LEFT JOIN article b ON b.id = a.lead_id WHERE a.lead_id IS NOT NULL
        AND (b.id IS NULL OR b.lead_id IS NOT NULL OR b.story_id <> a.story_id)""",
    "stories without an article": """
        SELECT count(*) FROM story s WHERE NOT EXISTS (SELECT 1 FROM article a WHERE a.story_id = s.id)""",
}


def rule_violations(connection: Connection) -> tuple[str, ...]:
    """Return the violated rules of this program in words, each with the number of rows that violate it."""
    counted = ((words, connection.execute(text(query)).scalar_one()) for words, query in _VIOLATIONS.items())
    return tuple(f"{count} {words}" for words, count in counted if count)


def file_damage(connection: Connection) -> tuple[str, ...]:
    """Return the damage that SQLite finds, in words. PostgreSQL checks its pages itself when it reads them."""
    if connection.dialect.name != "sqlite":
        return ()
    said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    lost = [f"row {row[1]} of {row[0]} points to a missing {row[2]}" for row in missing_references(connection)]
    return tuple(line for line in said if line != "ok") + tuple(lost)


def missing_references(connection: Connection) -> list[tuple[str, int, str, int]]:
    """Return the rows of an SQLite database that refer to missing rows: table, row, other table, key number."""
    return [(row[0], row[1], row[2], row[3]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]


def refuse_missing_references(connection: Connection) -> None:
    """Raise MigrationNeeded if a migration left rows that refer to missing rows. Then nothing is committed."""
    if connection.dialect.name == "sqlite" and (lost := missing_references(connection)):
        raise MigrationNeeded(
            f"the upgrade would leave {len(lost)} rows of {lost[0][0]} without their {lost[0][2]};"
            " nothing was changed, restore a backup or report this"
        )
