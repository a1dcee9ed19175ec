"""Pages that servers send instead of their content, written after the marks of each maker; and look-alikes."""

from __future__ import annotations

from typing import Final, NamedTuple

Headers = tuple[tuple[str, str], ...]


class Answer(NamedTuple):
    """An answer of a server: status, headers and body."""

    status: int
    headers: Headers
    body: str


def page(title: str, body: str, head: str = "") -> str:
    """Return a page."""
    named = f'<meta charset="utf-8"><title>{title}</title>'
    return f"<!DOCTYPE html><html><head>{named}{head}</head><body>{body}</body></html>"


def script(code: str) -> str:
    """Return a page that is only a script."""
    return f"<html><head></head><body><script>{code}</script></body></html>"


CHALLENGES: Final[dict[str, tuple[Answer, ...]]] = {
    "Cloudflare": (
        Answer(
            403,
            (("Server", "cloudflare"), ("cf-mitigated", "challenge")),
            page(
                "Just a moment...",
                "<noscript>Enable JavaScript and cookies to continue</noscript>"
                '<script>window._cf_chl_opt = {cType: "managed"};</script>',
            ),
        ),
        Answer(
            503,
            (),
            page(
                "Just a moment...",
                "<h1>Checking your browser before accessing news.example.</h1><p>This process is automatic.</p>"
                "<p>DDoS protection by Cloudflare</p>",
            ),
        ),
        Answer(
            200,
            (),
            page(
                "请稍候…",
                "<h2>正在进行安全验证</h2>",
                '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1?ray=8c"></script>',
            ),
        ),
        Answer(
            403,
            (),
            page(
                "Attention Required! | Cloudflare",
                "<h1>Sorry, you have been blocked</h1><p>You are unable to access news.example</p>"
                "<p>This website is using a security service to protect itself from online attacks.</p>",
            ),
        ),
        Answer(403, (("Server", "cloudflare"),), "error code: 1020"),
    ),
    "加速乐": (
        Answer(
            521,
            (("Set-Cookie", "__jsluid_s=5d0e; max-age=31536000; path=/; HttpOnly"),),
            "<script>document.cookie=('_')+('_')+('j')+('s')+('l')+('_')+('c')+('l')+(-~[]+'')+'|-1|abc';"
            "location.href=location.pathname+location.search</script>",
        ),
        Answer(
            521,
            (),
            '<script>function hash(a){return a}go({"bts":["1","2"],"chars":"abc","ct":"f0","ha":"md5",'
            '"tn":"__jsl_clearance_s","vt":"3600","wt":"1500"})</script>',
        ),
        Answer(
            200,
            (),
            "<script>document.cookie=('_')+('_')+('j')+('s')+('l')+('_')+'x';location.href=location.pathname</script>",
        ),
    ),
    "WZWS": (
        Answer(
            200,
            (),
            script(
                "var dynamicurl='/WZWSREL3poZW5nY2U=';var wzwschallenge='RANDOMSTR1';var wzwschallengex='STRRANDOM';"
                "function QWERTASDFGXYSF(){location=dynamicurl}"
            ),
        ),
        Answer(
            200,
            (),
            script(
                "eval(function(p,a,c,k,e,d){}('0 1',9,9,'template|wzwschallenge|wzwstemplate|wzwsconfirm'.split('|')))"
            ),
        ),
    ),
    "EdgeOne": (
        Answer(
            200,
            (("EO-LOG-UUID", "1234"),),
            "<!DOCTYPE html><html><head><script>function a(a){function n(n,t){}}"
            'document.cookie="__tst_status="+x+"#;";document.cookie="EO_Bot_Ssid="+y+";";location.reload()'
            "</script></head><body></body></html>",
        ),
        Answer(567, (("Server", "TencentEdgeOne"),), page("567", "<p>Restricted Access</p>")),
    ),
    "Alibaba Cloud": (
        Answer(
            200,
            (("Set-Cookie", "acw_tc=76b2; path=/; HttpOnly; Max-Age=1800"),),
            script(
                "var arg1='0B5A6F';function setCookie(n,v){document.cookie=n}function"
                " reload(x){setCookie('acw_sc__v2',x)}"
            ),
        ),
        Answer(
            200,
            (("bxpunish", "1"),),
            page("", '<script>sessionStorage.x5referer="";window._config_={"action":"captcha"}</script>'),
        ),
        Answer(
            200,
            (),
            '<html><head><meta name="aliyun_waf_aa" content="b3"></head><body><textarea id="renderData" '
            'style="display:none">{"_waf_bd8ce2ce37":"x"}</textarea></body></html>',
        ),
        Answer(
            405,
            (),
            page(
                "405",
                "<p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p>",
                '<link href="//errors.aliyun.com/error.css">',
            ),
        ),
    ),
    "SafeLine": (
        Answer(
            200,
            (("Set-Cookie", "safeline_bot_challenge=AbC; path=/"),),
            script("var prefix='a1';var leading_zero_bit = 12;window.data.type='js-challenge'"),
        ),
        Answer(
            468,
            (),
            page(
                "身份认证 - 雷池 WAF",
                '<p>安全检测能力由 雷池 WAF 驱动</p><script src="/.safeline/static/a.js"></script>',
            ),
        ),
    ),
    "瑞数": (
        Answer(
            412,
            (("Set-Cookie", "FSSBBIl1UgzbN7N80S=abc; path=/"),),
            '<html><head><meta id="9DhefwqGPrzGxEp9hPaoag" content="{qqqq" r="m">'
            "<script r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=62510;$_ts.cd='qEq';</script></head>"
            "<body></body></html>",
        ),
        Answer(
            202,
            (),
            "<!DOCTYPE html><html><head><script>if($_ts.cd){$_ts.nsd=1}</script>"
            '<script src="/4QbVtADbnLVI/qc.js"></script></head><body></body></html>',
        ),
        Answer(200, (), "<html><head><script>$_ts=window['$_ts']||{};$_ts.cd='x'</script></head><body></body></html>"),
    ),
    "云锁": (
        Answer(
            200,
            (("Set-Cookie", "yunsuo_session_verify=1a; path=/"),),
            script(
                "function stringToHex(s){return s}var"
                ' url="/?security_verify_data="+stringToHex(screen.width);location=url'
            ),
        ),
    ),
    "宝塔": (
        Answer(200, (), page("人机识别检测", '<p>正在进行人机识别</p><script src="/btwaf_rule.js"></script>')),
        Answer(403, (), page("网站防火墙", "<p>您的请求带有不合法参数，已被网站管理员设置拦截！</p>")),
    ),
    "Akamai": (
        Answer(
            403,
            (("Server", "AkamaiGHost"),),
            "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>You don't have permission to "
            'access "http&#58;&#47;&#47;news&#46;example&#47;" on this server.<P>Reference&#32;&#35;18&#46;2d351ab8'
            "<P>https&#58;&#47;&#47;errors&#46;edgesuite&#46;net&#47;18&#46;2d351ab8</BODY></HTML>",
        ),
        Answer(
            200,
            (),
            page(
                "&nbsp;",
                '<div id="sec-if-cpt-container"><p>Powered and protected by Akamai</p></div>',
                '<script src="/_sec/cp_challenge/ak-challenge-4-3.htm"></script>',
            ),
        ),
        Answer(
            200,
            (),
            '<html><head><meta http-equiv="refresh" content="5; URL=/news?bm-verify=AAQAAA"></head><body><script>'
            'xhr.open("POST","/_sec/verify?provider=interstitial")</script></body></html>',
        ),
    ),
    "Imperva": (
        Answer(
            200,
            (("X-Iinfo", "11-2"), ("X-CDN", "Imperva")),
            '<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW">'
            '<script src="/_Incapsula_Resource?SWJIYLWA=719d34d31c8e3a6e6fffd425f7e032f3"></script></head><body>'
            '<iframe id="main-iframe" src="/_Incapsula_Resource?CWUDNSAI=27&xinfo=1">'
            "Request unsuccessful. Incapsula incident ID: 887-123</iframe></body></html>",
        ),
        Answer(
            200,
            (),
            page(
                "Pardon Our Interruption",
                "<h1>Pardon Our Interruption...</h1><p>As you were browsing, something about"
                " your browser made us think "
                "you were a bot. There are a few reasons this might happen:</p><ul><li>You're a"
                " power user moving through "
                "this website with super-human speed.</li><li>You've disabled JavaScript.</li></ul>",
            ),
        ),
    ),
    "DataDome": (
        Answer(
            403,
            (("X-DataDome", "protected"),),
            page(
                "news.example",
                "<p>Please enable JS and disable any ad blocker</p><script>var dd={'rt':'c','cid':'AHrl','hsh':'9D',"
                "'host':'geo.captcha-delivery.com'}</script>",
            ),
        ),
        Answer(403, (), '{"url":"https://geo.captcha-delivery.com/captcha/?initialCid=AHrl"}'),
        Answer(200, (), page("", "<script>var dd={'host':'geo.captcha-delivery.com'}</script>")),
    ),
    "PerimeterX": (
        Answer(
            403,
            (),
            page(
                "Access to this page has been denied.",
                '<div id="px-captcha"></div><p>Press &amp; Hold to confirm you are a human (and not a bot).</p>',
                "<script>window._pxUuid='x';</script>",
            ),
        ),
        Answer(200, (), page("Access to this page has been denied", "<p>Reference ID 1a2b</p>")),
    ),
    "DDoS-Guard": (
        Answer(
            403,
            (("Server", "ddos-guard"),),
            page("DDoS-Guard", '<script src="/.well-known/ddos-guard/js-challenge/index.js"></script>'),
        ),
        Answer(200, (), page("DDoS-Guard", "<h1>Checking your browser before accessing news.example</h1>")),
    ),
    "Sucuri": (
        Answer(
            403,
            (("X-Sucuri-ID", "18"), ("X-Sucuri-Block", "1")),
            page("Sucuri WebSite Firewall - Access Denied", "<h1>Access Denied</h1>"),
        ),
        Answer(
            200,
            (),
            page(
                "You are being redirected...",
                "<noscript>Javascript is required. Please enable javascript before you are allowed to see this page."
                "</noscript><script>var s={},sucuri_cloudproxy_js='',S='cz0i';</script>",
            ),
        ),
    ),
    "AWS WAF": (
        Answer(202, (("x-amzn-waf-action", "challenge"),), ""),
        Answer(
            405,
            (("x-amzn-waf-action", "captcha"),),
            page("Human Verification", "<script>window.gokuProps={}</script>"),
        ),
        Answer(
            200,
            (),
            page("", '<div id="challenge-container"></div><script>window.awsWafCookieDomainList=[];</script>'),
        ),
    ),
    "Kasada": (
        Answer(429, (("x-kpsdk-ct", "0a"),), "<html><body><script>window.KPSDK={};KPSDK.now=1</script></body></html>"),
    ),
    "F5": (
        Answer(
            200,
            (),
            "<html><head><title>Request Rejected</title></head><body>The requested URL was"
            " rejected. Please consult with "
            "your administrator.<br><br>Your support ID is: 1234567890<br><a"
            " href='javascript:history.back();'>[Go Back]"
            "</a></body></html>",
        ),
        Answer(
            200,
            (),
            '<html><head><script src="/TSPD/08a5?type=10"></script></head><body><noscript>Please enable JavaScript.'
            "</noscript></body></html>",
        ),
    ),
    "Vercel": (
        Answer(
            429,
            (("x-vercel-mitigated", "challenge"),),
            page("Vercel Security Checkpoint", "<p>We're verifying your browser</p>"),
        ),
    ),
    "SiteGround": (
        Answer(
            202,
            (("SG-Captcha", "challenge"),),
            '<html><head><meta http-equiv="refresh" content="0;/.well-known/sgcaptcha/?r=%2F"></head></html>',
        ),
    ),
    "Anubis": (
        Answer(
            200,
            (),
            page(
                "Making sure you&#39;re not a bot!",
                "<h1>Making sure you're not a bot!</h1><p>Loading...</p>",
                '<script id="anubis_challenge" type="application/json">{"rules":{"algorithm":"fast"}}</script>',
            ),
        ),
    ),
    "Imunify360": (
        Answer(
            200,
            (),
            page("One moment, please...", "<p>Please wait while your request is being verified...</p>"),
        ),
    ),
    "Wordfence": (
        Answer(
            503,
            (),
            page(
                "Site Access Limited",
                "<h1>Your access to this site has been limited by the site owner</h1><p>Generated by Wordfence</p>",
            ),
        ),
    ),
    "CloudFront": (
        Answer(
            403,
            (("X-Cache", "Error from cloudfront"),),
            page(
                "ERROR: The request could not be satisfied",
                "<h1>403 ERROR</h1><h2>The request could not be satisfied.</h2>Request blocked."
                " We can't connect to the "
                "server for this app or website at this time.<pre>Generated by cloudfront"
                " (CloudFront) Request ID: x</pre>",
            ),
        ),
    ),
    "testcookie": (
        Answer(
            200,
            (),
            '<html><body><script src="/aes.js"></script><script>function toNumbers(d){}document.cookie="__test="+toHex('
            'slowAES.decrypt(c,2,a,b));location.href="http://news.example/?i=1";</script></body></html>',
        ),
    ),
    "Baidu": (Answer(200, (), page("百度安全验证", '<a href="https://wappass.baidu.com/static/captcha">验证</a>')),),
    "WeChat": (
        Answer(
            200,
            (),
            page("", "<h2>环境异常</h2><p>当前环境异常，完成验证后即可继续访问。</p><a id=js_verify>去验证</a>"),
        ),
    ),
    "Google": (
        Answer(
            429,
            (),
            page(
                "https://news.example/", "<p>Our systems have detected unusual traffic from your computer network.</p>"
            ),
        ),
    ),
}
"""By a word of the name that each must get."""

