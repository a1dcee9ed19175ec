"""Patterns for the words of walls that a site makes itself, mostly in English and Chinese. See `pages`."""

from __future__ import annotations

import re
from typing import Final

from monitor.lazy import lazy_pattern


def any_of(*patterns: str) -> re.Pattern[str]:
    """Return a pattern that matches any of `patterns`, in small or capital letters."""
    return lazy_pattern("|".join(patterns), re.IGNORECASE)


TEST_TITLE: Final = any_of(
    r"(?:security|browser|bot|robot|human|captcha|ddos) (?:check|verification|challenge|protection|test)\W*",
    r"(?:verify|verifying|confirm|prove) (?:that )?you(?:'re| are)? (?:a |not a )?(?:human|robot|bot)\W*",
    r"are you (?:a |not a )?(?:human|robot)\W*",
    r"(?:i am |i'm )?not a robot\W*",
    r"captcha\W*",
    r"checking your browser\W*",
    r"(?:请完成|进行)?(?:安全|人机|滑动|访问|图形|身份|行为|浏览器)?(?:验证|驗證)(?:码|中心|页面?|中)?",
    r"(?:正在进行)?(?:浏览器|网站|环境)?安全(?:检查|检测|校验)(?:中)?",
    r"(?:请)?(?:输入|完成)验证码?",
)
"""The title, or a part of the title, of a page that tests for robots."""

TEST_WORDS: Final = any_of(
    r"(?:enable|turn on|allow) (?:java ?script and cookies|cookies(?: and java ?script)?) to (?:continue|proceed)",
    r"(?:verify|confirm|prove) (?:that )?you(?:'re| are)? (?:a |not a |indeed )?(?:human|robot|bot)",
    r"(?:checking|verifying) your browser",
    r"complete the (?:captcha|security check)",
    r"(?:unusual|suspicious|automated) (?:traffic|activity|requests?) (?:from|has been|was|detected)",
    r"(?:请|需)(?:您)?.{0,8}(?:完成|通过|进行|拖动|滑动|输入).{0,10}(?:验证|滑块|校验)",
    r"(?:拖动|滑动|向右).{0,6}滑块",
    r"正在(?:进行|检查|验证|检测).{0,10}(?:浏览器|安全|访问环境|是否为?真人)",
    r"请(?:开启|启用|打开)(?:浏览器的?)? ?(?:java ?script|js)\s?(?:并|后)",
)
"""Text on a page that tests for robots."""

_WHO_WORDS: Final = (
    "(?:用户|会员|系统|后台|管理员?|账号|帐号|账户|统一|密码|扫码|短信"
    "|欢迎|安全|请先?|您|需要|微信|手机|企业|单位|个人|网上"
    "|平台|办公|员工|读者|單一|會員|使用者|帳號){0,4}"
)
LOGIN_TITLE: Final = any_of(
    rf"{_WHO_WORDS}(?:登[录陆入錄])(?:页面?|界面|中心|系统|入口|认证|平台|提示|框|窗口)?(?:后.{{0,12}})?[！!。.]?",
    r"[^于何的]{0,16}(?:系统|平台|中心|后台|门户|网)(?:用户)?登[录陆入]",
    r"欢迎登[录陆].{0,20}",
    r"[^于的]{0,20}统一身份认证(?:平台|系统|中心|登录|服务){0,2}|(?:身份|用户)认证(?:平台|系统|中心)?",
    r"(?:please )?(?:log|sign)[ -]?(?:in|on)(?: (?:to|with|required|page|here|now|form)\b.{0,40})?[.!]?",
    r"(?:member|user|account|admin|customer|subscriber|client|secure) (?:log|sign)[ -]?in(?: page)?",
    r"(?:authentication|login|sign-in) (?:is )?required|single sign[ -]on|sso",
    r"(?:subscribe|register|sign up) to (?:read|continue|unlock).{0,30}",
    r"anmeld(?:en|ung)|connexion|iniciar sesión|accedi|ログイン|로그인",
)
"""The title, or a part of the title, of a login page."""

