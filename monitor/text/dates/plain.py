"""Bring a text into the normal form for the readers of dates."""

from __future__ import annotations

import unicodedata
from typing import Final

_PLAIN_CHARACTERS: Final = (
    str.maketrans(
        "號點時國鐘個週禮發間佈剛兩頁開傳資後編輯訂維護張貼報標實選○년월일시분초⁄∕︰∶’ʼ‘`´",
        "号点时国钟个周礼发间布刚两页开传资后编辑订维护张贴报标实选〇年月日时分秒//::'''''",
    )
    | dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
    | {ord("ı"): "i", ord("İ"): "i"}
    | dict.fromkeys(map(ord, "【〔「『<《】〕」』>》"), "|")
)


def plain(text: str) -> str:
    """Return `text` in lower case and Unicode NFKC, with one kind of dash and apostrophe, and with single blanks.

    Chinese characters in labels and units are simplified. Korean units become the Chinese ones.
    """
    return " ".join(unicodedata.normalize("NFKC", text).translate(_PLAIN_CHARACTERS).lower().split())
