"""A first configuration is right as it is, and holds what was asked for."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

import pytest

from monitor.app.check import check_config
from monitor.app.init import (
    DEFAULT_GROUPS,
    GROUPS,
    STARTERS,
    FirstConfig,
    catalogue,
    has_recipients,
    next_steps,
    write_first_config,
)
from monitor.config import Config, load
from monitor.errors import UsageError

SECRETS = {"SMTP_URL": "smtp://127.0.0.1:2525", "SLACK_WEBHOOK": "https://hooks.slack.com/services/T0/B0/x"}
SHIPPED = tomllib.loads(catalogue())


def made(folder: Path, wish: FirstConfig) -> Config:
    return load(write_first_config(folder, wish).path, SECRETS)


def test_every_source_of_the_catalogue_is_in_a_group_and_every_group_has_sources() -> None:
    tags = [set(source.get("tags", ())) & GROUPS.keys() for source in SHIPPED["source"]]
    assert all(tags)
    assert set(itertools.chain(*tags)) == set(GROUPS)


@pytest.mark.parametrize(("group", "kind"), [*itertools.zip_longest(GROUPS, STARTERS, fillvalue="file")])
def test_what_is_written_is_right_without_a_warning(tmp_path: Path, group: str, kind: str) -> None:
    to = ("me@example.org", "you@example.org") if has_recipients(kind) else ()
    config = made(tmp_path, FirstConfig((group,), kind, to, "08:30 mon-fri", "Europe/Berlin"))
    check_config(config)
    assert config.warnings == ()
    named = [source["name"] for source in SHIPPED["source"] if group in source["tags"]]
    assert [source.name for source in config.sources] == named
    (digest,) = config.digests
    assert (str(digest.schedule), digest.timezone) == ("08:30 mon-fri", "Europe/Berlin")
    assert [(channel.kind, channel.name) for channel in config.channels.values()] == [(kind, digest.to[0])]


def test_dates_without_a_zone_stay_those_of_the_catalogue(tmp_path: Path) -> None:
    abroad = made(tmp_path / "abroad", FirstConfig(timezone="America/New_York"))
    home = made(tmp_path / "home", FirstConfig(timezone=SHIPPED["timezone"]))
    assert [source.timezone for source in abroad.sources] == [source.timezone for source in home.sources]
    assert "America/New_York" not in {source.timezone for source in abroad.sources}


def test_what_comes_next_names_the_secret_and_the_file(tmp_path: Path) -> None:
    written = write_first_config(tmp_path, FirstConfig(channel="slack"))
    export, check, run = next_steps(written)
    assert export.startswith("export SLACK_WEBHOOK='https://")
    assert (check, run) == (f"monitor check --config {written.path}", f"monitor run --config {written.path}")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text("# mine\n", encoding="utf-8")
    with pytest.raises(UsageError, match="exists already"):
        write_first_config(tmp_path, FirstConfig())
    assert (tmp_path / "sources.toml").read_text(encoding="utf-8") == "# mine\n"


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (FirstConfig(("honkong",)), '--group: unknown group "honkong"; did you mean "hong-kong"?'),
        (FirstConfig(channel="mail"), 'did you mean "email"?'),
        (FirstConfig(channel="email"), "name them with --to"),
        (FirstConfig(to=("me@example.org",)), 'kind "file" takes no addresses'),
        (FirstConfig(channel="email", to=("nobody",)), "nobody"),
        (FirstConfig(at="8am"), 'did you mean "08:00"?'),
        (FirstConfig(timezone="Beijing"), 'did you mean "Asia/Shanghai"?'),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(tmp_path: Path, wish: FirstConfig, reason: str) -> None:
    with pytest.raises(UsageError) as wrong:
        write_first_config(tmp_path / "new", wish)
    assert reason in str(wrong.value)
    assert not (tmp_path / "new").exists()


def test_a_wrong_address_is_named_once_though_it_is_sender_and_recipient(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^'nobody' is not a mail address$"):
        write_first_config(tmp_path / "new", FirstConfig(channel="email", to=("nobody",)))


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="not a folder"):
        write_first_config(tmp_path / "file", FirstConfig())


def test_the_groups_that_are_taken_unasked_are_known() -> None:
    assert set(DEFAULT_GROUPS) <= GROUPS.keys()
