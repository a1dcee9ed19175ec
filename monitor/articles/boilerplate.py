"""Remove lines of an extracted text that belong to the site and not to the article. Pure.

Only whole lines are removed: a sentence of the article that mentions a newsletter is kept. The text ends where a list
of other articles begins near its end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_MAX_LINE_LENGTH: Final = 240
_LAST_PART_SHARE: Final = 0.5
_MIN_LINES_BEFORE_END: Final = 3
_MIN_MENU_ITEMS: Final = 3
_MIN_DATED_TITLES: Final = 2
_MAX_TITLE_LENGTH: Final = 80
_DATE_LINE = re.compile(r"[\[(（]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s\d{1,2}:\d\d(?::\d\d)?)?[\])）]?")
_MENU_ITEM = re.compile(r"[-•·] (?:[^。.]|\.(?=\d)){0,60}(?<![！？!?])")
_BULLET = re.compile(r"^(?:[-•*·▪►>#|【\[\s]|\d{1,2}\.\s)+")

# A line with such a beginning, or such a line, is not part of the article: in English, then in Chinese.
_LINE_START = re.compile(
    r"""(?:
    (?:please\s|you\scan\s(?:also\s)?|also\s|don['’]t\sforget\sto\s|make\ssure\sto\s|be\ssure\sto\s)?
        (?:follow|like|join|find|add|connect\swith)\s(?:us|me|our\s(?:channel|community|telegram|discord|facebook|page)
        |[\w.'’ ]{1,40}?)\s(?:on|at|in|via|as)\s(?:our\s)?(?:telegram|twitter|x\b|facebook|instagram|linkedin|discord
        |reddit|youtube|tiktok|whatsapp|threads|bluesky|google\snews|social|flipboard|mastodon|wechat|weibo|a\spreferred)
    |(?:join|subscribe\sto)\sour\s[\w ]{0,30}(?:telegram|discord|whatsapp|newsletter|channel|community
        |commenting\sforum|mailing\slist)
    |subscribe\s(?:now|today|here|to\s(?:our|the|us|my)\b)
    |sign\s(?:up|in)\s(?:now\b|here\b|today\b|for\s(?:our|the|free|breaking|more|[\w'’]+(?:\s[\w'’]+){0,3}\snewsletter)|to\s(?:our|the|receive|get)\b)
    |get\s(?:the\s(?:latest|best|top)|our|all\sthe)\s.{0,60}(?:inbox|newsletter|e-?mails?|app|delivered|updates)
    |(?:have|got)\s(?:you\sgot\s)?a\s(?:news\s)?(?:story|tip)\b|get\sin\stouch\swith\s(?:us|our)|do\syou\shave\sa\s(?:story|tip)
    |for\smore\s(?:stories|news|articles)\slike\sthis
    |(?:click|tap)\shere\s(?:to|for)\s(?:get|subscribe|sign|read\smore|download|join|the|more|see)
    |download\s(?:our|the)\s.{0,40}\bapp\b
    |(?:read|see|watch|related|more|learn)\s?(?:more|also|next|now|on|story|stories)?\s?[:：»|](?!\d)
    |(?:read|related|recommended|also\sread|more\sfrom|more\son|you\smay\salso\slike|you\smight\salso\slike)\s?(?:more|next|articles?|stories|posts?|news|content|reading|coverage)?$
    |copyright\s?(?:©|\(c\)|:|\d{4}|by\b.{0,60}$)|\(c\)\s?(?:19|20)\d\d|©|all\srights\sreserved|(?:this\smaterial\s)?may\snot\sbe\spublished,\sbroadcast
    |our\sstandards:\s|disclaimer:|(?:image|photo|picture|featured\simage)\s(?:credit|source|via|courtesy)s?\b
    |share\s(?:this|on|via|to|it)\b.{0,60}$|share$|tweet$|print$|e-?mail$|comments?$|advertisement$|sponsored$|loading.{0,12}$|copy\slink$|link\scopied
    |(?:leave|post|add|write)\sa\s(?:comment|reply)|you\smust\s(?:be\slogged\sin|confirm|log\sin)|please\slog(?:in|out|\sin)|log\sin\s(?:or|to)\b
    |(?:we\suse|this\s(?:site|website)\suses)\scookies|enable\sjavascript|your\sbrowser\s(?:does|is)
    |(?:swipe|scroll)\s(?:left|right|down|for)
    |(?:most\s(?:read|popular|viewed)|trending(?:\snow)?|popular|editor['’]s\spicks?|top\sstories|latest\snews|newsletters?)(?:\sin\s\w+)?$
    |this\sis\sa\s(?:breaking|developing)\s(?:news\s)?story|more\sto\sfollow\W*$|follow\salong\swith\sthe\slatest\b.{0,40}$
    |thank\syou\sfor\svisiting\s[\w.]+\.|you\sare\susing\sa\sbrowser|(?:the\sbest\sexperience,\s)?we\srecommend\syou\suse\sa\s(?:more|newer)
    |enjoying\sour\slatest\s|join\sthought-provoking\sconversations|(?:check\sout|for)\smore\b.{0,80}\bnewsletter
    |(?=[^.!?]{1,80}$)(?=.*(?:sunny|cloud|overcast|clear|rain|shower|snow|fog|haze|humid|weather|forecast|°\s?[CF]\s?/)).{0,40}-?\d{1,3}\s?(?:°\s?[CF]?|℃|℉)
    |skip\sto\s(?:main|content)|back\sto\stop|tags?\s?[:：]|filed\sunder|posted\sin|categor(?:y|ies)\s?:|views?\s?[:：]\s?\d|\d+\s(?:views|shares|comments|min\sread)$
    |_{2,}$|\*{3,}$|={3,}$|-{3,}$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_CHINESE_LINE_START = re.compile(
    r"""(?:
    (?:分享|转发|收藏|点赞|评论|关注|打印|关闭|纠错|收藏本页|字体|字号|返回顶部|返回首页|扫一扫|举报|投诉|微博|微信|朋友圈|复制链接|我要纠错|打印本页|关闭窗口)
        (?:[:：]|$|\s+(?:分享|转发|收藏|点赞|评论|关注|打印|关闭|纠错|微博|微信|字体|字号))
    |【?(?:打印|关闭|关闭窗口|打印本页|纠错|收藏|推荐|字体|大|中|小)】|[\[［【(（\s]*(?:大\s*中\s*小|小\s*中\s*大)[\]］】)）\s]*
    |分享让更多人看到|分享到|分享至|(?:微信|手机)?扫(?:一扫|码|描)|长按(?:二维码|识别|图片)|打开(?:微信|APP|客户端)|点击(?:关注|下载|进入|查看更多|阅读原文|展开)
    |(?:欢迎|请|敬请)?关注(?:我们|本站|.{0,20}(?:公众号|微信|微博|频道|官方|客户端|Telegram))|(?:加入|订阅).{0,20}(?:Telegram|电报|社群|频道|群组|公众号|微信群)
    |下载.{0,20}(?:APP|客户端).{0,20}$|(?:版权所有|版权声明|免责声明|特别声明|声明[:：]|未经.{0,12}(?:许可|授权|同意|书面).{0,20}(?:转载|复制|摘编|转摘)|本(?:站|网)(?:所有|转载|声明)|本文(?:来源|转载自|版权))
    |(?:主办|承办|主管)(?:单位)?[:：]|网站标识码|(?:.{0,3}ICP备|.{0,3}公网安备|京ICP|粤ICP)|技术支持[:：]|(?:您|你)(?:的|当前)(?:浏览器|所在)?(?:的)?位置|(?:当前|现在|您的|您所在的?|所在)位置|微信号|已发送$|发送中$|已留言$
    |(?:19|20)\d\d[-年/.]\d{1,2}[-月/.]\d{1,2}日?\s?(?:\d{1,2}:\d\d(?::\d\d)?.{0,60}|.{0,12}(?:来源|作者|编辑).{0,40})$|热帖$|热词$|热门(?:推荐|话题)$|关键词\s?(?:[:：]|>)|标签[:：]|图集$|加载(?:更多|中)
    |(?:责任编辑|责编|编辑|审核|校对|网络编辑|值班编辑|初审|复审|终审|监制|作者|记者|来源|信息来源|稿源|文章来源)\s?[:：]\s?.{0,30}$
    |[（(【\[]?(?:责任编辑|责编|编辑|网络编辑)\s?[:：].{0,30}$
    |(?:发布|更新|发稿|成文)(?:时间|日期)\s?[:：].{0,40}$|(?:浏览|阅读|点击|访问)(?:次数|量|数|率)?\s?[:：]\s?.{0,20}$
    |(?:上|下)一(?:篇|条|页|则)(?:\s?[:：>»]|[^。！？]{0,80}$)|(?:相关|推荐|热门|热点|延伸|更多)(?:阅读|新闻|文章|链接|报道|推荐|内容|资讯|稿件|专题|信息)\s?[:：>]*$|猜你喜欢|热点推荐|大家都在看|精彩推荐|为您推荐
    |(?:今天|今日|明天)?.{0,10}(?:天气|气温|空气质量)\s?[:：]?\s?(?:晴|多云|阴|小雨|.{0,4}-?\d{1,2}\s?[~～℃°-])[^。！？；]{0,30}$
    |.{0,12}(?:晴|多云|阴|雨|雪).{0,8}-?\d{1,2}\s?(?:℃|°C?)\s?[~～/-]\s?-?\d{1,2}\s?(?:℃|°C?).{0,20}$
    |.{0,12}(?:晴|多云|阴|雨|雪|霾).{0,8}-?\d{1,2}\s?(?:(?:℃|°C?)[^。！？；]{0,20}|[~～/至到-]\s?-?\d{1,2}\s?(?:℃|°C?).{0,20})$
    |今天是\s?[:：]?\s?(?:\d{4}年|(?:19|20)\d\d[-/.]|星期|农历)[^。！？；，,]{0,70}$
    |(?:(?:打印(?:本页|本文)?|关闭(?:窗口|本页)?|收藏(?:本页)?|分享(?:到)?[:：]?|微信(?:好友)?|(?:新浪|腾讯)?微博|QQ(?:空间|好友)?|朋友圈|人人网|豆瓣
        |复制链接|(?:我要)?纠错|返回(?:顶部|首页|列表)?|点赞|评论|转发|举报|友善列印|列印|分享至|Facebook|LINE|Twitter|Plurk|Email|字体[:：]?|[大中小])[\s|｜/·,，、]*+){2,14}$
    |(?=.{0,80}[页頁])(?:(?:[上下]一?[页頁]|首[页頁]|[尾末][页頁]|\d++|\.{2,3}|…|[<>«»‹›])[\s|｜\[\]]*+){2,30}$
    |(?:發布|發佈|張貼|公告|上版|資料更新|最後更新|更新)(?:日期|時間)\s?[:：].{0,40}$|(?:發布|發佈|資料提供|发布|信息发布)(?:單位|機關|单位|机构)\s?[:：].{0,40}$
    |(?:點閱|瀏覽|點擊)(?:數|率|次數|人次)?\s?[:：].{0,60}$
    |(?:星期|周)[一二三四五六日天]$|\d{4}年\d{1,2}月\d{1,2}日\s?(?:星期|周)[一二三四五六日天]$
    |(?:编辑|责编|责任编辑|校对|审核|摄影|制图|供稿|监制|终审)[\s/／]+[\u4e00-\u9fff·]{2,5}(?:[\s、，]+(?:(?:编辑|责编|责任编辑|校对|审核|摄影|制图|供稿|监制|终审)[\s/／:：]*)?[\u4e00-\u9fff·]{2,5}){0,4}$
    |(?:(?:添加收藏夹?|加入收藏|设为首页|联系我们|关于我们|网站地图|网站声明|返回首页|English|无障碍(?:浏览|阅读)?|RSS订阅|手机版|繁體版?|繁体版?|登录|注册|退出|个人中心)(?:[\s|｜·]+|$)){1,12}$
    |[\w\u4e00-\u9fff]{0,8}(?:APP|客户端|公众号|官方微[博信]|小程序|视频号|抖音号|官方账号)$
    |[（(【]?(?:本文来自.{2,20}[，,]\s?更多|更多.{0,20}(?:资讯|内容|精彩).{0,10}(?:下载|关注|请))
    |(?:本文|本内容|该文|以上内容|文章)(?:内容|版权)?(?:为|由|系)?.{0,40}(?:上传并发布|仅代表.{0,20}(?:观点|立场))|本文(?:内容)?不构成.{0,12}投资建议|本文(?:为|系).{0,16}原创(?:文章|内容|稿件|作品)
    |点(?:击|个)?\s?[【「“\[]?在看|看都看完了|点击菜单栏|发送邮件至.{0,60}(?:申请|投稿|加入)|前往[“"]发现|功能介绍\s|朋友在看
    |(?:(?:此前|早前|相关|延伸|更多)(?:报道|新闻|阅读)|推荐阅读|延伸阅读|上一篇|下一篇)\s?[:：]\s?.{0,80}$
    |(?:以上)?(?:图片|信息|部分图片|内容|文中图片|图文)?(?:均)?(?:来自|来源于?|源自)(?:于)?(?:互联网|网络)[。）)]?$
    |(?:目前)?(?:没有|暂无)(?:热门)?(?:跟贴|评论|跟帖)|(?:查看|去|注册).{0,6}(?:跟贴|跟帖)|跟[贴帖]已关闭|\d+\s?跟[贴帖]
    |(?:【|\[)(?:字体|字号)[:：]?.{0,20}$|[【\[（(]?\s?(?:字体|字号)\s?[:：]?\s?[\[［【（(]?\s?(?:大|小|特大).{0,16}$
    |(?:手机)?(?:客户端|APP)下载$|首页(?:$|\s?[>»›])|网友评论|我来说两句|(?:发表)?评论(?:\s?\(?\d*\)?)?$|(?:登录|注册|打赏|全文完|完)$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_SITE_PHRASE = re.compile(
    r"未经.{0,16}(?:允许|许可|授权|同意)[，,]?\s?.{0,6}(?:不得|禁止|严禁|请勿)|下载客户端(?:还能|即可)"
    r"|【点击(?:投票|进入|查看|下载)】|(?:摄影|编辑|审核|校对)[/／][\u4e00-\u9fff]{2,4}$"
    r"|pic\.twitter\.com/\w+$|^— .{1,60}\(@\w{1,20}\) \w+ \d{1,2}, \d{4}$",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"(?:特别声明|免责声明|特别提示|版权声明|郑重声明|平台声明)\s?[:：]|notice: the content above|disclaimer\s?:",
    re.IGNORECASE,
)
_END_HEADING = re.compile(
    r"(?:more from\b.{0,40}|related (?:articles?|stories|posts?|news|content|topics|coverage|links)"
    r"|recommended(?: for you| reading| stories)?"
    r"|you (?:may|might) also (?:like|be interested in).{0,20}|latest (?:news|stories|articles)|popular|"
    r"(?:leave a (?:comment|reply).{0,20})|comments(?: \(\d+\))?|\d+ comments|join the (?:conversation|discussion)"
    r"|about the authors?|share this(?: article| story| post)?"
    r"|(?:相关|推荐|热门|热点|延伸|更多|精彩)(?:阅读|新闻|文章|链接|报道|推荐|内容|资讯|稿件|信息)|猜你喜欢|大家都在看|为您推荐|网友评论|最新评论|相关专题|热点推荐|延伸\s?[·•]\s?(?:推荐|阅读)|(?:网友|热门|最新|最热)(?:跟贴|跟帖|评论))\s?[:：>»]*",
    re.IGNORECASE,
)


def remove_boilerplate(lines: Sequence[str]) -> list[str]:
    """Return `lines` without lines that belong to the site."""
    kept = [line for line in _remove_dated_titles(lines[: _end_of_article(lines)]) if not _is_site_text(line)]
    return kept[_count_menu_lines(kept) : len(kept) - _count_menu_lines(kept[::-1]) or None]


def _remove_dated_titles(lines: Sequence[str]) -> Sequence[str]:
    """Return `lines` without a list of other articles at the end: titles, each followed by a date."""
    end = len(lines)
    while end > 2 and _DATE_LINE.fullmatch(lines[end - 1].strip()):  # noqa: PLR2004 - a pair
        title = lines[end - 2]
        if len(title) > _MAX_TITLE_LENGTH or title.rstrip().endswith(("。", "！", "？", ".", "”")):
            break
        end -= 2
    return lines[:end] if len(lines) - end >= 2 * _MIN_DATED_TITLES else lines


def _count_menu_lines(lines: Sequence[str]) -> int:
    """Return how many lines at the start belong to a menu: list items without a sentence."""
    count = next((at for at, line in enumerate(lines) if not _MENU_ITEM.fullmatch(line)), 0)
    return count if count >= _MIN_MENU_ITEMS else 0


def _end_of_article(lines: Sequence[str]) -> int:
    """Return the index of the line where a list of other articles begins near the end; else the number of lines."""
    total = sum(map(len, lines))
    before = 0
    for at, line in enumerate(lines):
        if (
            before >= total * _LAST_PART_SHARE
            and at >= _MIN_LINES_BEFORE_END
            and _END_HEADING.fullmatch(_BULLET.sub("", line).strip())
        ):
            return at
        before += len(line)
    return len(lines)


def ends_article(line: str) -> bool:
    """Return whether `line` is the heading of a list of other articles."""
    return _END_HEADING.fullmatch(_BULLET.sub("", line).strip()) is not None


def _is_site_text(line: str) -> bool:
    if _DISCLAIMER.match(line):
        return True
    if len(line) > _MAX_LINE_LENGTH:
        return False
    bare = _BULLET.sub("", line).strip()
    if not bare:
        return True
    return bool(_LINE_START.match(bare) or _CHINESE_LINE_START.match(bare) or _SITE_PHRASE.search(bare))
