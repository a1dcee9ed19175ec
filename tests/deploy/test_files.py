"""The files that put the program on a machine: they parse, and what they call is there."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
PROGRAM = "monitor"

CliHas = Callable[[Sequence[str]], None]

# --- Dockerfile


def _instructions() -> list[tuple[str, str]]:
    """(INSTRUCTION, rest) of the Dockerfile, with continued lines joined and comments gone."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line.strip())]


def _final_stage() -> list[tuple[str, str]]:
    instructions = _instructions()
    last = max(index for index, (word, _) in enumerate(instructions) if word == "FROM")
    return instructions[last:]


def _last(word: str) -> str:
    return [rest for name, rest in _final_stage() if name == word][-1]


def _image_environment() -> dict[str, str]:
    pairs = (pair.partition("=") for word, rest in _final_stage() if word == "ENV" for pair in shlex.split(rest))
    return {name: value for name, _, value in pairs}


def test_dockerfile_knows_only_docker_instructions() -> None:
    known = r"FROM|RUN|CMD|LABEL|EXPOSE|ENV|COPY|ENTRYPOINT|VOLUME|USER|WORKDIR|STOPSIGNAL|HEALTHCHECK"
    assert [word for word, _ in _instructions() if not re.fullmatch(known, word)] == []


def test_image_is_built_in_two_stages_from_slim_debian() -> None:
    bases = [rest.split()[0] for word, rest in _instructions() if word == "FROM"]
    assert len(bases) == 2
    assert all(re.fullmatch(r"python:3\.\d+-slim-bookworm", base) for base in bases)
    assert "pip install" not in " ".join(rest for word, rest in _final_stage() if word == "RUN")


def test_image_installs_hashed_requirements_only() -> None:
    for word, rest in _instructions():
        for command in re.split(r"&&", rest) if word == "RUN" else ():
            if "pip install" in command:
                assert "--require-hashes" in command or "--no-deps --no-index" in command, command


def test_image_copies_what_is_there_and_not_ignored() -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    for word, rest in _instructions():
        if word == "COPY" and "--from" not in rest:
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert source.strip("/").split("/")[0] in allowed, source


def test_container_runs_as_nobody_special_and_keeps_its_data_apart() -> None:
    assert _last("USER") not in {"root", "0", "0:0"}
    assert json.loads(_last("VOLUME")) == ["/config", "/data"]
    assert _last("STOPSIGNAL") == "SIGTERM"
    environment = _image_environment()
    assert environment["MONITOR_CONFIG"] == "/config/sources.toml"
    assert environment["MONITOR_DATABASE_URL"] == "sqlite:////data/monitor.db"


def test_signals_reach_the_program_itself() -> None:
    assert json.loads(_last("ENTRYPOINT")) == [PROGRAM], "the exec form: no shell between"
    assert isinstance(json.loads(_last("CMD")), list)


def test_commands_of_the_image_are_there(cli_has: CliHas) -> None:
    cli_has(json.loads(_last("CMD")))
    program, *health = json.loads(_last("HEALTHCHECK").partition("CMD ")[2])
    assert program == PROGRAM
    cli_has(health)


# --- compose.yaml


def _services() -> Mapping[str, Mapping[str, Any]]:
    services: Mapping[str, Mapping[str, Any]] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    return services


def _ours() -> list[tuple[str, Mapping[str, Any]]]:
    return [(name, service) for name, service in _services().items() if "build" in service]


def test_sqlite_needs_one_container_and_no_profile() -> None:
    assert [name for name, service in _services().items() if "profiles" not in service] == ["monitor"]
    assert "MONITOR_DATABASE_URL" not in _services()["monitor"].get("environment", {}), "the image's default holds"


def test_postgresql_is_migrated_before_the_daemon_starts() -> None:
    services = _services()
    assert services["migrate"]["command"] == ["db", "upgrade"]
    assert services["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert services["monitor-postgres"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert {name for name, service in services.items() if service.get("profiles") == ["postgres"]} == {
        "database",
        "migrate",
        "monitor-postgres",
    }
    for name in ("migrate", "monitor-postgres"):
        assert services[name]["environment"]["MONITOR_DATABASE_URL"].startswith("postgresql://")


@pytest.mark.parametrize(("name", "service"), _ours())
def test_services_are_confined(name: str, service: Mapping[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert int(service["stop_grace_period"].removesuffix("s")) > 10, f"{name} has ten seconds to end cleanly"
    assert "./config:/config:ro" in service["volumes"]


def test_named_volumes_are_declared() -> None:
    declared = set(yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["volumes"])
    mounts = [mount for service in _services().values() for mount in service.get("volumes", ())]
    assert {mount.split(":")[0] for mount in mounts if mount[0] not in "./"} == declared


def test_commands_of_the_services_are_there(cli_has: CliHas) -> None:
    for _, service in _ours():
        cli_has(service.get("command", ["run"]))


# --- deploy/monitor.service


def _unit() -> dict[str, list[str]]:
    settings: dict[str, list[str]] = {}
    for line in (ROOT / "deploy" / "monitor.service").read_text("utf-8").splitlines():
        if line and line[0] not in "#[":
            name, _, value = line.partition("=")
            settings.setdefault(name, []).append(value)
    return settings


def test_unit_keeps_its_promises() -> None:
    unit = _unit()
    assert unit["KillSignal"] == ["SIGTERM"]
    assert int(unit["TimeoutStopSec"][0]) > 10, "it has ten seconds to end cleanly"
    assert unit["Type"] == ["notify"], "the daemon says when it is ready"
    assert unit["TimeoutStartSec"] == ["infinity"], "an upgrade of the database at the start may take long"
    assert unit["DynamicUser"] == ["yes"]
    assert unit["ProtectSystem"] == ["strict"]
    assert unit["StateDirectory"] == ["monitor"]
    assert "MONITOR_DATABASE_URL=sqlite:////var/lib/monitor/monitor.db" in unit["Environment"]
    assert unit["RestartPreventExitStatus"] == ["2"], "a wrong configuration is not tried again and again"


def test_unit_calls_a_command_that_is_there(cli_has: CliHas) -> None:
    for start in _unit()["ExecStart"]:
        program, *words = shlex.split(start)
        assert Path(program).name == PROGRAM
        cli_has(words)


@pytest.mark.slow
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here")
    text = (ROOT / "deploy" / "monitor.service").read_text("utf-8")
    program = shlex.split(_unit()["ExecStart"][0])[0]
    (tmp_path / "monitor.service").write_text(text.replace(program, "/bin/true"), "utf-8")
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / "monitor.service")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)
    assert (ended.returncode, ended.stdout + ended.stderr) == (0, "")
