"""Check the parts of a configuration that are not checked when it is loaded: examples of rules, and channels."""

from __future__ import annotations

from monitor.config import Config, check_channels, check_examples
from monitor.errors import ConfigError


def check_config(config: Config) -> None:
    """Check the examples of all rules, and whether channels can send from here. Raises ConfigError with all errors."""
    if problems := (*check_examples(config), *check_channels(config)):
        raise ConfigError(problems)


def count_tables(config: Config) -> dict[str, int]:
    """Return the number of tables of each sort in the configuration."""
    return {
        "sources": len(config.sources),
        "rules": len(config.rules),
        "digests": len(config.digests),
        "channels": len(config.channels),
    }


def remarks_on(config: Config) -> tuple[str, ...]:
    """Return remarks on a valid configuration that its author should know."""
    if config.operator.to:
        return ()
    lacks = "no `to` in [operator]" if config.operator.stated else "no [operator]"
    note = (
        f"{lacks}: nobody gets messages about problems; they are only in monitor status and in a line of each digest."
        ' Write [operator] with to = ["…"], the names of channels'
    )
    return (note,)
