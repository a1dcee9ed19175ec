"""Walls that are a site's own: a login, a question for consent, a refusal because of the country, an error page.

Their words alone prove little: an article may have the same. They count where the page shows next to nothing else.
"""

from __future__ import annotations

import re
from typing import Final

from monitor.text.walls.outline import LONGEST, Outline
from monitor.text.walls.words import (
    ACCEPT,
    CONSENT,
    CONSENT_WORDS,
    ERROR,
    LOGIN,
    LOGIN_WORDS,
    REGION_WORDS,
    TEST,
    TEST_WORDS,
)

_MENU: Final = 15  # links of any kind; a login page has a few
_TESTS: Final = ("hcaptcha.com/1/api.js", "recaptcha/api.js", "recaptcha/enterprise.js", "challenges.cloudflare.com")
_SETS_COOKIE = re.compile(r"document\.cookie\s*=")
_LOADS_AGAIN = re.compile(r"location\.(?:reload|replace)|location(?:\.href)?\s*=")
_PASSWORD = re.compile(r"""<input\b[^<>]{0,400}?\btype\s*=\s*["']?password""")
_LOGIN_PATH: Final = (
    r"(?:[\w.-]{1,80}/){0,8}"
    r"(?:(?:(?:user|member|account|auth|admin)[_-]?)?(?:log|sign)[_-]?in\b|(?:cas|sso|oauth2?|passport)/)"
)
_TO_LOGIN = re.compile(
    r"""(?:http-equiv\s*=\s*["']?refresh["'][^<>]{0,100}url\s*=|location(?:\.href)?\s*=|location\.(?:replace|assign)\()"""
    rf"""\s*["']?(?:https?://[\w.:-]{{1,100}})?/?{_LOGIN_PATH}"""
)
_AT_LOGIN = re.compile(
    rf"https?://(?:(?:login|signin|passport|sso|cas|auth|accounts?)\.[^/]+/|[^/]+/{_LOGIN_PATH})", re.IGNORECASE
)
_AT_CONSENT = re.compile(
    r"https?://(?:consent|guce|privacy|myprivacy|cmp)\.[^/]+/|https?://[^/]+/(?:consent|zustimmung|privacy-?gate)\b",
    re.IGNORECASE,
)


def is_test(page: Outline, _landed: str) -> bool:
    """Return whether a page only tests whether a person asks, or is a script that sets a cookie and loads it again."""
    if page.is_empty and _SETS_COOKIE.search(page.code) and _LOADS_AGAIN.search(page.code):
        return True
    if not page.within(600):
        return False
    asks = any(map(TEST.fullmatch, page.names)) or TEST_WORDS.search(page.text) is not None
    return asks or (page.is_empty and any(script in page.code for script in _TESTS))


def is_login(page: Outline, landed: str) -> bool:
    """Return whether a page only asks for a login. `landed` is where a redirect led ("": there was none)."""
    if page.within(200) and _TO_LOGIN.search(page.code):
        return True
    if landed and _AT_LOGIN.match(landed) and page.within(1500, links=2, dates=1):
        return True
    asks = _PASSWORD.search(page.code) is not None
    if any(map(LOGIN.fullmatch, page.names)):
        return page.within(600) or (asks and page.within(1500, links=2, dates=1))
    if page.has_data:
        return False
    if asks and (page.code.count("<a ") <= _MENU or any(map(LOGIN.fullmatch, page.headings[:2]))):
        return page.within(600)
    return page.within(400) and LOGIN_WORDS.search(page.text) is not None


def is_consent(page: Outline, landed: str) -> bool:
    """Return whether a page only asks for consent, to cookies or terms or about the reader's age."""
    if landed and _AT_CONSENT.match(landed) and page.within(LONGEST, links=1, dates=1):
        return True
    if page.within(800) and CONSENT_WORDS.search(page.text):
        return True
    if ACCEPT.search(page.text) is None and "submit" not in page.code:
        return False
    if any(map(CONSENT.fullmatch, page.names)):
        return page.within(LONGEST, links=1, dates=1)
    return page.within(3000, headings=3) and any(map(CONSENT.fullmatch, page.headings[:1]))


def is_region(page: Outline, _landed: str) -> bool:
    """Return whether a page says that the site is not for this country or region."""
    return page.within(1200, links=1) and REGION_WORDS.search(page.text) is not None


def is_error(page: Outline, _landed: str) -> bool:
    """Return whether a page says of itself that it is an error page: with its title, or with its heading."""
    if any(map(ERROR.fullmatch, page.names[:2])):  # the whole title, or its first part
        return page.within(2500, links=3, dates=1)
    return page.within(800, links=1, dates=1) and any(map(ERROR.fullmatch, (*page.names, *page.headings[:1])))
