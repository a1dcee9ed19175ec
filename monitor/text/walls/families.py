"""Services that protect sites from robots, with the signs of their pages, collected from their documentation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from monitor.text.walls.words import any_of

WallKind = Literal["challenge", "block", "login", "consent", "region", "error"]


@dataclass(frozen=True, slots=True)
class Family:
    """A service and the signs of its walls. A single sign is enough.

    `headers` are parts of header lines ("name: value" in lower case) that only walls have. `refusals` are parts of
    header lines that all answers of the service may have: they count only if the status refuses the request. `code` is
    text in the tags and scripts of walls, or in a short answer in JSON. `traces` are also in ordinary pages, such as a
    library, a badge or a policy that names the service: they count only if the page shows nothing or the status refuses
    the request. `titles` matches the whole title of a wall, `words` a part of the visible text of a small page. If the
    page may be content, a sign counts only if the page shows hardly anything else.
    """

    name: str
    kind: WallKind = "challenge"
    headers: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()
    titles: re.Pattern[str] | None = None
    words: re.Pattern[str] | None = None


FAMILIES: Final = (
    Family(
        "Cloudflare",
        "region",
        code=("<!-- error 1009",),
        words=any_of(r"error (?:code:? ?)?1009\b", r"banned the country or region your ip address is in"),
    ),
    Family(
        "Cloudflare",
        headers=("cf-mitigated: challenge", "cf-chl-"),
        code=(
            "_cf_chl_opt",
            "cf-chl-",
            "cf_chl_",
            "cf-browser-verification",
            "cf-challenge-running",
            "challenge-platform/h/b/orchestrate",
            "challenge-platform/h/g/orchestrate",
            "challenge-error-text",
        ),
        titles=any_of(r"just a moment\W*", r"please wait\W{0,3} \| cloudflare", r"请稍候\W*", r"請稍候\W*"),
        words=any_of(
            r"checking if the site connection is secure",
            r"(?:ddos protection|performance (?:&|and) security) by cloudflare",
            r"needs to review the security of your connection before proceeding",
        ),
    ),
    Family(
        "Cloudflare",
        "block",
        titles=any_of(
            r"attention required! \| cloudflare", r"access denied \|.{0,80} used cloudflare to restrict access"
        ),
        words=any_of(
            r"error code:? ?1(?:00[5-8]|01[0-25]|020|106)\b", r"cloudflare ray id.{0,200}security service to protect"
        ),
    ),
    Family(
        "Jiasule (加速乐)",
        refusals=("__jsl_clearance", "__jsluid"),
        code=("__jsl_clearance", "('_')+('_')+('j')+('s')+('l')", "'__jsl", '"__jsl'),
    ),
    Family("Chuangyudun (创宇盾)", "block", traces=("365cyd.com", "365cyd.net"), words=any_of("创宇盾", "创宇盾拦截")),
    Family("WZWS (网站卫士)", code=("wzwschallenge", "wzwsconfirm", "wzws_confirm", "wzwstemplate", "/wzwsrel")),
    Family(
        "Tencent EdgeOne",
        refusals=("server: tencentedgeone", "eo-log-uuid", "eo_bot_ssid"),
        code=("eo_bot_ssid", "__tst_status", "edgeone-captcha", "eo-captcha"),
        words=any_of(
            r"(?:protected|blocked|restricted|powered) by (?:tencent )?edgeone", "EdgeOne.{0,30}(?:拦截|防护)"
        ),
    ),
    Family(
        "Tencent Cloud WAF",
        code=("waf.tencent.com", "waf_captcha"),
        traces=("tcaptcha.js", "turing.captcha.qcloud.com", "captcha.gtimg.com"),
        words=any_of("腾讯云(?:WAF|网站管家|Web应用防火墙)", "腾讯T-Sec"),
    ),
    Family(
        "Alibaba Cloud",
        headers=("bxpunish: 1",),
        refusals=("acw_sc__v",),
        code=(
            "acw_sc__v",
            "_____tmd_____",
            "x5secdata",
            "aliyun_waf",
            "_waf_bd8ce2ce37",
        ),
        traces=("var arg1='", 'var arg1="', "aliyuncaptcha", "captcha-frontend/", "awsc/awsc.js"),
    ),
    Family(
        "Alibaba Cloud",
        "block",
        code=("errors.aliyun.com", "block_traceid"),
        words=any_of(
            r"由于您访问的URL(?:有可能|可能)?对网站造成安全威胁", r"your request has been blocked as it may cause"
        ),
    ),
    Family(
        "SafeLine (雷池)",
        refusals=("sl-session", "sl_session", "safeline"),
        code=("safeline_bot_challenge", "safelinechallenge", "/.safeline/", "leading_zero_bit", "safeline-challenge"),
        titles=any_of("(?:安全检测|身份认证|人机验证).{0,20}雷池.{0,20}"),
        words=any_of(
            r"(?:powered|protected|driven) by safeline", r"由 ?(?:雷池|长亭).{0,20}(?:驱动|防护|提供)", "雷池 ?WAF"
        ),
    ),
    Family("Ruishu (瑞数)", traces=("$_ts", "9dhefwqgprzgxep9hpaoag"), refusals=("fssbbil1ugzbn7n", "enable_fssbb")),
    Family("Yunsuo (云锁)", code=("security_verify_data", "security_verify_high", "yunsuo_session_verify")),
    Family("GoEdge or CDNFly", code=("/_guard/auto.js", "/_guard/html.js", "/_guard/slide.js", "/_guard/captcha")),
    Family(
        "BaoTa (宝塔)",
        code=("/a20be899_96a6_40b2_88ba_32f1f75f1552_yanzheng",),
        traces=("btwaf", "bt-waf"),
        titles=any_of("人机(?:识别|验证)检?测?", "网站防火墙"),
        words=any_of(r"已被网站管理员设置拦截", r"宝塔.{0,12}防火墙"),
    ),
    Family(
        "a Chinese firewall (安全狗, D盾, 网防G01, 安恒 …)",
        "block",
        titles=any_of(r"D盾.{0,10}拦截.{0,10}", "网站防护.{0,10}安全狗.{0,10}"),
        words=any_of(
            "网站安全狗",
            "D盾.{0,10}拦截",
            "网防G01",
            "玄武盾",
            "明御.{0,6}WAF",
            "(?:访问|请求)(?:已)?被(?:WAF|防火墙|网站防护|安全策略|云防护).{0,6}(?:拦截|阻断)",
            "网站卫士.{0,6}拦截",
        ),
    ),
    Family("ByteDance", traces=("__ac_signature", "byted_acrawler", "__ac_nonce"), titles=any_of("验证码中间页")),
    Family("Baidu", traces=("wappass.baidu.com", "static/captcha/tuxing"), titles=any_of("百度安全验证")),
    Family(
        "WeChat",
        code=("secitptpage/verify", "wappoc_appmsgcaptcha"),
        words=any_of("当前环境异常.{0,20}完成验证后即可继续访问", "^环境异常"),
    ),
    Family("Weibo", traces=("passport.weibo.com/visitor",), titles=any_of("sina visitor system")),
    Family("Zhihu", code=("zh-zse-ck", "/account/unhuman")),
    Family("GeeTest", traces=("initgeetest", "static.geetest.com", "gcaptcha4.geetest.com")),
    Family(
        "Akamai",
        refusals=("sec_cpt=",),
        code=("/_sec/cp_challenge", "sec-if-cpt", "/_sec/verify?provider", "bm-verify=", "ak-challenge"),
        words=any_of("powered and protected by akamai"),
    ),
    Family(
        "Akamai",
        "block",
        refusals=("server: akamaighost",),
        words=any_of(
            r"you don't have permission to access .{1,300} on this server\.? .{0,80}reference ?#",
            r"errors\.edgesuite\.net",
        ),
    ),
    Family(
        "Imperva (Incapsula)",
        refusals=("x-iinfo:", "incap_ses_", "visid_incap_", "x-cdn: imperva", "x-cdn: incapsula"),
        code=("distil_r_captcha", "distilidentificationblock"),
        traces=("_incapsula_resource", "_imp_apg_r_"),
        titles=any_of(r"pardon our interruption\W*"),
        words=any_of(
            "incapsula incident id",
            r"pardon our interruption",
            r"powered by imperva",
            "this request was blocked by our security service",
        ),
    ),
    Family(
        "DataDome",
        refusals=("x-datadome", "x-dd-b:", "set-cookie: datadome="),
        traces=("captcha-delivery.com",),
        words=any_of(r"please enable js and disable any ad blocker"),
    ),
    Family(
        "PerimeterX (HUMAN)",
        refusals=("x-px-", "set-cookie: _px"),
        code=("px-captcha", "captcha.px-cdn.net", "captcha.px-cloud.net", "captcha.perimeterx.net", "_pxuuid"),
        titles=any_of("access to this page has been denied.?"),
        words=any_of(r"press (?:&|and) hold (?:the button )?to confirm you are"),
    ),
    Family(
        "DDoS-Guard",
        refusals=("server: ddos-guard",),
        code=("/.well-known/ddos-guard", "check.ddos-guard.net", "ddos-guard/js-challenge"),
        titles=any_of("ddos-guard"),
    ),
    Family(
        "Sucuri",
        headers=("x-sucuri-block:",),
        refusals=("server: sucuri", "x-sucuri-id:"),
        code=("sucuri_cloudproxy_js", "sucuri_cloudproxy_uuid", "cdn.sucuri.net/sucuri-firewall-block"),
        titles=any_of(r"sucuri website firewall.{0,40}"),
        words=any_of(r"sucuri website firewall"),
    ),
    Family(
        "AWS WAF",
        headers=("x-amzn-waf-action: challenge", "x-amzn-waf-action: captcha"),
        code=("awswafcookiedomainlist", "gokuprops", "captcha-sdk.awswaf.com", "awswafcaptcha"),
        traces=(".token.awswaf.com/", "awswafintegration"),
    ),
    Family(
        "Amazon CloudFront", "region", words=any_of(r"distribution is configured to block access from your country")
    ),
    Family(
        "Amazon CloudFront",
        "block",
        words=any_of(
            r"request blocked\..{0,400}generated by cloudfront", r"the request could not be satisfied.{0,200}blocked"
        ),
    ),
    Family("Kasada", refusals=("x-kpsdk-",), traces=("kpsdk", "/149e9513-01fa-4fb0-aad4-566afd725d1b/")),
    Family(
        "F5",
        refusals=("x-wa-info:",),
        traces=("/tspd/", "bobcmn"),
        words=any_of(r"the requested url was rejected\. please consult with your administrator", "your support id is"),
    ),
    Family(
        "Radware",
        code=("validate.perfdrive.com", "captcha.perfdrive.com"),
        titles=any_of("radware (?:bot manager )?(?:captcha|page)", "unauthorized request blocked"),
    ),
    Family("Reblaze", traces=("window.rbzns", "rbzns={"), refusals=("rbzid=",)),
    Family(
        "Vercel",
        headers=("x-vercel-mitigated: challenge", "x-vercel-challenge-token"),
        code=("/.well-known/vercel/security",),
        titles=any_of("vercel security checkpoint"),
    ),
    Family("Fastly", code=("/_fs-ch-",), titles=any_of("client challenge")),
    Family(
        "SiteGround", headers=("sg-captcha: challenge",), code=("/.well-known/sgcaptcha", "/.well-known/captcha/?r=")
    ),
    Family("Qrator", code=("/__qrator/", "qauth_utm"), refusals=("qrator_",)),
    Family(
        "Anubis",
        refusals=("techaro.lol-anubis",),
        code=("within.website/x/cmd/anubis", "anubis_challenge", "anubis_version"),
        titles=any_of(r"making sure you're not a bot!?"),
    ),
    Family("go-away", code=("gammaspectra.live/git/go-away", "go-away-challenge")),
    Family(
        "Imunify360",
        code=("wsidchk", "imunify360-webshield"),
        titles=any_of(r"one moment, please\W*"),
        words=any_of(r"imunify360 bot-protection", "access denied by imunify360"),
    ),
    Family("LiteSpeed", code=("/.lsrecap/", "lsrecaptcha"), titles=any_of("bot verification")),
    Family("testcookie", code=("slowaes.decrypt",)),
    Family(
        "Wordfence",
        "block",
        code=("generated by wordfence",),
        words=any_of("access to this (?:site|service) has been limited by the site owner", "generated by wordfence"),
    ),
    Family(
        "BunkerWeb, Bunny Shield or HAProxy",
        code=("bunker-web", "bunny-shield", "/.bunny-shield", "haproxy-protection", "/.basedflare/"),
        titles=any_of(r"establishing a secure connection\W*", "bot detection"),
    ),
    Family(
        "Google",
        code=("google.com/sorry", 'action="/sorry'),
        words=any_of(r"(?:our systems have detected )?unusual traffic from your (?:computer )?network"),
    ),
    Family("Yandex", code=("/showcaptcha", "/checkcaptcha"), titles=any_of("are you not a robot\\?")),
)
"""All services, in the order in which they are tried: refusals because of the country come first."""
