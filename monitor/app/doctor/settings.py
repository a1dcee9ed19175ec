"""Check the configuration: rules and channels, secrets that it names, and the rights of its files."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from monitor.app.check import check_config, count_tables
from monitor.app.doctor.check import Check, failed, from_problem, ok, warning
from monitor.channels.wording import with_count
from monitor.config import Config
from monitor.config.kinds import PLAINTEXT_WARNING
from monitor.errors import ConfigError

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_OTHERS_READ = stat.S_IRGRP | stat.S_IROTH


def check_settings(config: Config) -> Iterator[Check]:
    """Yield the results for a configuration that was read without requiring its secrets."""
    yield from _check_content(config)
    if config.missing:
        for problem in config.missing:
            yield from_problem(problem)
    else:
        yield ok("configuration", "secrets", "all variables and files that it names are there")
    yield from _check_rights(config)


def _check_content(config: Config) -> Iterator[Check]:
    try:
        check_config(config)
    except ConfigError as error:
        for problem in error.problems:
            yield from_problem(problem)
        return
    counted = (with_count(count, name.removesuffix("s"), name) for name, count in count_tables(config).items())
    valid = f"valid ({', '.join(counted)}){_unchecked(config)}"
    if config.warnings:
        message = f"{valid}, with {with_count(len(config.warnings), 'warning', 'warnings')}"
        yield warning("configuration", str(config.path), message, "see monitor check")
    else:
        yield ok("configuration", str(config.path), valid)


def _unchecked(config: Config) -> str:
    """Return in words how many tables are not checked because their secrets are missing; "" if all are checked."""
    tables = {problem.where for problem in config.missing}
    return f", without {with_count(len(tables), 'table', 'tables')} with missing secrets" if tables else ""


def _check_rights(config: Config) -> Iterator[Check]:
    """Yield warnings about files that other users may change, and files with secrets that other users may read."""
    folder = config.path.absolute().parent
    names = {secret.origin.removeprefix("file:") for secret in config.secrets if secret.origin.startswith("file:")}
    has_plaintext = any(warned.what == PLAINTEXT_WARNING for warned in config.warnings)
    files = {config.path.absolute(): has_plaintext} | {folder / name: True for name in sorted(names)}
    wrong = [found for path, is_secret in files.items() if (found := _rights_of(path, is_secret=is_secret))]
    yield from wrong
    if not wrong:
        yield ok("configuration", "rights", "no other user may change its files, or read its secrets")


def _rights_of(path: Path, *, is_secret: bool) -> Check | None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return failed("configuration", str(path), f"cannot be checked: {error.strerror}", "check the rights")
    if mode & _OTHERS_WRITE:
        return warning("configuration", str(path), "other users may change it", f"chmod go-w {path}")
    if is_secret and mode & _OTHERS_READ:
        return warning("configuration", str(path), "it has secrets, and other users may read it", f"chmod go= {path}")
    return None
