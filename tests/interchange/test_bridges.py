"""Feeds of foreign RSSHub instances become routes, where there is an instance of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from monitor.app.import_plan import ImportPlan, plan_import
from monitor.interchange import ParsedFile, SourceCandidate
from monitor.interchange.bridges import rsshub_route

OWN = {"fetch": {"rsshub": "https://bridge.example.org"}}


def planned(*urls: str, data: dict[str, Any]) -> ImportPlan:
    tables = ({"name": f"N{number}", "url": url, "kind": "feed"} for number, url in enumerate(urls))
    return plan_import(ParsedFile(tuple(SourceCandidate("line 1", table) for table in tables)), data, {}, Path("/"))


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://rsshub.app/gov/zhengce/zuixin", ("rsshub.app", "rsshub://gov/zhengce/zuixin")),
        ("http://policy-rsshub:1200/gov/miit/?limit=5&key=CANARY", ("policy-rsshub", "rsshub://gov/miit?limit=5")),
        ("https://RSSHub.example.org/a?q=%E4%B8%AD&code=CANARY", ("rsshub.example.org", "rsshub://a?q=%E4%B8%AD")),
        ("https://rsshub.app/", ("", "")),
        ("https://docs.rsshub.app/a", ("", "")),
        ("https://example.org/rsshub/a", ("", "")),
        ("rsshub://a", ("", "")),
        ("http://[rsshub/a", ("", "")),
        (7, ("", "")),
    ],
)
def test_an_instance_is_known_by_the_first_part_of_its_host(url: object, found: tuple[str, str]) -> None:
    assert rsshub_route({"url": url}) == rsshub_route({"url": url, "kind": "feed"}) == found


def test_what_is_read_as_something_else_is_no_feed_of_it() -> None:
    assert rsshub_route({"url": "https://rsshub.app/a", "kind": "api"}) == ("", "")


def test_with_an_instance_they_are_read_from_there() -> None:
    plan = planned("http://rsshub:1200/a/b", "https://rsshub.app/a/b", "https://example.org/c", data=OWN)
    assert [table["url"] for table in plan.sources] == ["rsshub://a/b", "https://example.org/c"]
    assert [item.name for item in plan.present] == ["N0"]
    assert plan.warnings == []


def test_without_one_they_stay_and_it_is_said_how_to_have_them() -> None:
    urls = ["http://rsshub:1200/a", "http://rsshub:1200/b", "https://rsshub.app/c", "https://example.org/d"]
    plan = planned(*urls, data={})
    assert [table["url"] for table in plan.sources] == urls
    [warning] = plan.warnings
    assert warning.startswith("3 of these feeds are made by RSSHub at rsshub, rsshub.app;")


@pytest.mark.parametrize("there", ["http://rsshub:1200/a", "rsshub://a"])
def test_what_is_there_in_either_form_is_not_added(there: str) -> None:
    data = {**OWN, "source": [{"name": "A", "url": there}]}
    plan = planned("http://rsshub:1200/a", data=data)
    assert plan.is_empty
    assert [item.name for item in plan.present] == ["A"]
