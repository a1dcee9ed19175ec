"""Extract the visible text and the code of a page by patterns: enough to distinguish a wall from content.

Pages are read in the main process, so every pattern must take linear time: it looks only as far as the next tag, or at
a limited number of characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from itertools import islice
from typing import Final

from monitor.lazy import lazy_pattern
from monitor.text.safe import plain_text
from monitor.text.walls.words import WALL_TOPIC

MAX_WALL_WIDTH: Final = 6_000
"""The greatest width of the text of a wall (`width`): pages that ask for consent are long."""

NO_LIMIT: Final = 1_000
"""More links than are ever counted: with this number there is no limit."""

MIN_TITLE_WIDTH: Final = 20
"""The minimum width of the text of a link that may be the title of an entry."""

_MIN_SENTENCE_WIDTH: Final = 24  # width; a shorter text may be a name instead of a sentence
_MAX_WIDTH_OF_EMPTY_PAGE: Final = 80
_MAX_HEADINGS: Final = 5
_MAX_LINKS: Final = 400  # links and buttons
_MAX_WIDTH_OF_BARE_PAGE: Final = 600  # width
_MAX_OTHER_SENTENCES_WIDTH: Final = 60  # the width of sentences about something else
_MAX_OTHER_WIDTH: Final = 120  # that of all else that is about something else, such as names
_MAX_FOOT_WIDTH: Final = 4_000  # the width of a footer, at most
_REGEX_FLAGS: Final = re.DOTALL | re.IGNORECASE
_HIDDEN_PART = lazy_pattern(
    r"<!--.*?(?:-->|\Z)|<(script|style|textarea|template|svg|select|title)\b[^<>]*+>.*?(?:</\1\b[^<>]*+>?|\Z)",
    _REGEX_FLAGS,
)
_TAG = lazy_pattern(r"<[^<>]*+>")
_BLOCK_TAG = lazy_pattern(
    r"</?(?:address|article|aside|blockquote|body|br|button|center|d[dlt]"
    r"|div|fieldset|footer|form|h[1-6r]|header|label|li"
    r"|main|nav|noscript|[ou]l|p|pre|section|t[drh]|table)\b[^<>]*+>",
    re.IGNORECASE,
)
_TITLE_LENGTH: Final = 400
_TITLE = lazy_pattern(rf"<title\b[^<>]*+>((?:(?!</?title\b).){{0,{_TITLE_LENGTH}}})", _REGEX_FLAGS)
_LAST_WORD = lazy_pattern(r"\S*\Z")
_HEADING = lazy_pattern(r"<h[1-3]\b[^<>]*+>((?:(?!</?h[1-3]\b).){0,300})</h[1-3]", _REGEX_FLAGS)
_BUTTON = lazy_pattern(
    r"<button\b[^<>]*+>((?:(?!</?button\b).){0,200})</button"
    r"""|<input\b[^<>]{0,200}?\bvalue\s*=\s*["']([^"'<>]{1,80})""",
    _REGEX_FLAGS,
)
_LINK = lazy_pattern(r"<a\s[^<>]*+>((?:(?!</?a\b).){0,600})</a", _REGEX_FLAGS)
_TITLE_SEPARATOR = lazy_pattern(r"\s*[|_–—·•:：»«>\\/]+\s*|\s-+\s+|(?<=[\u2e80-\uffef])-+|-+(?=[\u2e80-\uffef])")
_MAX_MESSAGE_LENGTH: Final = 80  # characters of a page in a message
_CLAUSE_END = lazy_pattern(r"\s[|_–—·•»«-]+\s|(?<=[.!?;])\s|(?<=[。！？；])")
_BLANK = lazy_pattern(r"\s")
_SENTENCE_END = lazy_pattern(r"[.!?;](?:\s+|$)|[。！？；]")
_MENU_ENTRY = lazy_pattern(
    r".*(?:备案|ICP|公网安备|许可证|all rights reserved|版权).*|copyright.*"
    r"|.{0,6}(?:登[录陆入]|注册|密码|[账帐]号|帮助|联系|协议|隐私|条款|声明"
    r"|首页|主页|关于|下载|返回|客服|English|换一张).{0,6}"
    r"|home|start|about(?: us)?|contact(?: us)?|help(?: center)?|support|faq|(?:forgot|lost|reset).*"
    r"|(?:(?:terms|privacy|cookies?|legal|use|and|policy|policies|service"
    r"|conditions|notice|settings|statement|of|&|,|your"
    r"|our|data|protection) ?)+"
    r"|register(?: now| here)?|sign ?up.{0,12}|create (?:an )?account|log ?in|sign ?in|back.{0,20}|imprint|impressum"
    r"|datenschutz.*|accessibility.*|english|deutsch|français|español|language|need help.*|trouble.*|©.*",
    re.IGNORECASE,
)
_DATE = lazy_pattern(
    r"(?<!\d)(?:(?:19|20)\d\d\s?(?:[-/.]\s?\d{1,2}[-/.]\s?\d{1,2}"
    r"|年\s?\d{1,2}\s?月)|\d{1,2}[/.]\d{1,2}[/.](?:19|20)\d\d)"
    r"|\b\d{1,2}\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,? (?:19|20)\d\d"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2},? (?:19|20)\d\d",
    re.IGNORECASE,
)
_ARTICLE_SIGNS: Final = ("article:published", 'og:type" content="article', "newsarticle", "blogposting")
_ARTICLE_TAG = lazy_pattern(r"<article\b[^<>]*+>\s*+(?!</article)|<time\b[^<>]*+>\s*+[^<\s]", re.IGNORECASE)
PASSWORD_FIELD = lazy_pattern(r"""<input\b[^<>]{0,400}?\btype\s*=\s*["']?password""", re.IGNORECASE)
_FOOTER = lazy_pattern(
    r"""<footer\b|<\w{1,10}\s[^<>]{0,200}?\b(?:class|id)\s*=\s*["']?(?:[\w -]{0,40}[ _-])?foot(?:er)?\b""",
    re.IGNORECASE,
)
_NOT_A_FOOTER = lazy_pattern(r"<(?:h1|main|article|time|table)\b", re.IGNORECASE)
_PICTURE = lazy_pattern(r"data:[\w/+.-]{1,60};base64,[\w+/=%-]*+")
_DATA_SIGNS: Final = (
    "application/json",
    "application/ld+json",
    "__next_data__",
    "__nuxt__",
    "__initial_state__",
    "<record",
    '"title"',
    "'title'",
    "title:",
)


