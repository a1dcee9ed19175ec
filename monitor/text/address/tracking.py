"""Query parameters for tracking, which never identify an article.

Names were collected from the documentation of the tools that add them (Google Analytics and Ads, Matomo, HubSpot,
Mailchimp, Marketo, Adobe, AT Internet, Webtrekk, Yandex, Alibaba's SPM …) and from addresses in real feeds and pages. A
doubtful name is not listed: to send an article twice is better than to take two articles for one. Names with other
meanings on other sites (`from`, `source`, `ref`) are listed only with certain values or for certain hosts.
"""

from __future__ import annotations

import re
from typing import Final


def _split_names(names: str) -> frozenset[str]:
    return frozenset(names.split())


TRACKING_PREFIXES: Final = ("utm_", "mtm_", "matomo_", "piwik_", "hsa_", "_hs", "__hs", "aspsessionid")

TRACKING_NAMES: Final = _split_names(
    # Click identifiers of advertisers and social networks.
    "gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid fbclid fb_action_ids fb_action_types fb_source "
    "fb_ref msclkid ttclid twclid li_fat_id igshid igsh epik yclid ysclid ymclid _openstat rdt_cid sccid irclickid "
    "dicbo tblci obclid zanpid awc wickedid s_kwcid ef_id cjevent bd_vid qhclickid "
    # Newsletters and customer relations.
    "mc_cid mc_eid mc_tc mkt_tok ck_subscriber_id trk_contact trk_msg trk_module trk_sid ml_subscriber "
    "ml_subscriber_hash nr_email_referer __s _kx _bta_c _bta_tid bsft_clkid bsft_eid bsft_mid bsft_uid "
    "_branch_match_id _branch_referrer hsctatracking rb_clickid elqtrack elqtrackid vero_conv vero_id oly_anon_id "
    "oly_enc_id "
    # Analytics of publishers.
    "_ga _gl _gac ga_source ga_medium ga_term ga_content ga_campaign ga_place pk_campaign pk_kwd pk_keyword pk_source "
    "pk_medium pk_content pk_cid wt_mc wt_zmc at_medium at_campaign at_campaign_type at_custom1 at_custom2 at_custom3 "
    "at_custom4 at_format at_link_id at_link_type at_link_origin at_ptr_name at_bbc_team ncid n_cid icid s_cid cmpid "
    "itm_source itm_medium itm_campaign itm_content itm_term ns_campaign ns_mchannel ns_source ns_linkname ns_fee xtor "
    "soc_src soc_trk smid smtyp guccounter guce_referrer guce_referrer_sig __twitter_impression __tn__ algo_expid "
    "amp_js_v amp_gsa usqp replytocom "
    # Chinese platforms.
    "spm scm share_token share_source share_medium share_plat share_tag share_session_id share_times share_from "
    "sharer_sharetime sharer_shareid sharer_shareinfo sharer_shareinfo_first unique_k vd_source spm_id_from "
    "from_source from_spmid isappinstalled nsukey wxshare_count xhsshare xsec_source xsec_token hmsr hmpl hmcu hmkw "
    "hmci tt_from "
    # Sessions: they identify a visit, not an article.
    "jsessionid phpsessid asp.net_sessionid"
)

# Parameters that the first version did not know. It kept them; its addresses are looked up by `former_url`.
LATER_TRACKING_NAMES: Final = _split_names(
    "ftag fsrc maca mbid intcmp intcid int_source int_medium int_campaign traffic_source wprss wpisrc __source _amp "
    "wt.mc_id wt.mc_ev wt.rss_f wt.rss_a wt.rss_ev wt.tsrc wt.z_author xtref s_campaign sc_cmp sc_camp sc_channel "
    "feedref fromrss rssid tpcc rss_source omnisendcontactid at_xt"
)
LATER_TRACKING_VALUES: Final[dict[str, frozenset[str]]] = {
    "partner": _split_names("rss rssnyt rssuserland rssyahoo rssfeed feed"),
    "emc": frozenset({"rss"}),
    "from": _split_names("rss2 rssfeed feeds newsletter atom"),
    "source": _split_names("rss2 feeds atom"),
    "ref": _split_names("rss2 feeds atom"),
    "ref_source": _split_names("rss feed twitter facebook email newsletter"),
    "via": _split_names("rss feed twitter facebook email newsletter"),
    "src": _split_names("rss feed rssfeed twitter facebook email newsletter"),
    "feedtype": frozenset({"rss"}),
    "mod": _split_names("rss rssfeed rssn djemrss"),
    "ana": frozenset({"rss"}),
    "ocid": _split_names("rss socialflow_twitter socialflow_facebook"),
    "rss": _split_names("true yes feed rss"),
    "outputtype": frozenset({"amp"}),
    "output": frozenset({"amp"}),
    "amp": frozenset({"yes"}),
    "view": frozenset({"amp"}),
    "mode": frozenset({"amp"}),
}
# Names of campaigns if the value has letters (`CMP=share_btn_tw`); with a number they may be ids.
LATER_NAMES_WITH_WORDS: Final = frozenset({"cmp", "ito"})
_SOCIALFLOW_NAME = re.compile(r"sf\d{5,}")  # SocialFlow numbers its clicks: `sf123456789=1`
_NAMES_AFTER_FIRST_VERSION: Final = "|".join(
    map(re.escape, sorted({*LATER_TRACKING_NAMES, *LATER_TRACKING_VALUES, *LATER_NAMES_WITH_WORDS}))
)
_TRACKING_AFTER_FIRST_VERSION = re.compile(rf"[?&](?:{_NAMES_AFTER_FIRST_VERSION}|sf\d+)=|%", re.IGNORECASE)

