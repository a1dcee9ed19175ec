"""Pages as the publishing systems of offices write them: a frame that is much alike, and a list of many makes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from monitor import sources
from monitor.model import Reading

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
URL = "http://jjxxw.example.gov.cn/zwgk/tzgg/index.html"

CHINESE = (
    "关于印发《两江新区元宇宙产业发展行动计划（2026—2028年）》的通知",
    "关于公布2026年度科技型企业入库名单的通知",
    "公开招聘事业单位工作人员公告",
    "关于开展数字化转型试点城市申报工作的通知",
    "关于征求《促进Web3.0创新发展若干措施》意见的公告",
    "节假日值班安排",
    "关于拟认定2026年市级企业技术中心的公示",
    "互联网3.0示范应用场景“揭榜挂帅”榜单",
)
ENGLISH = (
    "Chongqing aims to gain the upper hand in Web 3.0",
    "New area approves plan for the metaverse industry",
    "Commission publishes rules for data exchanges",
    "Public consultation on the draft Digital Assets Bill opens",
    "Minister visits the chip plant in Shapingba",
    "Statement on the joint programme for open standards",
    "Grants for small firms in the software sector",
    "Board appoints three new members",
)
MENUS = ("首页", "政务公开", "机构职能", "领导之窗", "政策文件", "法定主动公开内容", "政府信息公开指南", "依申请公开",
         "政府信息公开年报", "办事服务", "互动交流", "网上信访", "在线访谈", "民意征集", "数据发布", "专题专栏",
         "党建工作", "行政许可和行政处罚信息公示", "营商环境", "关于我们")  # fmt: skip
FRIENDS = (
    "国家发展和改革委员会",
    "工业和信息化部",
    "国务院国有资产监督管理委员会",
    "中国政府采购网",
    "重庆市人民政府网",
)
BOX = (
    "市领导调研软件和信息服务业发展情况",
    "全市工业经济运行分析会召开",
    "我委召开党组理论学习中心组学习会",
    "图解：一季度工业经济",
)

DAYS = [dt.date(2026, 11, 20) - dt.timedelta(days=3 * number) for number in range(len(CHINESE))]


def links(paths: Sequence[str], start: str = "/c") -> str:
    return "".join(f'<li><a href="{start}{n}/" target="_blank">{text}</a></li>' for n, text in enumerate(paths))


def chinese(listed: str, *, head: str = "", side: str = "", title: str = "通知公告") -> str:
    """Return a page of an office with its menus, place, side box, and footer."""
    return f"""<!DOCTYPE html><html lang="zh-CN"><head><title>{title}_经济和信息化委员会</title>{head}</head><body>
<div class="top"><a href="/">设为首页</a> | <a href="/wap">手机版</a> |
<a href="/en/">English</a> 2026年11月21日 星期六</div>
<div class="nav"><ul>{links(MENUS)}</ul></div>
<div class="wz">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt;
<a href="/zwgk/tzgg/">通知公告</a></div>
<div class="con">
<div class="con-l"><h3>栏目导航</h3><ul>{links(MENUS[4:10], "/zwgk/")}</ul></div>
<div class="con-r">{listed}</div>{side}</div>
<div class="link"><select><option>友情链接</option></select><ul>{links(FRIENDS, "http://l")}</ul></div>
<div class="footer"><p>主办：市经济和信息化委员会 <a href="https://beian.miit.gov.cn/">渝ICP备05000000号-1</a>
<a href="http://www.beian.gov.cn/portal">渝公网安备 50010302002814号</a></p><p>网站标识码5000000019
<a href="/sitemap.html">网站地图</a></p></div></body></html>"""


def english(listed: str, *, side: str = "") -> str:
    """Return a page of an agency in English."""
    menu = links(("Home", "About the Commission", "Press and Media", "Publications and Reports", "Laws and Regulations",
                  "Consultations", "Careers at the Commission", "Contact"), "/m")  # fmt: skip
    return f"""<!doctype html><html lang="en"><head><title>Press releases | Commission</title></head><body>
<header><nav><ul>{menu}</ul></nav></header><main><h1>Press releases</h1>{listed}</main>{side}
<footer><ul>{links(("Privacy and cookies policy", "Freedom of information", "Accessibility statement"), "/f")}</ul>
<p>© 2026 Commission</p></footer></body></html>"""


def box(name: str = "") -> str:
    """Return a side box of the latest, with days."""
    rows = "".join(
        f'<li><a href="/dt/{n}.html">{text}</a><span>11-{19 - n:02d}</span></li>' for n, text in enumerate(BOX)
    )
    return f'<div class="{name}"><h3>最新动态</h3><ul>{rows}</ul></div>'


def read(markup: str | bytes, *, url: str = URL, content_type: str | None = None) -> Reading:
    body = markup if isinstance(markup, bytes) else markup.encode()
    return sources.read(body, url=url, content_type=content_type, kind="page", now=NOW, timezone="Asia/Shanghai")


def days(reading: Reading) -> list[dt.date | None]:
    return [entry.published.at.date() if entry.published else None for entry in reading.entries]


def titles(reading: Reading) -> list[str]:
    return [entry.title for entry in reading.entries]
