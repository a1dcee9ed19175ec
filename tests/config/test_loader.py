"""The whole file: what it becomes, and the errors for everything that is wrong with it."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config import Config, FetchOptions, load
from monitor.errors import ConfigError
from monitor.model import Source

Loader = Callable[..., Config]
Problems = Callable[..., list[str]]

GOOD = """timezone = "Asia/Shanghai"
[fetch]
allow_private = ["127.0.0.0/8", "fd00::1"]
min_every = "1s"
max_every = "2d"
[concept]
web3 = ["Web3", "Web 3.0"]
[[source]]
name = "one"
url = "http://127.0.0.1:8000/one.xml"
[[source]]
name = "two"
url = "https://example.org/two.xml"
kind = "feed"
tags = ["a", "b", "a"]
every = "30s"
timezone = "Europe/Berlin"
backfill = "0"
[[rule]]
name = "themes"
match = '@web3 OR metaverse'
must_match = ["Web3"]
must_not_match = ["web"]
[[rule]]
name = "other"
match = 'blockchain'
[[digest]]
name = "flash"
rules = ["other", "*"]
at = "now"
to = ["mail"]
[[digest]]
name = "weekly"
rules = ["themes"]
at = "08:00 mon"
to = ["mail"]
timezone = "Europe/London"
send_empty = true
[channel.mail]
kind = "email"
smtp = "smtp://127.0.0.1:2525"
from = "monitor@example.org"
to = ["reader@example.org"]
"""


def test_a_good_file_becomes_a_configuration(loaded: Loader, tmp_path: Path) -> None:
    config = loaded(GOOD)
    assert config.path == tmp_path / "sources.toml"
    assert config.timezone == "Asia/Shanghai"
    assert config.fetch == FetchOptions(
        min_every=dt.timedelta(seconds=1),
        max_every=dt.timedelta(days=2),
        allow_private=(ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("fd00::1/128")),
    )
    assert config.sources == (
        Source(
            name="one",
            url="http://127.0.0.1:8000/one.xml",
            kind="",
            shown_url="http://127.0.0.1:8000/one.xml",
            timezone="Asia/Shanghai",
        ),
        Source(
            name="two",
            url="https://example.org/two.xml",
            kind="feed",
            shown_url="https://example.org/two.xml",
            tags=("a", "b"),
            every=dt.timedelta(seconds=30),
            timezone="Europe/Berlin",
            backfill=dt.timedelta(0),
        ),
    )
    assert config.concepts == {"web3": ("Web3", "Web 3.0")}
    assert [(rule.name, rule.match) for rule in config.rules] == [
        ("themes", "@web3 OR metaverse"),
        ("other", "blockchain"),
    ]
    assert config.rules[0].must_match == ("Web3",)
    assert config.rules[0].must_not_match == ("web",)
    assert (config.rules[0].place.line, config.rules[0].place.column) == (21, 9)
    assert set(config.ruleset.names) == {"themes", "other"}
    assert config.channels["mail"].kind == "email"
    assert config.warnings == ()


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ("", ""),
        ('item = "li"\n', "page"),
        ('item = "li"\ntitle = "h3"\n', "page"),
        ('items = "rows"\ntitle = "name"\n', "api"),
        ('include = "*/news/*"\n', "sitemap"),
    ],
)
def test_a_kind_that_is_left_out_follows_from_the_options_or_stays_open(
    loaded: Loader, options: str, kind: str
) -> None:
    (source,) = loaded(f'[[source]]\nname = "a"\nurl = "https://a.example/"\n{options}').sources
    assert source.kind == kind


def test_a_digest_has_its_rules_in_its_own_order_and_a_star_is_all_others(loaded: Loader) -> None:
    flash, weekly = loaded(GOOD).digests
    assert flash.rules == ("other", "themes")
    assert (flash.timezone, flash.send_empty, flash.to, flash.schedule.text) == (
        "Asia/Shanghai",
        False,
        ("mail",),
        "now",
    )
    assert (weekly.rules, weekly.timezone, weekly.send_empty) == (("themes",), "Europe/London", True)


def test_an_empty_file_is_a_configuration_that_does_nothing_and_says_so(loaded: Loader, warnings: Problems) -> None:
    config = loaded("")
    assert (config.timezone, config.sources, config.digests) == ("UTC", (), ())
    assert config.fetch == FetchOptions()
    assert warnings("") == [
        "sources.toml:1:1: the file has no [[source]]: nothing is polled; write a [[source]]",
        "sources.toml:1:1: the file has no [[digest]]: nothing is sent; write a [[digest]]",
    ]


def test_the_database_is_next_to_the_file_unless_the_environment_says_otherwise(loaded: Loader, tmp_path: Path) -> None:
    assert loaded("").database_url.reveal() == f"sqlite:///{tmp_path}/monitor.db"
    url = "postgresql://user:pass%20word@host/db"
    config = loaded("", {"MONITOR_DATABASE_URL": url})
    assert config.database_url.reveal() == url
    assert {secret.reveal() for secret in config.secrets} == {url, "pass%20word", "pass word"}


def test_the_place_of_the_default_database_is_no_secret(loaded: Loader) -> None:
    assert loaded(GOOD).secrets == ()


def test_a_database_that_cannot_be_used_is_reported_with_the_other_errors(problems: Problems) -> None:
    found = problems("x = 1", {"MONITOR_DATABASE_URL": "mysql://u:canary@h/d"})
    assert found[0].startswith("environment: MONITOR_DATABASE_URL: this is not a usable database address")
    assert found[1].startswith('sources.toml:1:1: unknown key "x"')
    assert not any("canary" in line for line in found)


def test_all_errors_are_reported_at_once_in_the_order_of_the_file(problems: Problems) -> None:
    text = """timezone = "Asia/Shangai"
