"""Recognise walls that a site makes itself: login, consent, refusal, error page, and tests of unknown services.

Their words alone prove little, since an article may have the same words. They count only if the page shows hardly
anything else: no titles, no dates, and hardly a sentence about another subject.
"""

from __future__ import annotations

import re
from typing import Final

from monitor.text.walls import words
from monitor.text.walls.outline import MAX_WALL_WIDTH, PASSWORD_FIELD, Outline, width

_MAX_MENU_LINKS: Final = 16  # links of a menu, at most, and none of a list
_MAX_BUTTON_WIDTH: Final = 20  # width of a line that may be a button
_TEST_SCRIPTS: Final = (
    "hcaptcha.com/1/api.js",
    "recaptcha/api.js",
    "recaptcha/enterprise.js",
    "challenges.cloudflare.com",
)
_ERROR_404_SCRIPTS: Final = ("volunteer.cdn-go.cn/404", "qzone.qq.com/gongyi/search404", "yibo.iyiyun.com")
_SET_COOKIE_CODE = re.compile(r"document\.cookie\s*=")
_RELOAD_CODE = re.compile(r"location\.(?:reload|replace)|location(?:\.href)?\s*=(?!=)")
_LOGIN_PATH: Final = (
    r"(?:[\w.-]{1,80}/){0,8}"
    r"(?:(?:(?:user|member|account|auth|admin)[_-]?)?(?:log|sign)[_-]?in\b|(?:cas|sso|oauth2?|passport)/)"
)
_ADDRESS: Final = rf"""\s*["']?(?:https?://[\w.:-]{{1,100}})?/?{_LOGIN_PATH}"""
_LOGIN_REDIRECT_CODE = re.compile(rf"(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\(){_ADDRESS}")
_LOGIN_REFRESH_TAG = re.compile(rf"""http-equiv\s*=\s*["']?refresh["'][^<>]{{0,100}}url\s*={_ADDRESS}""")
_LOGIN_ADDRESS = re.compile(
    rf"https?://(?:(?:login|signin|passport|sso|cas|auth|accounts?)\.[^/]+/|[^/]+/{_LOGIN_PATH})", re.IGNORECASE
)
_CONSENT_ADDRESS = re.compile(
    r"https?://(?:consent|guce|privacy|myprivacy|cmp)\.[^/]+/|https?://[^/]+/(?:consent|zustimmung|privacy-?gate)\b",
    re.IGNORECASE,
)


def is_test(page: Outline, _landed: str) -> bool:
    """Return whether a page only tests for robots, or only has a script that sets a cookie and reloads the page."""
    if page.is_empty and " src=" not in page.code and _SET_COOKIE_CODE.search(page.scripts):
        return _RELOAD_CODE.search(page.scripts) is not None
    if not (
        page.has_at_most(600)
        and page.count_off_topic_links(words.WALL_TOPIC) <= 1
        and page.is_about(words.TEST_TOPIC, rest=120)
    ):
        return False
    asks = any(map(words.TEST_TITLE.fullmatch, page.names)) or words.TEST_WORDS.search(page.text) is not None
    return asks or (page.is_empty and any(script in page.code for script in _TEST_SCRIPTS))


def is_login(page: Outline, landed: str) -> bool:
    """Return whether a page only asks for a login. `landed` is the address to which a redirect led, or ""."""
    if page.has_at_most(120) and page.link_count == 0 and _leads_to_login(page):
        return True
    if landed and _LOGIN_ADDRESS.match(landed) and page.has_at_most(1500, links=2, dates=1):
        return True
    asks = PASSWORD_FIELD.search(page.tags) is not None
    named = any(map(words.LOGIN_TITLE.fullmatch, page.names))
    if named and asks and page.has_at_most(1500, links=2, link_count=_MAX_MENU_LINKS, dates=1):
        return True
    says = named or (words.LOGIN_WORDS.search(page.text) is not None and not page.has_data)
    if not page.has_at_most(600, link_count=1):
        return False
    if says:
        return page.is_about(words.LOGIN_TOPIC, rest=60)
    return asks and not page.has_data and page.is_about(words.LOGIN_TOPIC, rest=0)