UNNAMED: Final = (
    Answer(200, (), page("Security check", "<p>Please complete the security check to access news.example</p>")),
    Answer(200, (), page("Verify you are human", '<script src="https://www.google.com/recaptcha/api.js"></script>')),
    Answer(200, (), page("安全验证", "<p>请拖动滑块完成验证</p>")),
    Answer(200, (), page("访问验证", "<p>为了您的访问安全，请进行验证</p><img src=/captcha.png><input name=code>")),
    Answer(
        200,
        (),
        "<html><script>document.cookie='k='+(function(){return 7*6})();window.location.reload();</script></html>",
    ),
    Answer(403, (), page("Robot check", "<p>Are you a robot?</p>")),
)
"""Challenges of unknown makers."""

LOGINS: Final = (
    Answer(
        200,
        (),
        page(
            "Sign in – Example Intranet",
            "<header><a href=/>Home</a></header><h1>Sign in</h1><form action=/session method=post><label>User</label>"
            "<input name=user><label>Password</label><input type=password name=pw><button>Sign in</button></form>"
            '<a href="/forgot">Forgot your password?</a> <a href="/terms">Terms of service and privacy policy</a>'
            "<footer>© 2026 Example Ltd.</footer>",
        ),
    ),
    Answer(
        200,
        (),
        page(
            "用户登录 - 某某公共资源交易平台",
            "<div class=nav><a href=/>首页</a><a href=/about>关于我们</a><a href=/help>帮助中心</a></div>"
            '<form><input type="text" placeholder="用户名"><input type="password" placeholder="密码">'
            "<input placeholder=验证码><button>登录</button></form><p>忘记密码？ 免费注册</p>"
            '<a href="https://beian.miit.gov.cn">京ICP备12345678号-1 京公网安备11010802012345号</a>',
        ),
    ),
    Answer(
        200,
        (),
        page("某某大学统一身份认证平台", "<form><input name=u><input type='password' name=p></form><p>扫码登录</p>"),
    ),
    Answer(200, (), page("提示信息", "<p>抱歉，您需要先登录才能继续本操作</p><a href=login.php>立即登录</a>")),
    Answer(200, (), "<html><script>window.location.href='/user/login?redirect=%2Fnews'</script></html>"),
    Answer(
        200,
        (),
        '<html><head><meta http-equiv="refresh" content="0;url=https://sso.example/cas/login?service=x"></head></html>',
    ),
    Answer(403, (), page("Members only", "<p>You must be logged in to view this page.</p>")),
    Answer(200, (), page("登录", '<div id="app"></div><script src="/assets/login.js"></script>')),
)

