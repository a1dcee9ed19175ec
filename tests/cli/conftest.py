"""The command line in this process: arguments in, exit status and output out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from monitor.cli import main
from tests.scenario.world import World, running


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


Monitor = Callable[..., Ended]


@pytest.fixture
def monitor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Monitor:
    """`monitor("check", "--json")` runs the command in an empty folder with no settings in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("MONITOR_CONFIG", "MONITOR_DATABASE_URL", "MONITOR_LOG"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["monitor", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Ended(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def world() -> Iterator[World]:
    with running() as world:
        yield world


CONFIG = """
timezone = "Asia/Shanghai"
[fetch]
allow_private = ["127.0.0.0/8"]
[[source]]
name = "one"
url = "{base}/one.xml"
tags = ["press"]
[[rule]]
name = "themes"
match = 'metaverse OR blockchain'
must_match = ["Metaverse plan"]
[[rule]]
name = "satellites"
match = 'tag:press AND satellite'
[[digest]]
name = "flash"
rules = ["*"]
at = "{at}"
to = ["mail", "hook"]
[channel.mail]
kind = "email"
smtp = "smtp://127.0.0.1:{smtp_port}"
from = "monitor@example.org"
to = ["reader@example.org"]
[channel.hook]
kind = "slack"
webhook = "{base}/services/T0/B0/CANARY"
"""

Write = Callable[..., Path]


@pytest.fixture
def write(world: World, tmp_path: Path) -> Write:
    """`write(at="now")` writes a sources.toml for the world into the folder."""

    def make(*, at: str = "now", replace: tuple[str, str] = ("", "")) -> Path:
        text = CONFIG.format(base=world.base, smtp_port=world.smtp_port, at=at)
        path = tmp_path / "sources.toml"
        path.write_text(text.replace(*replace) if replace[0] else text, encoding="utf-8")
        return path

    return make
