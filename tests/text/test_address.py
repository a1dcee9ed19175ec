"""Addresses: absolute as browsers make them; one form for every address of one article."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.address import absolute_url, canonical_url, former_url, had_another_form, host_of
from tests.support.growth import assert_grows_with_size


def words(text: str) -> list[str]:
    return text.split()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://WWW.Example.COM/News", "https://example.com/News"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("http://example.com:80/a", "https://example.com/a"),
        ("http://example.com:8080/a", "http://example.com:8080/a"),
        ("http://example.com:443/a", "http://example.com:443/a"),
        ("https://example.com:/a", "https://example.com/a"),
        ("https://example.com./a", "https://example.com/a"),
        ("https://user:secret@example.com/a", "https://example.com/a"),
        ("https://www.www.example.com/a", "https://example.com/a"),
        ("https://www.com/a", "https://www.com/a"),
        ("https://www2.example.com/a", "https://www2.example.com/a"),
        ("http://127.0.0.1/a", "https://127.0.0.1/a"),
        ("http://[2001:DB8::1]:80/a", "https://[2001:db8::1]/a"),
        ("http://例子.中国/路径", "https://xn--fsqu00a.xn--fiqs8s/%E8%B7%AF%E5%BE%84"),
        ("http://xn--fsqu00a.xn--fiqs8s/%e8%b7%af%e5%be%84", "https://xn--fsqu00a.xn--fiqs8s/%E8%B7%AF%E5%BE%84"),
        (" \n https://example.com/a\n ", "https://example.com/a"),
    ],
)
def test_scheme_and_host_have_one_form(url: str, expected: str) -> None:
    assert canonical_url(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://h.com", "https://h.com/"),
        ("https://h.com/a/", "https://h.com/a"),
        ("https://h.com/a//", "https://h.com/a"),
        ("https://h.com/a/../b/./c", "https://h.com/b/c"),
        ("https://h.com/a/%2e%2E/b", "https://h.com/b"),
        ("https://h.com/../a", "https://h.com/a"),
        ("https://h.com/%7euser/%41", "https://h.com/~user/A"),
        ("https://h.com/a%2fb", "https://h.com/a%2Fb"),
        ("https://h.com/it%27s%2C", "https://h.com/it's,"),
        ("https://h.com/a b", "https://h.com/a%20b"),
        ("https://h.com/100%", "https://h.com/100%25"),
        ("https://h.com/%b9%e3", "https://h.com/%B9%E3"),  # GBK stays as it is
        ("https://h.com/a;jsessionid=1A2B?x=1", "https://h.com/a?x=1"),
        ("https://h.com/a#top", "https://h.com/a"),
        ("https://h.com/a#:~:text=b1", "https://h.com/a"),
        ("https://h.com/a#xtor=RSS-1", "https://h.com/a"),
        ("https://h.com/a#评论", "https://h.com/a"),
        ("https://h.com/a#v2.1", "https://h.com/a#v2.1"),
        ("https://h.com/2017/06/26.html#a01%3063%33", "https://h.com/2017/06/26.html#a010633"),
        ("https://h.com/#!/news/1", "https://h.com/#!/news/1"),
        ("https://h.com/#/news/1", "https://h.com/#/news/1"),
        ("https://h.com/#/", "https://h.com/"),
    ],
)
def test_path_and_fragment_have_one_form(url: str, expected: str) -> None:
    assert canonical_url(url) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("b=2&a=1", "a=1&b=2"),
        ("a=2&b=1&a=1", "a=2&a=1&b=1"),
        ("a=1&&b=2&", "a=1&b=2"),
        ("a=&b", "a=&b"),
        ("/news/123", "/news/123"),
        ("q=a%20b", "q=a+b"),
        ("q=a+b", "q=a+b"),
        ("q=a%2Bb", "q=a%2Bb"),
        ("q=%7e%e4%bd%a0", "q=~%E4%BD%A0"),
        ("u=https%3A%2F%2Fx", "u=https://x"),
        ("x=a%26b%3Dc", "x=a%26b%3Dc"),
        ("id=1&utm_source=rss&UTM_Medium=feed", "id=1"),
        ("fbclid=1&gclid=2&mc_cid=3&mc_eid=4&spm=5&share_token=6&_hsenc=7&yclid=8&id=9", "id=9"),
        ("from=timeline&isappinstalled=0&id=1", "id=1"),
        ("from=2023-08-25", "from=2023-08-25"),
        ("ref=rss", ""),
        ("ref=12345", "ref=12345"),
        ("source=newsletter", ""),
        ("source=12", "source=12"),
        ("amp", ""),
        ("amp=1", ""),
        ("PHPSESSID=abc&id=1", "id=1"),
        ("replytocom=12", ""),
    ],
)
def test_the_query_is_sorted_and_tracking_goes(query: str, expected: str) -> None:
    assert canonical_url(f"https://h.com/a?{query}") == "https://h.com/a" + (f"?{expected}" if expected else "")


@pytest.mark.parametrize(
    "name",
    words(
        "id aid cid nid newsid articleid docid p page_id post_id v vid pid tid fid key k q s t code no num seq __biz "
        "mid idx sn date type cat category lang pk at_id share_id itemid storyid r m mod f"
    ),
)
def test_no_parameter_is_dropped_that_may_name_an_article(name: str) -> None:
    assert canonical_url(f"https://news.example.cn/show.php?{name}=12345").endswith(f"?{name}=12345")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.com/a", "https://www.example.com/a/"),
        ("https://medium.com/@e/post-1?source=rss-b4981c59ffa5------2", "https://medium.com/@e/post-1"),
        (
            "http://mp.weixin.qq.com/s?__biz=MjM5&mid=26&idx=1&sn=4e&chksm=bd66&scene=27#wechat_redirect",
            "https://mp.weixin.qq.com/s?sn=4e&idx=1&mid=26&__biz=MjM5&key=x",
        ),
        ("https://mp.weixin.qq.com/s/AbCdEf?poc_token=1", "http://mp.weixin.qq.com/s/AbCdEf"),
        ("https://youtu.be/XdT0lrm4b2s?si=x", "https://www.youtube.com/watch?v=XdT0lrm4b2s&feature=share"),
        ("https://en.m.wikipedia.org/wiki/Web3", "https://en.wikipedia.org/wiki/Web3"),
        ("https://mobile.twitter.com/a/status/1?s=20", "https://x.com/a/status/1"),
        ("https://m.thepaper.cn/newsDetail_forward_1", "https://www.thepaper.cn/newsDetail_forward_1"),
        (
            "https://tech.sina.com.cn/2019/doc-1.shtml?cre=tianyi&mod=pcpager",
            "https://tech.sina.com.cn/2019/doc-1.shtml",
        ),
        ("https://h.com/2023/some-slug/amp/", "https://h.com/2023/some-slug"),
        ("https://h.com/amp/some-slug", "https://h.com/some-slug"),
        ("https://h.com/some-slug.amp", "https://h.com/some-slug"),
        ("https://h.com/some-slug.amp.html", "https://h.com/some-slug.html"),
        ("https://m.h.com/a", "https://www.h.com/a"),
        ("https://amp.h.co.uk/a", "https://h.co.uk/a"),
        ("https://www.mobile.h.com/a", "https://h.com/a"),
        ("https://wap.h.com.cn/a", "https://www.h.com.cn/a"),
        ("https://h.com/a?ftag=CAD590a51e", "https://h.com/a"),
        ("https://h.com/a?CMP=share_btn_tw", "https://h.com/a"),
        ("https://h.com/a?id=2&partner=rss&emc=rss", "https://h.com/a?id=2"),
        ("https://h.com/a?wt.mc_id=x&sf12345678=1", "https://h.com/a"),
        ("https://h.com/some-slug?amp=1", "https://h.com/some-slug"),
        ("https://www.google.com/amp/s/www.h.com/some-slug/amp/", "https://h.com/some-slug"),
        ("https://www.google.com/amp/h.com/a", "http://h.com/a"),
        ("https://www-h-com.cdn.ampproject.org/c/s/www.h.com/some-slug", "https://h.com/some-slug"),
        (
            "https://www.google.com/url?rct=j&sa=t&url=https://h.com/a%3Fid%3D1%26utm_source%3Dx&ct=ga&cd=CAEY",
            "https://h.com/a?id=1",
        ),
        ("https://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url=https%3a%2f%2fh.com%2fa&c=1", "https://h.com/a"),
        (
            "https://www.google.com/url?url=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttps%253A%252F%252Fh.com%252Fa",
            "https://h.com/a",
        ),
    ],
)
def test_two_addresses_of_one_article_are_one(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://h.com/a?id=1", "https://h.com/a?id=2"),
        ("https://h.com/A", "https://h.com/a"),
        ("https://a.h.com/1", "https://b.h.com/1"),
        ("https://h.com:8443/a", "https://h.com/a"),
        ("https://h.com/topics/amp", "https://h.com/topics"),
        ("https://h.com/a%2Fb", "https://h.com/a/b"),
        ("https://mp.weixin.qq.com/s?__biz=A&mid=1&idx=1&sn=a", "https://mp.weixin.qq.com/s?__biz=A&mid=1&idx=2&sn=b"),
        (
            "https://mp.weixin.qq.com/s?src=11&timestamp=1&signature=a",
            "https://mp.weixin.qq.com/s?src=11&timestamp=1&signature=b",
        ),
        ("https://www.youtube.com/watch?v=a", "https://www.youtube.com/watch?v=b"),
        ("https://youtube.com/playlist?list=a", "https://youtube.com/playlist?list=b"),
        ("https://www.google.com/url?q=nothing", "https://www.google.com/url?q=else"),
        ("https://www.google.com/amp/", "https://www.google.com/"),
        ("https://h.com/#!a", "https://h.com/#!b"),
        ("https://h.com/release-notes#August_25_2023", "https://h.com/release-notes#August_26_2023"),
        ("https://notmedium.com/p?source=abc", "https://notmedium.com/p?source=abd"),
        ("https://m.co.uk/a", "https://co.uk/a"),
        ("https://m.com/a", "https://com.com/a"),
        ("https://mail.h.com/a", "https://h.com/a"),
        ("https://h.com/amp/docs", "https://h.com/docs"),
        ("https://h.com/a?cmp=12", "https://h.com/a?cmp=13"),
        ("https://h.com/a?partner=12", "https://h.com/a"),
        ("https://h.com/.amp", "https://h.com/"),
    ],
)
def test_two_articles_keep_two_addresses(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(
    "url", ["", "foo", "mailto:a@b.c", "urn:uuid:1", "javascript:alert(1)", "http://", "http://[", "//h.com/a"]
)
def test_what_is_no_web_address_is_given_back(url: str) -> None:
    assert canonical_url(f" {url}\n") == url


@pytest.mark.parametrize(
    ("base", "url", "expected"),
    [
        ("https://h.com/x/y", "/a", "https://h.com/a"),
        ("https://h.com/x/y", "a", "https://h.com/x/a"),
        ("https://h.com/x/y", "../a", "https://h.com/a"),
        ("https://h.com/x/y?z", "?q=1", "https://h.com/x/y?q=1"),
        ("https://h.com/x", "#a", "https://h.com/x#a"),
        ("http://h.com/x", "//g.com/a", "http://g.com/a"),
        ("https://h.com/x", "http://g.com", "http://g.com/"),
        ("https://h.com/x", " \t\n/a b\r\n", "https://h.com/a%20b"),
        ("https://h.com/x", "/a\n/b", "https://h.com/a/b"),
        ("https://h.com/x", "\\a\\b", "https://h.com/a/b"),
        ("https://h.com/x", "http:\\\\g.com\\a", "http://g.com/a"),
        ("https://h.com/x", "http:////g.com/a", "http://g.com/a"),
        ("https://h.com/x", "/a?b=c\\d", "https://h.com/a?b=c%5Cd"),
        ("https://h.com/x", "/中?q=文#节", "https://h.com/%E4%B8%AD?q=%E6%96%87#%E8%8A%82"),
        ("https://h.com/x", '/a"><b>', "https://h.com/a%22%3E%3Cb%3E"),
        ("https://h.com/x", "/%zz%41", "https://h.com/%25zz%41"),
        ("https://h.com/x", "http://G.com:80/a", "http://g.com/a"),
        ("https://h.com/x", "http://g.com:8080/a", "http://g.com:8080/a"),
        ("https://h.com/x", "http://me:secret@g.com/a", "http://g.com/a"),
        ("https://me:secret@h.com/x", "a", "https://h.com/a"),
        ("https://h.com/x", "http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("https://h.com/x", "http://[::1]/a", "http://[::1]/a"),
        ("", "https://h.com/a", "https://h.com/a"),
    ],
)
def test_links_are_made_absolute_as_browsers_do(base: str, url: str, expected: str) -> None:
    assert absolute_url(base, url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        " \n",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "JaVaScRiPt://h.com/%0aalert(1)",
        "data:text/html,x",
        "mailto:a@b.c",
        "ftp://h.com/a",
        "file:///etc/passwd",
        "http://",
        "http:///",
        "http://[::1",
        "http://h.com:99999/",
        "http://h.com:0/",
        "http://h.com:x/",
        "http://a b.com/",
        "http://h%2Ecom/",
        "http://-h.com/",
        "http://a..b/",
        "http://.h.com/",
        "http://" + "a" * 300 + ".com/",
        "http://" + "ü" * 200 + ".com/",
        "http://h.com/" + "a" * 9000,
        "http://℀.com/",
    ],
)
def test_what_leads_nowhere_is_nothing(url: str) -> None:
    assert absolute_url("https://h.com/x", url) == ""


def test_without_a_base_a_relative_link_is_nothing() -> None:
    assert absolute_url("", "/a") == ""
    assert absolute_url("not an address", "a") == ""


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://WWW.Example.com:8080/a", "www.example.com"),
        ("http://例子.中国/", "xn--fsqu00a.xn--fiqs8s"),
        ("http://u:p@h.com/", "h.com"),
        ("mailto:a@b.c", ""),
        ("", ""),
    ],
)
def test_the_host_is_in_ascii_without_its_port(url: str, expected: str) -> None:
    assert host_of(url) == expected


PARTS = st.sampled_from(
    [
        *words(
            "http:// https:// www. h.com google.com/url?url= google.com/amp/ amp/s/ /amp a-1 / // .. %2e %41 %2F %25"
        ),
        *words(
            "% ? & = # #! utm_source=x mp.weixin.qq.com/s __biz mid youtu.be/ m. :80 :443 @ ; ;jsessionid=1 [ ] 中 +"
        ),
        *words("ü \\ : a A 1"),
        *(" ", "\n", "\u2003", "\x00", "\ud800"),
    ]
)
ADDRESSES = (
    st.text() | st.lists(PARTS).map("".join) | st.lists(PARTS).map(lambda parts: "http://h.com/" + "".join(parts))
)


@given(ADDRESSES)
def test_the_canonical_form_is_its_own(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)


@given(ADDRESSES, ADDRESSES)
def test_an_absolute_address_is_nothing_or_clean_and_its_own(base: str, url: str) -> None:
    absolute = absolute_url(base, url)
    if absolute:
        assert absolute.startswith(("http://", "https://"))
        assert host_of(absolute)
        assert absolute.isascii()
        assert absolute.isprintable()
        assert not set(absolute) & set(' "<>\\^`{|}')
        assert "@" not in absolute.split("/")[2]
        assert absolute_url("", absolute) == absolute_url(base, absolute) == absolute


@given(ADDRESSES)
def test_the_host_survives_the_canonical_form_of_an_address_that_forwards_nowhere(url: str) -> None:
    canonical = canonical_url(f"https://example.org/{url[:100]}")
    assert host_of(canonical) in {"example.org", ""}


@pytest.mark.parametrize(
    "piece", ["a", "/../", "%", "-/amp", "www.", "。", "ü", "?", "&utm_a=b", "http://google.com/url?url="]
)
def test_a_hostile_address_takes_linear_time(piece: str) -> None:
    def read(size: int) -> None:
        text = piece * (size // len(piece))
        canonical_url(f"http://h.com/{text}")
        canonical_url(f"http://{text}")
        absolute_url(text, text)

    assert_grows_with_size(read, 2_000)
    assert_grows_with_size(read, 60_000)


@pytest.mark.parametrize(
    ("url", "former", "now"),
    [
        ("https://www.h.com/a?utm_source=x", "https://h.com/a", "https://h.com/a"),
        ("https://m.h.com/a?id=1", "https://m.h.com/a?id=1", "https://h.com/a?id=1"),
        ("https://h.com/a?ftag=x", "https://h.com/a?ftag=x", "https://h.com/a"),
        ("https://h.com/amp/a-1", "https://h.com/amp/a-1", "https://h.com/a-1"),
        ("https://3g.h.com/a?id=1", "https://3g.h.com/a?id=1", "https://h.com/a?id=1"),
        ("https://h.com/a?output=amp", "https://h.com/a?output=amp", "https://h.com/a"),
        ("https://h.com/a?x=1&amp;b=2", "https://h.com/a?amp;b=2&x=1", "https://h.com/a?b=2&x=1"),
        (
            "https://link.zhihu.com/?target=https%3A//h.com/a",
            "https://link.zhihu.com/?target=https://h.com/a",
            "https://h.com/a",
        ),
        (
            "https://mp.weixin.qq.com/s?__biz=MzA5%3D%3D&mid=26&idx=1&sn=ab&chksm=9#rd",
            "https://mp.weixin.qq.com/s?__biz=MzA5%3D%3D&idx=1&mid=26&sn=ab",
            "https://mp.weixin.qq.com/s?__biz=MzA5==&idx=1&mid=26&sn=ab",
        ),
        ("no address", "no address", "no address"),
    ],
)
def test_the_form_of_the_first_version_stays_known(url: str, former: str, now: str) -> None:
    assert (former_url(url), canonical_url(url)) == (former, now)
    assert canonical_url(former_url(url)) == now
    assert had_another_form(url) or former == now


@pytest.mark.parametrize(
    "page",
    [
        "https://www.google.com/url?sa=t&url={}&ct=ga",
        "https://www.google.co.jp/url?q={}&sa=D",
        "https://www.google.de/url?q={}",
        "https://www.bing.com/news/apiclick.aspx?ref=x&url={}",
        "https://l.facebook.com/l.php?u={}&h=1",
        "https://lm.facebook.com/l.php?u={}&h=1",
        "https://l.instagram.com/?u={}&e=1",
        "https://www.youtube.com/redirect?event=x&q={}&v=1",
        "https://out.reddit.com/t3_1?url={}&token=1",
        "https://duckduckgo.com/l/?uddg={}",
        "https://vk.com/away.php?to={}",
        "https://eur01.safelinks.protection.outlook.com/?url={}&data=1",
        "https://r.search.yahoo.com/_ylt=A/RV=2/RO=10/RU={}/RK=2/RS=x-",
        "https://link.zhihu.com/?target={}",
        "https://link.csdn.net/?from_id=1&target={}",
        "https://weibo.cn/sinaurl?u={}",
        "https://c.pc.qq.com/middlem.html?pfurl={}",
    ],
)
def test_a_page_that_only_forwards_becomes_what_it_leads_to(page: str) -> None:
    url = page.format(quote("https://www.h.com/a/12?id=3&utm_source=x", safe=""))
    assert canonical_url(url) == "https://h.com/a/12?id=3"
    assert canonical_url(former_url(url)) == "https://h.com/a/12?id=3"
    assert had_another_form(url) or former_url(url) == canonical_url(url)
    nowhere = page.format("unknown")
    assert host_of(canonical_url(nowhere)) not in {"h.com", "", "unknown"}


@pytest.mark.parametrize("url", ["https://google.h.com/url?q=https://x.com/a", "https://h.com/url?url=https://x.com/a"])
def test_other_pages_that_have_an_address_as_a_parameter_are_themselves(url: str) -> None:
    assert canonical_url(url) == url


@given(st.lists(PARTS, max_size=12), st.sampled_from(["", "m.", "amp.", "mobile."]), st.sampled_from(
    ["", "?ftag=1", "?a=1&CMP=x", "?%66tag=1", "?partner=rss", "?sf12345=1", "/amp/a-1", "/a.amp"]))  # fmt: skip
def test_where_both_forms_surely_agree_they_do(parts: list[str], host: str, end: str) -> None:
    url = f"https://{host}h.com/{''.join(parts)}{end}"
    assert had_another_form(url) or former_url(url) == canonical_url(url)
