"""The installation is checked in one command: a line for each check, what to do, and no secret."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from monitor.app.doctor import database
from tests.cli.conftest import BEGUN
from tests.support import databases
from tests.support.commands import Monitor
from tests.support.configuration import Write
from tests.support.world import Row, World

LATER = dt.timedelta(minutes=20)

Serve = Callable[[dt.datetime], None]


@pytest.fixture
def server_time(monkeypatch: pytest.MonkeyPatch) -> Serve:
    """`server_time(at)` sets the clock of the world's web server. It is the time of the commands at first."""

    def serve(at: dt.datetime) -> None:
        stated = format_datetime(at, usegmt=True)
        monkeypatch.setattr(BaseHTTPRequestHandler, "date_time_string", lambda *_: stated)

    serve(BEGUN)
    return serve


@pytest.fixture
def installed(write: Write, world: World, tmp_path: Path, server_time: Serve) -> Path:
    """Set up an installation with which nothing is wrong. Return the path of its configuration."""
    world.feed("/one.xml", [Row("City plans metaverse classrooms", "/a/2", "Schools will test them.")])
    path = write()
    path.chmod(0o600)
    databases.put_ready_file(tmp_path / "monitor.db")
    (tmp_path / "monitor.db").chmod(0o600)
    return path


def checks(monitor: Monitor, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(monitor("doctor", "--json", *words).out)["checks"]
    return found


def failed(monitor: Monitor) -> list[tuple[str, str]]:
    return [(check["topic"], check["message"]) for check in checks(monitor) if check["state"] == "failed"]


def test_a_good_installation_has_one_line_for_each_check_and_ends_0(
    installed: Path, monitor: Monitor, world: World
) -> None:
    ended = monitor("doctor")
    assert ended.status == 0, ended.out
    lines = ended.out.splitlines()
    assert {line[:8].strip() for line in lines} <= {"ok", "warning"}
    topics = {line[8:].split()[0].rstrip(":") for line in lines}
    assert topics == {"configuration", "database", "clock", "dns", "channel"}
    assert (world.mails, world.posts) == ([], [])
    assert "CANARY" not in ended.out + ended.err, "the webhook is a secret"
    assert "monitor doctor --send sends a test message" in ended.out


def test_send_sends_a_test_message_through_each_channel(installed: Path, monitor: Monitor, world: World) -> None:
    ended = monitor("doctor", "--send")
    assert ended.status == 0, ended.out
    ((recipient, mail),) = world.mails
    assert (recipient, mail["Subject"]) == ("reader@example.org", "Test message from monitor")
    assert "Test message from monitor" in json.dumps(world.posts)
    assert "the test message was accepted: reader@example.org" in ended.out
    assert "CANARY" not in ended.out + ended.err


def test_a_refused_test_message_ends_1_and_says_why(installed: Path, monitor: Monitor, world: World) -> None:
    world.mail_refusal = "550 no such user"
    ended = monitor("doctor", "--send")
    assert ended.status == 1
    (line,) = (line for line in ended.out.splitlines() if line.startswith("FAILED"))
    assert "550 no such user" in line
    assert "correct [channel.mail]" in line


def test_a_clock_that_no_source_agrees_with_is_wrong(installed: Path, monitor: Monitor, server_time: Serve) -> None:
    server_time(BEGUN + LATER)
    ((topic, message),) = failed(monitor)
    assert topic == "clock"
    assert "0:20:00 behind" in message or "0:19:" in message
    assert monitor("doctor").status == 1


def test_a_clock_without_a_source_that_answers_is_not_judged(installed: Path, monitor: Monitor, world: World) -> None:
    world.pages.clear()
    found = {check["subject"]: check for check in checks(monitor) if check["topic"] == "clock"}
    assert found["time"]["state"] == "warning"
    assert "no source answered" in found["time"]["message"]


def test_an_invalid_configuration_ends_2_and_the_database_is_still_checked(installed: Path, monitor: Monitor) -> None:
    installed.write_text(installed.read_text("utf-8").replace('name = "one"', 'nam = "one"'), encoding="utf-8")
    ended = monitor("doctor")
    assert ended.status == 2
    assert "FAILED  configuration sources.toml:" in ended.out
    assert "database writing: it takes writes" in ended.out


def test_a_missing_secret_ends_2_and_is_named(installed: Path, monitor: Monitor) -> None:
    text = installed.read_text("utf-8").replace('from = "Monitor', 'reply_to = "a@example.org"\nfrom = "Monitor')
    installed.write_text(text.replace('smtp = "smtp://', 'smtp = "env:NO_SUCH_MAIL" #'), encoding="utf-8")
    ended = monitor("doctor")
    assert ended.status == 2
    assert "the environment variable NO_SUCH_MAIL is not set" in ended.out


@pytest.mark.parametrize(
    ("mode", "words"), [(0o644, "it has secrets, and other users may read it"), (0o622, "other users may change it")]
)
def test_a_file_that_others_may_read_or_change_is_a_warning(
    installed: Path, monitor: Monitor, mode: int, words: str
) -> None:
    installed.chmod(mode)
    ended = monitor("doctor")
    assert ended.status == 0
    assert f"warning configuration {installed}: {words}; chmod" in ended.out


def test_a_database_that_does_not_exist_is_not_made(
    monitor: Monitor, write: Write, tmp_path: Path, server_time: Serve
) -> None:
    write()
    ended = monitor("doctor")
    assert ended.status == 0
    assert "there is no database yet; monitor run or monitor once makes it" in ended.out
    assert not (tmp_path / "monitor.db").exists()


def test_a_database_in_a_folder_that_does_not_exist_is_wrong(
    monitor: Monitor, write: Write, tmp_path: Path, server_time: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    monkeypatch.setenv("MONITOR_DATABASE_URL", f"sqlite:///{tmp_path}/nowhere/monitor.db")
    assert [topic for topic, _ in failed(monitor)] == ["database"]
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("version", "words"), [("0001", "its schema is older"), ("9999", "written by a newer version of this program")]
)
def test_a_database_of_another_version_is_named_and_not_migrated(
    installed: Path, monitor: Monitor, tmp_path: Path, version: str, words: str
) -> None:
    with closing(sqlite3.connect(tmp_path / "monitor.db", isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [version])
        ((topic, message),) = failed(monitor)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (version,)
    assert topic == "database"
    assert words in message


def test_a_database_that_another_program_keeps_locked_is_wrong(
    installed: Path, monitor: Monitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    with closing(sqlite3.connect(tmp_path / "monitor.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        ((topic, message),) = failed(monitor)
        assert topic == "database"
        assert "another process keeps it locked" in message


def test_a_test_write_leaves_nothing(installed: Path, monitor: Monitor, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "monitor.db")) as connection:
        before = connection.execute("PRAGMA data_version").fetchone()  # it changes with every commit of another process
        monitor("doctor")
        assert connection.execute("PRAGMA data_version").fetchone() == before


def test_a_damaged_database_is_wrong(installed: Path, monitor: Monitor, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "monitor.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'notice'")
    assert ("database", True) in [(topic, "damaged" in message) for topic, message in failed(monitor)]


def test_a_database_that_others_may_read_is_a_warning(installed: Path, monitor: Monitor, tmp_path: Path) -> None:
    file = tmp_path / "monitor.db"
    file.chmod(file.stat().st_mode | stat.S_IROTH)
    assert f"warning database {file}: other users have rights to it" in monitor("doctor").out


def test_a_disk_that_is_nearly_full_is_wrong(
    installed: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "MIN_FREE", 1 << 60)
    assert [message[-4:] for topic, message in failed(monitor) if topic == "database"] == [" MiB"]


def test_a_source_in_a_network_that_is_not_allowed_is_wrong(installed: Path, monitor: Monitor) -> None:
    text = installed.read_text("utf-8").replace('allow_private = ["127.0.0.0/8"]', "")
    installed.write_text(text, encoding="utf-8")
    assert [topic for topic, _ in failed(monitor)] == ["dns"]


def test_check_says_that_channels_were_not_tried(installed: Path, monitor: Monitor) -> None:
    assert json.loads(monitor("check", "--json").out)["not_tried"] == ["channels"]
