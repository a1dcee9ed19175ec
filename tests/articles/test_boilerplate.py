"""Lines that are the site's."""

from __future__ import annotations

import pytest

from monitor.articles.boilerplate import remove_boilerplate
from tests.support.growth import assert_grows_with_size

STAYS = "The council approved the plan. "


@pytest.mark.parametrize(
    "line",
    [
        "Follow us on Telegram",
        "Follow Reuters on Twitter and Facebook.",
        "Join our Discord community!",
        "Copyright © 2026 Site",
        "© 2026 Example. All rights reserved.",
        "Share this article on Facebook",
        "READ MORE: Another thing happened",
        "Read more",
        "Sign up for our newsletter",
        "Subscribe to our daily mail",
        "Click here to get the app",
        "(c) 2024 Site",
        "Advertisement",
        "Got a story? Get in touch with our news team",
        "pic.twitter.com/7IJYBkhgep",
        "- Comments",
        "This is a breaking news story, more to follow",
        "More to follow.",
        "Follow along with the latest updates below.",
        "Thank you for visiting site.example. You are using a browser version with limited support.",
        "Enjoying our latest content?",
        "Check out more of our latest stories by signing up to our weekly newsletter",
        "— A Name (@a_name) May 5, 2024",
        "分享让更多人看到",
        "分享到：微信 微博",
        "责任编辑：张三",
        "（责任编辑： HN666）",
        "版权所有 某某网",
        "扫一扫在手机打开当前页",
        "当前位置：首页 > 新闻",
        "上一篇：关于某某的通知",
        "欢迎关注我们的微信公众号",
        "加入我们的Telegram频道",
        "浏览次数：1234",
        "今日天气：晴 12~20℃",
        "重庆 多云 12℃~20℃",
        "重庆 多云转晴 12~20℃",
        "北京 晴 -3℃ 北风2级",
        "今天是：2026年11月20日 星期五重庆 多云 12℃~18℃",
        "今天是2026年11月20日 星期五",
        "Weather: Sunny, 25°C",
        "Beijing 12°C / 53°F Partly cloudy",
        "打印关闭",
        "打印本页 | 关闭窗口 | 返回顶部",
        "微信 微博 QQ空间 朋友圈",
        "字体：大中小 打印",
        "12下一页",
        "首页 上一页 1 2 3 ... 下一页 尾页",
        "發布日期：112-08-25",
        "發布單位：資訊局",
        "發布機關：資訊局",
        "點閱數：123 資料更新：112-08-26 分享 Facebook Line 友善列印",
        "渝ICP备05012345号",
        "打印本页 关闭窗口",
        "【打印】",
        "2019-09-26 12:11来源：证券时报网",
        "未经本网授权，不得转载",
        "登录",
        "编辑 张三 校对 李四",
        "办公室供稿 摄影/张三 编辑/李四",
        "添加收藏夹 设为首页 关于我们",
        "某某时报APP",
        "微信公众号",
        "(本文来自某某新闻，更多原创资讯请下载“某某新闻”APP)",
        "本文为政务等机构在某某新闻上传并发布，仅代表该机构观点。",
        "本文为某站原创文章，未经允许不得转载，如需转载请联系我们",
        "点击菜单栏【便民服务】解锁更多服务！",
        "此前报道：某事的前情",
        "图片均来自网络",
        "目前没有跟贴，欢迎你发表观点",
        "【字体：大 中 小】",
        "快来众测，体验最好玩的产品吧！下载客户端还能获得专享福利哦！",
    ],
)
def test_a_line_of_the_site_goes(line: str) -> None:
    assert remove_boilerplate([STAYS, line, STAYS]) == [STAYS, STAYS]


@pytest.mark.parametrize(
    "line",
    [
        "Follow the money, the prosecutor said.",
        "Copyright law will change in May, says the ministry.",
        "(c) the operator shall keep records of each transaction;",
        "More to follow the law, the ministry says, is needed.",
        "This is a breaking point for the region, experts say.",
        "Loading docks in the port stood empty.",
        "Telegram said that it would follow the order.",
        "微信在重庆发布新的支付规则。",
        "评论区关闭后，平台作出回应。",
        "登录平台的企业须实名认证。",
        "风险提示：警惕以元宇宙为名的非法集资。",
        "未经许可擅自从事虚拟货币业务的，依法查处。",
        "2023年8月25日",
        "本文由三部分组成，提出三个观点。",
        "本文系统梳理了各方观点和立场，供参考。",
        "编辑部表示，将配合调查。",
        "信息来自网络安全部门，已经核实。",
        "首届博览会上，字体设计公司展出了大量新作。",
        "更多企业加入园区，带动就业三千人。",
        "关注度持续上升的互联网3.0产业迎来新政策。",
        "It costs 1.5% more: read on.",
        "今天是2026年11月20日，也是新区成立的第一天。",
        "本次降雨过程中，最低气温降至12℃左右，请注意防寒。",
        "Rain fell in Beijing, where it was 12°C at noon.",
        "大会打印并分享了白皮书。",
        "下一页记载了该项目的由来。",
        "下载量超过百万次的应用须在三十日内完成备案，逾期不备案的由主管部门责令改正并向社会公布。",
    ],
)
def test_a_line_of_an_article_stays(line: str) -> None:
    assert line in remove_boilerplate([STAYS, line, STAYS])


@pytest.mark.parametrize(
    "heading",
    [
        "热点新闻",
        "More from The Nation",
        "Related articles",
        "相关阅读",
        "延伸 · 推荐",
        "猜你喜欢：",
        "You may also like",
    ],
)
def test_a_list_of_other_articles_ends_the_text(heading: str) -> None:
    assert remove_boilerplate([STAYS * 3] * 4 + [heading, "Another article", "And one more"]) == [STAYS * 3] * 4


def test_such_a_heading_in_the_first_half_ends_nothing() -> None:
    lines = [STAYS, STAYS, STAYS, "Related articles", *[STAYS * 3] * 4]
    assert remove_boilerplate(lines)[-1] == STAYS * 3


def test_menus_at_both_ends_go_and_a_list_within_stays() -> None:
    menu = ["- Sport", "- Money", "- Cars"]
    lines = [*menu, STAYS, "- one", "- two", "- three", STAYS, *menu]
    assert remove_boilerplate(lines) == [STAYS, "- one", "- two", "- three", STAYS]


def test_a_long_line_is_never_taken_away() -> None:
    line = "Follow us on Telegram and " + "x" * 300
    assert remove_boilerplate([line]) == [line]


def test_dated_titles_at_the_end_are_other_articles() -> None:
    others = ["【深度】另一篇文章说了什么", "2019-09-08", "又一篇文章", "2019-09-08"]
    assert remove_boilerplate([STAYS, STAYS, *others]) == [STAYS, STAYS]
    assert remove_boilerplate([STAYS, STAYS, "某某办公室", "2019年9月8日"])[-2:] == ["某某办公室", "2019年9月8日"]


def test_a_menu_with_decimals_at_the_end_goes() -> None:
    assert remove_boilerplate([STAYS, "- 县发生5.4级地震", "- 第二条！又一条", "- 第三条"]) == [STAYS]
    assert remove_boilerplate([STAYS, "- 一条。", "- 又一条！", "- 一句"])[-1] == "- 一句"


@pytest.mark.parametrize("part", ["打印", "1", "1 ", "分享", "晴", "晴 1", "rain 1", "大", "页1"])
def test_a_line_made_to_hold_the_patterns_up_is_judged_at_once(part: str) -> None:
    assert_grows_with_size(lambda size: remove_boilerplate([(part * size)[: size - 2] + "么"] * 50), 60)