CONSENTS: Final = (
    Answer(
        200,
        (),
        page(
            "Before you continue to Example",
            "<h1>Before you continue</h1><p>We use cookies and data to deliver and maintain"
            " services, track outages and "
            "protect against spam, and measure audience engagement.</p><form action=/save><button>Reject all</button>"
            "<button>Accept all</button></form>",
        ),
    ),
    Answer(
        200,
        (),
        page(
            "Example News",
            "<h1>We value your privacy</h1><p>"
            + "We and our 842 partners store and access information on a device. " * 12
            + "</p><button>Accept all</button><button>Manage options</button>",
        ),
    ),
    Answer(
        200,
        (),
        page(
            "隐私提示 - 某某新闻",
            "<h1>隐私提示</h1><p>我们使用 Cookie"
            " 及类似技术处理您的个人信息。请您阅读并同意《隐私政策》后继续访问本网站。</p>"
            "<button>同意并继续</button><button>不同意</button>",
        ),
    ),
    Answer(200, (), page("年龄验证", "<p>本站内容仅供成年人浏览。您是否已年满18岁？</p><button>我已年满18岁</button>")),
    Answer(
        200,
        (),
        page("Zeitung", "<h1>Bevor Sie weiterlesen</h1><p>Mit Werbung weiterlesen</p><button>Einverstanden</button>"),
    ),
)

