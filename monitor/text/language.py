"""Find the language of a text: by its script if only one language uses it, else as declared, else by small words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final


def _split_words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SAMPLE_LENGTH: Final = 5_000
_MIN_SMALL_WORDS: Final = 20
_SUBTAG_CASES: Final[dict[int, Callable[[str], str]]] = {2: str.upper, 4: str.capitalize}  # a region, a script
_SCRIPT_PATTERNS: Final = {
    "han": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
    "kana": re.compile("[\u3041-\u30fa]"),
    "ko": re.compile("[\uac00-\ud7a3]"),
    "th": re.compile("[\u0e01-\u0e5b]"),
    "he": re.compile("[\u05d0-\u05ea]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "hi": re.compile("[\u0904-\u0939]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "arabic": re.compile("[\u0620-\u06d3]"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f]"),
}
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,5}")
_LANGUAGES_OF_SCRIPT: Final = {
    "cyrillic": _split_words("ru uk be bg sr mk kk ky mn tg"),
    "arabic": _split_words("ar fa ur ps ug ckb sd"),
}
_LANGUAGES_NOT_IN_LATIN: Final = _split_words("zh ja ko th he el hi ar fa ur ru uk bg be mk")
_MIN_KANA_SHARE: Final = 0.05
_HAN_WEIGHT: Final = 3  # letters for which a Chinese character counts
_SMALL_WORDS: Final = {
    "en": _split_words("the and of to in is that for it with as was on are by this from have"),
    "de": _split_words("der die und das den von ist mit nicht dem ein eine auf für sich auch des wird"),
    "fr": _split_words("le la les des et est une dans que pour qui sur pas par plus avec sont du"),
    "es": _split_words("el los las que del una por con para como más pero sus este fue al lo"),
    "it": _split_words("il che di della per una sono con del non gli alla anche più dei nel è"),
    "pt": _split_words("o que do da em um para não uma os com no na por mais dos ao são"),
    "nl": _split_words("de het een van en dat op te zijn voor niet met aan er om ook bij"),
}
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str, declared: Sequence[str | None] = ()) -> str | None:
    """Return the BCP 47 tag of the language of `text`; None if it cannot be found.

    If only one language uses the script of the text, the result is that language, whatever is declared: Chinese pages
    often declare English. A declared tag is kept in full (`zh-TW`) if the text is in the script of its language.
    """
    tags = [tag for stated in declared if stated and (tag := _normalize_tag(stated))]
    script = _main_script(text[:_SAMPLE_LENGTH])
    if script is None:
        return tags[0] if tags else None
    if script not in {"cyrillic", "arabic", "latin"}:
        return next((tag for tag in tags if tag.partition("-")[0] == script), script)
    if script == "latin":
        return _guess_by_small_words(
            text[:_SAMPLE_LENGTH], [tag for tag in tags if tag.partition("-")[0] not in _LANGUAGES_NOT_IN_LATIN]
        )
    fitting = [tag for tag in tags if tag.partition("-")[0] in _LANGUAGES_OF_SCRIPT[script]]
    return fitting[0] if fitting else {"cyrillic": "ru", "arabic": "ar"}[script]


def _normalize_tag(tag: str) -> str | None:
    """Return a tag in its usual form: `zh_cn` → `zh-CN`, `zh-cmn-Hans` → `zh-Hans`; None if it is no language tag."""
    if not _TAG.fullmatch(tag.strip()):
        return None
    first, *rest = re.split("[-_]", tag.strip().lower())
    language = {"cn": "zh", "jp": "ja", "kr": "ko"}.get(first, first)
    further = next((part for part in rest if len(part) in _SUBTAG_CASES), "")
    return f"{language}-{_SUBTAG_CASES[len(further)](further)}" if further else language


def _main_script(sample: str) -> str | None:
    """Return the most frequent script of the text; if only one language uses it, the language tag (`ko`)."""
    counts = {name: len(letters.findall(sample)) for name, letters in _SCRIPT_PATTERNS.items()}
    kana, han = counts.pop("kana"), counts.pop("han")
    if kana + han:
        counts["ja" if kana > _MIN_KANA_SHARE * (kana + han) else "zh"] = _HAN_WEIGHT * (kana + han)
    most = max(counts, key=lambda name: counts[name])
    return most if counts[most] >= _MIN_SMALL_WORDS or (most in {"zh", "ja"} and counts[most]) else None


def _guess_by_small_words(sample: str, fitting: Sequence[str]) -> str | None:
    """Return the language that has the most small words in the text ("the", "der").

    If a language in Latin letters is declared (`fitting`), it is kept unless another one has clearly more small words.
    None if no language is declared and the text has too few words.
    """
    words = _WORD.findall(sample.lower())
    counts = {language: sum(word in small for word in words) for language, small in _SMALL_WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    if fitting and counts[best] < 3 * (counts.get(fitting[0].partition("-")[0], counts[best]) + 1):
        return fitting[0]
    if counts[best] * 10 < len(words) or len(words) < _MIN_SMALL_WORDS:
        return fitting[0] if fitting else None
    return best
