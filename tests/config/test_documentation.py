"""The documents of the configuration keep to what the program reads."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from monitor.config import Config, check_examples, load
from monitor.config.environment import CONFIG_VARIABLE, DATABASE_VARIABLE, LOG_VARIABLE
from monitor.config.schema import SCHEMA_FILE, main, schema, schema_text
from monitor.sources import KINDS, read
from monitor.text.address import canonical_url

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "configuration.md").read_text("utf-8")


# --- docs/sources.schema.json


def test_the_schema_is_what_the_code_says() -> None:
    stale = f"{SCHEMA_FILE} is stale; run: python -m monitor.config.schema"
    assert (ROOT / SCHEMA_FILE).read_text("utf-8") == schema_text(), stale


def test_the_schema_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    main([str(tmp_path / "schema.json")])
    assert json.loads((tmp_path / "schema.json").read_text("utf-8")) == schema()


def test_the_schema_knows_no_null_because_toml_has_none() -> None:
    assert '"null"' not in schema_text()


# --- docs/configuration.md


def _kinds(table: dict[str, Any]) -> list[dict[str, Any]]:
    return list(table.get("oneOf", [table]))


def _tables() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each table of the schema, by the heading of its section; options of a kind have their own section."""
    whole = schema()["properties"]
    yield "The file itself", {key: value for key, value in whole.items() if value.get("type") == "string"}
    yield "`[fetch]`", whole["fetch"]["properties"]
    for key in ("rule", "digest"):
        yield f"`[[{key}]]`", whole[key]["items"]["properties"]
    sources = _kinds(whole["source"]["items"])
    common = set.intersection(*(set(variant["properties"]) for variant in sources))
    for variant in sources:
        properties = variant["properties"]
        yield "`[[source]]`", {key: found for key, found in properties.items() if key in common}
        if own := {key: found for key, found in properties.items() if key not in common}:
            yield f'`kind = "{properties["kind"]["const"]}"`', own
    for variant in _kinds(whole["channel"]["additionalProperties"]):
        properties = dict(variant["properties"])
        kind = properties.pop("kind")
        yield "`[channel.NAME]`", {"kind": kind}
        yield f'`kind = "{kind["const"]}"`', properties


def _rows(heading: str) -> dict[str, str]:
    """Return the keys that the table below a heading lists, with their defaults."""
    _, found, rest = DOCUMENT.partition(f"# {heading}\n")
    assert found, f"docs/configuration.md has no section {heading}"
    section = re.split(r"^#", rest, maxsplit=1, flags=re.MULTILINE)[0]
    return dict(re.findall(r"^\| `(\w+)` \| .* \| (.*) \|$", section, re.MULTILINE))


@pytest.mark.parametrize(("heading", "keys"), [pytest.param(*table, id=table[0]) for table in _tables()])
def test_every_key_is_documented_with_its_default(heading: str, keys: dict[str, Any]) -> None:
    rows = _rows(heading)
    assert set(rows) == set(keys)
    for key, found in keys.items():
        if "default" in found:
            assert rows[key] == f"`{json.dumps(found['default'])}`"