REGIONS: Final = (
    Answer(
        200,
        (),
        page(
            "Unavailable",
            "<h1>Unavailable due to legal reasons</h1><p>We recognize you are attempting to access this website from a "
            "country belonging to the European Economic Area (EEA) including the EU which enforces the General Data "
            "Protection Regulation (GDPR) and therefore access cannot be granted at this time.</p>",
        ),
    ),
    Answer(200, (), page("Example", "<p>Sorry, this content is not available in your country.</p>")),
    Answer(200, (), page("访问受限", "<p>抱歉，由于版权原因，您所在的地区无法访问此内容。</p>")),
    Answer(200, (), page("提示", "<p>本网站仅限中国大陆地区访问，境外IP地址访问受到限制。</p>")),
    Answer(
        403,
        (),
        page(
            "ERROR: The request could not be satisfied",
            "<p>The Amazon CloudFront distribution is configured to block access from your country.</p>",
        ),
    ),
    Answer(
        403,
        (),
        page(
            "Access denied | news.example used Cloudflare to restrict access",
            "<h1>Error 1009</h1><p>The owner of this website (news.example) has banned the country or region your IP "
            "address is in (DE) from accessing this website.</p>",
        ),
    ),
    Answer(451, (), page("451", "<p>Access from your region is restricted.</p>")),
)

