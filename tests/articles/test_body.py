"""The text of short Chinese pages, where extractors take menus for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.model import Article

Extract = Callable[..., Article]

MENU = "".join(f"<li><a href=/{name}>{name}</a></li>" for name in ("新闻中心", "政务公开", "办事服务", "互动交流"))
RELATED = "".join(
    f"<li><a href=/{at}.html>召开第{at}次专题会议部署工作</a><span>2026-11-1{at}</span></li>" for at in (1, 2, 3)
)


def gov(text: str, title: str = "系统维护公告") -> bytes:
    return (
        f"<html><head><meta charset=utf-8><title>{title}_通知公告_某某委员会</title></head><body>"
        f"<div><span>今天是：2026年11月20日 星期五</span><span>重庆 多云 12℃~18℃</span></div><ul>{MENU}</ul>"
        f"<div>您当前的位置：首页 &gt; 通知公告</div><div><h2>{title}</h2>"
        "<div>发布日期：2026-11-18 来源：办公室 【字体：大 中 小】</div>"
        f"<div>{text}</div><div>分享到：<a>微信</a><a>微博</a></div><div><a>打印</a><a>关闭</a></div>"
        f"<div><h3>相关阅读</h3><ul>{RELATED}</ul></div></div><p>版权所有 Copyright © 2019-2026</p></body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("<p>2026年11月18日至20日停机维护。</p>", ["2026年11月18日至20日停机维护。"]),
        (
            "<p>首批12家企业签约入驻，涵盖区块链等领域。</p><p>园区将提供三年免租。</p>",
            ["首批12家企业签约入驻，涵盖区块链等领域。", "园区将提供三年免租。"],
        ),
    ],
)
def test_of_a_short_page_the_text_is_all_that_is_left(text: str, lines: list[str], read: Extract) -> None:
    article = read(gov(text))
    assert article.text.split("\n\n") == lines
    assert (article.title, article.origin, article.dated_by) == ("系统维护公告", "办公室", "the text 发布日期")


def test_a_short_page_without_a_sentence_below_its_title_keeps_what_was_found(read: Extract) -> None:
    text = "公告的全部内容写在这里，仅此一句话而已。"
    page = f"<html><head><title>某某公告_网</title></head><body><p>{text}</p></body></html>"
    assert read(page.encode()).text == text


PARAGRAPH = "园区首批企业签约入驻，涵盖区块链、数字藏品、隐私计算等领域，三年内免除租金。"


def long_page(below: str, before: str = "") -> bytes:
    text = "".join(f"<p>第{at}段：{PARAGRAPH}</p>" for at in range(6))
    return (
        f"<html><head><meta charset=utf-8><title>产业园开园</title></head><body><h1>产业园开园</h1>{before}"
        f"<div>{text}</div>{below}</body></html>"
    ).encode()


@pytest.mark.parametrize(
    "marks", ["id=post_comment", "class=comments", "class='box comment-list'", "id=disqus_thread", "class=CommentList"]
)
def test_what_readers_wrote_is_no_text(marks: str, read: Extract) -> None:
    said = f"<div {marks}><p>这是一位读者对这件事的看法，他说得很长，也很有道理。</p></div>"
    assert "读者" not in read(long_page(said)).text
    assert PARAGRAPH in read(long_page(said)).text


def test_an_article_in_a_box_called_comment_is_no_comment(read: Extract) -> None:
    page = long_page("").replace(b"<body>", b"<body><div class=comment>").replace(b"</body>", b"</div></body>")
    assert PARAGRAPH in read(page).text


def test_titles_with_colons_are_no_prose(read: Extract) -> None:
    titles = "".join(f"<div><a href=/{at}>老照片第{at}辑：三十年代的各地鸟瞰图</a></div>" for at in range(20))
    text = f"<div class=content><p>{PARAGRAPH * 2}</p></div>"
    page = f"<html><head><title>最新的消息_网</title></head><body>{text}<div class=more>{titles}</div>"
    assert read(page.encode()).text == PARAGRAPH * 2
