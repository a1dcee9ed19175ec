"""Make text from outside safe, with one function for each target. For HTML there is no function: templates escape it.

All functions are pure, take any `str` (also with lone surrogates) and never raise.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from monitor.text.address import absolute_url

_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters except tab and line feed; characters that change the direction of writing; invisible tags and
# annotations; noncharacters; lone surrogates.
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
    """Return text with line feeds as line ends, without control and direction-changing characters; tabs are kept."""
    return _CONTROL_CHARACTERS.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """Return a text as one line of safe plain text, with each run of blanks replaced by one blank."""
    return " ".join(plain_text(text).split())


def mail_header(text: str, limit: int = 200) -> str:
    """Clean one header of a mail: one line of at most `limit` code points.

    Python decodes encoded words in a header, so that `=?utf-8?q?=0ABcc:…?=` in a title would become a header line. To
    prevent this, a blank is put into each `=?`.
    """
    return _shorten(" ".join(plain_text(text).split()).replace("=?", "= ?"), limit)


def slack_text(text: str) -> str:
    """Escape for Slack's mrkdwn: nothing becomes a mention, a link or a command (`<!channel>`, `<@U…>`, `<url|label>`).

    Slack and similar services also look for `@channel` and the like in plain text, so an invisible character is put
    into these. Send the text with `verbatim: true`, else Slack turns plain addresses into links.
    https://docs.slack.dev/messaging/formatting-message-text
    """
    escaped = plain_text(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _BROADCAST_MENTION.sub(f"@{_WORD_JOINER}", escaped)


def slack_link(url: str, label: str) -> str:
    """Return a link in Slack's mrkdwn, `<url|label>`; only the label if the address is not safe (`safe_url`)."""
    address = safe_url(url)
    shown = slack_text(" ".join(plain_text(label).split()))
    if address is None:
        return shown
    target = address.replace("|", "%7C").replace("&", "&amp;")
    return f"<{target}|{shown}>" if shown else f"<{target}>"


def terminal_text(text: str) -> str:
    """Remove escape sequences for a terminal, with ESC and in their 8-bit forms. Line feeds are kept.

    Markup of the library `rich` is not escaped: print the result as plain text.
    """
    return plain_text(_TERMINAL_ESCAPE.sub("", text))


def log_value(text: str, limit: int = 500) -> str:
    r"""Escape for a log: one line of at most `limit` code points, with escapes (`\n`, `\x1b`) for unprintable ones."""
    shown = (character if character.isprintable() else ascii(character)[1:-1] for character in text[: limit + 1])
    return _shorten("".join(shown), limit)


def csv_cell(text: str) -> str:
    """Escape for a cell of a table: put an apostrophe before text that a spreadsheet would run as a formula.

    Such text begins with a sign such as `=` (https://owasp.org/www-community/attacks/CSV_Injection). Full-width signs
    count too, and so do signs after invisible characters, which some spreadsheets drop.
    """
    shown = plain_text(text)
    visible = (char for char in shown if unicodedata.category(char)[0] not in "ZCM" and char not in _INVISIBLE_FILLERS)
    first = next(visible, "")
    return f"'{shown}" if first in _FORMULA_STARTS or shown[:1] == "\t" else shown


def safe_url(url: str) -> str | None:
    """Return an address that may be shown as a link: http, https or mailto, in ASCII; None for anything else.

    User name and password are removed. Of a `mailto:` link only the address is kept: its query could set any header.
    """
    if found := _MAILTO_URL.fullmatch(plain_text(url).strip()):
        return f"mailto:{found[1]}" if found[1].isascii() else None
    return absolute_url("", url) or None


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