ERRORS: Final = (
    Answer(200, (), page("404 Not Found", "<center><h1>404 Not Found</h1></center><hr><center>nginx</center>")),
    Answer(200, (), page("502 Bad Gateway", "<h1>502 Bad Gateway</h1>")),
    Answer(200, (), page("Page not found - Example", "<a href=/>Home</a><p>We could not find what you asked for.</p>")),
    Answer(200, (), page("某某市人民政府", "<h1>您访问的页面不存在</h1><p>5秒后返回首页</p><a href=/>首页</a>")),
    Answer(200, (), page("系统维护中", "<p>系统正在升级维护，请稍后访问。</p>")),
    Answer(200, (), page("Database Error", "<h1>Error establishing a database connection</h1>")),
    Answer(200, (), page("Service Unavailable", "<p>The service is temporarily unavailable.</p>")),
    Answer(200, (), page("出错啦！", "<p>服务器开小差了</p>")),
    Answer(200, (), page("Account Suspended", "<p>Contact your hosting provider.</p>")),
    Answer(200, (), page("Welcome to nginx!", "<h1>Welcome to nginx!</h1><p>Further configuration is required.</p>")),
)

_ROWS: Final = "".join(
    f'<li><a href="/n/{number}">关于开展第{number}批区块链应用试点工作的通知</a><span>2026-11-{number:02}</span></li>'
    for number in range(1, 9)
)
_SHORT: Final = (
    "The city library reopens its reading room on Monday. Visitors find new desks, and the opening hours stay as they "
    "were: from nine to nine. The entrance is in Mill Street."
)
_JSD: Final = "<script>window.__CF$cv$params={r:'8c'};a.src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'</script>"
_BANNER: Final = (
    '<div class="cookie-banner">We use cookies. By continuing to browse this site you accept our use of cookies.'
    "<button>Accept all</button></div>"
)

