"""Find out what the argument of `monitor try` names: a configured source, an address, or a file."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.app.inspect import Inspection, inspect_file, inspect_live
from monitor.clock import Clock
from monitor.collect import ARTICLE
from monitor.config import Config
from monitor.config.addresses import plain_address
from monitor.config.rsshub import at_instance, is_rsshub
from monitor.config.secrets import mask_password
from monitor.config.suggestions import did_you_mean, nearest_name
from monitor.errors import ConfigError, UsageError
from monitor.model import Source
from monitor.secret import Secret
from monitor.sources import KINDS


@dataclass(frozen=True, slots=True)
class Target:
    """What to read, as a source. If it is a file, `file` is its path."""

    source: Source
    file: Path | None = None


def target_kinds() -> tuple[str, ...]:
    """Return the kinds as which a target can be read: the kinds of sources, and an article."""
    return (*KINDS, ARTICLE)


def find_target(target: str, kind: str | None, base: str | None, config: Config | None) -> Target:
    """Return the configured source of this name, else a source made for the address or the file.

    `kind` is the kind as which it is read. The links of a file are relative to the address `base`. Raises UsageError if
    nothing fits, and ConfigError if a secret of the source is missing.
    """
    if kind is not None and kind not in (kinds := target_kinds()):
        synonyms = {word: name for name, known in KINDS.items() for word in known.synonyms}
        remedy = did_you_mean(kind, kinds, synonyms=synonyms)
        raise UsageError(f'"{kind}" is not one of: {", ".join(kinds)}; {remedy}', argument="kind")
    for missing in config.missing if config else ():
        if missing.where == f'[[source]] "{target}"':
            raise ConfigError((missing,))
    known = next((source for source in (config.sources if config else ()) if source.name == target), None)
    if known is not None:
        options = known.options if kind in (None, known.kind) else {}
        return Target(replace(known, kind=kind or known.kind, options=options))
    zone = config.timezone if config else "UTC"
    if is_rsshub(target):
        at = _rsshub_address(target, config)
        return Target(Source(target, at.reveal(), kind or "feed", at.origin, timezone=zone))
    if _is_address(target):
        return Target(Source(target, target, kind or "", target, timezone=zone))
    file = Path(target)
    return Target(Source(target, base or file.absolute().as_uri(), kind or "", target, timezone=zone), file)


def inspect_target(target: Target, content_type: str | None, config: Config | None, clock: Clock) -> Inspection:
    """Read the target once, and store nothing.

    `content_type` is used for a file. Raises UsageError for a missing file.
    """
    if target.file is None:
        return inspect_live(target.source, config, clock)
    named = target.source.name
    if (near := _nearest_source(target, config)) is not None:
        raise UsageError(f'{named}: there is no such source or file; did you mean "{near}"?')
    if (
        (plain := plain_address(named)) != named
        and (_is_address(plain) or _is_host(plain))
        and not target.file.exists()
    ):
        meant = mask_password(plain if _is_address(plain) else f"https://{plain}")
        raise UsageError(f'{mask_password(named)} has full-width characters in it; did you mean "{meant}"?')
    if _is_host(named) and not target.file.exists():
        raise UsageError(f'{named}: there is no such file; did you mean "https://{named}"?')
    return inspect_file(target.file, target.source, content_type, clock)


def _nearest_source(target: Target, config: Config | None) -> str | None:
    """Return the name of the source that was probably meant, if there is one and no file has the given name."""
    if config is None or target.file is None or target.file.exists():
        return None
    return nearest_name(target.source.name, (source.name for source in config.sources))


def _rsshub_address(route: str, config: Config | None) -> Secret:
    try:
        return at_instance(Secret(route, route), config.fetch.rsshub if config else None)
    except ValueError as wrong:
        raise UsageError(str(wrong)) from None


def _is_address(target: str) -> bool:
    return target.lower().startswith(("http://", "https://", "rsshub://"))


def _is_host(target: str) -> bool:
    """Return whether `target` may be an address without https://, since it begins like a host name."""
    return re.match(r"(?!\.)[\w.-]+\.[^\W\d_]{2,}(:[0-9]+)?(/|$)", target) is not None
