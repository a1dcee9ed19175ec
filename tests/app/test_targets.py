"""What a word names: a source, an address, a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.app.targets import find_target, inspect_target
from monitor.clock import SystemClock
from monitor.config import Config, load
from monitor.errors import UsageError

FEED = (
    b'<rss version="2.0"><channel><title>Notices</title><item><title>One</title><guid>1</guid></item></channel></rss>'
)
TOML = """
timezone = "Asia/Shanghai"
[[source]]
name = "notices"
url = "https://a.example/list"
kind = "page"
item = "li"
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    path = tmp_path / "sources.toml"
    path.write_text(TOML, encoding="utf-8")
    return load(path, {})


def test_the_name_of_a_source_is_that_source(config: Config) -> None:
    target = find_target("notices", None, None, config)
    assert (target.source, target.file) == (config.sources[0], None)


def test_read_as_another_kind_a_source_loses_the_options_of_its_own(config: Config) -> None:
    source = find_target("notices", "feed", None, config).source
    assert (source.url, source.kind, dict(source.options)) == ("https://a.example/list", "feed", {})


def test_an_address_is_read_in_the_zone_of_the_configuration(config: Config) -> None:
    target = find_target("https://b.example/", None, None, config)
    assert (target.source.url, target.source.kind, target.source.timezone) == (
        "https://b.example/",
        "",
        "Asia/Shanghai",
    )
    assert target.file is None
    assert find_target("https://b.example/", None, None, None).source.timezone == "UTC"


def test_anything_else_is_a_file_with_its_own_or_the_given_address(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    assert find_target(str(file), None, None, None).source.url == file.as_uri()
    assert find_target(str(file), None, "https://a.example/", None).source.url == "https://a.example/"


def test_a_kind_that_there_is_not_is_refused_by_the_argument() -> None:
    with pytest.raises(UsageError) as wrong:
        find_target("https://a.example/", "rss", None, None)
    assert wrong.value.argument == "kind"
    assert wrong.value.what.startswith('"rss" is not one of: ')
    assert str(wrong.value) == f"--kind: {wrong.value.what}"


def test_a_file_is_read_as_if_a_server_had_sent_it(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(FEED)
    found = inspect_target(find_target(str(file), None, "https://a.example/", None), None, None, SystemClock())
    assert found.error is None
    assert found.reading is not None
    assert [entry.title for entry in found.reading.entries] == ["One"]


@pytest.mark.parametrize(
    ("named", "said"),
    [("no-such-file", "no-such-file: No such file"), ("a.example/list", 'did you mean "https://a.example/list"?')],
)
def test_a_file_that_is_not_there_is_refused_with_what_was_meant(named: str, said: str) -> None:
    with pytest.raises(UsageError, match=said.replace("?", r"\?")):
        inspect_target(find_target(named, None, None, None), None, None, SystemClock())


def test_a_name_that_is_nearly_a_source_s_suggests_the_source(config: Config) -> None:
    with pytest.raises(UsageError, match=r'notice: there is no such source or file; did you mean "notices"\?'):
        inspect_target(find_target("notice", None, None, config), None, config, SystemClock())


def test_a_file_with_a_name_like_a_source_s_is_read(config: Config, tmp_path: Path) -> None:
    file = tmp_path / "notice"
    file.write_bytes(FEED)
    found = inspect_target(find_target(str(file), None, "https://a.example/", config), None, config, SystemClock())
    assert found.error is None
