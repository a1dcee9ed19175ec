"""A backup that is restored: what readers get again says so, and is a message of its own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from monitor.app.database import back_up, restore
from monitor.app.wiring import open_program
from monitor.clock import FixedClock
from monitor.config import Config
from monitor.sandbox import InlineReaders
from tests.support.configuration import Configure
from tests.support.world import START, Row, World, squeeze

SCHOOL = Row("City plans metaverse classrooms", "/a/2", "Schools will test them.")
LEDGER = Row("Ministry lists blockchain pilots", "/a/5", "Twelve cities take part.")
NOTE = "May repeat: the database was restored from a backup"


def at(minutes: int) -> FixedClock:
    return FixedClock(START + dt.timedelta(minutes=minutes))


def run(config: Config, minutes: int) -> None:
    with open_program(config, at(minutes), command="test", readers=InlineReaders()) as program:
        program.once()


def test_what_is_sent_again_after_a_restore_says_so_and_is_another_message(
    world: World, configure: Configure, tmp_path: Path
) -> None:
    config = configure("one.xml")
    world.feed("/one.xml", [SCHOOL])
    run(config, 0)
    back_up(config, at(1), tmp_path / "backup.db")
    world.feed("/one.xml", [LEDGER, SCHOOL])
    run(config, 60)
    restored = restore(config, at(61), tmp_path / "backup.db")
    assert restored.kept is not None
    assert restored.waiting == 0
    run(config, 120)
    texts = [squeeze(text) for text in world.texts("reader@example.org")]
    assert [squeeze(LEDGER.title) in text for text in texts] == [False, True, True]
    assert [squeeze(NOTE) in text for text in texts] == [False, False, True]
    assert len({str(mail["Message-ID"]) for _, mail in world.mails}) == len(world.mails)
    world.feed("/one.xml", [Row("Firms launch a metaverse", "/a/9", "In spring."), LEDGER, SCHOOL])
    run(config, 600)
    assert squeeze(NOTE) not in squeeze(world.texts("reader@example.org")[-1])


def test_a_restore_counts_what_was_waiting_to_be_sent(world: World, configure: Configure, tmp_path: Path) -> None:
    config = configure("one.xml")
    world.feed("/one.xml", [SCHOOL])
    world.mail_refusal = "451 later"
    run(config, 0)
    back_up(config, at(1), tmp_path / "backup.db")
    assert restore(config, at(2), tmp_path / "backup.db").waiting == 1
