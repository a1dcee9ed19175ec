"""Decide whether decoded text looks like Chinese, or like a language in Cyrillic letters.

Any bytes make characters in any encoding. A language is recognised by its most common characters: a tenth of all
characters make two thirds of a Chinese text, and ten letters make sixty per cent of a Russian text (Jun Da, Modern
Chinese Character Frequency List, 2004; the counts of letters in the Russian National Corpus). In text that was read in
a wrong encoding, rare characters are as frequent as common ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from monitor.lazy import lazy_pattern

_SAMPLE_LENGTH: Final = 32_000  # characters of a document
_COMMON_HAN_CHARACTERS: Final = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多"
    "经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性"
    "知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见利等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任"
    "常先海通教儿原东提立及比员解水名真论处走义各入几口条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场"
    "件计管期市直德资命山金指克许统区保至队形社便空决治展司五基书非则听白却界达光放强即像且权思设完式色路记南品住告类求据程北"
    "边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运省会议办委监局府通知布闻网站研究企投融股票京广州庆這個們來為國說"
    "時會對過發後裡樣無與長機經問關點業將兩間應戰頭體話內門東員論處義條氣題爾別變總電數報結務場計資許統區隊書則聽達強權設記類據"
    "張該規萬領確傳師觀術識帶導爭運還進現沒動學從當實軍產給兒期議辦監聞網廣慶開親見誰讓"
)
_HAN = lazy_pattern(r"[㐀-鿿]")
_WIDE_RUN = lazy_pattern(r"[　-〿㐀-鿿！-￮]{2,}")
_WIDE_CHARACTER = lazy_pattern(r"[　-〿㐀-鿿！-￮]")
_MIN_SHARE_IN_RUNS: Final = 0.6
_STRONG_SHARE_IN_RUNS: Final = 0.8
_MIN_DIFFERENT_HAN: Final = 8
_MIN_DIFFERENT_COMMON_HAN: Final = 4
_MIN_SHARE_OF_COMMON_HAN: Final = 0.25  # any bytes have 0.08 in GB18030 and 0.06 in Big5

_CYRILLIC_WORD = lazy_pattern(r"[А-Яа-яЁёІіЇїЄєҐґЎўЈјЉљЊњЋћЂђЏџ]+")
_COMMON_CYRILLIC_LETTERS: Final = frozenset("оеаинтсрвлі")
# Of Russian, Ukrainian, Bulgarian and Serbian.
_SMALL_WORDS: Final = frozenset(
    (
        *("и", "в", "на", "не", "с", "по", "о", "за", "из", "для", "от", "как", "что", "до", "к", "у", "а", "но"),
        *("же", "бы", "это", "его", "при", "об", "или", "і", "та", "з", "що", "як", "від", "про", "й", "се", "да"),
        *("е", "са", "ще", "като", "към", "след", "је", "од", "који", "под", "над", "без", "со", "во", "їх", "не"),
    )
)
_INNER_CAPITAL = lazy_pattern(r"[а-яёіїєґў](?=[А-ЯЁІЇЄҐЎ])")
_NON_ASCII = lazy_pattern(r"[^\x00-\x7f\s]")
_MIN_SHARE_OF_LETTERS: Final = 0.8
_MIN_SHARE_OF_COMMON_LETTERS: Final = 0.45
_MIN_DIFFERENT_LETTERS: Final = 6
_MIN_LETTERS: Final = 10
_MIN_LETTERS_TO_OVERRULE: Final = 20


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence for a language. `is_strong` evidence overrules the encoding that a document declares.

    `count` is the number of characters of the language that were found.
    """

    is_likely: bool
    is_strong: bool
    count: int


def evidence_of_chinese(text: str) -> Evidence:
    """Return the evidence for Chinese: most wide characters must be in runs of two or more.

    Single Chinese characters among Latin letters are misread accents. The evidence is strong if there are enough
    different characters, and enough of them are among the most common Chinese ones.
    """
    sample = text[:_SAMPLE_LENGTH]
    wide, han = len(_WIDE_CHARACTER.findall(sample)), _HAN.findall(sample)
    if not wide:
        return Evidence(is_likely=False, is_strong=False, count=0)
    in_runs = sum(map(len, _WIDE_RUN.findall(sample))) / wide
    common = [character for character in han if character in _COMMON_HAN_CHARACTERS]
    strong = (
        in_runs >= _STRONG_SHARE_IN_RUNS
        and len(set(han)) >= _MIN_DIFFERENT_HAN
        and len(set(common)) >= _MIN_DIFFERENT_COMMON_HAN
        and len(common) >= _MIN_SHARE_OF_COMMON_HAN * len(han)
    )
    return Evidence(in_runs >= _MIN_SHARE_IN_RUNS, strong, len(han))


def evidence_of_cyrillic(text: str) -> Evidence:
    """Return the evidence for a language in Cyrillic letters.

    A language is likely if nearly all characters beyond ASCII are Cyrillic letters, the letters that are common in
    Russian are common, and capitals are only at the start of words or in words of capitals. The evidence is strong if
    the text also has the small words that every text has ("и", "в", "на").
    """
    sample = text[:_SAMPLE_LENGTH]
    words = _CYRILLIC_WORD.findall(sample)
    letters = "".join(words).lower()
    common = sum(letter in _COMMON_CYRILLIC_LETTERS for letter in letters)
    inner_capitals = sum(len(_INNER_CAPITAL.findall(word)) for word in words)
    likely = (
        len(letters) >= max(_MIN_LETTERS, _MIN_SHARE_OF_LETTERS * len(_NON_ASCII.findall(sample)))
        and len(set(letters)) >= _MIN_DIFFERENT_LETTERS
        and common >= _MIN_SHARE_OF_COMMON_LETTERS * len(letters)
        and inner_capitals * 5 <= len(words)
    )
    small = sum(word.lower() in _SMALL_WORDS for word in words)
    strong = likely and len(letters) >= _MIN_LETTERS_TO_OVERRULE and small * 25 >= len(words)
    return Evidence(likely, strong, len(letters))
