"""One `sources.toml` for the world of tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from monitor.config import Config
from tests.support.world import World

TEMPLATE = """
timezone = "Asia/Shanghai"
[fetch]
allow_private = ["127.0.0.0/8"]
{sources}
{rules}
[[digest]]
name = "flash"
rules = {asked}
at = "{at}"
to = ["mail", "hook"]
[channel.mail]
kind = "email"
smtp = "smtp://127.0.0.1:{smtp_port}"
from = "Monitor <monitor@example.org>"
to = {recipients}
[channel.hook]
kind = "slack"
webhook = "{base}/services/T0/B0/CANARY"
"""

THEMES = """
[concept]
web3 = ["Web3", "Web 3.0", "第三代互联网"]
[[rule]]
name = "themes"
match = '@web3 OR metaverse OR blockchain'
"""

READER = "reader@example.org"

Configure = Callable[..., Config]
"""The fixture `configure`."""
Write = Callable[..., Path]


def feed(world: World, path: str, more: str = "") -> str:
    """Return the table of a source at this path of the world, which is its name too; `more` are further lines."""
    return f'[[source]]\nname = "{path}"\nurl = "{world.base}/{path}"\n{more}'


def sources_toml(
    world: World,
    sources: str,
    *,
    rules: str = THEMES,
    asked: str = "themes",
    at: str = "now",
    recipients: Sequence[str] = (READER,),
) -> str:
    """Return a configuration with these tables of sources and rules, and a digest of the rule `asked`.

    The digest goes by mail to each of the recipients, and to the webhook.
    """
    return TEMPLATE.format(
        sources=sources.strip("\n"),
        rules=rules.strip("\n"),
        at=at,
        base=world.base,
        smtp_port=world.smtp_port,
        asked=json.dumps([asked]),
        recipients=json.dumps(list(recipients)),
    )


def write(folder: Path, text: str, replace: tuple[str, str] = ("", "")) -> Path:
    """Write the text as `sources.toml`, with every occurrence of one text replaced by another; return its path."""
    path = folder / "sources.toml"
    path.write_text(text.replace(*replace) if replace[0] else text, encoding="utf-8")
    return path
