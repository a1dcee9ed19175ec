"""Watch the configuration on the disk for changes: the file itself, and those that it names as `file:PATH`.

Files are compared by content, not by time: editors replace files, rename others to their name, or write twice, and a
folder of links can be replaced at once. A change counts after it has been stable for a moment.
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
"""Seconds for which a change must stay as it is before it counts: an editor may write a file in several steps."""

MISSING_FILE_SECONDS: Final = 5.0
"""Seconds for which a file that is gone, or empty, may be on its way back."""

Fingerprints = Mapping[Path, str]
"""What each file holds, as a hash; "" for one that is not there, cannot be read, or is empty."""


class ConfigWatch:
    """Watches a configuration's files. Create it before reading the configuration, so that no change is missed.

    It reports nothing by itself: callers ask `has_stable_change` again and again, and learn of a change at the second
    call or later.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._named_files: tuple[Path, ...] = ()
        self._read = ""
        self._known: Fingerprints = self._fingerprints()
        self._seen = self._known
        self._since = 0.0

    def has_stable_change(self, at: float) -> bool:
        """Return whether the files differ from the known content, and are stable. Reads all of them.

        `at` are monotonic seconds. A file that became empty or disappeared gets more time to come back.
        """
        self.read_files(at)
        is_missing = any(not fingerprint and self._known.get(path) for path, fingerprint in self._seen.items())
        wait = MISSING_FILE_SECONDS if is_missing else SETTLE_SECONDS
        return self._seen != self._known and at - self._since >= wait

    def read_files(self, at: float) -> None:
        """Read the content of the files at the time `at`."""
        seen = self._fingerprints()
        if seen != self._seen:
            self._seen, self._since = seen, at

    def mark_as_known(self) -> None:
        """Mark the last content read as known. Call it before the configuration is read again, not after."""
        self._known = self._seen

    @property
    def is_empty(self) -> bool:
        """Whether the file exists and is empty, as when a disk is full or an editor was stopped half-way."""
        return not self._seen[self.path] and self.path.exists()

    def _fingerprints(self) -> Fingerprints:
        body = _read_plain_file(self.path)
        fingerprint = _fingerprint(body)
        if fingerprint != self._read:
            self._read = fingerprint
            self._named_files = _files_named_in(body, self.path, self._named_files)
        return {self.path: fingerprint, **{path: _fingerprint(_read_plain_file(path)) for path in self._named_files}}


def _read_plain_file(path: Path) -> bytes:
    """Return the content of a plain file (of a huge one only the start); nothing if it does not exist."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would keep us waiting
            return b""
        with path.open("rb") as file:
            return file.read(MAX_FILE_SIZE + 1)
    except (OSError, ValueError):  # the latter for a name that no file can have
        return b""


def _fingerprint(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest() if body else ""


def _files_named_in(body: bytes, path: Path, before: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the files that a configuration names; if it cannot be read, those that it named `before`."""
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
