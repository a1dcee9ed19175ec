"""Find the sentence around a place in a text, and the ends of sentences: for English, Chinese and mixed text."""

from __future__ import annotations

from typing import Final

from monitor.lazy import lazy_pattern
from monitor.text.kinds import HAN

_LINE_ENDS: Final = frozenset("\n\r\x0b\x0c\x85\u2028\u2029")
_HAN_ENDS: Final = frozenset("。！？；…｡")
_LATIN_ENDS: Final = frozenset(".!?")
_CLOSING_SIGNS: Final = frozenset("”’」』）】》〉)]}»")
_STRAIGHT_QUOTES: Final = frozenset("\"'")
_FIRST_HAN: Final = "\u2e80"
_MAX_WORD_LOOKUP: Final = 24
_MAX_CLOSING_SIGNS: Final = 8

_LINE_END = lazy_pattern("[\n\r\x0b\x0c\x85\u2028\u2029]")
# Text before and after a line end where a line of Chinese wraps: letters, or a comma or colon before it.
_WRAP_BEFORE = lazy_pattern(f"[{HAN}A-Za-z0-9，、：][ \t\r]*\\Z")
_WRAP_AFTER = lazy_pattern(f"[ \t]*(?:[A-Za-z0-9]|([{HAN}]))")
_SENTENCE_MARK = lazy_pattern("[。！？｡.!?]")
_WORD_BEFORE = lazy_pattern(r"[A-Za-z]+(?:\.[A-Za-z]+)*\Z")
_DOTTED_ABBREVIATION = lazy_pattern(r"[A-Za-z](?:\.[A-Za-z])*")
_PLAIN_WORD = lazy_pattern(r"(?<![A-Za-z.])(?:(?=[a-z]*[aeiouy])[a-z]{4,}|[A-Za-z0-9]*[0-9])\Z")
_NEXT_WORD = lazy_pattern(r"\s*[\"'“‘(\[]*([A-Za-z]+|[0-9])?")


def _split_words(words: str) -> frozenset[str]:
    return frozenset(words.split())


# A name follows these, never a new sentence.
_PERSONAL_TITLES: Final = _split_words(
    "mr mrs ms mx dr prof sen rep gov gen col maj capt cmdr lt sgt rev hon pres supt messrs vs cf e.g i.e viz"
)
# These are abbreviations if a number follows, otherwise words: "No. 5", "Oct. 6", "He sat."
_ABBREVIATIONS_BEFORE_NUMBERS: Final = _split_words(
    "no nos fig figs eq sec art ch vol pp p approx ca jan feb mar apr jun jul aug sep sept oct nov dec "
    "mon tue tues wed thu thur thurs fri sat sun"
)
# These, "U.S." and initials may also end a sentence: if the next word is a typical first word of a sentence.
_ABBREVIATIONS_ALSO_AT_END: Final = _split_words(
    "inc ltd co corp llc plc jr sr st mt ft dept assn bros univ etc esq ave blvd rd ph.d"
)
# Abbreviations of four letters or more. Those without a vowel need not be listed.
_LONG_ABBREVIATIONS: Final = _split_words(
    "abbr addr approx appl assoc attn auth avail calc cert circ coll comm conf cont coop corr cust descr diam dict "
    "diff dist econ educ elec elev engl engr equiv excl exec exer expl fict freq govt hist hosp illus immed incl indiv "
    "info inst instr insur intl intro inval invest legis libr lieut manuf maths mech mgmt misc natl nois norm obit "
    "occas orig paren perf pers phys pres prev prob prod publ quot recd regd relig repr resp sched scient secy spec "
    "stat supp surg syst tech temp theol trans transl treas univ util vocab"
)
_SENTENCE_STARTERS: Final = _split_words(
    "A An And As At But By For From He Her His However If In It Its Meanwhile Moreover Now On Our She Some That The "
    "Their Then There These They This Those To We What When While With You Your"
)


def sentence_at(text: str, start: int, end: int, limit: int = 300) -> tuple[int, int]:
    """Return the start and end of the sentence that contains `text[start:end]`, without blanks around it.

    If the span is in several sentences, all of them are included. The result has at most `limit` code points: a longer
    sentence is shortened at word borders around the span, and a longer span is itself shortened. A line end ends a
    sentence. A point in a decimal or an abbreviation does not.
    """
    start = max(0, min(start, len(text)))
    end = max(start, min(end, len(text)))
    if end - start > limit:
        return _trim_blanks(text, start, start, start, _word_border(text, start + limit, start + 1, -1))
    floor, ceiling = max(0, start - limit), min(len(text), end + limit)
    before = (_end_after(text, at) for at in range(start - 1, floor - 1, -1))
    first = next((after for after in before if after is not None and after <= start), floor)
    behind = (_end_after(text, at) for at in range(max(start, end - _MAX_CLOSING_SIGNS), ceiling))
    last = next((after for after in behind if after is not None and after >= end and after > start), ceiling)
    first, last = _trim_blanks(text, first, start, end, min(last, ceiling))
    return (first, last) if last - first <= limit else _cut_around(text, (first, last), start, end, limit)