CONTENT: Final[dict[str, str]] = {
    "a list with a login box": page(
        "通知公告",
        '<div class="login"><h3>用户登录</h3><form><input name=u><input'
        ' type="password"><button>登录</button></form></div>'
        f"<ul>{_ROWS}</ul>",
    ),
    "a list with one row and a login box": page(
        "Announcements",
        '<form><input name=u><input type="password"><a href=/login>Log in</a></form>'
        '<ul><li><a href="/a">Tender for the metaverse classroom</a> 2026-11-20</li></ul>',
    ),
    "the front page of a platform, named after its login": page(
        "电子招标投标交易平台 - 用户登录",
        f'<form><input name=u><input type="password"></form><div><h2>通知公告</h2><ul>{_ROWS}</ul></div>',
    ),
    "a list with a link to the login": page(
        "News", f"<nav><a href=/login>登录</a><a href=/register>注册</a></nav><ul>{_ROWS}</ul>"
    ),
    "a list below a banner": page("News", _BANNER + f"<ul>{_ROWS}</ul>"),
    "a short article below a banner": page(
        "Library reopens - City", _BANNER + f"<h1>Library reopens</h1><p>{_SHORT}</p>"
    ),
    "a short article behind Cloudflare": page("Library reopens", f"<h1>Library reopens</h1><p>{_SHORT}</p>{_JSD}"),
    "a short article behind Ruishu": page(
        "图书馆开放",
        f"<h1>图书馆阅览室恢复开放</h1><p>{'阅览室周一起恢复开放。' * 8}</p>",
        "<script>$_ts.cd='x'</script>",
    ),
    "a list behind Imperva": page(
        "News", f'<ul>{_ROWS}</ul><script src="/_Incapsula_Resource?SWJIYLWA=719d"></script>'
    ),
    "an article about Cloudflare": page(
        "Just a moment: what the page of Cloudflare means",
        "<h1>Just a moment: what the page of Cloudflare means</h1><p>"
        + "Many readers see the words “Checking your browser before accessing” and wonder. The page says that it is "
        "verifying you are human, and sets a cookie named cf_clearance. "
        * 5
        + "</p><pre>&lt;script&gt;window._cf_chl_opt = {}&lt;/script&gt;</pre>",
    ),
    "an article about captchas": page(
        "为什么网站要求人机验证",
        "<h1>为什么网站要求人机验证</h1><p>" + "请完成验证后继续访问，这句话很多人都见过。" * 20 + "</p>",
    ),
    "an article about logins": page(
        "How to sign in to the new portal",
        "<h1>How to sign in to the new portal</h1><p>"
        + "Residents who want to sign in need a password of twelve letters, which arrives by post. " * 9
        + "</p>",
    ),
    "a short notice of a maintenance": page(
        "关于系统维护的公告",
        "<h1>关于系统维护的公告</h1><p>本平台将于2026年11月30"
        "日22时至24时进行系统维护，届时将暂停服务，请各用户提前安排。</p>"
        "<p>信息中心 2026年11月25日</p>",
    ),
    "a short article about a geo-block": page(
        "Streaming service not available in your country, ministry says",
        '<article><time datetime="2026-11-20">20 November</time><p>The service is not available in your country, the '
        "ministry told readers.</p></article>",
    ),
    "an app whose data is in the page": page(
        "News",
        '<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{"items":[1]}</script>'
        '<script src="https://www.google.com/recaptcha/api.js"></script>',
    ),
    "rows in a script": page(
        "公告", f'<div id=list></div><script type="text/xml"><record><![CDATA[{_ROWS}]]></record></script>'
    ),
    "a fragment of a list": f"<ul>{_ROWS}</ul>",
    "an empty list": page("通知公告", "<h2>通知公告</h2><p>暂无数据</p>"),
}
"""Pages that are content, whatever words and scripts they have."""
