"""Channels that are configured correctly, but cannot send from this machine."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.channels import KINDS
from monitor.config.findings import in_order
from monitor.config.positions import Positions
from monitor.config.shapes import NAMED
from monitor.config.syntax import read_text
from monitor.config.values import Config
from monitor.errors import Problem


def check_channels(config: Config) -> tuple[Problem, ...]:
    """Return the reasons why channels cannot send from this machine, by place. Nothing is sent or created.

    The running daemon does not check this: the cause may go away, and deliveries are retried.
    """
    return in_order(_found(config))


def _found(config: Config) -> Iterator[Problem]:
    positions: Positions | None = None
    for channel in config.channels.values():
        problem = KINDS[channel.kind].preflight(channel.options)
        if problem is None:
            continue
        positions = positions or Positions(read_text(config.path))
        place = positions.value((NAMED, channel.name, problem.key))
        where = f"[channel.{channel.name}]"
        yield Problem(str(config.path), place.line, place.column, where, problem.what, problem.remedy)
