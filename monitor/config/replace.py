"""Replace a file in one step: readers see the old or the new file, and one of the two exists after a crash."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from monitor.errors import ConfigError, Problem


def write_config(path: Path, text: str) -> None:
    """Replace the content of the file at `path` by `text`.

    A new file is written in the same folder, flushed to the disk, and renamed. Mode, owner, and a symbolic link to the
    file are kept. Raises ConfigError, and leaves the file unchanged, if this fails or the file is write-protected.
    """
    target = Path(os.path.realpath(path))
    # The folder may let this user replace even a write-protected file, so check the file itself.
    if os.access(target, os.F_OK) and not os.access(target, os.W_OK):
        what = "this file is write-protected, and nothing was written"
        raise ConfigError((Problem(str(path), 0, 0, "", what, "allow this user to write it, if it may be changed"),))
    new = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
    try:
        _write_new(new, text.encode("utf-8"), _status_of(target))
        new.replace(target)
        # Flush the new name to the disk.
        descriptor = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as wrong:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        what = f"this cannot be written: {wrong.strerror or wrong}"
        remedy = f"give this user write access to {target.parent}; a file that is mounted by itself cannot be replaced"
        raise ConfigError((Problem(str(path), 0, 0, "", what, remedy),)) from None


@contextlib.contextmanager
def exclusive_access(path: Path) -> Iterator[None]:
    """Keep other commands from changing the file while it is compared and replaced.

    The folder is locked, not the file, since the file is replaced. If the folder cannot be locked, nothing is locked.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            descriptor = os.open(Path(os.path.realpath(path)).parent, os.O_RDONLY)
            stack.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def _status_of(target: Path) -> os.stat_result | None:
    try:
        return target.stat()
    except FileNotFoundError:
        return None


def _write_new(new: Path, body: bytes, old: os.stat_result | None) -> None:
    mode = 0o600 if old else 0o666  # a new file gets the usual mode; a replaced one is private until it is complete
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(body)
        file.flush()
        if old:
            with contextlib.suppress(PermissionError):  # only root may change the owner
                os.fchown(file.fileno(), old.st_uid, old.st_gid)
            os.fchmod(file.fileno(), stat.S_IMODE(old.st_mode))
        os.fsync(file.fileno())
