"""Copy SQLite databases, even while they are in use. A copy gets its name only when it is complete on the disk."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from monitor.errors import StoreError
from monitor.store.engine import database_errors

_KEPT_BACKUPS: Final = 3


def copy_database(file: Path, target: Path) -> None:
    """Copy the database in `file` to `target`, a new file. If it raises StoreError, there is no file at `target`.

    A damaged database is an error, because a backup must be reliable.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            raise StoreError(f"{target}: exists; a backup overwrites nothing, name a new file")
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with database_errors(str(target)):
            _copy(file, part)
            _check_copy(file, part)
        _sync(part)
        part.rename(target)
        _sync(target.parent)
    except OSError as error:
        raise StoreError(f"{target}: cannot be written ({error.strerror}); name another place") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _copy(file: Path, part: Path) -> None:
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(part)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # the copy is a single file, without a log


def _check_copy(file: Path, copy: Path) -> None:
    """Raise StoreError if SQLite finds the copy of `file` damaged (https://www.sqlite.org/pragma.html#pragma_integrity_check)."""
    with closing(sqlite3.connect(copy)) as connection:
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise StoreError(
            f"{file}: the database is damaged ({found.strip()}); no copy was made: restore the newest good backup with"
            " `monitor db restore`, and copy the file itself if you want to save what is left in it"
        )


def replace_database(file: Path, backup: Path, now: dt.datetime) -> Path | None:
    """Replace the database in `file` by a copy of `backup`. Only the caller may have the database open.

    The old database is kept under another name, which is returned; None if there was no database. If it raises
    StoreError, `file` is unchanged.
    """
    new_file = file.with_name(f"{file.name}.restored")
    new_file.unlink(missing_ok=True)
    copy_database(backup, new_file)
    try:
        kept = _set_aside(file, now) if file.exists() and file.stat().st_size else None
        new_file.replace(file)
        _sync(file.parent)
    except OSError as error:
        raise StoreError(f"{file}: cannot be replaced ({error.strerror}); check the rights of its folder") from error
    finally:
        new_file.unlink(missing_ok=True)
    return kept


def _set_aside(file: Path, now: dt.datetime) -> Path:
    """Rename the database in `file` and its log. If the log kept its name, SQLite would damage the new file.

    See https://www.sqlite.org/howtocorrupt.html, section 1.4.
    """
    kept = file.with_name(f"{file.name}.{now:%Y%m%dT%H%M%S%f}Z.before-restore")
    kept.hardlink_to(file)
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            file.with_name(file.name + suffix).rename(kept.with_name(kept.name + suffix))
    return kept


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def backup_before_upgrade(file: Path, version: str, now: dt.datetime) -> Path:
    """Copy the database into its folder, under a name with schema and time. Keep only the newest three copies."""
    target = file.with_name(f"{file.name}.{now:%Y%m%dT%H%M%S%f}Z.schema-{version}.backup")
    copy_database(file, target)
    for old in sorted(file.parent.glob(f"{_quote(file.name)}.*Z.schema-*.backup"))[:-_KEPT_BACKUPS]:
        old.unlink()
    return target


def _quote(name: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)