[[source]]
nam = "one"
url = "https://example.org/"
[[source]]
name = "two"
url = "ftp://"
every = "1m"
[[rule]]
name = "themes"
match = 'a AND ('
[[digest]]
name = "d"
rules = ["themes", "them"]
at = "25:00"
to = []
[channel.mail]
kind = "email"
smpt = "x"
"""
    found = problems(text)
    assert [line.split(": ")[0].split(":")[1:] for line in found] == [
        ["1", "12"], ["3", "1"], ["7", "7"], ["8", "9"], ["11", "16"], ["14", "20"], ["15", "6"], ["16", "6"],
        ["17", "1"], ["17", "1"], ["19", "1"],
    ]  # fmt: skip
    assert found[1] == 'sources.toml:3:1: [[source]] number 1: unknown key "nam"; did you mean "name"?'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            'rules = ["themes"]',
            'rules = ["themes", "themes"]',
            '34:20: [[digest]] "weekly": the rule "themes" is listed twice; remove one',
        ),
        (
            'rules = ["other", "*"]',
            'rules = ["themes"]',
            '24:1: [[rule]] "other": no digest asks for this rule; name it in the `rules` of a digest',
        ),
        (
            "[channel.mail]",
            "[channel.spare]\nkind = 'slack'\nwebhook = 'env:HOOK'\n[channel.mail]",
            "39:1: [channel.spare]: no digest uses this channel; name it in the `to` of a digest",
        ),
        (
            "https://example.org/two.xml",
            "http://127.0.0.1:8000/one.xml#top",
            '13:7: [[source]] "two": the source "one" has the same address; remove one of them',
        ),
        (
            "match = 'blockchain'",
            "match = 'blockchain and token'",
            '26:21: [[rule]] "other":',
        ),
        (
            '["Web3", "Web 3.0"]',
            '["Web3", "WEB3"]',
            '7:18: [concept] "web3":',
        ),
        (
            '["Web3", "Web 3.0"]',
            '["Web3;Web 3.0"]',
            '7:10: [concept] "web3": "Web3;Web 3.0" is read as one phrase',
        ),
        (
            "match = 'blockchain'",
            "match = 'blockchain AND source:\"oen\"'",
            '26:32: [[rule]] "other": no source is called "oen"; did you mean "one"?',
        ),
        (
            "match = 'blockchain'",
            "match = 'blockchain lang:chinese'",
            '26:26: [[rule]] "other": chinese is not a language code, and lang: takes nothing else; write lang:en',
        ),
        (
            "smtp://127.0.0.1:2525",
            "smtp://user:canary@127.0.0.1:2525",
            "41:8: [channel.mail]: secret stored in plain text; write env:NAME or file:PATH instead",
        ),
    ],
)
def test_what_is_probably_a_slip_is_a_warning(warnings: Problems, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    (found,) = warnings(GOOD.replace(old, new), {"HOOK": "https://hooks.slack.com/services/T0/B0/x"})
    assert found.startswith(f"sources.toml:{expected}")


def test_the_name_of_a_rule_with_an_error_is_still_known(problems: Problems) -> None:
    found = problems(
        "[[rule]]\nname = 'a'\nmach = 'x'\n[[digest]]\nname = 'd'\nrules = ['a']\nat = 'now'\nto = ['c']\n"
    )
    assert not any("unknown rule" in line for line in found)


def test_the_path_is_shown_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.toml").write_text("x = 1")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"^mine\.toml:1:1: "):
        load(Path("mine.toml"), {})


def test_a_name_that_fills_the_page_is_refused(problems: Problems) -> None:
    found = problems(f'[[rule]]\nmatch = "x"\nname = "{"n" * 201}"')
    assert found == [f'sources.toml:3:8: [[rule]] "{"n" * 201}": a name has at most 200 characters']
