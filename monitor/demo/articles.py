"""The articles of the sample site: invented announcements in English and Chinese.

They include a copy (the same address with a tracking parameter), a near copy (edited by another outlet), another report
of the same event, an update (at the second poll), and articles that no rule matches.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """An article of the sample site, published `age` hours before the demo starts. `tracking` is added to its link."""

    path: str
    title: str
    text: str
    age: int
    tracking: str = ""


FUND: Final = SampleArticle(
    "/news/web3-fund",
    "Riverside district of Chongqing sets up a Web 3.0 fund of 500 million yuan",
    "The district's development board opened a fund of 500 million yuan for Web 3.0 companies on Friday. Grants go to "
    "firms that work on digital identity, data exchange and open ledgers, and keep at least half of their staff in "
    "Chongqing. Applications open on the first working day of next month, and the board will publish every decision "
    "with its reasons.",
    3,
)
CLASSROOMS: Final = SampleArticle(
    "/news/metaverse-classrooms",
    "Twelve schools in Liangjiang test metaverse classrooms",
    "Pupils in twelve schools of Liangjiang New Area will walk through a model of the Three Gorges without leaving "
    "their desks. The metaverse lessons start in spring, last one hour a week and are judged by teachers, not by the "
    "company that built them.",
    5,
)
MARKET: Final = SampleArticle(
    "/news/night-market",
    "Night market by the river keeps longer hours",
    "Stalls on the south bank may open until two in the morning at weekends. Residents asked for more lamps.",
    6,
)
SANDBOX: Final = SampleArticle(
    "/news/sandbox",
    "Liangjiang opens its blockchain sandbox to small firms",
    "Small firms may try services on the blockchain under the eyes of the regulator for one year. Places are given in "
    "the order of application, which closes on 15 December.",
    8,
)
SANDBOX_LATER: Final = replace(
    SANDBOX,
    text=SANDBOX.text.replace("closes on 15 December", "now closes on 31 December, two weeks later than planned"),
)

PLAN: Final = SampleArticle(
    "/zh/yuanyuzhou",
    "两江新区发布元宇宙产业行动计划",
    "两江新区今天发布元宇宙产业行动计划，提出三年内建设五个应用场景，设立专项资金，支持企业开展关键技术攻关。"
    "计划明确，申报指南将于下月公布，评审结果全部公开。",
    2,
)
PARK: Final = SampleArticle(
    "/zh/web3-park",
    "第三代互联网产业园在重庆开园",
    "首批二十三家企业入驻第三代互联网产业园。园区负责人表示，入驻企业可以申请两年的租金减免，数据服务平台同步上线。",
    4,
)
HOLIDAY: Final = SampleArticle(
    "/zh/holiday", "关于元旦期间服务窗口安排的通知", "元旦期间，各服务窗口照常值班，预约电话不变。", 7
)

FUND_COPY: Final = replace(FUND, age=2, tracking="?utm_source=wire&utm_medium=feed")
FUND_NEAR: Final = SampleArticle(
    "/wire/500-million-for-web3",
    "Chongqing: 500 million yuan for Web 3.0 companies - River Wire",
    "The district's development board opened a fund of 500 million yuan for Web 3.0 companies on Friday. Grants go to "
    "firms working on digital identity, data exchange and open ledgers that keep at least half of their staff in "
    "Chongqing. Applications open next month, and the board says it will publish every decision with its reasons. "
    "River Wire has asked the board for the list of members.",
    1,
)
SANDBOX_REPORT: Final = SampleArticle(
    "/wire/sandbox",
    "Liangjiang's blockchain sandbox opens to small firms",
    "Small firms in Liangjiang can try their services in a blockchain sandbox from Monday. The regulator looks on for "
    "one year and gives the places in the order of application, until 15 December. Two firms said that they will test "
    "receipts for the river port.",
    6,
)
ALLIANCE: Final = SampleArticle(
    "/wire/alliance",
    "重慶成立互聯網3.0聯盟",
    "十六家高校與企業在重慶成立互聯網3.0聯盟，將共同制定數據流通的技術標準，並於明年舉辦首屆大會。",
    3,
)
FERRY: Final = SampleArticle(
    "/wire/ferry",
    "New ferry cuts the trip across the river to six minutes",
    "The ferry runs every quarter of an hour from seven in the morning. Bicycles travel free of charge.",
    9,
)


@dataclass(frozen=True, slots=True)
class Outlet:
    """A feed of the sample site. It lists `articles` at the first poll, and `later` at the second poll."""

    name: str
    path: str
    format: str
    language: str
    articles: tuple[SampleArticle, ...]
    later: tuple[SampleArticle, ...]


OUTLETS: Final = (
    Outlet(
        "Riverside Gazette", "/gazette.rss", "rss", "en",
        (FUND, CLASSROOMS, MARKET, SANDBOX), (FUND, CLASSROOMS, MARKET, SANDBOX_LATER),
    ),
    Outlet("两江观察", "/liangjiang.atom", "atom", "zh-CN", (PLAN, PARK, HOLIDAY), (PLAN, PARK, HOLIDAY)),
    Outlet(
        "River Wire", "/wire.json", "jsonfeed", "en",
        (FUND_COPY, FUND_NEAR, SANDBOX_REPORT, ALLIANCE, FERRY),
        (FUND_COPY, FUND_NEAR, SANDBOX_REPORT, ALLIANCE, FERRY),
    ),
)  # fmt: skip