LOGIN_WORDS: Final = any_of(
    r"(?:[请須须請]|需要?|您?尚?未|没有|還沒有?)您?(?:先|重新)?登[录陆入錄]|登[录陆錄入]后(?:才能|方可|即可|可|再)",
    r"(?:you (?:must|need to|have to)|please|you(?:'re| are) not) (?:be )?(?:log|logged|sign|signed)[ -]?in",
    r"(?:log|sign) in (?:to (?:continue|view|access|see|read)|first)",
    r"session (?:has )?(?:expired|timed out)|会话已?(?:过期|超时)",
)
"""Text on a page that requires a login."""

CONSENT_TITLE: Final = any_of(
    r"before you continue.{0,60}",
    r"(?:cookies?|privacy|data) (?:consent|choices|settings|preferences|wall|gate|notice)",
    r"we (?:value|care about|respect) your privacy.{0,20}|your privacy(?: (?:choices|matters|is important to us))?",
    r"(?:manage|your|cookie) consent.{0,20}|consent(?: required)?|(?:we use|about our|accept) cookies.{0,30}",
    r"bevor sie.{0,40}weiter.{0,20}|(?:cookie|datenschutz)[ -]?(?:einstellungen|zustimmung|hinweis)|zustimmung",
    r"avant d'acc[ée]der.{0,40}|(?:age|年龄)(?: verification| check|验证|确认|认证)",
    r"(?:cookies?|隐私|个人信息|用户)(?: ?(?:政策|保护|声明|使用))?(?:与 ?cookies?)?"
    r"(?:同意|许可|设置|提示|确认|须知|告知|授权)",
    r"(?:我们|本站|本网站)?(?:重视|尊重)您的隐私.{0,10}|(?:请)?同意.{0,10}(?:cookies?|隐私|协议|条款).{0,12}",
)
"""The title or first heading of a page that asks for consent."""

CONSENT_BUTTON: Final = any_of(
    r"accept|agree|allow|consent|\byes\b|i am (?:over )?\d\d|akkoord|einverstanden|akzeptieren|zustimmen|j'accepte",
    r"同意|接受|允许|继续|我已|已满|進入|进入",
)
"""Text on a button for consent."""

CONSENT_TOPIC: Final = any_of(
    r"cookie|privacy|consent|personal data|tracking|partners|family of brands|willkommen"
    r"|store and/or access|your device|manage (?:options|settings)",
    r"(?:over|under|least|than) (?:18|21)\b|\badults?\b|toestemming"
    r"|werbung|datenschutz|zustimm|weiterlesen|confidentialité",
    r"accept|agree|reject|decline|隐私|同意|接受|拒绝|协议|条款|个人信息|声明|成年|满 ?18|18 ?岁|年龄|欢迎访问",
)
"""Words in the sentences of a page that asks for consent. Each sentence has such a word."""

CONSENT_WORDS: Final = any_of(
    r"(?:accept|agree|consent)\b[^.]{0,80}\b(?:to|in order to) (?:continue|proceed|view|access)",
    r"(?:accept|agree|consent)\b[^.]{0,80}\bbefore (?:you )?(?:continu|proceed)",
    r"(?:to continue|before (?:you )?(?:continu|proceed))[^.]{0,60}\b(?:accept|agree|consent)",
    r"请.{0,24}(?:同意|接受).{0,30}(?:后|再|方可|才能|以便?).{0,8}(?:继续|访问|浏览|进入)",
)
"""Text on a page that shows nothing without consent. Banners with "by continuing you agree" do not match."""

