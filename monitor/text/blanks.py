"""The blanks of a folded text: which of them part something, and which a typesetter or a mail program put there.

A blank between single Chinese characters means nothing (`通　知` is `通知`), and neither does a line end where a line
of Chinese wraps. Two runs of two or more Chinese characters stay apart, though (`湖南 京东` has no `南京`), and so do
the blocks of a text: paragraphs, items, cells, which an empty line parts. A new line that is indented by a wide blank,
as Chinese paragraphs are, begins a block too.

Blanks between Chinese and other characters mean nothing either. They stay here, since it is quicker to look for the few
terms that have such a place in both ways (`monitor.rules.patterns`).
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias

import numpy as np

from monitor.text.kinds import HAN, UNSPACED

BLANK: Final = " "
LINE_END: Final = "\x1f"
WIDE_BLANK: Final = "\x1e"
BLOCK_END: Final = "\x1d"
"""How a text has its blanks that is given to `settle_blanks`. To Python all are blanks, so a folded text has no others.

A block end stays, so that no phrase reaches from one block into the next.
"""

DROPPED: Final = "\ufffe"
"""A noncharacter, in the place of each blank that goes."""

_RUNS: Final = re.compile("[ \x1d-\x1f]{2,}")
_MESSY_LINES: Final = (" \x1f", "\x1f ")
_BETWEEN_HAN: Final = re.compile(f"[ \x1f](?<=[{HAN}].)(?={DROPPED}*[{HAN}])")
_IN_WORD: Final = re.compile(f"[{HAN}]|(?![{UNSPACED}])[^\\W_]")
_COMMON: Final = "\u4e00", "\u9fff"
_FIRST_HAN: Final = 0x2E80
_LAST_BLANK: Final = 0x20

_BETWEEN: Final = b"\x01\xff\x01"  # a blank between two characters that are Chinese or nearly so

Codes: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Flags: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]


def settle_blanks(text: str, codes: Codes | None = None) -> str:
    """Return the text with one blank where blanks part something; those that go are marked by `DROPPED`.

    `codes` are the UTF-16 code units of the text, if they are at hand; one of Chinese may be any other of Chinese.
    """
    if LINE_END in text:
        text, codes = text.replace("\x1f\x1f", "\x1d\x1d"), None
        messy = any(sign in text for sign in _MESSY_LINES)
    else:
        messy = False
    if messy or "  " in text or WIDE_BLANK in text:
        text, codes = _RUNS.sub(_one_of_run, text).replace(WIDE_BLANK, BLANK), None
    if not text.isascii():
        text = _closed(text, codes)
    return text.replace(LINE_END, BLANK) if LINE_END in text else text


def staying(text: str) -> Flags:
    """Return which characters stay of a text that `settle_blanks` has marked."""
    stays: Flags = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4") != ord(DROPPED)
    return stays


def _one_of_run(run: re.Match[str]) -> str:
    """Return what a run of blanks is: the end of a block, of a line, or a blank."""
    blanks = run[0]
    lines = blanks.count(LINE_END)
    ends = lines > 1 or BLOCK_END in blanks or (lines and WIDE_BLANK in blanks[blanks.index(LINE_END) :])
    sign = BLOCK_END if ends else LINE_END if lines else BLANK
    return sign + DROPPED * (len(blanks) - 1)


def _closed(text: str, codes: Codes | None) -> str:
    """Return the text with the blanks marked that are between Chinese characters and part nothing."""
    kinds = _kinds(text if codes is None else codes)
    found = kinds.find(_BETWEEN)
    if found < 0:
        return text
    if len(kinds) != len(text):
        kinds = _kinds(text)
        found = kinds.find(_BETWEEN)
    pieces: list[str] = []
    done = 0
    while found >= 0:
        at = found + 1
        if not _parts(text, at) and _BETWEEN_HAN.match(text, at):
            pieces += (text[done:at], DROPPED)
            done = at + 1
        found = kinds.find(_BETWEEN, at)
    return "".join((*pieces, text[done:])) if pieces else text


def _kinds(text: str | Codes) -> bytes:
    """Return a byte for each character: 1 for Chinese and what is above it, -1 for blanks, 0 for others."""
    if isinstance(text, str):
        text = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return ((text >= _FIRST_HAN).view(np.int8) - (text <= _LAST_BLANK).view(np.int8)).tobytes()


def _parts(text: str, at: int) -> bool:
    """Return whether the blank at `at`, if it is between Chinese characters, parts two runs of them."""
    if text[at] == LINE_END:
        return False
    if _COMMON[0] <= text[at - 2 : at - 1] <= _COMMON[1] and _COMMON[0] <= text[at + 2 : at + 3] <= _COMMON[1]:
        return True
    after = at + 1
    while text[after : after + 1] == DROPPED:
        after += 1
    return bool(at > 1 and _IN_WORD.match(text, at - 2) and _IN_WORD.match(text, after + 1))
