"""The configuration judges what is imported: what it takes, what it does not, and what is there already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from monitor.app.import_plan import ImportPlan, plan_import
from monitor.interchange import ParsedFile, SourceCandidate, Unmapped, WordList

A = {"name": "A", "url": "https://example.org/a"}


def planned(
    *tables: dict[str, Any], data: dict[str, Any] | None = None, needs: frozenset[str] = frozenset(), **environ: str
) -> ImportPlan:
    candidates = tuple(SourceCandidate(f"line {line}", table, (), needs) for line, table in enumerate(tables, start=1))
    return plan_import(ParsedFile(candidates), data or {}, environ, Path("/"))


def left(plan: ImportPlan) -> list[tuple[str, str, str]]:
    return [(item.where, item.what, item.reason) for item in plan.unmapped]


def test_what_the_configuration_takes_is_taken_as_it_is() -> None:
    table = {**A, "kind": "page", "item": "li", "every": "30m", "tags": ["x"], "timezone": "Asia/Shanghai"}
    plan = planned(table)
    assert plan.sources == [table]
    assert plan.unmapped == []


def test_a_key_that_it_does_not_take_is_left_out_with_its_reason() -> None:
    plan = planned({**A, "kind": "page", "title": "li[", "every": "1m", "knid": 1})
    assert plan.sources == [{**A, "kind": "page"}]
    assert [(where, what) for where, what, _ in left(plan)] == [
        ("line 1", 'title of "A"'), ("line 1", 'knid of "A"'), ("line 1", 'every of "A"'),
    ]  # fmt: skip
    assert left(plan)[2][2] == "1m is shorter than the minimum of 5m"


@pytest.mark.parametrize("data", [{"fetch": {"min_every": "1s"}}, {"fetch": {"min_every": "1m"}}])
def test_the_floor_is_that_of_the_file(data: dict[str, Any]) -> None:
    assert planned({**A, "every": "1m"}, data=data).unmapped == []


@pytest.mark.parametrize("fetch", [{}, {"min_every": "?"}, [], {"min_every": 1}])
def test_a_file_without_a_floor_has_the_usual_one(fetch: object) -> None:
    assert len(planned({**A, "every": "1m"}, data={"fetch": fetch}).unmapped) == 1


def test_without_its_rows_no_selector_within_them_means_anything() -> None:
    plan = planned({**A, "kind": "page", "item": "li[", "title": "a", "date": "b"})
    assert plan.sources == [{**A, "kind": "page"}]


@pytest.mark.parametrize("url", ["ftp://example.org", "", "https://", "env:NOT_SET", 1])
def test_a_source_without_an_address_to_poll_is_left_out(url: object) -> None:
    plan = planned({"name": "A", "url": url})
    assert plan.sources == []
    (item,) = plan.unmapped
    assert item.what == '"A"'
    assert item.reason.startswith("url: ")


def test_a_source_that_would_be_another_without_a_key_is_left_out() -> None:
    assert planned({**A, "body_": "x"}, needs=frozenset({"body_"})).sources == []
    assert planned(A, needs=frozenset({"body_"})).sources == []


@pytest.mark.parametrize(
    "table",
    [{**A, "content": "env:SMTP_URL"}, {**A, "x": {"Authorization": "env:SMTP_URL"}},
     {**A, "tags": ["file:/etc/passwd"]}],
)  # fmt: skip
def test_nobody_has_secrets_of_this_machine_sent_to_an_address_of_his(table: dict[str, Any]) -> None:
    plan = planned(table, SMTP_URL="smtp://secret")
    assert plan.sources == [A]
    assert "it names a secret of this machine" in left(plan)[0][2]


def test_a_post_without_its_body_would_be_another_source() -> None:
    table = {**A, "kind": "api", "method": "POST", "body": {"key": ["env:SMTP_URL"]}}
    plan = planned(table, SMTP_URL="smtp://secret")
    assert plan.sources == []
    assert [item.what for item in plan.unmapped] == ['body of "A"']


def test_of_several_headers_only_what_cannot_be_sent_is_left_out() -> None:
    plan = planned({**A, "headers": {"Accept": "x", "Host": "y", "Referer": "中"}})
    assert plan.sources == [{**A, "headers": {"Accept": "x"}}]
    assert [item.what for item in plan.unmapped] == ['headers of "A"'] * 2
    assert planned({**A, "headers": {"Host": "y"}}).sources == [A]


def test_how_it_is_asked_is_taken() -> None:
    table = {**A, "kind": "api", "method": "POST", "body": "a=1", "user_agent": "x", "verify": False, "tls": "legacy"}
    assert planned(table).sources == [table]
    assert planned({**table, "method": "PUT"}, needs=frozenset({"method"})).sources == []


@pytest.mark.parametrize(
    ("fetch", "taken"),
    [({}, 0), ({"rsshub": "https://hub.org"}, 1), ({"rsshub": "env:HUB"}, 1), ({"rsshub": "env:NOT_SET"}, 0)],
)
def test_a_route_of_rsshub_needs_an_instance(fetch: dict[str, str], taken: int) -> None:
    table = {"name": "A", "url": "rsshub://gov/zhengce"}
    assert len(planned(table, data={"fetch": fetch}, HUB="https://hub.org").sources) == taken


def test_an_address_may_be_a_secret_that_is_here() -> None:
    table = {"name": "A", "url": "env:FEED"}
    assert planned(table, FEED="https://example.org/?key=x").sources == [table]


def test_names_are_made_usable_and_unique() -> None:
    tables: list[dict[str, Any]] = [
        {"name": name, "url": f"https://example.org/{number}"}
        for number, name in enumerate(["A", "A", " A\n", "", "\u200b", "x" * 300, None, "A (2)"])
    ]
    plan = planned(*tables, data={"source": [{"name": "A", "url": "https://other.org"}]})
    assert plan.unmapped == []
    assert [table["name"] for table in plan.sources] == [
        "A (2)", "A (3)", "A (4)", "example.org/3", "example.org/4", "x" * 189 + "…", "example.org/6", "A (2) (2)",
    ]  # fmt: skip


def test_sources_that_are_there_are_skipped_and_said() -> None:
    data = {"source": [{"name": "old", "url": "http://www.example.org/a/"}, "x", {"name": "bad", "url": 1}]}
    plan = planned(
        A, {**A, "url": "https://example.org/b"}, {"name": "C", "url": "https://example.org/b?utm_source=x"}, data=data
    )
    assert [table["name"] for table in plan.sources] == ["A"]
    assert [(item.where, item.name) for item in plan.present] == [("line 1", "old"), ("line 3", "A")]
    assert plan.unmapped == []


def test_what_a_format_leaves_out_is_listed_for_sources_that_are_taken() -> None:
    lost = Unmapped("line 1", "filter grep", "why")
    taken = ParsedFile((SourceCandidate("line 1", A, (lost,)),))
    assert plan_import(taken, {}, {}, Path("/")).unmapped == [lost]
    assert plan_import(taken, {"source": [A]}, {}, Path("/")).unmapped == []


def words(rules: dict[str, str], concepts: dict[str, tuple[str, ...]], data: dict[str, Any]) -> ImportPlan:
    return plan_import(ParsedFile(words=WordList(rules, concepts)), data, {}, Path("/"))


def test_rules_and_concepts_are_taken() -> None:
    plan = words({"r": "a AND NOT @no"}, {"no": ("b",)}, {})
    assert plan.rules == [{"name": "r", "match": "a AND NOT @no"}]
    assert plan.concepts == {"no": ("b",)}
    assert not plan.is_empty


def test_a_concept_whose_name_is_taken_gets_another_and_its_rules_follow() -> None:
    plan = words(
        {"r": "a AND NOT @no AND NOT @nobody"},
        {"no": ("b",), "nobody": ("c",)},
        {"concept": {"no": ["x"], "no-2": ["y"]}},
    )
    assert plan.concepts == {"no-3": ("b",), "nobody": ("c",)}
    assert plan.rules == [{"name": "r", "match": "a AND NOT @no-3 AND NOT @nobody"}]


def test_the_same_list_twice_adds_nothing() -> None:
    rules = {"r": "a AND NOT @no", "s": "b"}
    concepts: dict[str, tuple[str, ...]] = {"no": ("b",)}
    first = words(rules, concepts, {"rule": [{"name": "s", "match": "other"}]})
    assert [rule["name"] for rule in first.rules] == ["r", "s (2)"]
    data = {"rule": [{"name": "s", "match": "other"}, *first.rules], "concept": {"no": ["b"]}}
    again = words(rules, concepts, data)
    assert again.is_empty
    assert [item.name for item in again.present] == ["r", "s"]


def test_a_rule_that_cannot_be_read_is_left_out_alone() -> None:
    plan = words({"good": "a", "bad": "a AND ("}, {}, {})
    assert [rule["name"] for rule in plan.rules] == ["good"]
    assert [item.where for item in plan.unmapped] == ['rule "bad"']
