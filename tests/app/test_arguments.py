"""What is secret in an address that somebody types, and what is not."""

from __future__ import annotations

import pytest

from monitor.app.arguments import secrets_in_address, without_secrets


def shown(address: str, text: str) -> str:
    for secret, instead in secrets_in_address(address):
        text = text.replace(secret, instead)
    return text


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://me:pw@a.example/feed", "https://me:***@a.example/feed"),
        ("https://me:CANARY99@a.example/", "https://me:***@a.example/"),
        ("https：//me:CANARY99@a.example/", "https：//me:***@a.example/"),
        ("https://ghp0123456789canary@a.example/", "https://***@a.example/"),
        ("https://a.example/feed?token=canary9&page=2", "https://a.example/feed?token=***&page=2"),
        ("https://a.example/feed?9f8a7b6c5d4e3f2a", "https://a.example/feed?***"),
        ("https://a.example/feed?x=0123456789abcdef", "https://a.example/feed?x=***"),
        ("https://a.example/rss/9f8a7b6c5d4e3f2a1b0c/all.xml", "https://a.example/rss/***/all.xml"),
        ("https://a.example/8c5b6a3e-1111-2222-3333-abcdefabcdef/rss", "https://a.example/***/rss"),
    ],
)
def test_a_secret_of_an_address_is_masked(address: str, safe: str) -> None:
    assert without_secrets(address) == safe


@pytest.mark.parametrize(
    "address",
    [
        "https://www.gov.cn/zhengce/zuixin/ZUIXINZHENGCE.json",
        "https://www.miit.gov.cn/search-front-server/api/search/info?websiteid=110000000000000&category=51&pg=15&p=1&q=",
        "http://a.example/art/2026/11/20/art_1652935_59032.html",
        "https://a.example/202611/t20261120_4123456.html",
        "https://a.example/news/city-plans-web3-hub-for-2026",
        "https://a.example/arc/outboundfeeds/rss/",
    ],
)
def test_an_ordinary_address_is_shown_whole(address: str) -> None:
    assert secrets_in_address(address) == ()


def test_a_password_is_masked_in_other_words_as_well() -> None:
    assert shown("https://me:CANARY99@a.example/", "refused: CANARY99") == "refused: ***"
    assert shown("https://me:pw@a.example/", "a pw is short") == "a pw is short"
