"""The environment: which file, which database, what is logged."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from monitor.config import LogOptions, config_path, environment, log_options
from monitor.config.environment import DATABASE_DRIVERS, database_url
from monitor.errors import ConfigError
from monitor.store.engine import parse_url


def test_the_environment_is_that_of_the_process() -> None:
    assert environment() is os.environ


@pytest.mark.parametrize(
    ("environ", "given", "path"),
    [
        ({}, None, "sources.toml"),
        ({"MONITOR_CONFIG": ""}, None, "sources.toml"),
        ({"MONITOR_CONFIG": "/etc/a.toml"}, None, "/etc/a.toml"),
        ({"MONITOR_CONFIG": "/etc/a.toml"}, Path("b.toml"), "b.toml"),
    ],
)
def test_what_the_command_names_comes_before_the_environment(
    environ: Mapping[str, str], given: Path | None, path: str
) -> None:
    assert config_path(environ, given) == Path(path)


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ("", LogOptions("info", "text")),
        ("debug", LogOptions("debug", "text")),
        ("json", LogOptions("info", "json")),
        ("JSON, Warning", LogOptions("warning", "json")),
    ],
)
def test_the_log_is_a_level_and_a_format_in_any_order(stated: str, found: LogOptions) -> None:
    assert log_options({"MONITOR_LOG": stated}) == found


def test_an_unknown_word_for_the_log_is_an_error() -> None:
    with pytest.raises(ConfigError) as wrong:
        log_options({"MONITOR_LOG": "debg"})
    assert str(wrong.value) == (
        'environment: MONITOR_LOG: unknown word "debg"; '
        'did you mean "debug"? (known: debug, info, warning, error, text, json)'
    )


@pytest.mark.parametrize("url", sorted(f"{driver}://u@h/d" for driver in DATABASE_DRIVERS))
def test_a_database_is_of_sqlite_or_postgresql(url: str, tmp_path: Path) -> None:
    assert database_url({"MONITOR_DATABASE_URL": f" {url} "}, tmp_path).reveal() == url


def test_a_driver_that_is_let_through_is_one_that_the_store_takes() -> None:
    assert all(parse_url(f"{driver}://u@h/d").drivername in DATABASE_DRIVERS for driver in DATABASE_DRIVERS)


def test_the_address_of_the_database_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "database").write_text("postgresql://u:p@h/d\n")
    assert database_url({"MONITOR_DATABASE_URL": "file:database"}, tmp_path).reveal() == "postgresql://u:p@h/d"


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ("mysql://u:canary@h/d", "write sqlite:////folder/monitor.db or postgresql://user:password@host/database"),
        (
            "postgresql+asyncpg://u:canary@h/d",
            "write sqlite:////folder/monitor.db or postgresql://user:password@host/database",
        ),
        ("file:nothing", "file:nothing cannot be read: No such file or directory; put the secret into that file"),
    ],
)
def test_a_database_that_cannot_be_used_is_an_error_that_shows_no_password(
    stated: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as wrong:
        database_url({"MONITOR_DATABASE_URL": stated}, tmp_path)
    assert str(wrong.value).startswith("environment: MONITOR_DATABASE_URL: ")
    assert str(wrong.value).endswith(message)
    assert "canary" not in str(wrong.value)


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"]
)
def test_a_database_in_memory_is_refused_since_it_forgets_what_was_sent(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="name a file"):
        database_url({"MONITOR_DATABASE_URL": url}, tmp_path)


def test_a_bare_at_sign_in_a_password_is_refused_without_showing_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="%40") as raised:
        database_url({"MONITOR_DATABASE_URL": "postgresql://u:hun@ter2@127.0.0.1/d"}, tmp_path)
    assert "ter2" not in str(raised.value)