@dataclass(frozen=True)
class Outline:
    """The visible text and the code of a page.

    `lines` are its visible paragraphs, cells and buttons, except those of the footer (`footer_lines`). `scripts` are
    its scripts, comments and other hidden texts, and `tags` its tags, both in lower case. `links` is the number of
    links with a text as long as a title, `link_count` the number of all links except usual menu entries and the footer,
    `link_texts` their texts. `buttons` are the texts of all links and buttons. `has_article` means that an element
    contains an article. Widths of texts count a Chinese character as two.
    """

    title: str = ""
    headings: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    scripts: str = ""
    tags: str = ""
    links: int = 0
    link_count: int = 0
    buttons: str = ""
    link_texts: tuple[str, ...] = ()
    footer_lines: tuple[str, ...] = ()
    has_article: bool = False

    @cached_property
    def text(self) -> str:
        """The whole visible text."""
        return " ".join((*self.lines, *self.footer_lines))

    @cached_property
    def size(self) -> int:
        """The width of the visible text above the footer."""
        return width(" ".join(self.lines))

    @cached_property
    def code(self) -> str:
        """All scripts, other hidden texts and tags."""
        return f"{self.scripts}\n{self.tags}"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The title and its parts: the name of the site may be before or after the title of the page."""
        return tuple(dict.fromkeys(filter(None, (self.title, *_TITLE_SEPARATOR.split(self.title)))))

    @cached_property
    def dates(self) -> int:
        """The number of dates in the visible text."""
        return len(_DATE.findall(self.text))

    def has_at_most(
        self, size: int, *, links: int = 0, link_count: int = NO_LIMIT, dates: int = 0, headings: int = _MAX_HEADINGS
    ) -> bool:
        """Return whether the page has at most this much content and is not an article, so that it may be a wall.

        `size` is the greatest width of the text; the others are greatest numbers.
        """
        fits = (
            self.size <= size
            and self.links <= links
            and self.link_count <= link_count
            and len(self.headings) <= headings
        )
        return fits and self.dates <= dates and not self.is_article

    def is_about(self, topic: re.Pattern[str], *, rest: int) -> bool:
        """Return whether the sentences in which `topic` does not occur have at most the width `rest` together."""
        return sum(size for size in self.widths_off_topic(topic) if size >= _MIN_SENTENCE_WIDTH) <= rest

    def widths_off_topic(self, topic: re.Pattern[str]) -> list[int]:
        """Return the widths of the sentences and names in which `topic` does not occur."""
        sentences = (sentence for line in self.lines for sentence in _SENTENCE_END.split(line))
        return [width(each) for each in sentences if topic.search(each) is None]

    def count_off_topic_links(self, topic: re.Pattern[str]) -> int:
        """Return the number of links without a word of `topic` in their text."""
        return sum(topic.search(text) is None for text in self.link_texts)

    @cached_property
    def is_bare(self) -> bool:
        """Whether the page shows hardly anything else than a wall does: at most one link, one date, some names."""
        if self.size > _MAX_WIDTH_OF_BARE_PAGE or self.count_off_topic_links(WALL_TOPIC) > 1 or self.dates > 1:
            return False
        link_count = self.widths_off_topic(WALL_TOPIC)
        return self.is_about(WALL_TOPIC, rest=_MAX_OTHER_SENTENCES_WIDTH) and sum(link_count) <= _MAX_OTHER_WIDTH

    @property
    def is_article(self) -> bool:
        """Whether the page says in its code that it is an article."""
        return self.has_article or any(mark in self.code for mark in _ARTICLE_SIGNS)

    @property
    def has_data(self) -> bool:
        """Whether the page has data for its scripts, which may be a list."""
        return any(mark in self.code for mark in _DATA_SIGNS)

    @property
    def is_empty(self) -> bool:
        """Whether the page shows nothing, and has no data that its scripts could show."""
        return self.size <= _MAX_WIDTH_OF_EMPTY_PAGE and "<a " not in self.code and not self.has_data

    @property
    def shown_text(self) -> str:
        """A text of the page for a message: its title, else a heading, else the beginning of its text."""
        texts = (plain_text(text).strip() for text in (self.title, *self.headings, self.text))
        return beginning(next(filter(None, texts), ""))


def outline(page: str) -> Outline:
    """Return the outline of the page with the source `page`."""
    page = _PICTURE.sub("data:", page)
    title = _TITLE.search(page)
    shown = _HIDDEN_PART.sub(" ", page)
    upper, foot = _split_foot(shown)
    texts = [plain(link[1]) for link in islice(_LINK.finditer(upper), _MAX_LINKS)]
    titles = [text for text in texts if text and _MENU_ENTRY.fullmatch(text) is None]
    return Outline(
        plain(_without_cut_word(title[1])) if title else "",
        tuple(filter(None, (plain(heading[1]) for heading in islice(_HEADING.finditer(shown), _MAX_HEADINGS)))),
        _lines(upper),
        "\n".join(found[0] for found in _HIDDEN_PART.finditer(page)).lower(),
        "\n".join(_TAG.findall(shown)).lower(),
        sum(width(text) >= MIN_TITLE_WIDTH for text in titles),
        len(titles),
        " ".join(
            (*texts, *(plain(found[1] or found[2] or "") for found in islice(_BUTTON.finditer(shown), _MAX_LINKS)))
        ),
        tuple(titles),
        foot,
        _ARTICLE_TAG.search(shown) is not None and PASSWORD_FIELD.search(shown) is None,
    )


def _split_foot(shown: str) -> tuple[str, tuple[str, ...]]:
    """Return the source above the footer, and the lines of it. A part with articles or dates is not a footer."""
    found = _FOOTER.search(shown)
    if found is None or _NOT_A_FOOTER.search(shown, found.end()):
        return shown, ()
    lines = _lines(shown[found.start() :])
    text = " ".join(lines)
    is_foot = width(text) <= _MAX_FOOT_WIDTH and _DATE.search(text) is None
    return (shown[: found.start()], lines) if is_foot else (shown, ())


def _lines(shown: str) -> tuple[str, ...]:
    return tuple(filter(None, map(plain, _BLOCK_TAG.sub("\0", shown).split("\0"))))


def _without_cut_word(title: str) -> str:
    """Return a title without its last word, if the length limit of the pattern may have cut that word."""
    return title if len(title) < _TITLE_LENGTH else _LAST_WORD.sub("", title)


def beginning(text: str) -> str:
    """Return the first sentences of a text that fit into a message, else its first words.

    No word is cut: a secret that the page repeats is either complete, so that it can be masked, or missing.
    """
    if len(text) <= _MAX_MESSAGE_LENGTH:
        return text
    for end in (_CLAUSE_END, _BLANK):
        whole = [found.start() for found in end.finditer(text, 0, _MAX_MESSAGE_LENGTH + 1)]
        if whole:
            return text[: whole[-1]]
    return ""


def plain(markup: str) -> str:
    """Return the text of a part of HTML on one line, with straight apostrophes."""
    return " ".join(unescape(_TAG.sub(" ", markup)).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())


def width(text: str) -> int:
    """Return the width of a text: a Chinese character counts two, other characters one."""
    return len(text) + sum(character > "\u2e7f" for character in text)
