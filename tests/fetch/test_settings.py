"""How the program introduces itself."""

from __future__ import annotations

import re

from monitor.fetch import PROJECT_URL, FetchSettings
from monitor.fetch.settings import installed_user_agent


def test_the_introduction_has_name_version_and_address() -> None:
    assert re.fullmatch(rf"announcement-monitor/[0-9][\w.]* \(\+{re.escape(PROJECT_URL)}\)", FetchSettings().user_agent)


def test_a_program_that_is_not_installed_has_version_0() -> None:
    assert installed_user_agent("no-such-distribution") == f"announcement-monitor/0 (+{PROJECT_URL})"


def test_the_installed_version_is_sent() -> None:
    assert installed_user_agent("httpx").startswith("announcement-monitor/0.2")
