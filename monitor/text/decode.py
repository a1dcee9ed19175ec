"""Decode bytes: find the real encoding of a body, which may differ from its declaration.

Declarations are often wrong: pages in UTF-8 declare GB2312, and some servers declare ISO-8859-1 for everything. Text in
another encoding is almost never valid UTF-8 by chance, so UTF-8 is tried before any declaration. Labels have the
meaning that they have in browsers (https://encoding.spec.whatwg.org/): `gb2312` and `gbk` are GB18030, `iso-8859-1` is
windows-1252. A declaration that fits the bytes is overruled only by strong evidence for another language
(`monitor.text.evidence`). Weaker evidence is reported as a problem.
"""

from __future__ import annotations

import codecs
import functools
import re
from dataclasses import dataclass
from typing import Final

from monitor.text.charsets import encoding_of
from monitor.text.evidence import evidence_of_chinese, evidence_of_cyrillic

_HEAD_SIZE: Final = 1 << 16
_SAMPLE_SIZE: Final = 1 << 20
_MIN_PLAUSIBILITY: Final = 0.8
_CLEAR_DIFFERENCE: Final = 0.3
_MIN_SURE_CHARACTERS: Final = 6
_CYRILLIC_ENCODINGS: Final = ("cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic")

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ENCODING_BY_ZEROS: Final = {".000": "utf-32-le", "000.": "utf-32-be", ".0.0": "utf-16-le", "0.0.": "utf-16-be"}

_PYTHON_CODECS: Final = {"big5": "big5hkscs"}
_WIDE_ENCODINGS: Final = frozenset({"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"})
_WINDOWS_1252_CHARACTERS: Final = "".join(
    bytes([byte]).decode("cp1252" if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else "latin-1") for byte in range(256)
)

