"""What is written for an address, before and after it was looked at."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from monitor.app.add import NewSource, plan_addition, source_table, write_source
from monitor.app.inspect import Inspection
from monitor.config import load
from monitor.errors import ConfigError, UsageError
from monitor.model import Endpoint, Reading

TOML = '[[source]]\nname = "News"\nurl = "https://a.example/feed"\nkind = "feed"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "sources.toml"
    path.write_text(TOML, encoding="utf-8")
    return path


def found_at(url: str) -> Endpoint:
    return Endpoint("feed", url, "the page names it", dt.datetime(2026, 11, 21, tzinfo=dt.UTC))


def looked(url: str, title: str, found: Endpoint | None = None) -> Inspection:
    return Inspection("…", url, Reading("feed", title=title), found=found)


def test_the_source_is_named_by_the_title_of_what_is_found_and_is_unique(path: Path) -> None:
    plan = plan_addition(path, NewSource("https://b.example/"), {})
    found = found_at("https://b.example/rss")
    table = source_table(plan, looked("https://b.example/", "News", found))
    assert (table["url"], table["kind"]) == ("https://b.example/rss", "feed")
    assert table["name"] != "News"
    assert write_source(path, table, {}) == ()
    assert [source.name for source in load(path, {}).sources] == ["News", table["name"]]


def test_what_is_asked_for_goes_before_what_is_found(path: Path) -> None:
    wish = NewSource("https://b.example/", name="B", kind="feed", tags=("press",), every="30m", full_text=True)
    table = source_table(plan_addition(path, wish, {}), looked("https://b.example/", "News"))
    assert table == {
        "name": "B",
        "url": "https://b.example/",
        "kind": "feed",
        "tags": ["press"],
        "every": "30m",
        "full_text": True,
    }


def test_a_place_that_is_configured_is_refused_by_its_name(path: Path) -> None:
    with pytest.raises(UsageError, match='it is the source "News"'):
        plan_addition(path, NewSource("https://a.example/feed"), {})
    plan = plan_addition(path, NewSource("https://a.example/"), {})
    with pytest.raises(UsageError, match='it is the source "News"'):
        source_table(plan, looked("https://a.example/", "x", found_at("https://a.example/feed")))


def test_what_the_wish_has_wrong_names_the_argument_or_the_remedy(path: Path) -> None:
    with pytest.raises(UsageError) as wrong:
        plan_addition(path, NewSource("https://b.example/", name="News"), {})
    assert wrong.value.argument == "name"
    with pytest.raises(UsageError, match="not a length of time"):
        plan_addition(path, NewSource("https://b.example/", every="soon"), {})


def test_a_file_that_is_wrong_before_is_not_planned_for(path: Path) -> None:
    path.write_text("[[source]]\nnam = 1\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        plan_addition(path, NewSource("https://b.example/"), {})
