"""Find channels that are configured correctly but cannot send from this machine."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.channels import KINDS
from monitor.config.findings import sort_problems
from monitor.config.positions import Positions
from monitor.config.shapes import NAMED_TABLES
from monitor.config.syntax import read_text
from monitor.config.values import Config
from monitor.errors import Problem


def check_channels(config: Config) -> tuple[Problem, ...]:
    """Return the reasons why channels cannot send from this machine, sorted by place. Nothing is sent or created.

    The daemon does not check this while it runs: the cause may go away, and deliveries are retried.
    """
    return sort_problems(_find_problems(config))


def _find_problems(config: Config) -> Iterator[Problem]:
    positions: Positions | None = None
    for channel in config.channels.values():
        problem = KINDS[channel.kind].preflight(channel.options)
        if problem is None:
            continue
        positions = positions or Positions(read_text(config.path))
        place = positions.value((NAMED_TABLES, channel.name, problem.key))
        where = f"[channel.{channel.name}]"
        yield Problem(str(config.path), place.line, place.column, where, problem.what, problem.remedy)