_LABEL = re.compile(r"[A-Za-z0-9_.:+ -]{1,40}")
_CHARSET_IN_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([^\s"';,]{1,40})""", re.IGNORECASE)
_ENCODING_IN_XML = re.compile(
    rb"""\s{0,100}<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']\s*([^"'\s>]{1,40})""", re.IGNORECASE
)
_CHARSET_IN_META = re.compile(rb"""<meta\b[^>]{0,300}?\bcharset\s*=\s*["']?\s*([^\s"'/>;]{1,40})""", re.IGNORECASE)
_FEED_ROOT = re.compile(rb"<(?:rss|feed|rdf:rdf)\b", re.IGNORECASE)
_NON_ASCII_RUN = re.compile(rb"[\x80-\xff]+")
_LONG_NON_ASCII_RUN = re.compile(rb"[\x80-\xff]{4,}")
_ASCII_RUN = re.compile(r"[\x00-\x7f]+")


@dataclass(frozen=True, slots=True)
class DecodedBody:
    """A body as text. `encoding` is the encoding that was used; `problems` are messages about faults of the body."""

    text: str
    encoding: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Declaration:
    """A declared encoding: the place of the declaration, the label as written, and its meaning (None: unknown)."""

    place: str
    label: str
    encoding: str | None


def decode(body: bytes, content_type: str | None) -> DecodedBody:
    """Read a body as text. Never raises, for any bytes.

    The first of these that fits is used: a byte order mark; UTF-16 or UTF-32, recognised by their zero bytes; valid
    UTF-8; the encoding declared by `content_type`, the XML declaration or a `<meta>` (windows-1252 only if there is no
    strong evidence against it); GB18030, Big5 or a Cyrillic encoding if the text is plausible; windows-1252.
    """
    declared = _declarations(body, content_type)
    known_encoding_and_text = _read_by_mark(body) or _read_as_utf_8(body, declared) or _read_as_declared(body, declared)
    encoding = (
        known_encoding_and_text[0] if known_encoding_and_text else _chinese_or_cyrillic_encoding(body) or "windows-1252"
    )
    text = (known_encoding_and_text[1] if known_encoding_and_text else _decode_replacing_errors(body, encoding)).lstrip(
        "\ufeff"
    )
    if body.isascii() and encoding == "utf-8":
        return DecodedBody(text, encoding)
    bad = text.count("\ufffd") if encoding in _WIDE_ENCODINGS else _count_unreadable(body, text)
    losses = [f"{bad} places could not be read as {encoding}"] if bad else []
    return DecodedBody(
        text, encoding, (*_wrong_declarations(declared, encoding), *losses, *_describe_doubts(body, declared, encoding))
    )


def _read_by_mark(body: bytes) -> tuple[str, str] | None:
    """Return encoding and text if there is a byte order mark, or zero bytes as in UTF-16 and UTF-32; else None."""
    for mark, encoding in _BOMS:
        if body.startswith(mark) and not (encoding == "utf-32-le" and len(body) % 4):
            return encoding, body[len(mark) :].decode(encoding, "replace")
    wide = _ENCODING_BY_ZEROS.get("".join(".0"[byte == 0] for byte in body[:4]))
    return (wide, body.decode(wide, "replace")) if wide else None


def _read_as_utf_8(body: bytes, declared: list[_Declaration]) -> tuple[str, str] | None:
    """Return "utf-8" and the text if the bytes are valid UTF-8, or have only a few errors (as an incomplete end)."""
    if b"\x1b$" in body and any(declaration.encoding == "iso2022_jp" for declaration in declared):
        return None
    try:
        return "utf-8", body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    is_declared = any(declaration.encoding == "utf-8" for declaration in declared)
    bad = _count_unreadable(body, text)
    good = _count_non_ascii(text) - text.count("\ufffd")
    return ("utf-8", text) if good >= bad * (2 if is_declared else 10) else None


def _read_as_declared(body: bytes, declared: list[_Declaration]) -> tuple[str, str] | None:
    """Return a declared encoding and the text, if the bytes fit. ISO-8859-1, which fits any bytes, is tried last."""
    named = [
        declaration.encoding for declaration in declared if declaration.encoding and declaration.encoding != "utf-8"
    ]
    for encoding in sorted(named, key=lambda name: name == "windows-1252"):
        if encoding == "windows-1252" and _is_overruled(body):
            continue
        sample = body[:_SAMPLE_SIZE]
        text = _decode_replacing_errors(sample, encoding)
        if _count_unreadable(sample, text) * 10 <= _count_non_ascii(text) and not _is_other_chinese(
            sample, encoding, text
        ):
            return encoding, _decode_replacing_errors(body, encoding)
    return None


def _is_other_chinese(sample: bytes, encoding: str, text: str) -> bool:
    """Return whether the text is clearly in the other Chinese encoding: Big5 if GB18030 is declared, or the reverse."""
    other = {"gb18030": "big5", "big5": "gb18030"}.get(encoding)
    if other is None:
        return False
    return (
        plausibility(_decode_replacing_errors(sample, other), other) > plausibility(text, encoding) + _CLEAR_DIFFERENCE
    )


def _chinese_or_cyrillic_encoding(body: bytes) -> str | None:
    """Return the encoding in which undeclared bytes are likely Chinese, or a language in Cyrillic letters."""
    chinese_one, cyrillic_one = _chinese_encoding(body), _cyrillic_encoding(body)
    sample = body[:_SAMPLE_SIZE]
    if (
        chinese_one
        and cyrillic_one
        and evidence_of_cyrillic(_decode_replacing_errors(sample, cyrillic_one)).is_strong
        and not evidence_of_chinese(_decode_replacing_errors(sample, chinese_one)).is_strong
    ):
        return cyrillic_one
    return chinese_one or cyrillic_one


def _is_overruled(body: bytes) -> bool:
    """Return whether there is strong evidence that the bytes are not windows-1252, although it is declared."""
    sample = body[:_SAMPLE_SIZE]
    chinese_one, cyrillic_one = _chinese_encoding(body), _cyrillic_encoding(body)
    return (
        chinese_one is not None and evidence_of_chinese(_decode_replacing_errors(sample, chinese_one)).is_strong
    ) or (cyrillic_one is not None and evidence_of_cyrillic(_decode_replacing_errors(sample, cyrillic_one)).is_strong)


def _chinese_encoding(body: bytes) -> str | None:
    """Return GB18030 or Big5: the encoding that gives more common characters. None if the text is not plausible."""
    texts = {encoding: _decode_replacing_errors(body[:_SAMPLE_SIZE], encoding) for encoding in ("gb18030", "big5")}
    scores = {encoding: plausibility(text, encoding) for encoding, text in texts.items()}
    best = max(scores, key=lambda encoding: scores[encoding])
    return best if scores[best] >= _MIN_PLAUSIBILITY and evidence_of_chinese(texts[best]).is_likely else None


def _cyrillic_encoding(body: bytes) -> str | None:
    """Return the Cyrillic encoding in which the bytes look most like a language; None if no such encoding fits."""
    texts = {encoding: _decode_replacing_errors(body[:_SAMPLE_SIZE], encoding) for encoding in _CYRILLIC_ENCODINGS}
    found = {
        encoding: evidence for encoding, text in texts.items() if (evidence := evidence_of_cyrillic(text)).is_likely
    }
    return max(found, key=lambda encoding: (found[encoding].is_strong, found[encoding].count), default=None)


def _describe_doubts(body: bytes, declared: list[_Declaration], encoding: str) -> list[str]:
    """Return a message if another encoding is possible, or if the encoding is not certain; else no message."""
    known = any(declaration.encoding == encoding for declaration in declared)
    if encoding == "windows-1252":
        other = _chinese_or_cyrillic_encoding(body) if known else None
        if other:
            return [f"it may also be {other}; there is too little text to be sure"]
        if not known and _has_long_runs(body):
            return [f"its encoding could not be recognised; read as {encoding}"]
    if (
        not known
        and encoding in ("gb18030", "big5")
        and evidence_of_chinese(_decode_replacing_errors(body[:_SAMPLE_SIZE], encoding)).count < _MIN_SURE_CHARACTERS
    ):
        return [f"its encoding is probably {encoding}; there is too little text to be sure"]
    return []


def _has_long_runs(body: bytes) -> bool:
    """Return whether most characters beyond ASCII are in runs: in Latin scripts they are not."""
    sample = body[:_SAMPLE_SIZE]
    in_runs = sum(map(len, _LONG_NON_ASCII_RUN.findall(sample)))
    return in_runs * 2 > sum(map(len, _NON_ASCII_RUN.findall(sample)))


def plausibility(text: str, encoding: str) -> float:
    """Return which share (0 … 1) of the characters beyond ASCII are in everyday use in Chinese.

    `encoding` is "gb18030" or "big5". Both standards put their common characters first. If the text was read in a wrong
    encoding, its characters are from all parts of the table.
    """
    foreign = _ASCII_RUN.sub("", text)[:4000]
    common = _common_characters(encoding)
    return sum(character in common for character in foreign) / len(foreign) if foreign else 0.0


@functools.cache
def _common_characters(encoding: str) -> frozenset[str]:
    """Return the punctuation and the common characters of GB 2312 (3,755 characters) or Big5 (5,401)."""
    ranges = {"gb18030": (0xA1, 0xA3, 0xB0, 0xD7), "big5": (0xA1, 0xA3, 0xA4, 0xC6)}
    first, last, start, end = ranges[encoding]
    leads = [*range(first, last + 1), *range(start, end + 1)]
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)] if encoding == "big5" else range(0xA1, 0xFF)
    codec = {"gb18030": "gb2312", "big5": "big5"}[encoding]
    return frozenset("".join(bytes((lead, trail)).decode(codec, "ignore") for lead in leads for trail in trails))


