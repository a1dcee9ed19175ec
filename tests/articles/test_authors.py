"""Who wrote it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monitor.model import Article

Page = Callable[..., bytes]
Extract = Callable[..., Article]


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        ("<meta name=author content='By Ann Lee and Bo Li'>", "", ("Ann Lee", "Bo Li")),
        ("<meta name=author content=网易>", "", ()),
        ("<meta name=author content=新京报>", "<p>作者：张三</p>", ("张三",)),
        ("<meta name=author content='https://a.example/ann'>", "", ()),
        ("", "<p>By <a rel=author href=/ann>Ann Lee</a></p>", ("Ann Lee",)),
        ("", "<span itemprop=author>By <b itemprop=name>Ann Lee</b> in Rome</span>", ("Ann Lee",)),
        ("", "<div>2026-11-20 来源：某报 作者：张三 李四</div>", ("张三", "李四")),
        ("", "<div>作者：未知</div>", ()),
        ("", "<div>作者：张三在文中写道，这是一件大事，而且很重要，需要关注。</div>", ()),
    ],
)
def test_authors_are_those_that_the_page_names(
    head: str, body: str, authors: tuple[str, ...], page: Page, read: Extract
) -> None:
    assert read(page(body, head)).authors == authors


@pytest.mark.parametrize(
    ("opening", "authors"),
    [
        ("长江网讯（记者陈智 整合） 国庆长假过半。", ("陈智",)),
        ("新华社巴黎12月9日电（记者唐霁）法国罢工。", ("唐霁",)),
        ("澎湃新闻记者 段彦超 廖艳", ("段彦超", "廖艳")),
        ("据记者 了解，情况属实，各方正在处理。", ()),
    ],
)
def test_reporters_are_named_where_a_chinese_text_begins(opening: str, authors: tuple[str, ...], read: Extract) -> None:
    text = "两江新区今日发布互联网3.0产业行动计划，提出到二〇二七年建成示范园区，并设立专项资金支持企业研发。"
    body = f"<html><body><div class=c><p>{opening}</p>{f'<p>{text}</p>' * 5}</div></body></html>".encode()
    assert read(body).authors == authors