# Names with the values that only say where the link was found.
TRACKING_VALUES: Final[dict[str, frozenset[str]]] = {
    "from": _split_names("timeline singlemessage groupmessage weixin wechat weibo qq qzone rss feed twitter"),
    "source": _split_names("rss feed rssfeed twitter facebook email newsletter linkedin share social"),
    "ref": _split_names("rss feed rssfeed twitter facebook email newsletter linkedin share social fb tw"),
    "ref_src": frozenset({"twsrc%5etfw", "twsrc%5egoogle"}),
    "rss": frozenset({"1"}),
    "share": _split_names("twitter facebook linkedin reddit email whatsapp telegram pocket tumblr pinterest"),
    "feature": frozenset({"share", "shared", "youtu.be", "emb_title", "emb_logo", "oembed"}),
    "amp": frozenset({"", "1", "true"}),
    "outputtype": frozenset({"amp"}),
}

# Names that single hosts use, by the host without "www."; also for hosts below it.
TRACKING_NAMES_OF_HOSTS: Final[dict[str, frozenset[str]]] = {
    "medium.com": frozenset({"source", "sk"}),
    "substack.com": frozenset({"r", "s", "isfreemail", "triedredirect", "showwelcomeonshare"}),
    "blogspot.com": frozenset({"m"}),
    "youtube.com": frozenset({"si", "pp", "ab_channel", "feature", "t"}),
    "x.com": frozenset({"s", "t", "ref_src", "ref_url", "cxt"}),
    "facebook.com": frozenset({"rdid", "mibextid", "paipv", "eav", "ref"}),
    "linkedin.com": frozenset({"trk", "trackingid", "lipi", "lici", "refid"}),
    "reddit.com": frozenset({"share_id", "rdt", "ref", "ref_source"}),
    "bbc.com": frozenset({"ocid", "intlink_from_url", "link_location"}),
    "bbc.co.uk": frozenset({"ocid", "intlink_from_url", "link_location"}),
    "nytimes.com": frozenset({"partner", "emc", "ref", "te", "nl", "campaign_id", "instance_id", "segment_id"}),
    "wsj.com": frozenset({"mod", "st", "reflink"}),
    "bloomberg.com": frozenset({"srnd", "sref", "leadsource"}),
    "reuters.com": frozenset({"feedtype", "feedname", "rpc"}),
    "cnn.com": frozenset({"hpt", "iid", "eref"}),
    "ft.com": frozenset({"ftcamp", "segmentid", "sharetype"}),
    "theguardian.com": frozenset({"cmp"}),
    "metro.co.uk": frozenset({"ito", "ico"}),
    "dailymail.co.uk": frozenset({"ito", "ico"}),
    "bilibili.com": frozenset({"p_from", "bsource", "plat_id", "is_story_h5", "msource"}),
    "zhihu.com": frozenset({"hb_wx_block"}),
    "weibo.com": frozenset({"refer_flag", "from", "wvr"}),
    "weibo.cn": frozenset({"wm", "from", "sourcetype", "featurecode"}),
    "toutiao.com": frozenset({"app", "timestamp", "use_new_style", "req_id"}),
    "sina.com.cn": frozenset({"cre", "mod", "loc", "r", "rfunc", "tj", "tr", "wm", "from"}),
    "sina.cn": frozenset({"cre", "mod", "loc", "r", "rfunc", "tj", "tr", "wm", "from"}),
    "sohu.com": frozenset({"_f", "_trans_", "pvid"}),
    "163.com": frozenset({"f", "from", "referfrom", "spss", "spsnuid", "spsdevid", "spsvid", "spsshare", "spsts"}),
    "ifeng.com": frozenset({"srctag"}),
    "36kr.com": frozenset({"f"}),
    "thepaper.cn": frozenset({"commtag"}),
}


def is_tracking(host: str, name: str, value: str, *, first_version: bool = False) -> bool:
    """Return whether the parameter `name` with `value` can be removed at `host`. All three are in lower case.

    `first_version`: decide by the rules of the first version of the program.
    """
    if name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES) or value in TRACKING_VALUES.get(name, ()):
        return True
    if not first_version and _is_later_tracking(name, value):
        return True
    labels = host.split(".")  # `a.b.example.org` is below `example.org`
    domains = (".".join(labels[start:]) for start in range(max(0, len(labels) - 4), len(labels)))
    return any(name in TRACKING_NAMES_OF_HOSTS.get(domain, ()) for domain in domains)


def may_have_later_tracking(url: str) -> bool:
    """Return whether the address may have a tracking parameter that the first version did not know."""
    return _TRACKING_AFTER_FIRST_VERSION.search(url) is not None


def _is_later_tracking(name: str, value: str) -> bool:
    if name in LATER_TRACKING_NAMES or value in LATER_TRACKING_VALUES.get(name, ()):
        return True
    if name in LATER_NAMES_WITH_WORDS:
        return bool(value) and not value.isdigit()
    return value == "1" and _SOCIALFLOW_NAME.fullmatch(name) is not None
