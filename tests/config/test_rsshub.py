"""`rsshub://` addresses: where they lead, and what is shown of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.config import Config
from monitor.config.rsshub import at_instance
from monitor.secret import Secret, redact

Load = Callable[..., Config]

SOURCE = '[[source]]\nname = "a"\nurl = "rsshub://gov/zhengce/zuixin"\n'


@pytest.mark.parametrize(
    ("route", "instance", "address"),
    [
        ("rsshub://gov/zuixin", "https://r.example", "https://r.example/gov/zuixin"),
        ("rsshub://gov/zuixin", "https://r.example/", "https://r.example/gov/zuixin"),
        ("RSSHub://gov/Zuixin", "https://r.example", "https://r.example/gov/Zuixin"),
        ("rsshub:///gov/zuixin", "https://r.example", "https://r.example/gov/zuixin"),
        ("rsshub://gov/x?limit=5#top", "http://r.example:1200/base/", "http://r.example:1200/base/gov/x?limit=5"),
        ("rsshub://gov/x?limit=5", "https://r.example/?key=k", "https://r.example/gov/x?limit=5&key=k"),
        ("rsshub://gov/x", "https://me:mine@r.example?key=k", "https://me:mine@r.example/gov/x?key=k"),
        ("rsshub://zh/重庆", "https://r.example", "https://r.example/zh/重庆"),
    ],
)
def test_where_a_route_leads(route: str, instance: str, address: str) -> None:
    assert at_instance(Secret(route, route), Secret(instance)).reveal() == address


def test_a_route_is_a_plain_feed_at_the_instance(loaded: Load) -> None:
    (source,) = loaded(f'{SOURCE}[fetch]\nrsshub = "https://r.example"').sources
    assert (source.kind, source.url, source.shown_url) == (
        "feed", "https://r.example/gov/zhengce/zuixin", "https://r.example/gov/zhengce/zuixin",
    )  # fmt: skip


@pytest.mark.parametrize("instance", ["https://r.example/base?key=canary0", "https://me:canary0@r.example"])
@pytest.mark.parametrize("open_", [True, False])
def test_a_secret_instance_is_not_shown(loaded: Load, instance: str, open_: bool) -> None:
    stated = instance if open_ else "env:RSSHUB"
    config = loaded(f'{SOURCE}[fetch]\nrsshub = "{stated}"', {"RSSHUB": instance})
    (source,) = config.sources
    assert source.shown_url == "rsshub://gov/zhengce/zuixin"
    assert "canary0" in source.url
    assert "canary0" not in redact(f"cannot read {source.url} nor canary0", config.secrets)
    assert redact("rsshub://gov/zhengce/zuixin failed", config.secrets) == "rsshub://gov/zhengce/zuixin failed"


def test_a_route_may_be_a_secret_itself(loaded: Load) -> None:
    text = '[[source]]\nname = "a"\nurl = "env:ROUTE"\n[fetch]\nrsshub = "https://r.example"'
    (source,) = loaded(text, {"ROUTE": "rsshub://private/canary"}).sources
    assert (source.url, source.shown_url) == ("https://r.example/private/canary", "env:ROUTE")


def test_two_spellings_of_one_route_are_one_address(warnings: Callable[..., list[str]]) -> None:
    text = (
        f'{SOURCE}[[source]]\nname = "b"\nurl = "https://r.example/gov/zhengce/zuixin"\n'
        '[fetch]\nrsshub = "https://r.example"'
    )
    assert any('the source "a" has the same address' in found for found in warnings(text))


INSTANCE = '[fetch]\nrsshub = "https://r.example"'
NO_ADDRESS = "this is not the address of an RSSHub instance; write an address such as https://rsshub.example.org"


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        (SOURCE, "3:7", '"{route}" needs an RSSHub instance; write rsshub = "https://…" under [fetch]'),
        (
            SOURCE.replace("gov/zhengce/zuixin", "") + INSTANCE, "3:7",
            '"rsshub://" has no route; write an address such as "{route}"',
        ),
        (
            SOURCE.replace("://", ":") + INSTANCE, "3:7",
            '"rsshub:gov/zhengce/zuixin" is not an http or https address; did you mean "{route}"?',
        ),
        (f'{SOURCE}[fetch]\nrsshub = "r.example"', "5:10", NO_ADDRESS),
        (f'{SOURCE}[fetch]\nrsshub = "https://r.example/ x"', "5:10", NO_ADDRESS),
        (
            f'{SOURCE}[fetch]\nrsshub = "env:NO_SUCH"', "5:10",
            "the environment variable NO_SUCH is not set; set it, or write file:PATH",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_once_and_at_its_place(
    problems: Callable[..., list[str]], text: str, place: str, expected: str
) -> None:
    where = "[fetch]" if place == "5:10" else '[[source]] "a"'
    assert problems(text) == [f"sources.toml:{place}: {where}: {expected.format(route='rsshub://gov/zhengce/zuixin')}"]


def test_an_open_key_is_warned_about(warnings: Callable[..., list[str]]) -> None:
    text = f'{SOURCE}[fetch]\nrsshub = "https://r.example/?key=0123456789abcdef"'
    assert any("sources.toml:5:10: [fetch]: secret stored in plain text" in found for found in warnings(text))