def _decode_replacing_errors(body: bytes, encoding: str) -> str:
    if encoding == "windows-1252":
        return codecs.charmap_decode(body, "strict", _WINDOWS_1252_CHARACTERS)[0]
    return body.decode(_PYTHON_CODECS.get(encoding, encoding), "replace")


def _count_unreadable(body: bytes, text: str) -> int:
    """Count the places of `body` that could not be read. `text` is the decoded body, with U+FFFD for these places."""
    return max(0, text.count("\ufffd") - body.count("\ufffd".encode()))


def _count_non_ascii(text: str) -> int:
    return len(_ASCII_RUN.sub("", text))


def _declarations(body: bytes, content_type: str | None) -> list[_Declaration]:
    """Return the declared encodings, the most important first: header, XML declaration, `<meta>`."""
    head = body[:_HEAD_SIZE]
    declaration = []
    if found := _CHARSET_IN_HEADER.search((content_type or "")[:1000]):
        declaration.append(_declaration("Content-Type", found[1]))
    if xml := _ENCODING_IN_XML.match(head.removeprefix(codecs.BOM_UTF8)):
        declaration.append(_declaration_in_body("XML declaration", xml[1]))
    elif not _FEED_ROOT.search(head[:2048]):
        first, *rest = head.split(b"<!--")  # a declaration in a comment does not count
        if meta := _CHARSET_IN_META.search(first + b"".join(part.partition(b"-->")[2] for part in rest)):
            declaration.append(_declaration_in_body("<meta>", meta[1]))
    return declaration


def _declaration_in_body(place: str, label: bytes) -> _Declaration:
    """Read a declaration in the body. UTF-16 or UTF-32 is read as UTF-8, as in browsers: the label itself was ASCII."""
    declaration = _declaration(place, label.decode("latin-1"))
    return _Declaration(place, declaration.label, "utf-8") if declaration.encoding in _WIDE_ENCODINGS else declaration


def _declaration(place: str, label: str) -> _Declaration:
    return _Declaration(place, label, encoding_of(label.lower()) if _LABEL.fullmatch(label) else None)


def _wrong_declarations(declared: list[_Declaration], encoding: str) -> list[str]:
    problems = []
    for declaration in declared:
        label = ascii(declaration.label)[1:-1]
        if declaration.encoding is None:
            problems.append(f"its {declaration.place} declares an unknown encoding {label!r}; read as {encoding}")
        elif declaration.encoding != encoding and not {declaration.encoding, encoding} <= _WIDE_ENCODINGS:
            problems.append(f"its {declaration.place} declares {label}, but it is {encoding}")
    return problems
