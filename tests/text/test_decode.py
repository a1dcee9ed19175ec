"""Bytes become text, whatever they say of themselves."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.decode import DecodedBody, decode
from tests.support.growth import assert_grows_with_size

SIMPLIFIED = "重庆两江新区发布元宇宙产业行动计划，推动互联网3.0应用落地。会议由有关部门主持召开。"
TRADITIONAL = "重慶兩江新區發布元宇宙產業行動計劃，推動互聯網應用落地。會議由有關部門主持召開。"
RUSSIAN = "Пример новости о метавселенной и других вещах"
FRENCH = "L’été dernier, la Commission européenne a présenté sa stratégie."


def page(text: str, label: str) -> str:
    return f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={label}"></head><p>{text}</html>'


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_outranks_every_declaration(mark: bytes, encoding: str) -> None:
    decoded = decode(mark + SIMPLIFIED.encode(encoding), "text/html; charset=big5")
    assert (decoded.text, decoded.encoding) == (SIMPLIFIED, encoding)
    assert decoded.problems == (f"its Content-Type declares big5, but it is {encoding}",)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_utf_16_and_utf_32_are_known_without_a_mark_by_their_zero_bytes(encoding: str) -> None:
    text = f"<?xml version='1.0'?><feed>{SIMPLIFIED}</feed>"
    assert decode(text.encode(encoding), None) == DecodedBody(text, encoding)


def test_utf_16_that_only_the_header_tells_is_believed() -> None:
    assert decode(SIMPLIFIED.encode("utf-16-le"), "text/html; charset=utf-16").text == SIMPLIFIED


def test_a_mark_of_utf_16_followed_by_a_zero_is_not_taken_for_utf_32() -> None:
    assert decode(codecs.BOM_UTF16_LE + "\x00a".encode("utf-16-le"), None).text == "\x00a"


@pytest.mark.parametrize("label", ["gb2312", "GBK", "big5", "iso-8859-1", "windows-1251", "x-gbk", "shift_jis"])
def test_valid_utf_8_is_utf_8_whatever_it_declares_and_the_slip_is_reported(label: str) -> None:
    decoded = decode(page(SIMPLIFIED, label).encode(), None)
    assert SIMPLIFIED in decoded.text
    assert decoded.encoding == "utf-8"
    assert decoded.problems == (f"its <meta> declares {label}, but it is utf-8",)


@pytest.mark.parametrize("label", ["utf-8", "iso-8859-1", "big5"])
def test_gb18030_under_a_wrong_name_is_read_and_reported(label: str) -> None:
    decoded = decode(page(SIMPLIFIED, label).encode("gb18030"), None)
    assert SIMPLIFIED in decoded.text
    assert decoded.encoding == "gb18030"
    assert decoded.problems == (f"its <meta> declares {label}, but it is gb18030",)


@pytest.mark.parametrize("label", ["gb2312", "utf-8", "windows-1252"])
def test_big5_under_a_wrong_name_is_read_and_reported(label: str) -> None:
    decoded = decode(page(TRADITIONAL, label).encode("big5"), None)
    assert TRADITIONAL in decoded.text
    assert decoded.problems == (f"its <meta> declares {label}, but it is big5",)


@pytest.mark.parametrize(("text", "encoding"), [(SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5")])
def test_undeclared_chinese_is_recognised(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), None) == DecodedBody(text, encoding)


@pytest.mark.parametrize("label", ["gb2312", "gbk", "GB_2312-80", "cp936", "x-gbk"])
def test_every_name_of_the_gb_family_means_gb18030(label: str) -> None:
    text = SIMPLIFIED + "龍䶮€𠮷"  # beyond GB 2312
    assert decode(page(text, label).encode("gb18030"), None) == DecodedBody(page(text, label), "gb18030")


@pytest.mark.parametrize(
    ("text", "codec", "label", "encoding"),
    [
        (RUSSIAN, "koi8-r", "KOI8-R", "koi8-r"),
        (RUSSIAN, "cp1251", "windows-1251", "cp1251"),
        (FRENCH, "cp1252", "iso-8859-1", "windows-1252"),
        ("Şişli’de gün", "cp1254", "iso-8859-9", "cp1254"),
        ("メタバースの発表", "cp932", "Shift_JIS", "cp932"),
        ("メタバースの発表", "euc_jp", "EUC-JP", "euc_jp"),
        ("メタバースの発表", "iso2022_jp", "iso-2022-jp", "iso2022_jp"),
        ("메타버스 발표", "cp949", "euc-kr", "cp949"),
        ("香港𨋢元宇宙粧", "big5hkscs", "big5-hkscs", "big5"),
    ],
)
def test_a_declaration_that_the_bytes_bear_out_is_believed(text: str, codec: str, label: str, encoding: str) -> None:
    decoded = decode(text.encode(codec), f'text/html; charset="{label}"')
    assert decoded == DecodedBody(text, encoding)


def test_the_header_outranks_the_document() -> None:
    body = f'<?xml version="1.0" encoding="windows-1251"?><p>{RUSSIAN}</p>'.encode("koi8-r")
    assert RUSSIAN in decode(body, "text/xml; charset=koi8-r").text


def test_a_servers_default_of_iso_8859_1_does_not_outrank_the_document() -> None:
    decoded = decode(page(RUSSIAN, "koi8-r").encode("koi8-r"), "text/html; charset=ISO-8859-1")
    assert RUSSIAN in decoded.text
    assert decoded.problems == ("its Content-Type declares ISO-8859-1, but it is koi8-r",)


def test_undeclared_western_text_is_windows_1252_and_every_byte_is_a_character() -> None:
    assert decode(FRENCH.encode("cp1252"), None) == DecodedBody(FRENCH, "windows-1252")
    assert len(decode(bytes(range(1, 256)), None).text) == 255


def test_a_character_cut_in_the_middle_does_not_lose_the_text() -> None:
    decoded = decode(SIMPLIFIED.encode()[:-1], "application/rss+xml")
    assert decoded.text == SIMPLIFIED[:-1] + "\ufffd"
    assert decoded.problems == ("1 places could not be read as utf-8",)


def test_one_broken_byte_does_not_lose_a_gb_page() -> None:
    body = SIMPLIFIED.encode("gb18030")[:10] + b"\xff" + SIMPLIFIED.encode("gb18030")[10:]
    decoded = decode(body, "text/html; charset=gbk")
    assert decoded.text.replace("\ufffd", "") == SIMPLIFIED
    assert decoded.problems == ("1 places could not be read as gb18030",)


def test_an_unknown_name_is_reported_and_survived() -> None:
    decoded = decode(
        f'<?xml version="1.0" encoding="invalid"?><a>{SIMPLIFIED}</a>'.encode(), "text/xml; charset=\u00fcx"
    )
    assert SIMPLIFIED in decoded.text
    assert decoded.problems == (
        "its Content-Type declares an unknown encoding '\\\\xfcx'; read as utf-8",
        "its XML declaration declares an unknown encoding 'invalid'; read as utf-8",
    )


@pytest.mark.parametrize("label", ["unicode_escape", "utf-7", "idna", "punycode", "hex", "rot13", "undefined", "zlib"])
def test_codecs_of_python_that_are_no_encodings_of_the_web_are_unknown(label: str) -> None:
    assert "unknown encoding" in decode(SIMPLIFIED.encode(), f"text/html; charset={label}").problems[0]


def test_pure_ascii_has_no_problems_whatever_it_declares() -> None:
    assert decode(b"<rss>plain</rss>", "text/xml; charset=nonsense").problems == ()


def test_a_declaration_in_a_comment_or_within_a_feeds_content_does_not_count() -> None:
    assert decode(f"<html><!-- <meta charset=koi8-r> -->{FRENCH}".encode("cp1252"), None).encoding == "windows-1252"
    feed = f"<rss><description><![CDATA[<meta charset=koi8-r>]]>{FRENCH}</description></rss>"
    assert decode(feed.encode("cp1252"), None).text == feed


def test_a_document_that_can_be_read_as_ascii_is_not_the_utf_16_that_it_declares() -> None:
    text = f'<?xml version="1.0" encoding="utf-16"?><a>{SIMPLIFIED}</a>'
    assert decode(text.encode(), None) == DecodedBody(text, "utf-8")


def test_the_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode(codecs.BOM_UTF8 * 2 + b"a", None).text == "a"


@pytest.mark.parametrize(
    "piece", [b"<meta ", b"<!--", b"\xff", b"\xe9 ", b"\x81\x30", b"<?xml ", b"charset=", b"\x1b$"]
)
def test_hostile_bytes_take_linear_time(piece: bytes) -> None:
    label = "text/html; charset="
    assert_grows_with_size(lambda size: decode(piece * (size // len(piece)), label * (size // len(label))), 60_000)


@given(
    st.binary(max_size=300),
    st.none() | st.text(max_size=60) | st.sampled_from(["text/html; charset=gbk", "a; charset=iso-2022-jp"]),
)
def test_any_bytes_become_text_that_can_be_encoded(body: bytes, content_type: str | None) -> None:
    decode(body, content_type).text.encode()


@given(st.text(min_size=1).filter(lambda text: "\ufeff" not in text and "\x00" not in text and "\x1b" not in text))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    assert decode(text.encode(), "text/html; charset=gb2312").text == text


@given(st.text(alphabet=sorted(set(SIMPLIFIED) - set("3.0")), min_size=4))
def test_everyday_chinese_comes_back_from_gb18030_without_a_declaration(text: str) -> None:
    assert decode(text.encode("gb18030"), None).text == text


@pytest.mark.parametrize(
    ("name", "encoding", "contains"),
    [
        ("invalid-prolog.xml", "utf-8", "테스트 피드"),
        ("iso-8859-1-meta-after-1024.html", "windows-1252", "Café"),
        ("iso-8859-1.html", "windows-1252", "Café"),
        ("iso-8859-1.xml", "windows-1252", "Café"),
        ("koi8r.xml", "koi8-r", "Пример RSS ленты"),
        ("utf8-incorrect-prolog.xml", "utf-8", "테스트 피드"),
        ("utf8-meta-after-1024.html", "utf-8", "Café"),
        ("utf8.html", "utf-8", "Café"),
        ("utf8.xml", "utf-8", "테스트 피드"),
        ("windows-1252-incorrect-prolog.xml", "utf-8", "Euro €"),
        ("windows-1252.xml", "windows-1252", "Euro €"),
    ],
)
def test_real_files_with_right_and_wrong_declarations(
    shared_data: Callable[[str], Path], name: str, encoding: str, contains: str
) -> None:
    decoded = decode((shared_data("feeds-misc/miniflux-encoding") / name).read_bytes(), None)
    assert decoded.encoding == encoding
    assert contains in decoded.text
    assert bool(decoded.problems) == ("incorrect" in name or "invalid" in name)


# --- a declaration is overruled on strong evidence only

# What people write, in the languages of each code page; the first of each has few accents or one.
LATIN = {
    "cp1252": (
        *("Heute 25°C, morgen 30°C", "PREFEITURA ABRE LICITAÇÃO", "Sonde misst 5 µm dicke Schicht", "Café", "§ 5", "©"),
        *(
            "Straße frei, Ärzte streiken, Möbel für alle",
            "São Paulo: eleições à câmara começam amanhã, não há inscrição",
        ),
        *("El niño pidió más información sobre la situación económica", "«L’été dernier», a-t-elle déclaré à l’Élysée"),
        *(
            "Pétrole: la production a été réduite",
            "Perché è così? La città è più bella",
            "Ny lov på vej: børn får længere ferie",
        ),
        *(
            "Året började på nytt för småföretag",
            "Hyvää päivää, tämä on ensimmäinen päätös",
            "Þjóðin kýs í dag, ræðir lög",
        ),
        *(
            "PRÉSIDENCE DE LA RÉPUBLIQUE: DÉCRET",
            "GRÖẞE UND MASSE: ÄÖÜ ÄÖÜ ÄÖÜ".replace("ẞ", "SS"),
            "Price: £5 – £7 … ±2½",
            "L·L",
        ),
        *("Àxia, això és català: l’Ajuntament obrirà", "Één vergadering, geïnteresseerd in coördinatie", "Sjálfstæði"),
        *(
            "1º de maio, 2ª feira",
            "NOTIFICAÇÃO E CITAÇÃO: AÇÃO CIVIL PÚBLICA",
            "ÉÈÀ",
            "Año nuevo",
            "mañana",
            "¿Qué?",
            "¡Sí!",
        ),
    ),
    "cp1250": ("Zażółć gęślą jaźń", "Příliš žluťoučký kůň", "Świat", "Két új törvény készült", "Čeština"),
    "iso8859-2": ("Zażółć gęślą jaźń", "Příliš žluťoučký kůň", "Két új törvény készült"),
    "iso8859-15": ("Prix: 5 € à l’Œuvre".replace("’", "'"), "Ranskan päätös"),
    "cp1254": ("Şişli’de gün doğdu", "İstanbul", "Yeni yasa için görüşme"),
    "cp1257": ("Latvijā pieņemts jauns likums", "Lietuvos Vyriausybė"),
    "cp1253": ("Η κυβέρνηση ανακοίνωσε", "Αθήνα"),
}
SLAVIC = (
    "Новости города и области",
    "Правительство России утвердило программу развития цифровой экономики на 2027 год",
    "Київ оголосив про початок великої програми та запросив громадян до участі",
    "Правителството прие нова програма за развитие на цифровата икономика",
    "ПОСТАНОВЛЕНИЕ ПРАВИТЕЛЬСТВА О МЕРАХ ПО ПОДДЕРЖКЕ",
)


def feed(text: str, label: str = "") -> str:
    declaration = f'<?xml version="1.0" encoding="{label}"?>' if label else ""
    return (
        f"{declaration}<rss><channel><item><title>{text}</title><link>https://a.example/</link></item></channel></rss>"
    )


@pytest.mark.parametrize("codec", LATIN)
@pytest.mark.parametrize("around", [page, feed, lambda text, _label: text])
def test_a_declared_encoding_of_latin_letters_is_believed_however_few_accents_there_are(
    codec: str, around: Callable[[str, str], str]
) -> None:
    labels = ("ISO-8859-1", "windows-1252", "latin1") if codec == "cp1252" else (codec,)
    for label in labels:
        texts = LATIN[codec]
        for text in (*texts, *map(str.upper, texts), *(word for said in texts for word in said.split())):
            body = around(text, label).encode(codec, "ignore")
            decoded = decode(body, f"text/html; charset={label}")
            assert decoded == DecodedBody(body.decode(codec), decoded.encoding)


@pytest.mark.parametrize("text", LATIN["cp1252"])
def test_undeclared_text_with_few_accents_is_no_chinese(text: str) -> None:
    for said in (text, text.upper(), *text.split()):
        assert decode(feed(said).encode("cp1252", "ignore"), None).encoding in ("windows-1252", "utf-8")


@given(st.lists(st.sampled_from([word for text in LATIN["cp1252"] for word in text.split()]), min_size=1))
def test_no_words_of_latin_letters_overrule_their_declaration(words: list[str]) -> None:
    text = " ".join(words)
    assert decode(feed(text, "iso-8859-1").encode("cp1252", "ignore"), None).text == feed(
        text.encode("cp1252", "ignore").decode("cp1252"), "iso-8859-1"
    )


@pytest.mark.parametrize("text", SLAVIC)
@pytest.mark.parametrize("codec", ["cp1251", "koi8-u", "iso8859-5", "cp866"])
def test_undeclared_cyrillic_is_recognised(text: str, codec: str) -> None:
    if codec in ("cp866", "iso8859-5") and "Київ" in text:
        return  # it has no letters for Ukrainian, or others
    for body in (text, page(text, "iso-8859-1"), feed(text), f"<html>{text}"):
        assert text in decode(body.encode(codec), None).text


@pytest.mark.parametrize("codec", ["cp1251", "koi8-r"])
def test_cyrillic_under_a_servers_default_is_read_and_reported(codec: str) -> None:
    decoded = decode(feed(SLAVIC[1]).encode(codec), "text/xml; charset=ISO-8859-1")
    assert SLAVIC[1] in decoded.text
    assert decoded.problems == (f"its Content-Type declares ISO-8859-1, but it is {codec}",)


def test_where_too_little_speaks_against_a_declaration_that_is_reported() -> None:
    decoded = decode(feed("公告通知", "iso-8859-1").encode("gb18030"), None)
    assert decoded.encoding == "windows-1252"
    assert decoded.problems == ("it may also be gb18030; there is too little text to be sure",)
    assert decode("公告".encode("gb18030"), None).problems == (
        "its encoding is probably gb18030; there is too little text to be sure",
    )
    unknown = decode(feed("Η κυβέρνηση ανακοίνωσε").encode("cp1253"), None)
    assert unknown.problems == ("its encoding could not be recognised; read as windows-1252",)


@pytest.mark.parametrize("number", [1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258])
@pytest.mark.parametrize(
    "family", ["cp", "cp-", "windows-", "windows", "win-", "win", "x-cp", "Windows_", "CP_", "ansi-"]
)
def test_the_numbers_of_code_pages_are_understood_however_they_are_spelt(number: int, family: str) -> None:
    body = "é".encode() + bytes([0xE5, 0xF5])
    assert decode(body * 3, f"text/html; charset={family}{number}").encoding in (f"cp{number}", "utf-8")
    assert decode(bytes([0xE5, 0x20]) * 3, f"text/html; charset={family}{number}").encoding == f"cp{number}"


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        ("utf_8", "utf-8"), ("UTF 8", "utf-8"), ("iso8859_1", "windows-1252"), ("iso-88592", "iso8859-2"),
        ("iso_8859_15", "iso8859-15"), ("gb-2312", "gb18030"), ("big-5", "big5"), ("shiftjis", "cp932"),
        ("koi8r", "koi8-r"), ("KOI-8", "koi8-r"), ("koi8_u", "koi8-u"), ("cp-866", "cp866"),
        ("win-1252", "windows-1252"),
    ],
)  # fmt: skip
def test_labels_that_no_standard_has_are_understood(label: str, encoding: str) -> None:
    body = "字".encode() if encoding == "utf-8" else bytes([0xB0, 0xA1, 0x20])
    declared = f"<?xml version='1.0' encoding='{label}'?>".encode()
    assert not any("unknown" in problem for problem in decode(declared + body, None).problems)
