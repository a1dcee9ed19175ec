"""When a change on the disk counts: what the files hold, and for how long they have held it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from monitor.config.watch import MISSING_FILE_SECONDS, SETTLE_SECONDS, ConfigWatch

ONE = 'timezone = "UTC"\n'
TWO = 'timezone = "Asia/Shanghai"\n'
LATER = 100.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "sources.toml"
    path.write_text(ONE)
    return path


@pytest.fixture
def watch(path: Path) -> ConfigWatch:
    return ConfigWatch(path)


def test_nothing_is_ripe_while_nothing_changes(watch: ConfigWatch) -> None:
    assert not watch.has_stable_change(0)
    assert not watch.has_stable_change(LATER)


def test_a_change_is_ripe_once_it_has_settled(watch: ConfigWatch, path: Path) -> None:
    path.write_text(TWO)
    assert not watch.has_stable_change(10)
    assert not watch.has_stable_change(10 + SETTLE_SECONDS / 2)
    assert watch.has_stable_change(10 + SETTLE_SECONDS)


def test_what_was_taken_up_is_no_change_any_more(watch: ConfigWatch, path: Path) -> None:
    path.write_text(TWO)
    watch.has_stable_change(10)
    assert watch.has_stable_change(11)
    watch.mark_as_known()
    assert not watch.has_stable_change(12)
    path.write_text(ONE)
    watch.has_stable_change(13)
    assert watch.has_stable_change(14)


def test_a_file_that_is_still_being_written_is_waited_for(watch: ConfigWatch, path: Path) -> None:
    for second in range(5):
        path.write_text(TWO + "# more\n" * second)
        assert not watch.has_stable_change(10 + second)
    assert watch.has_stable_change(10 + 4 + SETTLE_SECONDS)


def test_a_change_that_was_undone_is_none(watch: ConfigWatch, path: Path) -> None:
    path.write_text(TWO)
    assert not watch.has_stable_change(10)
    path.write_text(ONE)
    assert not watch.has_stable_change(11)
    assert not watch.has_stable_change(LATER)


def test_a_file_that_is_replaced_by_one_of_the_same_size_and_time_is_seen(watch: ConfigWatch, path: Path) -> None:
    times = (path.stat().st_atime, path.stat().st_mtime)
    other = path.with_name("other")
    other.write_text(ONE.replace("UTC", "GMT"))
    os.utime(other, times)
    other.rename(path)
    watch.has_stable_change(10)
    assert watch.has_stable_change(11)


@pytest.mark.parametrize("how", ["gone", "empty"])
def test_a_file_that_is_gone_or_empty_may_come_back(watch: ConfigWatch, path: Path, how: str) -> None:
    path.unlink() if how == "gone" else path.write_text("")
    assert not watch.has_stable_change(10)
    assert not watch.has_stable_change(10 + MISSING_FILE_SECONDS - 1)
    path.write_text(ONE)
    assert not watch.has_stable_change(10 + MISSING_FILE_SECONDS)
    assert not watch.has_stable_change(LATER)


@pytest.mark.parametrize("how", ["gone", "empty"])
def test_a_file_that_stays_away_is_a_change(watch: ConfigWatch, path: Path, how: str) -> None:
    path.unlink() if how == "gone" else path.write_text("")
    assert not watch.has_stable_change(10)
    assert watch.has_stable_change(10 + MISSING_FILE_SECONDS)
    assert watch.is_empty is (how == "empty")


def test_a_folder_of_links_that_is_swapped_at_once_is_seen(tmp_path: Path) -> None:
    """As Kubernetes mounts a ConfigMap: sources.toml → ..data/sources.toml, ..data → a folder of its own."""
    for name, text in (("..one", ONE), ("..two", TWO)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "sources.toml").write_text(text)
    (tmp_path / "..data").symlink_to("..one")
    path = tmp_path / "sources.toml"
    path.symlink_to(Path("..data") / "sources.toml")
    watch = ConfigWatch(path)
    (tmp_path / "..data_tmp").symlink_to("..two")
    (tmp_path / "..data_tmp").rename(tmp_path / "..data")
    watch.has_stable_change(10)
    assert watch.has_stable_change(11)


def test_a_secret_that_the_file_names_is_part_of_it(path: Path, tmp_path: Path) -> None:
    path.write_text('[channel.hook]\nkind = "slack"\nwebhook = "file:hook"\n')
    (tmp_path / "hook").write_text("https://hooks.example/old")
    watch = ConfigWatch(path)
    (tmp_path / "hook").write_text("https://hooks.example/new")
    watch.has_stable_change(10)
    assert watch.has_stable_change(11)


def test_a_secret_that_was_missing_is_seen_when_it_comes(path: Path, tmp_path: Path) -> None:
    path.write_text('[channel.hook]\nwebhook = "file:hook"\n')
    watch = ConfigWatch(path)
    (tmp_path / "hook").write_text("https://hooks.example/new")
    watch.has_stable_change(10)
    assert watch.has_stable_change(11)


def test_files_named_by_the_last_file_that_could_be_read_are_watched_on(path: Path, tmp_path: Path) -> None:
    path.write_text('[[source]]\nurl = ["file:address"]\n')
    (tmp_path / "address").write_text("https://one.example/")
    watch = ConfigWatch(path)
    path.write_text("[[source")
    watch.has_stable_change(10)
    watch.mark_as_known()
    (tmp_path / "address").write_text("https://two.example/")
    watch.has_stable_change(20)
    assert watch.has_stable_change(21)


def test_a_pipe_or_a_strange_name_keeps_nobody_waiting(path: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    path.write_text('a = "file:pipe"\nb = "file:\\u0000"\nc = "file:"\nd = "file:///etc/hostname"\n')
    watch = ConfigWatch(path)
    assert not watch.has_stable_change(10)
    assert {each.name for each in watch._named_files} == {"pipe", "\0"}
