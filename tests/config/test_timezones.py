"""Names of time zones, and what is suggested for those that are none."""

from __future__ import annotations

import pytest

from monitor.config.timezones import check_timezone


@pytest.mark.parametrize("name", ["UTC", "Asia/Shanghai", "Asia/Chongqing", "Europe/Berlin"])
def test_a_name_of_the_tz_database_is_a_zone(name: str) -> None:
    assert check_timezone(name) == name


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Asia/Shangai", 'did you mean "Asia/Shanghai"?'),
        ("asia/shanghai", 'did you mean "Asia/Shanghai"?'),
        ("Asia/Beijing", 'did you mean "Asia/Shanghai"?'),
        ("Shanghai", 'did you mean "Asia/Shanghai"?'),
        ("New York", 'did you mean "America/New_York"?'),
        ("UTC+8", 'did you mean "Asia/Shanghai"?'),
        ("Asia", 'such as "Asia/Shanghai"'),
        ("", 'such as "Asia/Shanghai"'),
        ("../etc/passwd", 'such as "Asia/Shanghai"'),
        ("/etc/localtime", 'such as "Asia/Shanghai"'),
        ("Factoru", 'such as "Asia/Shanghai"'),
        ("nowhere at all", 'such as "Asia/Shanghai"'),
        ("Asia/\0", "unknown time zone"),
    ],
)
def test_anything_else_is_refused_with_what_is_probably_meant(name: str, meant: str) -> None:
    with pytest.raises(ValueError, match="unknown time zone") as wrong:
        check_timezone(name)
    assert meant in str(wrong.value)