@pytest.mark.parametrize("table", ["fetch", "operator", "source", "rule", "digest", "channel"])
def test_every_key_is_in_an_example(table: str) -> None:
    blocks = "\n".join(re.findall(r"^```toml\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL))
    keys = {key for heading, keys in _tables() if table in heading or "kind =" in heading for key in keys}
    missing = {key for key in keys if not re.search(rf"^{key} = ", blocks, re.MULTILINE)}
    assert missing == set()


def test_every_variable_of_the_environment_is_documented() -> None:
    assert set(re.findall(r"^\| `(MONITOR_\w+)` \|", DOCUMENT, re.MULTILINE)) == {
        CONFIG_VARIABLE,
        DATABASE_VARIABLE,
        LOG_VARIABLE,
    }


def _completed(block: str) -> str:
    """Add stand-ins for the rules and channels that an example names and that are elsewhere."""
    data = tomllib.loads(block)
    rules = {rule["name"] for rule in data.get("rule", [])}
    asked = {name for digest in data.get("digest", []) for name in digest["rules"]} - {"*"}
    naming = [*data.get("digest", []), data.get("operator", {"to": []})]
    channels = {name for table in naming for name in table["to"]}
    parts = [block]
    parts += [f'[[rule]]\nname = "{name}"\nmatch = "x"' for name in sorted(asked - rules)]
    parts += [
        f'[channel.{name}]\nkind = "slack"\nwebhook = "env:HOOK"'
        for name in sorted(channels - set(data.get("channel", {})))
    ]
    return "\n".join(parts)


@pytest.mark.parametrize("block", re.findall(r"^```toml\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL))
def test_every_example_loads(block: str, tmp_path: Path) -> None:
    environ = {
        "SMTP_URL": "smtps://user:password@mail.example.org:465",
        "SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T0/B0/x",
        "HOOK": "https://hooks.slack.com/services/T0/B0/y",
        "PING_URL": "https://hc-ping.com/5f1f0f6c-7f3e-4d5e-9d0f-000000000000",
        "PROXY_URL": "http://proxy.example.org:3128",
        "RSSHUB_URL": "https://rsshub.example.org/?key=k",
        "POLICY_KEY": "0123456789abcdef",
        "MEMBERS_COOKIE": "session=0123456789abcdef",
    }
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "feed-address").write_text("https://example.org/feed?token=t\n")
    path = tmp_path / "sources.toml"
    path.write_text(_completed(block), encoding="utf-8")
    assert check_examples(load(path, environ)) == ()


# --- sources.toml


@pytest.fixture(scope="module")
def sample() -> Config:
    return load(ROOT / "sources.toml", {})


def test_the_sample_loads_on_a_machine_where_nothing_is_set(sample: Config) -> None:
    assert sample.warnings == ()


def test_the_examples_of_the_sample_hold(sample: Config) -> None:
    assert check_examples(sample) == ()
    assert all(rule.must_match and rule.must_not_match for rule in sample.rules)


def test_the_sample_names_its_schema_in_the_first_line() -> None:
    assert (ROOT / "sources.toml").read_text("utf-8").startswith(f"#:schema {SCHEMA_FILE}\n")


def test_what_is_commented_out_in_the_sample_loads_too(tmp_path: Path) -> None:
    lines = (ROOT / "sources.toml").read_text("utf-8").splitlines()
    path = tmp_path / "sources.toml"
    path.write_text("\n".join(re.sub(r"^# (?=\[|\w+ = )", "", line) for line in lines), encoding="utf-8")
    environ = {
        "SMTP_URL": "smtps://user:password@mail.example.org:465",
        "SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T0/B0/x",
        "RSSHUB_URL": "https://rsshub.example.org",
    }
    config = load(path, environ)
    assert len(config.sources) > len(load(ROOT / "sources.toml", {}).sources)
    assert {"team", "policy-slack"} <= config.channels.keys()


def test_the_sample_is_a_catalogue_of_many_places_each_once(sample: Config) -> None:
    assert len(sample.sources) >= 45
    addresses = [(canonical_url(source.url), source.request.body) for source in sample.sources]
    assert len(set(addresses)) == len(addresses)
    assert all(source.tags for source in sample.sources)


def test_the_sample_says_of_each_source_what_kind_it_is() -> None:
    stated = tomllib.loads((ROOT / "sources.toml").read_text("utf-8"))["source"]
    assert [source["name"] for source in stated if source.get("kind") not in KINDS] == []


def test_the_sample_covers_its_theme(sample: Config) -> None:
    tags = Counter(tag for source in sample.sources for tag in source.tags)
    asked = {"liangjiang": 3, "chongqing": 12, "beijing": 3, "national": 10, "state-media": 8, "hong-kong": 4}
    assert {tag: tags[tag] for tag in asked if tags[tag] < asked[tag]} == {}
    assert tags["web3-media"] >= 10
    assert min(tags["chinese"], tags["english"]) >= 20


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("www.gov.cn", [{"TITLE": "T", "SUB_TITLE": "", "URL": "https://a.example/1", "DOCRELPUBTIME": "2026-09-11"}]),
        (
            "www.miit.gov.cn",
            {
                "data": {
                    "searchResult": {
                        "dataResults": [
                            {"data": {"title": "T", "url": "https://a.example/1", "jsearch_date": "2026-09-11 00:00"}}
                        ]
                    }
                }
            },
        ),
        ("www.cac.gov.cn", {"list": [{"topic": "T", "infourl": "//a.example/1", "pubtime": "2026-09-11 10:00:00.0"}]}),
    ],
)
def test_the_apis_of_the_sample_are_read_as_they_are_reported_to_answer(
    sample: Config, host: str, answer: object
) -> None:
    apis = [source for source in sample.sources if source.kind == "api" and urlsplit(source.url).hostname == host]
    assert apis
    for source in apis:
        found = read(
            json.dumps(answer).encode(), url=source.url, kind="api", options=source.options,
            now=dt.datetime(2026, 11, 22, tzinfo=dt.UTC), timezone=source.timezone,
        )  # fmt: skip
        (entry,) = found.entries
        assert (entry.title, entry.url, found.problems) == ("T", "https://a.example/1", ())
        assert entry.published is not None
        assert entry.published.at.date() == dt.date(2026, 9, 11)


def _seeds() -> list[Path]:
    return sorted((ROOT.parent / "shared" / "data" / "seeds").glob("0*.txt"))


@pytest.mark.skipif(not _seeds(), reason="the articles that the project began with are not here")
def test_the_rules_of_the_sample_find_the_articles_that_the_project_began_with(sample: Config) -> None:
    found = {
        path.name[:3]: {match.rule for match in sample.ruleset.match(path.read_text("utf-8"))} for path in _seeds()
    }
    assert found["000"] >= {"Liangjiang", "Web3 in Chongqing"}
    assert all(found.values()), found