TEST_TOPIC: Final = any_of(
    r"verif|human|robot|\bbots?\b|captcha|security|browser|check|automat"
    r"|challenge|access|java ?script|cookie|ray id|\bip\b",
    r"refresh|please wait|redirect|moment|seconds|验证"
    r"|安全|浏览器|滑块|检查|检测|访问|机器人|人机|请求|刷新|稍[候后]|秒",
)
LOGIN_TOPIC: Final = any_of(
    r"log(?:ged)? ?-?in|sign(?:ed)? ?-?in|password|account|user ?name"
    r"|\be-?mail address|intranet|portal|regist|subscri|session|copyright|©|登[录陆入錄]",
    r"密码|[账帐帳][号號]|用户|会员|會員|权限|注册|验证码|版权|技术支持|浏览器|备案|联系|客服|主办|系统|平台",
)
REFUSAL_TOPIC: Final = any_of(
    r"\bip\b|block|access|request|security|administrator|contact|attack"
    r"|bann|denied|webmaster|server|firewall|incident|id\b",
    r"IP|封|拦截|访问|请求|攻击|安全|管理员|防火墙|联系|拒绝|频繁|事件|稍[候后]",
)
REGION_TOPIC: Final = any_of(
    r"countr|region|location|available|access|legal|europe|gdpr|licen[cs]|territor|visit|websites?\b|sorry",
    r"地区|地區|国家|國家|区域|區域|访问|IP|境[内外]|海外|大陆|版权|法律|抱歉|服务",
)
ERROR_TOPIC: Final = any_of(
    r"found|exist|page|error|sorry|return|home|back|address|url|link"
    r"|search|server|request|try|later|maintenance|site\b",
    r"domain|contact|administrator|hosting|inconvenience|configur|nginx"
    r"|apache|unavailable|temporar|copyright|©|database",
    r"页面|访问|返回|首页|地址|链接|错误|稍[候后]|维护|服务|网站|抱歉|对不起|联系|升级|域名|备案|版权|主办|技术支持",
)
WALL_TOPIC: Final = any_of(
    TEST_TOPIC.pattern,
    REFUSAL_TOPIC.pattern,
    r"protected by|powered by|protection|loading|javascript|\bjs\b|拦截|防护|雷池",
    r"cloudflare|akamai|imperva|sucuri|anubis|techaro|celphase|^here$|click here|learn more|go back|support|refresh",
)
"""Words in the sentences of each kind of wall. A page with several sentences without such words is content."""

REPORT_WORDS: Final = any_of(
    r"\b(?:s(?:aid|ays)|t(?:old|ells)|fined|fines|ruled|announced|according to|spokes(?:man|woman|person))\b",
    r"记者|报道|表示[，,：:]|据悉|获悉|了解到",
    r"\b(?:will|shall) be (?:temporarily |briefly )?(?:offline|unavailable|down|closed|suspended|interrupted)",
    r"(?:将于|将在|定于|拟于|计划于|届时).{0,40}(?:进行|暂停|停止|停机|关闭|中断|维护|升级)",
)
"""Text in a report or an announcement. A wall is about the request and the present."""

REFUSAL_WORDS: Final = any_of(
    r"(?:your|the) ip(?: address)?.{0,60}(?:block|bann|blacklist|denied|not (?:allowed|authori[sz]ed)|restrict)",
    r"you have been (?:locked out|blocked|banned|denied)|(?:request|web page|access) (?:was |has been |is )?blocked",
    r"mod_security|modsecurity|attack id|incident id|automated (?:access|queries|requests)",
    r"(?:您|你)的? ?IP.{0,16}(?:封禁|封锁|封停|拉黑|黑名单|被?禁止|被?限制|被?拦截|异常)",
    r"(?:请求|访问)(?:似乎|疑似|存在|可能|对网站).{0,12}(?:攻击|威胁|风险|异常|非法)",
    r"(?:请求|访问).{0,4}(?:已)?被.{0,8}(?:拦截|阻断|拒绝)|(?:访问|请求|操作)(?:过于|太)频繁",
)
"""Text on a page that refuses a request or an IP address."""

