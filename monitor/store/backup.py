"""Copies of an SQLite database, made while it is in use, and complete on the disk before they have their name."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from monitor.errors import StoreError
from monitor.store.engine import told

_KEPT: Final = 3


def copy_database(file: Path, target: Path) -> None:
    """Copy the database in `file` to `target`, a new file. Raises StoreError; then nothing is left at `target`."""
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            raise StoreError(f"{target}: exists; a backup overwrites nothing, name a new file")
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with told(str(target)):
            _copy(file, part)
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
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, whole by itself


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def backup_before_upgrade(file: Path, version: str, now: dt.datetime) -> Path:
    """Copy the database beside itself, named after its schema and the moment; keep the newest three such copies."""
    target = file.with_name(f"{file.name}.{now:%Y%m%dT%H%M%S%f}Z.schema-{version}.backup")
    copy_database(file, target)
    for old in sorted(file.parent.glob(f"{_literal(file.name)}.*Z.schema-*.backup"))[:-_KEPT]:
        old.unlink()
    return target


def _literal(name: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)
