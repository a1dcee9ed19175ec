"""Which of a page's titles is the article's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.model import Article

Extract = Callable[..., Article]


LD = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Said for machines"}</script>'


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (
            '<meta name="ArticleTitle" content="关于开展试点的通知"><title>某某政府</title>',
            "<h1>某某政府</h1>",
            "关于开展试点的通知",
        ),
        (
            '<meta property="og:title" content="A day in court"><title>A day in court | Site</title>',
            "",
            "A day in court",
        ),
        ("<title>A long day in court - Site</title>", "<h1>A long day in court</h1>", "A long day in court"),
        (
            '<meta property="og:title" content="A long day in court - Site"><title>A long day in court - Site</title>',
            "<h1>A long day in court</h1>",
            "A long day in court",
        ),
        (
            '<meta property="og:site_name" content="Site"><meta property="og:title" content="A day in court | Site">',
            "",
            "A day in court",
        ),
        ("<title>重庆发布互联网行动计划_新闻中心_某某网</title>", "", "重庆发布互联网行动计划"),
        ("<title>重庆发布互联网行动计划-重庆市人民政府网</title>", "", "重庆发布互联网行动计划"),
        ("<title>News | A long day in the court of appeal</title>", "", "A long day in the court of appeal"),
        ("<title>A title alone</title>", "<h1>The name of this whole site</h1>", "A title alone"),
        (
            '<meta property="og:title" content="奖金百万！"><title>奖金百万！"诺奖"揭晓_网</title>',
            "",
            '奖金百万！"诺奖"揭晓',
        ),
        ("<title>A &amp; B meet in the city</title>", "", "A & B meet in the city"),
        ("", "<h1>Only a heading</h1>", "Only a heading"),
        ("", "<h1>Site</h1><h1>A long heading of an article</h1>", "A long heading of an article"),
        ("", "", ""),
        ("<title>某某行动计划正式发布-某某传媒</title>", "<p>某某行动计划正式发布</p>", "某某行动计划正式发布"),
        ("<title>某某行动计划正式发布 某某附属医院</title>", "<p>某某行动计划正式发布</p>", "某某行动计划正式发布"),
        ("<title>News of the day: a long story</title>", "<p>News of the day</p>", "News of the day: a long story"),
        ("<title>A long story of the day</title>", "<p>A long story</p>", "A long story of the day"),
        (
            "<title>新闻动态--某某学会官网</title>",
            "<p>首页 - 新闻动态</p><h2>某某学术年会在重庆成功举行</h2><p>发布时间：2026-11-20</p>",
            "某某学术年会在重庆成功举行",
        ),
        ("<title>新闻动态--某某学会官网</title>", "<p>没有日期的一页，也没有标题。</p>", "新闻动态"),
        (
            "<title>停机公告_某某委员会</title>",
            "<h2>停机公告</h2><p>发布日期：2026-11-18</p><p>2026年11月18日停机维护。</p>",
            "停机公告",
        ),
        (
            f"{LD}<title>Said for machines – Site</title>",
            "<h1>Said for readers</h1>",
            "Said for machines",
        ),
        (
            (
                '<meta property="og:title" content="A long day in court * The Site * by A. Writer">'
                "<title>A long day in court * The Site * by A. Writer</title>"
            ),
            "<h1>A long day in court</h1>",
            "A long day in court",
        ),
        ("<title>A long day in court * The Site * by A. Writer</title>", "", "A long day in court"),
        (
            (
                '<meta property="og:title" content="A long day in court">'
                '<meta name="twitter:title" content="A long day in court">'
                '<script type="application/ld+json">{"@type":"Article","headline":"A long day in court, and a night"}'
                "</script><title>A long day in court, and a night | Site</title>"
            ),
            "<h1>A long day in court, and a night</h1>",
            "A long day in court, and a night",
        ),
    ],
)
def test_the_title_is_what_most_agree_on(
    head: str, body: str, title: str, page: Callable[..., bytes], read: Extract
) -> None:
    assert read(page(body, head)).title == title
