"""What an inspection says of a wall: its name, what the server said, and what a person can do."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from monitor.app.inspect import inspect_file, inspect_source
from monitor.clock import SystemClock
from monitor.collect import ARTICLE
from monitor.fetch import FetchError
from monitor.model import Source
from monitor.text.walls import Wall
from tests.support.walls import CHALLENGES, ERRORS, LOGINS

WALL = Wall("challenge", "Akamai", "Access Denied k3yTOKEN9abc")
REASON = f"the server answered 403 with {WALL.name} instead of its content{WALL.quoted}"


@pytest.mark.parametrize("kind", ["feed", "page", "api", "sitemap", ARTICLE, ""])
def test_a_source_behind_a_wall_is_named_with_what_to_do_and_without_secrets(kind: str) -> None:
    gate = SimpleNamespace(get=lambda *_, **__: FetchError("wall", REASON, 403, wall=WALL))
    source = Source("s", "https://a.example/?token=k3yTOKEN9abc", kind, "env:ADDRESS")
    readers: Any = None
    look = inspect_source(source, cast("Any", gate), readers, SystemClock())
    assert look.reading is None
    assert look.error == f"{REASON.replace('k3yTOKEN9abc', '***')}; {WALL.remedy}"


@pytest.mark.parametrize(
    ("kind", "answer", "name"),
    [
        ("feed", CHALLENGES["EdgeOne"][0], "a challenge of Tencent EdgeOne"),
        ("page", LOGINS[0], "a login page: “Sign in – Example Intranet”"),
        (ARTICLE, ERRORS[0], "an error page: “404 Not Found”"),
        ("", ERRORS[0], "an error page: “404 Not Found”"),
    ],
)
def test_a_saved_wall_is_named_too(tmp_path: Path, kind: str, answer: Any, name: str) -> None:
    (tmp_path / "saved").write_text(answer.body, encoding="utf-8")
    look = inspect_file(tmp_path / "saved", Source("s", "https://a.example/", kind), None, SystemClock())
    assert look.error is not None
    assert look.error.startswith(f"it is {name}")