_AREA: Final = "(?:country|region|location|area|territory)"
_HOME_WORDS: Final = "(?:大陆|境内|内地|国内|中国|台灣|香港)"
_ABROAD_WORDS: Final = "(?:境外|海外|国外)"
REGION_WORDS: Final = any_of(
    r"(?:not|un|isn't|no longer) ?(?:currently )?(?:available|accessible|supported|offered)"
    rf" (?:in|from|to (?:users|visitors|readers) (?:in|from)) (?:your|this) (?:current )?{_AREA}",
    rf"(?:your|this) {_AREA}(?: or {_AREA})? (?:is|has been) (?:not (?:allowed|supported|permitted)|blocked|banned)",
    r"(?:not|un)(?: be)? ?(?:available|viewed|accessed|watched|accessible) (?:from )?outside (?:of )?(?:the )?[a-z]",
    r"(?:only|not|un) ?available (?:in|to (?:residents|viewers|users) (?:of"
    r"|in)) (?:the |most )?(?:u\.?s|u\.?k|eu|europe|united)",
    rf"(?:access|visitors|connections|requests) (?:from|in) your {_AREA}.{{0,40}}(?:restrict|block|den(?:y|ied)|not )",
    rf"block(?:s|ed|ing)?(?: all)?(?: access| visitors| traffic)? from your {_AREA}",
    r"from a country belonging to the european economic area",
    r"due to (?:your )?geographic(?:al)? (?:location|restrictions?)|geo(?:graphically)?[- ]?(?:block|restrict|fenc)",
    r"unavailable (?:due to|for) legal reasons",
    rf"{_HOME_WORDS}以外.{{0,16}}(?:访问|提供|开放|用户|使用)|[本该]站不对.{{0,16}}(?:地区|用户).{{0,4}}(?:提供|开放)",
    r"(?:所[处在]|当前)的?(?:国家|地区|区域)(?:不|未|无).{0,12}",
    r"所在的?(?:国家|地区|区域|位置|國家|地區|區域)(?:或地[区區])?.{0,20}"
    r"(?:不可用|[无無]法|不支[持援]|[暂暫]不|未开放|限制|受限|不提供|不在|不可|禁止)",
    rf"(?:[仅只僅])(?:限|对|向|供|支持|允许|面向){{0,3}}.{{0,6}}{_HOME_WORDS}.{{0,8}}(?:访问|用户|地区|IP|地址|浏览|使用)",
    rf"{_ABROAD_WORDS}.{{0,8}}(?:访问|IP|地址|用户|地区).{{0,12}}(?:限制|禁止|屏蔽|不支持|暂不|无法|受限|拒绝|关闭)",
    rf"(?:暂不|不再?)(?:支持|提供|开放|对)(?:您所在|{_ABROAD_WORDS}).{{0,12}}",
    rf"(?:限制|禁止|屏蔽)了?{_ABROAD_WORDS}.{{0,8}}(?:访问|IP|地址)",
)
"""Text on a page that is not available in every country."""

