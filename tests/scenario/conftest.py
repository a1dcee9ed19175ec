"""What scenarios share: a world, and programs made of a configuration for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor import config
from monitor.config import Config
from tests.scenario.world import World, running

CONFIG = """
timezone = "Asia/Shanghai"
[fetch]
allow_private = ["127.0.0.0/8"]
{sources}
[concept]
web3 = ["Web3", "Web 3.0", "第三代互联网"]
[[rule]]
name = "themes"
match = '@web3 OR metaverse OR blockchain'
[[digest]]
name = "flash"
rules = ["themes"]
at = "{at}"
to = ["mail", "hook"]
[channel.mail]
kind = "email"
smtp = "smtp://127.0.0.1:{smtp_port}"
from = "Monitor <monitor@example.org>"
to = ["reader@example.org"]
[channel.hook]
kind = "slack"
webhook = "{base}/services/T0/B0/CANARY"
"""

Configure = Callable[..., Config]


@pytest.fixture
def world() -> Iterator[World]:
    with running() as world:
        yield world


@pytest.fixture
def configure(world: World, tmp_path: Path) -> Configure:
    """`configure("one.xml", "two.xml", at="now")` writes a sources.toml with these feeds and loads it."""

    def make(*feeds: str, at: str = "now", extra: str = "", replace: tuple[str, str] = ("", "")) -> Config:
        sources = "".join(f'[[source]]\nname = "{feed}"\nurl = "{world.base}/{feed}"\n' for feed in feeds)
        text = CONFIG.format(sources=sources + extra, base=world.base, smtp_port=world.smtp_port, at=at)
        path = tmp_path / "sources.toml"
        path.write_text(text.replace(*replace) if replace[0] else text, encoding="utf-8")
        return config.load(path, {})

    return make