def _leads_to_login(page: Outline) -> bool:
    return bool(
        "samlrequest" in page.tags or _LOGIN_REDIRECT_CODE.search(page.scripts) or _LOGIN_REFRESH_TAG.search(page.tags)
    )


def _is_report(page: Outline) -> bool:
    """Return whether a page is a report, or announces an interruption or a day of maintenance."""
    if words.REPORT_WORDS.search(page.text):
        return True
    works = page.dates > 0 and words.MAINTENANCE_WORDS.search(page.text) is not None
    return works and words.PRESENT_WORDS.search(page.text) is None


def is_consent(page: Outline, landed: str) -> bool:
    """Return whether a page only asks for consent to cookies or terms, or for the age of the reader."""
    if landed and _CONSENT_ADDRESS.match(landed) and page.has_at_most(MAX_WALL_WIDTH, links=1, dates=1):
        return True
    about = page.is_about(words.CONSENT_TOPIC, rest=40) and all(map(words.CONSENT_TOPIC.search, page.headings))
    if about and page.has_at_most(800) and words.CONSENT_WORDS.search(page.text):
        return True
    short = (line for line in page.lines if width(line) <= _MAX_BUTTON_WIDTH and line not in page.headings)
    if not any(map(words.CONSENT_BUTTON.search, (page.buttons, *short))):
        return False
    if any(map(words.CONSENT_TITLE.fullmatch, page.names)):
        return page.has_at_most(MAX_WALL_WIDTH, links=1, dates=1)
    if not page.has_at_most(3000, headings=3):
        return False
    headed = any(map(words.CONSENT_TITLE.fullmatch, page.headings[:1]))
    return headed or (about and words.CONSENT_TOPIC.search(page.text) is not None)


def is_refusal(page: Outline, _landed: str) -> bool:
    """Return whether a page says that it refuses the request or the IP address of the reader."""
    alone = (
        page.has_at_most(500, dates=1)
        and page.count_off_topic_links(words.WALL_TOPIC) <= 1
        and page.is_about(words.REFUSAL_TOPIC, rest=80)
    )
    return alone and not _is_report(page) and words.REFUSAL_WORDS.search(page.text) is not None


def is_region(page: Outline, _landed: str) -> bool:
    """Return whether a page says that the site is not available in this country or region."""
    headed = all(words.REGION_TOPIC.search(each) or words.ERROR_TITLE.fullmatch(each) for each in page.headings)
    alone = page.has_at_most(1200, links=1, link_count=_MAX_MENU_LINKS) and page.is_about(words.REGION_TOPIC, rest=70)
    return headed and alone and not _is_report(page) and words.REGION_WORDS.search(page.text) is not None


def is_error(page: Outline, _landed: str) -> bool:
    """Return whether a page is an error page, by its title, its heading or its few words."""
    if _is_report(page) or (
        page.link_count > _MAX_MENU_LINKS and not any(map(words.ERROR_TITLE.fullmatch, page.lines))
    ):
        return False
    if any(map(words.ERROR_TITLE.fullmatch, page.names[:2])):  # the whole title, or its first part
        return page.has_at_most(2500, links=3, dates=1) and page.is_about(words.ERROR_TOPIC, rest=300)
    if not page.is_about(words.ERROR_TOPIC, rest=60):
        return False
    if page.has_at_most(300) and (
        words.ERROR_WORDS.search(page.text) or any(mark in page.code for mark in _ERROR_404_SCRIPTS)
    ):
        return True
    return page.has_at_most(800, links=1, dates=1) and any(
        map(words.ERROR_TITLE.fullmatch, (*page.names, *page.headings[:1]))
    )
