"""Translate word lists of TrendRadar: groups of words that are separated by empty lines and searched for in titles.

A word is a substring, ignoring case. `/…/` is a regular expression. `+word` must also occur. `!word` excludes titles,
for all groups of the list. `@5` limits how many titles are shown. `=> name` names a word, `[name]` names a group. After
`[GLOBAL_FILTER]`, all words exclude titles. (Source: the matcher of TrendRadar 6.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from monitor.errors import RuleError
from monitor.interchange.base import WordList
from monitor.interchange.trendradar import expressions
from monitor.rules.engine import compile_rules
from monitor.rules.patterns import UnusableTerm, patterns_of
from monitor.rules.problems import RuleWarning
from monitor.rules.regexes import check_regex

EXCLUDED_CONCEPT = "excluded"  # the concept for the words that exclude titles in all groups
_SECTIONS = {"GLOBAL_FILTER", "WORD_GROUPS"}
_MAX_NAME_LENGTH = 80
_QUOTE_SIGNS = set('*"“”„‟＂')
_SHORT_LATIN_WORD = re.compile(r"[a-z0-9]{1,3}", re.ASCII)
_SUSPICIOUS_WORDS = (
    (re.compile(r"^[！＋＠＃]"), "the full-width sign is read as part of the word", "write it as !, +, @ or #"),
    (re.compile(r"\S\s+#"), "the comment is read as part of the word", "put comments on lines of their own"),
    (re.compile(r"[^|]\|[^|]"), 'the "|" is read literally, so this is one long word', "put it between slashes: /a|b/"),
    (
        re.compile(r"\w[,，、；;]\s*\w"),
        "the comma is read literally, so this is one long word",
        "write a word on each line",
    ),
    (re.compile(r"^\[.*\]$"), "the name of the group comes after its first line and is read as a word", "put it first"),
    (re.compile(r"^/"), "the slash is read literally", "write a regular expression between two slashes"),
)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


@dataclass(slots=True)
class _Group:
    """The operands of one group, as texts in the rule language."""

    name: str = ""
    labels: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    required: list[str] = field(default_factory=list)
    line: int = 1


def import_word_list(text: str) -> WordList:
    """Translate a word list of TrendRadar into rules and concepts with the same meaning. Accepts any text.

    Every rule searches titles, as TrendRadar does. Parts that cannot be kept (a limit of what is shown, a word that
    would find everything) are left out with a warning.
    """
    return _Importer().read(text)


class _Importer:
    def __init__(self) -> None:
        self._groups: list[_Group] = []
        self._excluded: list[str] = []
        self._excluded_regexes: list[str] = []
        self._warnings: list[RuleWarning] = []
        self._filtering = False
        self._where = ""

    def read(self, text: str) -> WordList:
        for lines in self._split_blocks(text):
            self._read_block(lines)
        if not self._groups:
            self._warn(1, "the list has no group of words; TrendRadar then shows everything", "add a word")
        concepts = {EXCLUDED_CONCEPT: tuple(dict.fromkeys(self._excluded))} if self._excluded else {}
        rules = dict(self._compiled_rules(concepts))
        return WordList(rules, concepts, tuple(self._warnings))

    def _warn(self, line: int, message: str, hint: str = "") -> None:
        self._warnings.append(RuleWarning(self._where or "the list", line, 1, message, hint))

    def _split_blocks(self, text: str) -> Iterator[list[_Line]]:
        """Yield the blocks of lines that empty lines separate, without comments. A line of blanks is not empty here."""
        if text.startswith("\ufeff"):
            self._warn(1, "the byte order mark at the start is left out", "save the list without it")
        raw = re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff")).split("\n")
        block: list[_Line] = []
        for number, line in enumerate(raw, start=1):
            if not line and block:
                yield from self._remove_comments(block)
                block = []
            elif line:
                block.append(_Line(number, line))
        yield from self._remove_comments(block)

    def _remove_comments(self, block: list[_Line]) -> Iterator[list[_Line]]:
        lines = [_Line(line.number, line.text.strip()) for line in block]
        content = [line for line in lines if line.text and not line.text.startswith("#")]
        for line in lines:
            if not line.text and content and content[0].number < line.number < content[-1].number:
                self._warn(line.number, "the line has spaces and so does not separate two groups", "make it empty")
        if content:
            yield content

    def _read_block(self, lines: list[_Line]) -> None:
        section = lines[0].text.upper()
        if section in {"[GLOBAL_FILTER]", "[WORD_GROUPS]"}:
            self._filtering = section == "[GLOBAL_FILTER]"
            lines = lines[1:]
        for line in lines:
            if _text_in_brackets(line.text).upper() in _SECTIONS:
                hint = "write it without spaces, after an empty line"
                self._warn(line.number, f"{line.text} is within a group and is read as a word", hint)
        if self._filtering:
            self._where = "[GLOBAL_FILTER]"
            for line in lines:
                self._read_filter(line)
        elif lines:
            self._read_group(lines)

    def _read_filter(self, line: _Line) -> None:
        """Read a global filter, which is always a plain text."""
        if line.text[0] in "!+@":
            self._warn(line.number, f"{line.text} does nothing among the global filters", f"write {line.text[1:]}")
        elif "=>" in line.text or re.fullmatch(r"/.+/[a-z]*", line.text):
            message = f"{line.text} is read literally: global filters are plain texts"
            self._warn(line.number, message, f"put !{line.text} in a group, where it excludes everywhere too")
            self._exclude_everywhere([_substring_operand(line.text)])
        else:
            self._exclude_everywhere(self._plain_operands(line.number, line.text))

    def _read_group(self, lines: list[_Line]) -> None:
        name = _text_in_brackets(lines[0].text)
        group = _Group(name="" if name.upper() in _SECTIONS else name, line=lines[0].number)
        self._where = group.name or lines[0].text
        for line in lines[1:] if group.name else lines:
            sign, rest = line.text[0], _Line(line.number, line.text[1:])
            if sign == "@":
                self._read_limit(rest)
            elif sign == "!":
                self._warn(line.number, f"{line.text} excludes in all groups, not only in this one")
                self._exclude_everywhere(self._read_word(rest, None))
            elif sign == "+":
                group.required += _join_with_or(self._read_word(rest, group))
            else:
                group.words += self._read_word(line, group)
        if group.words or group.required:
            self._groups.append(group)

    def _read_limit(self, line: _Line) -> None:
        if re.fullmatch(r"\s*\+?\d+\s*", line.text):
            self._warn(line.number, f"the limit @{line.text} is left out", "rules do not limit what a digest shows")
        else:
            self._warn(line.number, f"@{line.text} is not a limit and does nothing", "write only @ and a number")

    def _exclude_everywhere(self, operands: Iterable[str]) -> None:
        """Exclude these operands in every rule. Words go into a concept, which cannot contain regular expressions."""
        for operand in operands:
            (self._excluded_regexes if operand.startswith(("/", "(")) else self._excluded).append(operand)

    def _read_word(self, line: _Line, group: _Group | None) -> list[str]:
        """Return the operands of one line. At least one of them must match."""
        before, arrow, label = line.text.partition("=>")
        word = before.strip()
        if group is not None:
            group.labels.append((arrow and label.strip()) or word)
        if not word:
            self._warn(line.number, "the line has no word; in TrendRadar it matches everything", "add a word")
            return []
        inner = re.fullmatch(r"/(.+)/[a-z]*", word)
        if inner and _is_valid_regex(inner[1]):
            return self._regex_operands(line.number, inner[1])
        if inner:
            self._warn(line.number, f"the regular expression {word} is not valid and is read as a word", "fix it")
        return self._plain_operands(line.number, word)

    def _plain_operands(self, number: int, word: str) -> list[str]:
        for sign, message, hint in _SUSPICIOUS_WORDS:
            if sign.search(word):
                self._warn(number, f"{word}: {message}", hint)
                break
        if _SHORT_LATIN_WORD.fullmatch(word.lower()):
            hint = f"for the whole word write {word} in the rule, without *"
            self._warn(number, f'"{word}" is found within other words too', hint)
        return [_substring_operand(word)]

    def _regex_operands(self, number: int, source: str) -> list[str]:
        parts = expressions.split_alternatives(source)
        kept = [part for part in parts if part]
        if len(kept) < len(parts):
            message = f"/{source}/ has an empty alternative, which matches everything; it is left out"
            self._warn(number, message, "check the | signs")
        if re.search(r"\\b[A-Za-z]|[A-Za-z]\\b", source):
            message = f"/{source}/ finds no Latin word that touches Chinese, as in 发布AI白皮书"
            hint = "in the rule, write the word without slashes; then a Chinese character may follow it"
            self._warn(number, message, hint)
        plain = [word for part in kept if (word := expressions.literal_text(part))]
        others = [part for part in kept if not expressions.literal_text(part)]
        operands = [_substring_operand(word) for word in plain]
        try:
            if others:
                operands.append(_join_conditions(others[0]) if len(kept) == 1 else _regex_operand("|".join(others)))
        except (expressions.NoCounterpart, UnusableTerm) as error:
            self._warn(number, f"/{'|'.join(others)}/ is left out: {error}", "write it as words, with AND, OR and NOT")
        return operands

    def _compiled_rules(self, concepts: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
        """Yield the name and expression of each rule that can be compiled. Each name is used once."""
        taken: set[str] = set()
        excluded = [f"@{EXCLUDED_CONCEPT}"] if concepts else []
        excluded += dict.fromkeys(self._excluded_regexes)
        for group in self._groups:
            name = _unused_name(group.name or " / ".join(group.labels), taken)
            parts = _join_with_or(group.words) + list(dict.fromkeys(group.required))
            if excluded:
                parts.append(f"NOT {_join_with_or(excluded)[0]}")
            expression = f"title:({' AND '.join(parts)})" if len(parts) > 1 else f"title:{parts[0]}"
            try:
                compile_rules({name: expression}, concepts)
            except RuleError as error:
                self._where = name
                hint = "the list excludes what the group looks for"
                self._warn(group.line, f"the group is left out: {error.message}", hint)
                continue
            taken.add(name)
            yield name, expression


def _join_conditions(source: str) -> str:
    """Return an expression that begins with look-aheads over the whole text as several conditions joined by AND."""
    found, rest = expressions.split_conditions(source)
    if not found:
        return _regex_operand(source)
    operands = [
        _join_with_or(map(_regex_operand, expressions.split_alternatives(inner)))[0]
        for wanted, inner in found
        if wanted
    ]
    operands += [_regex_operand(rest)] if rest else []
    operands += [f"NOT {_regex_operand(inner)}" for wanted, inner in found if not wanted]
    return f"({' AND '.join(operands)})"


def _regex_operand(source: str) -> str:
    """Return a regular expression as an operand. Raises NoCounterpart or UnusableTerm if RE2 cannot run it."""
    word = expressions.literal_text(source)
    if word:
        return _substring_operand(word)
    rewritten = expressions.to_re2(source)
    check_regex(rewritten)
    return f"/{rewritten}/"


def _is_valid_regex(source: str) -> bool:
    try:
        re.compile(source, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _text_in_brackets(text: str) -> str:
    return text[1:-1].strip() if text.startswith("[") and text.endswith("]") else ""


def _join_with_or(operands: Iterable[str]) -> list[str]:
    """Return the operands joined by OR, as a list of one element; an empty list if there are no operands."""
    distinct = list(dict.fromkeys(operands))
    if len(distinct) < 2:  # noqa: PLR2004  # a single operand needs no parentheses
        return distinct
    return [f"({' OR '.join(distinct)})"]


def _substring_operand(word: str) -> str:
    """Return an operand that finds a substring: `"*word*"`, or a regular expression if that is not possible."""
    quoted = f"*{word}*"
    try:
        patterns_of(quoted)
    except UnusableTerm:
        return _literal_regex(word)
    return _literal_regex(word) if set(word) & _QUOTE_SIGNS else f'"{quoted}"'


def _literal_regex(word: str) -> str:
    return "/" + re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", word) + "/"


def _unused_name(name: str, taken: set[str]) -> str:
    name = " ".join(name.split())
    name = name if len(name) <= _MAX_NAME_LENGTH else f"{name[:_MAX_NAME_LENGTH]}…"
    number, free = 2, name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free
