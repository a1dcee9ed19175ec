"""Watch the configuration's files for changes: `sources.toml` itself, and the files that it names as `file:PATH`.

Files are compared by content, not by modification time, because editors replace files, rename other files to their
name, or write twice, and a folder of links can be replaced as a whole. A change counts once it is stable for a moment.
"""

from __future__ import annotations

import hashlib
import stat
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from monitor.config.syntax import MAX_FILE_SIZE
from monitor.secret import is_reference

SETTLE_SECONDS: Final = 0.5
"""Seconds for which changed files must stay the same before the change counts: editors may write in several steps."""

MISSING_FILE_SECONDS: Final = 5.0
"""Seconds to wait for a missing or empty file to come back before this counts as a change."""

Fingerprints = Mapping[Path, str]
"""A hash of each file's content; "" for a file that does not exist, cannot be read, or is empty."""


class ConfigWatch:
    """Watches the files of a configuration. Create it before you read the configuration, so that no change is missed.

    Callers must call `has_stable_change` repeatedly. A change is reported at the second call after it, or later.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._named_files: tuple[Path, ...] = ()
        self._read = ""
        self._known: Fingerprints = self._fingerprints()
        self._seen = self._known
        self._since = 0.0

    def has_stable_change(self, at: float) -> bool:
        """Return whether the files differ from the known content and have stopped changing. Reads all files.

        `at` is the time in monotonic seconds. The wait is longer for a file that became empty or disappeared.
        """
        self.read_files(at)
        is_missing = any(not fingerprint and self._known.get(path) for path, fingerprint in self._seen.items())
        wait = MISSING_FILE_SECONDS if is_missing else SETTLE_SECONDS
        return self._seen != self._known and at - self._since >= wait

    def read_files(self, at: float) -> None:
        """Read all files. `at` is the time in monotonic seconds."""
        seen = self._fingerprints()
        if seen != self._seen:
            self._seen, self._since = seen, at

    def mark_as_known(self) -> None:
        """Mark the content that was read last as known. Call it before the configuration is read again, not after."""
        self._known = self._seen

    @property
    def is_empty(self) -> bool:
        """Whether the file exists and is empty, for example because a disk is full or an editor crashed."""
        return not self._seen[self.path] and self.path.exists()

    def _fingerprints(self) -> Fingerprints:
        body = _read_plain_file(self.path)
        fingerprint = _fingerprint(body)
        if fingerprint != self._read:
            self._read = fingerprint
            self._named_files = _files_named_in(body, self.path, self._named_files)
        return {self.path: fingerprint, **{path: _fingerprint(_read_plain_file(path)) for path in self._named_files}}


def _read_plain_file(path: Path) -> bytes:
    """Return the content of a regular file (only the start of a huge one); nothing if it does not exist."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # reading a pipe could block
            return b""
        with path.open("rb") as file:
            return file.read(MAX_FILE_SIZE + 1)
    except (OSError, ValueError):  # ValueError: an invalid file name
        return b""


def _fingerprint(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest() if body else ""


def _files_named_in(body: bytes, path: Path, before: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the files that a configuration names; if it cannot be parsed, return `before`, the files named earlier."""
    try:
        data = tomllib.loads(body.decode("utf-8-sig").replace("\r\n", "\n"))
    except (ValueError, RecursionError):
        return before
    folder = path.absolute().parent
    named = (text for text in _texts_in(data) if is_reference(text) and text.startswith("file:") and text != "file:")
    return tuple(dict.fromkeys(folder / text.removeprefix("file:") for text in named))


def _texts_in(value: Any) -> Iterator[str]:
    """Yield every text in the values of a configuration."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(part)
