"""What is shipped: the wheel holds all that the program needs, and runs with the locked requirements alone."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
NAME = re.compile(r"(?m)^([a-z0-9.-]+)==")
MDWE = (
    "import ctypes, os, sys; refused = ctypes.CDLL(None).prctl(65, 1, 0, 0, 0); "
    "sys.exit(77) if refused else os.execv(sys.argv[1], sys.argv[1:])"
)
"""Deny memory that is both writable and executable, as MemoryDenyWriteExecute= does, and become another program."""
UNSUPPORTED = 77

pytestmark = pytest.mark.slow


def _run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run it with an almost empty environment, no standard input, and no sight of the source tree."""
    environment = {"PATH": os.defpath, "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )


def _top_level(name: str) -> Iterator[Path]:
    """Return the files and folders of an installed distribution that are directly in site-packages."""
    distribution = importlib.metadata.distribution(name)
    site = Path(sysconfig.get_path("purelib"))
    for file in distribution.files or ():
        if file.parts[0] not in {"..", "__pycache__"}:
            yield site / file.parts[0]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of this tree, with the locked backend."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=200)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def bin_folder(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an environment with the locked requirements of a run and the wheel, no more; return its bin folder."""
    home = tmp_path_factory.mktemp("clean") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True, timeout=200)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    installed = {str(found.metadata["Name"]).lower().replace("_", "-") for found in importlib.metadata.distributions()}
    for name in installed & set(NAME.findall((ROOT / "requirements" / "run.txt").read_text("utf-8"))):
        for path in set(_top_level(name)):
            target = site / path.name
            if not target.exists():
                target.symlink_to(path)
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python")]
    install = [*pip, "install", "--quiet", "--no-deps", "--no-index", "--no-compile", str(wheel)]
    ended = subprocess.run(install, capture_output=True, text=True, check=False, timeout=200)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return home / "bin"


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = set(archive.namelist())
    for folder, inside in (("monitor", "monitor"), ("migrations", "monitor/_migrations")):
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        assert {f"{inside}/{path.relative_to(ROOT / folder).as_posix()}" for path in files} <= shipped
    assert "monitor/py.typed" in shipped
    assert any(name.endswith("licenses/LICENSE") for name in shipped)


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"monitor"}


@pytest.mark.parametrize("program", [["monitor"], ["python", "-m", "monitor"]], ids=" ".join)
def test_the_entry_point_runs(bin_folder: Path, program: list[str], tmp_path: Path) -> None:
    ended = _run(bin_folder / program[0], *program[1:], "--help", folder=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "demo" in ended.stdout


def test_the_public_names_can_be_imported(bin_folder: Path, tmp_path: Path) -> None:
    code = "import monitor; print([getattr(monitor, name) for name in monitor.__all__])"
    ended = _run(bin_folder / "python", "-c", code, folder=tmp_path)
    assert ended.returncode == 0, ended.stderr


def test_a_new_database_is_made_from_the_shipped_migrations(bin_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text('timezone = "UTC"\n', "utf-8")
    ended = _run(bin_folder / "monitor", "db", "upgrade", folder=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "monitor.db").stat().st_size > 0


def test_a_first_configuration_is_made_from_the_shipped_catalogue(bin_folder: Path, tmp_path: Path) -> None:
    ended = _run(bin_folder / "monitor", "init", "mine", folder=tmp_path)
    assert ended.returncode == 0, ended.stderr
    ended = _run(bin_folder / "monitor", "check", "--config", "mine/sources.toml", folder=tmp_path)
    assert ended.returncode == 0, ended.stderr


def test_the_demo_does_the_whole_job(bin_folder: Path, tmp_path: Path) -> None:
    ended = _run(bin_folder / "monitor", "demo", folder=tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "第三代互联网" in ended.stdout.replace("*", ""), "a story of the sample site, from its digest"
    assert "<html" in (tmp_path / "monitor-demo.html").read_text("utf-8")


def test_the_demo_runs_where_memory_is_never_both_writable_and_executable(bin_folder: Path, tmp_path: Path) -> None:
    ended = _run(bin_folder / "python", "-c", MDWE, bin_folder / "monitor", "demo", folder=tmp_path)
    if ended.returncode == UNSUPPORTED:
        pytest.skip("this kernel cannot deny it")
    assert ended.returncode == 0, ended.stdout + ended.stderr
