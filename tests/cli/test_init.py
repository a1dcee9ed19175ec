"""`monitor init`: by options, and by questions at a terminal."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from monitor.cli import init
from tests.support.commands import Monitor


def answering(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """Let somebody be at the terminal who says this."""
    monkeypatch.setattr(init, "_is_at_terminal", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))


def test_without_a_terminal_the_defaults_make_a_file_that_is_right(monitor: Monitor, tmp_path: Path) -> None:
    ended = monitor("init")
    assert ended.status == 0, ended.err
    assert ended.out.split("\n") == ["  monitor check", "  monitor run", ""]
    assert monitor("check").out.endswith("all right\n")
    assert (tmp_path / "sources.toml").exists()


def test_options_say_what_is_wanted(monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = ("--channel", "email", "--to", "me@example.org")
    ended = monitor("init", "mine", "--group", "hong-kong", *mail, "--at", "09:15", "--timezone", "UTC")
    assert ended.status == 0, ended.err
    assert "6 sources, 5 rules, a digest at 09:15 by email" in ended.err
    assert "export SMTP_URL='smtps://" in ended.out
    assert monitor("check", "--config", "mine/sources.toml").status == 2, "its secret is not set yet"
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:2525")
    assert monitor("check", "--config", "mine/sources.toml").status == 0


def test_questions_are_asked_until_the_answer_is_right(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers = ("honkong", "hong-kong，shanghai", "mail", "email", "me@example.org", "8am", "08:00", "UTC")
    answering(monkeypatch, *answers)
    ended = monitor("init")
    assert ended.status == 0, ended.err
    for hint in ('did you mean "hong-kong"?', 'did you mean "email"?', 'did you mean "08:00"?', "state-media"):
        assert hint in ended.err
    text = (tmp_path / "sources.toml").read_text("utf-8")
    assert 'to = ["me@example.org"]' in text
    assert "上海市科委" in text


def test_a_file_that_is_there_is_left_before_anything_is_asked(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sources.toml").touch()
    answering(monkeypatch)
    ended = monitor("init")
    assert ended.status == 2
    assert "exists already" in ended.err
    assert (tmp_path / "sources.toml").read_text("utf-8") == ""
