"""Check the database: it opens, has this program's schema, is undamaged, takes writes, and has room on its disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from monitor.app.doctor.check import Check, failed, ok, warning
from monitor.clock import Clock
from monitor.config import Config
from monitor.errors import MigrationNeeded, StoreError
from monitor.store import Store
from monitor.store.condition import FileCondition

PATIENCE: Final = 10.0
"""Seconds that the test write waits for other writers. A daemon's transactions take milliseconds."""

MIN_FREE: Final = 100 << 20
"""Bytes on the disk below which writes will soon fail."""

COMFORTABLE_FREE: Final = 1 << 30
"""Bytes on the disk that a database grows into within months."""


def check_database(config: Config, clock: Clock) -> Iterator[Check]:
    """Yield the results for the database of `config`. It is neither created nor migrated."""
    url = config.database_url.reveal()
    try:
        store = Store(url, clock=clock, zone=ZoneInfo(config.timezone), patience=PATIENCE)
    except StoreError as error:
        yield failed("database", "", str(error), "correct MONITOR_DATABASE_URL")
        return
    with closing(store):
        try:
            missing = store.missing_file()
            yield from _check_existing(store) if missing is None else [_check_missing(store.shown_url, missing.parent)]
        except StoreError as error:
            reason = str(error).removeprefix(f"{store.shown_url}: ")
            yield failed("database", store.shown_url, reason, "nothing can be polled or sent until then")


def _check_missing(shown: str, folder: Path) -> Check:
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        return warning("database", shown, "there is no database yet", "monitor run or monitor once makes it")
    what = "may not be written" if folder.is_dir() else "does not exist"
    remedy = f"make {folder} a folder in which this user may write, or correct MONITOR_DATABASE_URL"
    return failed("database", shown, f"there is no database yet, and its folder {what}", remedy)


def _check_existing(store: Store) -> Iterator[Check]:
    try:
        is_current = store.schema_is_current()
    except MigrationNeeded as error:
        yield failed("database", store.shown_url, str(error), "the program does not start with it")
        return
    if not is_current:
        remedy = "monitor db upgrade (for SQLite, monitor run does it, after a backup)"
        yield failed("database", store.shown_url, "it opens, but its schema is older than this program", remedy)
        return
    yield ok("database", store.shown_url, "it opens, and its schema is the one of this program")
    if damage := store.quick_check():
        yield failed("database", "integrity", f"it is damaged: {'; '.join(damage)}", "monitor db restore BACKUP")
    else:
        yield ok("database", "integrity", "a quick check found no damage; monitor db check looks at everything")
    store.try_write()
    yield ok("database", "writing", "it takes writes")
    if (file := store.file_condition()) is not None:
        yield from _check_file(file)


def _check_file(file: FileCondition) -> Iterator[Check]:
    if file.mode & (stat.S_IRWXG | stat.S_IRWXO):
        message = "other users have rights to it: it has what you watch, and who gets it"
        yield warning("database", str(file.path), message, f"chmod go= {file.path}")
    room = f"{_in_words(file.free)} of the disk are free; the database uses {_in_words(file.size)}"
    if file.free < MIN_FREE:
        yield failed("database", "disk", room, "make room: writes will fail soon")
    elif file.free < max(COMFORTABLE_FREE, 2 * file.size):  # an upgrade of the schema makes a copy
        yield warning("database", "disk", room, "make room: an upgrade copies the database before it changes it")
    else:
        yield ok("database", "disk", room)


def _in_words(size: int) -> str:
    return f"{size / (1 << 30):.1f} GiB" if size >= 1 << 30 else f"{size / (1 << 20):.0f} MiB"
