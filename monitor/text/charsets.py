"""Names of encodings and what they mean in browsers (https://encoding.spec.whatwg.org/), with common misspellings.

`gb2312` and `gbk` are GB18030, `iso-8859-1` is windows-1252, `cp-1251` is windows-1251.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

# Labels that have another meaning for browsers than for Python, or that Python does not know.
_LABELS: Final = {
    **dict.fromkeys(("utf8", "utf-8", "unicode-1-1-utf-8", "x-unicode20utf8"), "utf-8"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "gb_2312", "gb_2312-80", "gb2312-80", "csgb2312"), "gb18030"),
    **dict.fromkeys(("x-gbk", "cp936", "ms936", "windows-936", "euc-cn", "euccn", "chinese", "iso-ir-58"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cn-big5", "csbig5", "x-x-big5", "cp950", "big5hkscs"), "big5"),
    **dict.fromkeys(("ascii", "us-ascii", "ansi_x3.4-1968", "iso-8859-1", "iso8859-1", "iso88591"), "windows-1252"),
    **dict.fromkeys(("iso_8859-1", "latin1", "latin-1", "l1", "cp819", "ibm819", "cp1252", "x-cp1252"), "windows-1252"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "windows-31j", "csshiftjis"), "cp932"),
    **dict.fromkeys(("euc-kr", "euckr", "ks_c_5601-1987", "ksc5601", "korean", "windows-949", "cseuckr"), "cp949"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("iso-8859-11", "tis-620", "windows-874", "dos-874"), "cp874"),
    **dict.fromkeys(("macintosh", "x-mac-roman"), "mac-roman"),
    **dict.fromkeys(("utf-16", "utf-16le", "unicode", "ucs-2"), "utf-16-le"),
    **dict.fromkeys(("utf-32", "utf-32le", "ucs-4"), "utf-32-le"),
    **dict.fromkeys(("koi", "koi8", "koi-8", "koi8r", "koi8_r", "cskoi8r"), "koi8-r"),
    **dict.fromkeys(("koi8u", "koi8_u", "koi8-ru"), "koi8-u"),
    **dict.fromkeys(("iso-8859-8-i", "iso-8859-8-e", "logical", "visual"), "iso8859-8"),
    "windows-1252": "windows-1252",
    "x-mac-cyrillic": "mac-cyrillic",
    "utf-16be": "utf-16-be",
    "utf-32be": "utf-32-be",
}
# Other encodings on the web, by their Python names. All others are refused, such as `unicode_escape` and `utf-7`.
_CODECS: Final = frozenset(
    {f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
    | {f"cp{n}" for n in (437, 850, 852, 866, 874, 932, 949, 1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)}
    | {"koi8-r", "koi8-u", "euc_jp", "iso2022_jp", "johab", "mac-roman", "mac-cyrillic"}
)

_LABEL_WITHOUT_SEPARATORS = re.compile(r"(?:x|cs)?(iso8859|[a-z]+?)(\d{0,5}[a-z]{0,2})")
_CODEC_PREFIXES: Final = {
    "win": "cp",
    "windows": "cp",
    "ansi": "cp",
    "ms": "cp",
    "ibm": "cp",
    "dos": "cp",
    "codepage": "cp",
}


def encoding_of(label: str) -> str | None:
    """Return the encoding for a label in lower case, also for common non-standard labels: `cp-1251`, `utf_8`."""
    known = _LABELS.get(label) or _look_up(label)
    if known:
        return known
    parts = _LABEL_WITHOUT_SEPARATORS.fullmatch(re.sub(r"[^a-z0-9]", "", label))
    if parts is None:
        return None
    family, number = _CODEC_PREFIXES.get(parts[1], parts[1]), parts[2]
    spellings = [f"{family}{number}", f"{family}-{number}", f"windows-{number}"]
    if family == "iso8859":
        spellings = [f"iso-8859-{number}"]
    return next(filter(None, (_LABELS.get(name) or _look_up(name) for name in spellings)), None)


def _look_up(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return name if name in _CODECS else _LABELS.get(name)
