"""Make text from outside safe: one function for each target. HTML needs none, since templates escape it.

All are pure, take any `str` (lone surrogates too) and never raise.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from monitor.text.address import absolute_url

_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters but tab and line feed; what turns the direction of writing; tags and annotations that show
# nothing; non-characters; half a surrogate pair.
_CONTROL_CHARACTERS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_TERMINAL_ESCAPE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]"  # control sequences: colours, cursor, title
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]{0,256}(?:\x07|\x1b\\|\x9c)"  # commands to the terminal: links, clipboard
)
_BROADCAST_MENTION = re.compile(r"@(?=(?:channel|here|everyone|all)(?![a-z0-9_]))", re.IGNORECASE)
_MAILTO_URL = re.compile(r"(?i)mailto:([^\s\"'<>(),:;?&#%\\@]{1,64}@[^\s\"'<>(),:;?&#%\\@]{1,253})(?:\?.*)?")
_FORMULA_STARTS: Final = frozenset("=+-@＝＋－＠")
_INVISIBLE_FILLERS: Final = "\u115f\u1160\u3164\uffa0"  # letters of Hangul that are drawn as nothing
_WORD_JOINER: Final = "\u2060"


def plain_text(text: str) -> str:
    """Clean a text part: line ends become line feeds; control and direction-changing characters go; tabs stay."""
    return _CONTROL_CHARACTERS.sub("", _LINE_ENDS.sub("\n", text))


def mail_header(text: str, limit: int = 200) -> str:
    """Clean one header of a mail: one line of at most `limit` code points.

    Python decodes encoded words in what it is given as a header, so that `=?utf-8?q?=0ABcc:…?=` in a title would become
    a line of its own: the mark that opens them is broken up.
    """
    return _shorten(" ".join(plain_text(text).split()).replace("=?", "= ?"), limit)


def slack_text(text: str) -> str:
    """Escape for Slack's mrkdwn: nothing becomes a mention, a link or a command (`<!channel>`, `<@U…>`, `<url|label>`).

    `@channel` and its like, which Slack and its imitators look for in bare text, are broken up invisibly. Send it with
    `verbatim: true`, else Slack makes links of bare addresses. https://docs.slack.dev/messaging/formatting-message-text
    """
    escaped = plain_text(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _BROADCAST_MENTION.sub(f"@{_WORD_JOINER}", escaped)


def slack_link(url: str, label: str) -> str:
    """Return a link in Slack's mrkdwn: `<url|label>`; the label alone if the address may not be shown."""
    address = safe_url(url)
    shown = slack_text(" ".join(plain_text(label).split()))
    if address is None:
        return shown
    target = address.replace("|", "%7C").replace("&", "&amp;")
    return f"<{target}|{shown}>" if shown else f"<{target}>"


def terminal_text(text: str) -> str:
    """Clean for a terminal: no escape sequence gets through, neither by ESC nor by its 8-bit forms. Line feeds stay.

    It knows nothing of the markup of `rich`: print the result as plain text.
    """
    return plain_text(_TERMINAL_ESCAPE.sub("", text))


def log_value(text: str, limit: int = 500) -> str:
    r"""Escape for a log: one line of at most `limit` code points; what cannot be printed shows as `\n`, `\x1b` …"""
    shown = (character if character.isprintable() else ascii(character)[1:-1] for character in text[: limit + 1])
    return _shorten("".join(shown), limit)


def csv_cell(text: str) -> str:
    """Escape for a cell of a table: what a spreadsheet would run as a formula begins with an apostrophe.

    https://owasp.org/www-community/attacks/CSV_Injection; full-width signs count as well, and so do signs behind
    characters that show nothing, which some spreadsheets drop.
    """
    shown = plain_text(text)
    visible = (char for char in shown if unicodedata.category(char)[0] not in "ZCM" and char not in _INVISIBLE_FILLERS)
    first = next(visible, "")
    return f"'{shown}" if first in _FORMULA_STARTS or shown[:1] == "\t" else shown


def safe_url(url: str) -> str | None:
    """Return an address that may be shown as a link: http, https or mailto, in ASCII; None for anything else.

    A user name and password are taken out; of `mailto:` only the address is kept (its query can set any header).
    """
    if found := _MAILTO_URL.fullmatch(plain_text(url).strip()):
        return f"mailto:{found[1]}" if found[1].isascii() else None
    return absolute_url("", url) or None


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
