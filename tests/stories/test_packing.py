"""A report that is packed and unpacked is the same report."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.model import Article
from monitor.stories import gazetteer
from monitor.stories.gazetteer import NamedThing
from monitor.stories.packing import FORMAT, pack_report, unpack_report
from monitor.stories.reports import read_report
from tests.stories import event_articles

ARTICLES = [each for each in vars(event_articles).values() if isinstance(each, Article)]
CHINESE = Article(
    "https://a.example/1",
    "重庆两江新区发布行动计划",
    "5月27日，国家发展改革委在北京宣布投资5亿元，增长12%。\n两家企业参加 Web3 大会。",
)


@pytest.mark.parametrize(
    "article", [*ARTICLES, CHINESE, Article("", "", ""), Article("https://a.example/", "\ud800", "x")]
)
def test_a_report_comes_back_as_it_was(article: Article) -> None:
    report = read_report(article)
    assert unpack_report(pack_report(report)) == report


def test_a_packed_report_is_small() -> None:
    assert len(pack_report(read_report(event_articles.TUNNEL))) < 4 * len(event_articles.TUNNEL.text.encode()) + 2_000


def test_a_thing_that_the_gazetteer_does_not_have_comes_back() -> None:
    report = replace(read_report(CHINESE), named=frozenset({NamedThing("place", "atlantis")}))
    assert unpack_report(pack_report(report)) == report


def test_reports_of_another_gazetteer_have_another_form(monkeypatch: pytest.MonkeyPatch) -> None:
    assert gazetteer.gazetteer_hash() in FORMAT.split()
    monkeypatch.setattr(gazetteer, "_text", lambda: "place atlantis = Atlantis")
    assert gazetteer.gazetteer_hash() not in FORMAT.split()