_STATE_WORDS: Final = (
    r"(?:error|server error|page|错误|页面?|not found|bad request"
    r"|unauthorized|forbidden|access denied|method not allowed"
    r"|too many requests|internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out"
    r"|(?:页面)?(?:不存在|未找到|找不到)|禁止访问|服务器.{0,6}(?:错误|异常))"
)
_PAGE_WORDS: Final = "(?:页面?|网页|文件|内容|地址|网站|站点|链接|资源|栏目|频道|对象)"
_MISSING_WORDS: Final = (
    "(?:不存在|被?删除|未?找不?到|无法(?:访问|打开|显示)|不见了|走丢了?|丢失了?|飞走了|出错了?|错误|异常"
    "|被移动|已移走|过期)"
)
ERROR_TITLE: Final = any_of(
    rf"(?:(?:http|error|错误|出错)[ :：]*)?(?:status )?[45]\d\d(?:[ :.,_(-]*{_STATE_WORDS}){{1,3}}\W*[1!]*",
    r"(?:(?:http|error|错误|出错)[ :：]*)?(?:status )?(?:40[34]|50[0234])[.!]?",
    r".{0,8}公益 ?404.{0,6}|.{1,60} is for sale\W*|iis ?\d.{0,10}",
    r"(?:oops\W+)?(?:sorry\W+)?(?:the |this |that |your )?(?:requested |web ?)?(?:page|file|resource|url|document|site)"
    r"(?: you (?:requested|are looking for|were looking for))?"
    r" (?:(?:was|is|could|can|cannot|can't|couldn't|does|doesn't) )?(?:not )?(?:be )?"
    r"(?:found|exist|unavailable|gone|missing|error)[.!]?",
    r"not found|forbidden|(?:access|permission)(?: is| was)? denied|unauthori[sz]ed|bad (?:gateway|request)",
    r"gateway time-?out|request blocked|too many (?:requests|connections)|web server is down",
    r"(?:the )?(?:service|site|server|website)(?: is)? (?:temporarily |currently )?"
    r"(?:unavailable|down|offline|busy|closed|overloaded)[.!]?",
    r"(?:internal |runtime |application |database |server |fatal |unknown |unexpected ){0,3}error|fehler",
    r"error establishing a database connection",
    r"(?:site |website |currently |down for |under |we are |is |scheduled ){0,4}"
    r"(?:(?:site|website|for|under) maintenance(?: mode)?|maintenance mode)",
    r"we(?:'ll| will) be (?:right )?back(?: soon)?\W*",
    r"(?:something|an error|things?) (?:went wrong|has occurred|occurred)\W*",
    r"(?:this )?account (?:has been )?suspended",
    r"(?:this )?(?:domain|website)(?: name)? (?:is |may be |has )?(?:parked|for sale|expired).{0,20}",
    r"welcome to nginx!?|apache2? .{0,30}default page.{0,20}|iis windows(?: server)?.{0,10}|it works!",
    r"(?:很?抱歉[，, ]?|对不起[，, ]?|糟糕[，, ]?)?(?:您|你|该|此|本|当前|所){0,2}(?:正在)?要?"
    rf"(?:访问|请求|查找|浏览|查看|找)?的?{_PAGE_WORDS}(?:已经?|暂时|并|可能|没有|未){{0,2}}{_MISSING_WORDS}[了啦。！!.]?",
    rf"(?:找不到|未找到|没有找到|无法(?:访问|打开|显示))(?:该|此|相关)?{_PAGE_WORDS}[。！!]?",
    r"(?:您的)?(?:访问|请求|操作)(?:被(?:拒绝|禁止|限制)|受限|(?:过于|太)频繁|错误|出错|失败|异常)[，,]?.{0,10}",
    r"(?:禁止|拒绝|无权|没有权限|无权限)访问[。！!]?",
    r"(?:服务器?|系统|网络|程序|数据库?){1,2}(?:内部)?(?:连接)?"
    r"(?:错误|异常|繁忙|忙|出错|暂?时?不可用|开小差了?)[，,]?.{0,10}",
    r"(?:系统|网站|本站|站点|平台|服务器?)?(?:正在)?(?:升级|维护|改版|建设|维修)(?:与?(?:升级|维护))?中\W{0,6}",
    r"(?:网站|本站|站点)(?:正在|暂停|已经?|暂时)(?:维护|升级|关闭|访问|服务|建设|改版)[。！!]?",
    r"(?:网站|域名)(?:尚?未|没有|无)(?:进行)?备案.{0,10}|域名(?:已?过期|已?到期|停放|出售).{0,10}",
    r"出错[啦了].{0,10}|(?:错误|出错|异常)(?:页面?|提示|信息)?",
)
"""The title or first heading of an error page."""

ERROR_WORDS: Final = any_of(
    r"(?:site|website|page) (?:is )?(?:currently |still )?under (?:construction|maintenance)",
    r"(?:网站|系统|平台|本站|服务器?)(?:正在)?(?:进行)?(?:升级|维护|改版|建设)(?:与?(?:升级|维护))?中",
    r"域名.{0,8}(?:到期|过期|未绑定|未备案)|buy this domain|domain(?: name)? (?:is|may be) for sale",
    r"encountered (?:a temporary|an internal|an unexpected) error|(?:is"
    r"|are) (?:temporarily|currently) (?:down|unavailable)",
    r"requested (?:url|page|resource|file).{0,80}not (?:be )?found"
    r"|(?:down|closed|offline) for (?:scheduled )?maintenance",
)
"""Text on an error page with hardly any other text."""

MAINTENANCE_WORDS: Final = any_of(r"maintenance|upgrade", "维护|升级")
"""Reasons for which a site is closed."""

PRESENT_WORDS: Final = any_of(
    r"\b(?:currently|now|back|sorry|apologi[sz]e|inconvenience|later)\b", "正在|恢复|抱歉|稍[候后]|中[！!。.]?$"
)
"""Text on a page that is shown while a site is closed."""
