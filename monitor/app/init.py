"""Write a first `sources.toml` for a new user: groups of the shipped catalogue, a channel and a daily digest."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from monitor.channels import KINDS
from monitor.config.loader import load_text
from monitor.config.suggestions import did_you_mean
from monitor.config.timezones import check_timezone
from monitor.config.toml import toml_table, toml_value
from monitor.digest.schedule import parse_schedule
from monitor.errors import ConfigError, UsageError

FILE_NAME: Final = "sources.toml"
CHANNEL_NAME: Final = "team"
GROUPS: Final = {
    "chongqing": "Chongqing: its government, commissions and news",
    "liangjiang": "Liangjiang New Area alone",
    "beijing": "Beijing",
    "shanghai": "Shanghai",
    "shenzhen": "Shenzhen",
    "zhejiang": "Zhejiang, with Hangzhou",
    "national": "the State Council, ministries and the central bank",
    "hong-kong": "Hong Kong: government, monetary authority, securities commission",
    "state-media": "state media",
    "media": "other media on China",
    "web3-media": "Web3 media in English and Chinese",
}
"""The tags by which users choose sources of the catalogue, each with a description."""

DEFAULT_GROUPS: Final = ("chongqing", "web3-media")
STARTERS: Final = {name: kind.starter for name, kind in KINDS.items() if kind.starter}
"""The kinds of channels that a first configuration can have, each with its options."""


@dataclass(frozen=True, slots=True)
class FirstConfig:
    """What a first configuration should contain.

    `to` are the recipients' addresses, if the kind of channel has recipients.
    """

    groups: tuple[str, ...] = DEFAULT_GROUPS
    channel: str = "file"
    to: tuple[str, ...] = ()
    at: str = "08:00"
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class WrittenConfig:
    """The configuration that was written. `variables` are the environment variables for its secrets, with examples."""

    path: Path
    sources: int
    rules: int
    variables: Mapping[str, str] = field(default_factory=dict)


def catalogue() -> str:
    """Return the text of the shipped catalogue. Raises UsageError if the installation has none."""
    package = Path(__file__).resolve().parents[1]
    for path in (package / "_catalogue.toml", package.parent / FILE_NAME):
        if path.is_file():
            return path.read_text("utf-8")
    raise UsageError("the catalogue of sources is missing from the installation; install the program again")


def machine_timezone() -> str:
    """Return the name of this machine's time zone; "UTC" if it is not known."""
    parts = Path("/etc/localtime").resolve().parts
    name = "/".join(parts[parts.index("zoneinfo") + 1 :]).removeprefix("Etc/") if "zoneinfo" in parts else ""
    try:
        return check_timezone(name)
    except ValueError:
        return "UTC"


def check_groups(groups: Iterable[str]) -> tuple[str, ...]:
    """Return the groups, each once. Raises UsageError for an unknown group."""
    found = tuple(dict.fromkeys(groups))
    for group in found:
        if group not in GROUPS:
            raise UsageError(f'unknown group "{group}"; {did_you_mean(group, GROUPS, several=True)}', argument="group")
    return found


def check_channel(kind: str) -> str:
    """Return `kind` itself. Raises UsageError for an unknown kind, and for a kind that needs other settings too."""
    if kind not in STARTERS:
        synonyms = {word: name for name in STARTERS for word in KINDS[name].synonyms}
        remedy = did_you_mean(kind, STARTERS, several=True, synonyms=synonyms)
        raise UsageError(f'unknown kind of channel "{kind}"; {remedy}', argument="channel")
    return kind


def check_at(at: str) -> str:
    """Return the schedule `at` itself. Raises UsageError, with the nearest valid form, if it is invalid."""
    try:
        return str(parse_schedule(at))
    except ValueError as wrong:
        raise UsageError(str(wrong), argument="at") from None


def check_zone(name: str) -> str:
    """Return `name` itself. Raises UsageError if there is no time zone of this name."""
    try:
        return check_timezone(name)
    except ValueError as wrong:
        raise UsageError(str(wrong), argument="timezone") from None


def has_recipients(kind: str) -> bool:
    """Return whether a channel of this kind needs the addresses of its recipients."""
    return "to" in STARTERS[kind]


def free_path(folder: Path) -> Path:
    """Return the path of the new file in `folder`. Raises UsageError if the file exists, or cannot be created there."""
    path = folder / FILE_NAME
    if path.exists() or path.is_symlink():
        raise UsageError(f"{path} exists already and is left as it is; name another folder")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is not a folder; name another one")
    return path


