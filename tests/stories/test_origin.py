"""The outlet that a reprint names as its source."""

from __future__ import annotations

import pytest

from monitor.stories.origin import origin_of, outlet_key
from tests.stories.articles import CHINESE, ENGLISH, article


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        (f"来源：新华社 作者：张三\n{CHINESE}", "新华社"),
        (f"{CHINESE}（来源：人民日报）", "人民日报"),
        (f"{CHINESE}\n文章来源: 央视新闻", "央视新闻"),
        (f"本文转载自《青江日报》\n{CHINESE}", "青江日报"),
        (f"{CHINESE}原载于经济观察报。", "经济观察报"),
        (f"新华社北京5月6日电 {CHINESE}", "新华社"),
        (f"中新网青江11月20日电（记者 李四）{CHINESE}", "中新网"),
        (f"BEIJING, May 3 (Xinhua) -- {ENGLISH}", "xinhua"),
        (f"LONDON (Reuters) - {ENGLISH}", "reuters"),
        (f"{ENGLISH} (Reuters)", "reuters"),
        (f"{ENGLISH}\nSource: Reuters", "reuters"),
        (f"{ENGLISH}\nOriginally published by The-Conversation.", "theconversation"),
        (f"{ENGLISH} Courtesy of AP", "ap"),
        (ENGLISH, ""),
        (CHINESE, ""),
        (f"资金来源为财政资金。{CHINESE}", ""),
        (f"The source said nothing. {ENGLISH}", ""),
        ("", ""),
    ],
)
def test_a_text_names_its_source(text: str, origin: str) -> None:
    assert origin_of(article("T", text)).startswith(origin) if origin else origin_of(article("T", text)) == ""


def test_what_the_page_says_comes_first() -> None:
    assert origin_of(article("T", "来源：新华社", origin="《人民日报》")) == "人民日报"


def test_only_the_ends_of_a_text_are_looked_at() -> None:
    assert origin_of(article("T", f"{ENGLISH}\nSource: Reuters\n{ENGLISH * 2}")) == ""


def test_outlets_are_compared_by_their_letters() -> None:
    assert outlet_key("新華社（北京）") == outlet_key("新华社 北京")
