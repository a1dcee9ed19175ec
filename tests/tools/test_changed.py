"""Which tests a change touches: on a small tree, and on this one."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SMALL = {
    "monitor/__init__.py": "",
    "monitor/__main__.py": "from monitor.cli import main",
    "monitor/cli/__init__.py": "from monitor.collect import poll\ndef main(): poll()",
    "monitor/text/__init__.py": "",
    "monitor/text/fold.py": "def fold(): ...",
    "monitor/rules/__init__.py": "from monitor.rules.engine import match\nfrom monitor.rules.spans import span",
    "monitor/rules/engine.py": "from monitor.text.fold import fold\ndef match(): fold()",
    "monitor/rules/spans.py": "def span(): ...",
    "monitor/collect/__init__.py": "from monitor.collect.steps import poll",
    "monitor/collect/steps.py": "def poll():\n    from monitor.rules import match",
    "tests/conftest.py": "import pytest\nfrom monitor.cli import main\n@pytest.fixture\ndef root(): ...",
    "tests/support/__init__.py": "",
    "tests/support/fixtures.py": "import pytest\nimport monitor.collect.steps\n@pytest.fixture\ndef world(): ...",
    "tests/support/archive.py": "from monitor.rules import span",
    "tests/text/test_fold.py": "from monitor.text.fold import fold",
    "tests/text/test_fold_more.py": "assert True",
    "tests/text/test_other.py": "def test(root): ...",
    "tests/rules/conftest.py": "import pytest\nimport monitor.rules.engine\n@pytest.fixture(name='one')\ndef x(): ...",
    "tests/rules/test_engine.py": "from monitor.rules import match",
    "tests/rules/test_given.py": "def test(one): ...",
    "tests/rules/test_spans.py": "from monitor.rules import span",
    "tests/scenario/test_pass.py": "def test(world): ...",
    "tests/scenario/test_process.py": "COMMAND = ['python', '-m', 'monitor', 'run']",
    "tests/search/test_archive.py": "from tests.support import archive",
    "tests/store/test_patch.py": "def test(monkeypatch): monkeypatch.setattr('monitor.rules.engine.match', None)",
    "tests/channels/test_render.py": "assert True",
    "tests/docs/test_readme.py": "open('docs/README.md')",
    "tests/test_architecture.py": "",
}


@pytest.fixture(scope="module")
def tool(root: Path) -> Any:
    spec = importlib.util.spec_from_file_location("changed", root / "tools" / "changed.py")
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    sys.modules["changed"] = module
    spec.loader.exec_module(module)
    return module


def touched(tool: Any, *changed: str) -> list[str]:
    found: list[str] = tool.selected(tool.Tree(SMALL), changed)
    assert found[-1] == "tests/test_architecture.py"
    return [path.removeprefix("tests/").removesuffix(".py") for path in found[:-1]]


def test_the_mirror_comes_first_then_what_imports_it_over_any_number_of_steps(tool: Any) -> None:
    found = touched(tool, "monitor/text/fold.py")
    assert found[:2] == ["text/test_fold", "text/test_fold_more"]
    assert set(found[2:]) == {
        "rules/test_engine", "rules/test_given", "scenario/test_pass", "scenario/test_process", "store/test_patch",
    }  # fmt: skip


def test_a_name_that_a_package_passes_on_is_a_use_of_its_own_module_only(tool: Any) -> None:
    assert touched(tool, "monitor/rules/spans.py") == ["rules/test_spans", "search/test_archive"]


def test_a_package_that_passes_on_other_names_touches_its_users(tool: Any) -> None:
    found = touched(tool, "monitor/rules/__init__.py")
    assert {"rules/test_engine", "rules/test_spans", "scenario/test_pass", "search/test_archive"} <= set(found)


def test_a_test_that_changed_is_run_and_one_that_is_gone_is_not(tool: Any) -> None:
    assert touched(tool, "tests/text/test_other.py", "tests/text/test_gone.py") == ["text/test_other"]


def test_what_tests_share_touches_those_that_use_it(tool: Any) -> None:
    assert touched(tool, "tests/support/archive.py") == ["search/test_archive"]
    assert touched(tool, "tests/support/fixtures.py") == ["scenario/test_pass"]
    assert touched(tool, "tests/rules/conftest.py") == ["rules/test_given"]


def test_what_every_test_gets_touches_every_test(tool: Any) -> None:
    assert tool.selected(tool.Tree(SMALL), ["tests/conftest.py"]) == ["tests"]


def test_files_of_data_touch_what_reads_them(tool: Any) -> None:
    assert touched(tool, "docs/README.md") == ["docs/test_readme"]
    assert touched(tool, "tests/channels/expected/mail.eml") == ["channels/test_render"]
    assert set(touched(tool, "monitor/text/variants.txt")) >= {"text/test_fold", "rules/test_engine"}
    assert touched(tool, "LICENSE") == []


@pytest.mark.slow
def test_on_this_tree_a_change_of_a_leaf_leaves_most_tests_out(tool: Any) -> None:
    tree = tool.checkout()
    found = tool.selected(tree, ["monitor/digest/edition.py"])
    assert found[0] == "tests/digest/test_edition.py"
    assert "tests/scenario/test_pass.py" in found, "the program uses it"
    assert "tests/killpoints/test_kill.py" in found, "a child process of it does"
    assert not any(path.startswith(("tests/rules/", "tests/text/", "tests/fetch/")) for path in found)


@pytest.mark.slow
def test_it_prints_what_differs_from_a_commit(root: Path) -> None:
    if not (root / ".git").exists():
        pytest.skip("not a checkout")
    command = [sys.executable, "tools/changed.py", "HEAD"]
    named = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.splitlines()
    assert named == ["tests"] or named[-1] == "tests/test_architecture.py"