def sentence_ends(text: str) -> list[int]:
    """Return where the sentences of a text end, in order: after `。！？`, points that end a sentence, and line ends.

    A line end where a line of Chinese wraps does not end a sentence. A semicolon and an ellipsis do not end a sentence
    here either: they separate parts of one sentence (GB/T 15834).
    """
    lines = [line.end() for line in _LINE_END.finditer(text) if not _is_line_wrap(text, line.start())]
    marks = [_end_after(text, mark.start()) for mark in _SENTENCE_MARK.finditer(text)]
    return sorted({*lines, *(after for after in marks if after is not None)})


def _is_line_wrap(text: str, at: int) -> bool:
    """Return whether the line end at `at` is within a Chinese sentence, as in text of a fixed width.

    A line that is indented by a wide blank, or that follows an empty line, begins a paragraph.
    """
    if text[at] != "\n":
        return text[at : at + 2] == "\r\n"
    before = _WRAP_BEFORE.search(text, max(0, at - _MAX_CLOSING_SIGNS), at)
    after = _WRAP_AFTER.match(text, at + 1)
    return bool(before and after and (after[1] or before[0][0] >= _FIRST_HAN))


def _end_after(text: str, at: int) -> int | None:
    """Return the end of the sentence that is closed by the mark `text[at]`; None if that is not an end mark.

    The end is after further end marks and closing quotes. A straight quote is a closing quote if a blank or nothing
    follows it.
    """
    mark = text[at]
    if mark in _LINE_ENDS:
        return at + 1
    if mark not in _HAN_ENDS and mark not in _LATIN_ENDS:
        return None
    after, stop = at + 1, min(len(text), at + 1 + _MAX_CLOSING_SIGNS)
    while after < stop and (text[after] in _HAN_ENDS or text[after] in _LATIN_ENDS):
        after += 1
    while after < stop and (
        text[after] in _CLOSING_SIGNS or (text[after] in _STRAIGHT_QUOTES and not text[after + 1 : after + 2].strip())
    ):
        after += 1
    if mark in _HAN_ENDS or after == len(text):
        return after
    return after if _is_latin_end(text, at, after) else None


def _is_latin_end(text: str, at: int, after: int) -> bool:
    """Return whether the point, `!` or `?` at `at` ends a sentence. The text after its closing quotes is at `after`."""
    following = text[after]
    before = text[at - 1] if at else " "
    if following >= _FIRST_HAN:
        return not (text[at] == "." and before.isdigit())
    if following in _LINE_ENDS:
        return True
    if not following.isspace():
        return False
    found = _NEXT_WORD.match(text, after, after + _MAX_WORD_LOOKUP)
    word = (found[1] if found else "") or ""
    if word[:1].islower():
        return after == at + 1 and _follows_plain_word(text, at)
    return not (text[at] == "." and after == at + 1 and _is_abbreviation(text, at, word))


def _follows_plain_word(text: str, at: int) -> bool:
    """Return whether the word before the mark ends a sentence although the next word has no capital letter.

    This is so for a word in small letters that is not an abbreviation, and for a word that ends with a digit:
    `a plan. web3 is`, `in 2023. iPads`.
    """
    found = _PLAIN_WORD.search(text[max(0, at - _MAX_WORD_LOOKUP) : at])
    return (
        found is not None
        and found[0]
        not in _LONG_ABBREVIATIONS | _PERSONAL_TITLES | _ABBREVIATIONS_BEFORE_NUMBERS | _ABBREVIATIONS_ALSO_AT_END
    )


def _is_abbreviation(text: str, at: int, following: str) -> bool:
    found = _WORD_BEFORE.search(text[max(0, at - _MAX_WORD_LOOKUP) : at])
    if not found:
        return False
    word = found[0].lower()
    if word in _ABBREVIATIONS_BEFORE_NUMBERS:
        return following.isdigit()
    either = word in _ABBREVIATIONS_ALSO_AT_END or _DOTTED_ABBREVIATION.fullmatch(word)
    return word in _PERSONAL_TITLES or (bool(either) and following not in _SENTENCE_STARTERS)


def _trim_blanks(text: str, first: int, start: int, end: int, last: int) -> tuple[int, int]:
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def _cut_around(text: str, sentence: tuple[int, int], start: int, end: int, limit: int) -> tuple[int, int]:
    """Return the start and end of at most `limit` code points of the sentence around the span, at word borders.

    The span is in the middle if the sentence has enough text on both sides.
    """
    first = max(sentence[0], start - (limit - (end - start)) // 2)
    last = min(sentence[1], first + limit)
    first = max(sentence[0], last - limit)
    return _trim_blanks(text, _word_border(text, first, start, 1), start, end, _word_border(text, last, end, -1))


def _word_border(text: str, at: int, stop: int, step: int) -> int:
    """Return the word border nearest to `at` between `at` and `stop`; `at` itself within a very long word."""
    for border in range(at, stop + step, step):
        sides = text[border - 1 : border + 1] if 0 < border < len(text) else " "
        if not all(side.isalnum() and side < _FIRST_HAN for side in sides):
            return border
    return at