def write_first_config(folder: Path, wish: FirstConfig) -> WrittenConfig:
    """Write `sources.toml` into `folder`, which is created if needed. If it raises UsageError, nothing was written.

    The file is checked before it is written. The secrets that it names need not exist yet.
    """
    path = free_path(folder)
    check_groups(wish.groups), check_channel(wish.channel), check_at(wish.at), check_zone(wish.timezone)
    if bool(wish.to) != has_recipients(wish.channel):
        missing = f'a channel of kind "{wish.channel}" sends to addresses; name them with --to'
        raise UsageError(f'kind "{wish.channel}" takes no addresses' if wish.to else missing, argument="to")
    text = first_config(wish)
    try:
        config = load_text(path, text, {}, without_secrets=True)
    except ConfigError as wrong:
        said = dict.fromkeys(problem.what for problem in wrong.problems)  # an address is the sender, too
        raise UsageError("\n".join(said)) from None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; name a folder in which you may write") from None
    return WrittenConfig(path, len(config.sources), len(config.rules), _variables(wish.channel))


def first_config(wish: FirstConfig) -> str:
    """Return the text of a first configuration: the chosen groups of the catalogue, a digest and a channel."""
    shipped = catalogue()
    digest = {"name": "daily", "rules": ["*"], "at": wish.at, "to": [CHANNEL_NAME]}
    options = {"kind": wish.channel, **STARTERS[wish.channel]}
    if wish.to:
        options |= {"from": wish.to[0], "to": list(wish.to)} if "from" in options else {"to": list(wish.to)}
    return _TEMPLATE.format(
        timezone=toml_value(wish.timezone),
        sources="\n\n".join(_chosen_sources(shipped, wish)),
        concepts="\n\n".join(_paragraphs(shipped, "[concept]")),
        rules="\n\n".join(_paragraphs(shipped, "[[rule]]")),
        digest=toml_table("[[digest]]", digest),
        secrets="".join(f"# Its secret is not in this file: {line}\n" for line in _exports(_variables(wish.channel))),
        channel=toml_table(f"[channel.{CHANNEL_NAME}]", options),
    )


_TEMPLATE: Final = """\
# What to watch, what to look for, and who gets it.
#
#     monitor check           find mistakes: each with its line and how to fix it; test every rule's examples
#     monitor check --live    test whether every source answers
#     monitor run             watch and send until you stop it
#     monitor add ADDRESS     add a source: its feed or its list is found by itself
#
# docs/configuration.md of the program explains every key.

# The zone of schedules and of the times shown.
timezone = {timezone}

# --- Sources: what is polled. Take out what you do not need.

{sources}

# --- Concepts: terms that mean the same, in every language and spelling; a rule asks for all of them with @name.

{concepts}

# --- Rules: what is looked for. `monitor check` tries the examples; `monitor match RULE TEXT` tries a rule.

{rules}

# --- Digest: which rules ("*" for all), when ("08:00", "08:00 mon-fri", "every 2h", "now"), through which channels.

{digest}

# --- Channel: how it is sent.

{secrets}{channel}
"""


def _chosen_sources(shipped: str, wish: FirstConfig) -> Iterator[str]:
    """Yield the `[[source]]` tables of the chosen groups, with the comments above them.

    The catalogue's time zone is added to tables that have none, since the user's default may be different.
    """
    assumed = tomllib.loads(shipped)["timezone"]
    for paragraph in _paragraphs(shipped, "[[source]]"):
        (table,) = tomllib.loads(paragraph)["source"]
        if not set(wish.groups).isdisjoint(table.get("tags", ())):
            own = "timezone" in table or assumed == wish.timezone
            yield paragraph if own else f"{paragraph}\ntimezone = {toml_value(assumed)}"


def _paragraphs(text: str, header: str) -> Iterator[str]:
    """Return the paragraphs of `text` that contain the line `header`. Empty lines separate paragraphs."""
    return (paragraph.strip("\n") for paragraph in text.split("\n\n") if header in paragraph.splitlines())


def _variables(kind: str) -> dict[str, str]:
    """Return the environment variables in the options of a kind of channel, each with an example of its value."""
    referred = {str(value).removeprefix("env:"): key for key, value in _secret_references(STARTERS[kind])}
    return {name: KINDS[kind].examples.get(key, "…") for name, key in referred.items()}


def _secret_references(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    return ((key, value) for key, value in options.items() if isinstance(value, str) and value.startswith("env:"))


def _exports(variables: Mapping[str, str]) -> list[str]:
    return [f"export {name}='{example}'" for name, example in variables.items()]


def next_steps(written: WrittenConfig) -> tuple[str, ...]:
    """Return the commands that the user should run next, in order."""
    config = "" if written.path.parent == Path() else f" --config {written.path}"
    return (*_exports(written.variables), f"monitor check{config}", f"monitor run{config}")
