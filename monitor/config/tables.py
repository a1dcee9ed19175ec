"""The tables of `sources.toml` as pydantic models. The JSON Schema and the keys' one-line meanings come from here."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import re
import unicodedata
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    RootModel,
    WithJsonSchema,
)

from monitor.config.addresses import check_instance, check_ping, check_proxy, parse_listen
from monitor.config.durations import DURATION_PATTERN, format_duration, parse_duration
from monitor.config.timezones import check_timezone
from monitor.config.values import MAX_EVERY, MIN_EVERY, PAUSE, Mode
from monitor.digest.schedule import Schedule, parse_schedule
from monitor.digest.subscription import Follow
from monitor.fetch import MAX_REQUESTS_PER_HOST, Network
from monitor.secret import Secret

MAX_NAME_LENGTH: Final = 200
YEAR: Final = dt.timedelta(days=365)
_UNITS_OF_KEEP: Final = {"d": dt.timedelta(days=1), "w": dt.timedelta(weeks=1), "y": YEAR}
MIN_KEEP: Final = dt.timedelta(days=30)
MAX_KEEP: Final = 100 * YEAR
MAX_BACKFILL: Final = dt.timedelta(days=366)
MAX_PER_HOST: Final = 32


def _parse_duration(value: Any) -> dt.timedelta:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError('a length of time must be text, such as "30m"')
    if isinstance(value, int) and value != 0:
        raise ValueError(
            f'a length of time needs a unit and quotes; write "{value}m" for minutes, "{value}s" for seconds'
        )
    return parse_duration(str(value))


def _parse_backfill(value: Any) -> dt.timedelta:
    length = _parse_duration(value)
    if length > MAX_BACKFILL:
        raise ValueError(f'"{value}" is too long; a rule can look back at most {format_duration(MAX_BACKFILL)}')
    return length


def check_name(text: str) -> str:
    """Return `text` itself if it is a valid name. Raises ValueError, which says what is wrong with it."""
    if not text.strip():
        raise ValueError("a name must not be blank")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") for letter in text):
        raise ValueError("a name must not contain line breaks or invisible characters")
    if text != text.strip():
        raise ValueError(f'a name must not begin or end with a space; write "{text.strip()}"')
    if len(text) > MAX_NAME_LENGTH:
        raise ValueError(f"a name has at most {MAX_NAME_LENGTH} characters")
    return text


def _check_rule_name(text: str) -> str:
    if text == "*":
        raise ValueError('"*" means all rules and cannot be the name of one')
    return check_name(text)


def _check_not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("this must not be blank")
    return text


def _parse_network(value: Any) -> Network:
    if not isinstance(value, str):
        raise ValueError('a network must be text, such as "10.0.0.0/8"')
    try:
        network = ipaddress.ip_network(value)
    except ValueError:
        remedy = 'write an address and a prefix length, as in "127.0.0.0/8" or "fd00::/8"'
        with contextlib.suppress(ValueError):
            remedy = f'did you mean "{ipaddress.ip_network(value, strict=False)}"?'
        raise ValueError(f'"{value}" is not a network; {remedy}') from None
    if network.prefixlen == 0:
        raise ValueError(f'"{value}" covers every address, and nothing would be protected; name the networks you need')
    return network


def _parse_schedule(value: Any) -> Schedule:
    if not isinstance(value, str):
        raise ValueError('a schedule must be text; put it between quotes, as in "08:00 mon-fri"')
    return parse_schedule(value)


def _check_per_host(number: int) -> int:
    if not 1 <= number <= MAX_PER_HOST:
        raise ValueError(f"write a number from 1 to {MAX_PER_HOST}; more at the same time is an attack on most hosts")
    return number


def _parse_keep(value: Any) -> dt.timedelta:
    if not isinstance(value, str):
        raise ValueError('a length of time must be text, such as "2y"')
    found = re.fullmatch(r"([0-9]{1,6})([dwy])", value, re.ASCII)
    if found is None:
        raise ValueError(f'"{value}" is no number of days, weeks or years; write it as in "180d", "26w" or "2y"')
    length = int(found[1]) * _UNITS_OF_KEEP[found[2]]
    if length < MIN_KEEP:
        remedy = f'write {format_duration(MIN_KEEP)} or more, in days, weeks or years, as in "180d" or "2y"'
        raise ValueError(f'"{value}" is too short for texts; {remedy}')
    if length > MAX_KEEP:
        raise ValueError(f'"{value}" is too long; leave `keep` out to keep texts for good')
    return length


def _parse_listen(value: Any) -> tuple[str, int]:
    if not isinstance(value, str):
        raise ValueError('an address must be text; put it between quotes, as in "127.0.0.1:9464"')
    return parse_listen(value)


Name = Annotated[str, Field(min_length=1), AfterValidator(check_name)]
RuleName = Annotated[str, Field(min_length=1), AfterValidator(_check_rule_name)]
Text = Annotated[str, Field(min_length=1), AfterValidator(_check_not_blank)]
Backfill = Annotated[
    dt.timedelta,
    PlainValidator(_parse_backfill),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN, "examples": ["7d", "4w"]}),
]
TimeZoneName = Annotated[str, AfterValidator(check_timezone), Field(examples=["Asia/Shanghai", "UTC"])]
Duration = Annotated[
    dt.timedelta,
    PlainValidator(_parse_duration),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN, "examples": ["30m", "2h", "3d"]}),
]
NetworkText = Annotated[
    Network, PlainValidator(_parse_network), WithJsonSchema({"type": "string", "examples": ["10.0.0.0/8"]})
]
ScheduleText = Annotated[
    Schedule,
    PlainValidator(_parse_schedule),
    WithJsonSchema({"type": "string", "examples": ["08:00", "08:00,18:00 mon-fri", "every 2h", "0 8 * * 1-5", "now"]}),
]
PerHost = Annotated[
    int, AfterValidator(_check_per_host), Field(json_schema_extra={"minimum": 1, "maximum": MAX_PER_HOST})
]
Keep = Annotated[
    dt.timedelta,
    PlainValidator(_parse_keep),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]+[dwy]$", "examples": ["180d", "2y"]}),
]
Listen = Annotated[
    tuple[str, int],
    PlainValidator(_parse_listen),
    WithJsonSchema({"type": "string", "examples": ["127.0.0.1:9464", "[::1]:9464"]}),
]
Proxy = Annotated[Secret, AfterValidator(check_proxy)]
Ping = Annotated[Secret, AfterValidator(check_ping)]
Instance = Annotated[Secret, AfterValidator(check_instance)]


class Table(BaseModel):
    """A table of the file: a key that is not listed is an error, and no value is converted to another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TopTable(Table):
    """The keys of the file itself, above its first table."""

    timezone: TimeZoneName = Field(default="UTC", description="The time zone of schedules, and of dates without one.")
    keep: Keep | None = Field(
        default=None, description="How long the texts of articles are kept. Without it, they are kept for good."
    )


class FetchTable(Table):
    """How documents are fetched."""

    min_every: Duration = Field(default=MIN_EVERY, description="No source is polled more often than this.")
    max_every: Duration = Field(default=MAX_EVERY, description="The maximum interval of a source without `every`.")
    allow_private: list[NetworkText] = Field(
        default_factory=list, description="Networks that may be reached although they are not public."
    )
    proxy: Proxy | None = Field(
        default=None, description="The proxy for every request. It also resolves the names of hosts."
    )
    rsshub: Instance | None = Field(default=None, description="The RSSHub instance that `rsshub://` addresses mean.")
    per_host: PerHost = Field(
        default=MAX_REQUESTS_PER_HOST, description="The maximum number of requests at the same time to one host."
    )
    pause: Duration = Field(default=PAUSE, description="The pause between the starts of two requests to one host.")


class OperatorTable(Table):
    """Who is notified when something is wrong with the program, its sources or its channels."""

    to: list[Text] = Field(default_factory=list, description="Names of channels that get messages about problems.")
    ping: Ping | None = Field(
        default=None, description="An address that is called every minute while all is well (healthchecks.io)."
    )


class WebTable(Table):
    """The pages for programs that monitor this one: `/livez`, `/readyz` and `/metrics`."""

    listen: Listen | None = Field(
        default=None, description="The address and the port of the pages, on this machine. Without it there are none."
    )


class StoriesTable(Table):
    """How articles that belong together are joined."""

    mode: Mode = Field(
        default="on", description='"shadow": what would be joined is recorded, and nothing is joined or left out.'
    )


class SourceTable(Table):
    """A place to poll. The options of its kind are keys of the same table."""

    name: Name = Field(description="Its name in digests, messages and rules (`source:`).")
    url: Text = Field(description="Its address; `env:NAME` or `file:PATH` when the address is a secret.")
    kind: str | None = Field(
        default=None, description="The kind of source. Without it, the program finds it out at the first poll."
    )
    tags: list[Text] = Field(default_factory=list, description="Tags of the source; rules ask for them with `tag:`.")
    every: Duration | None = Field(default=None, description="Poll at least this often.")
    timezone: TimeZoneName | None = Field(default=None, description="The time zone of dates without one.")
    backfill: Duration = Field(
        default=dt.timedelta(days=3), description="The maximum age of entries that are sent at the first poll."
    )
    full_text: bool = Field(default=False, description="Read the page of each new article.")
    content: Text | None = Field(default=None, description="CSS selector of the text on the article's page.")
    official: bool = Field(
        default=False, description="Its reports come first in their stories, and are never left out."
    )
    robots: bool = Field(default=True, description="Request no page that the robots.txt of its site forbids.")
    headers: dict[str, str] = Field(default_factory=dict, description="Headers to send; values may be `env:NAME`.")
    user_agent: Text | None = Field(default=None, description="The user agent that is sent to its server.")
    verify: bool = Field(default=True, description="Check the certificate of its server.")
    tls: Literal["modern", "legacy"] = Field(default="modern", description="The TLS versions that its server may use.")


class RuleTable(Table):
    """A named query over articles, with examples that `monitor check` runs."""

    name: RuleName = Field(description="Its name in digests.")
    match: Text = Field(description="The expression.")
    backfill: Backfill = Field(
        default=dt.timedelta(0),
        description="The maximum age of archived articles that are sent when the rule is new or changed.",
    )
    must_match: list[Text] = Field(default_factory=list, description="Texts that the rule must match.")
    must_not_match: list[Text] = Field(default_factory=list, description="Texts that the rule must not match.")


class DigestTable(Table):
    """A subscription: rules, schedule, recipients."""

    name: Name = Field(description="Its name in messages and commands.")
    rules: list[Text] = Field(min_length=1, description='Names of rules, in the order of display; `"*"` for all.')
    at: ScheduleText = Field(description="When it is built.")
    to: list[Text] = Field(min_length=1, description="Names of channels.")
    timezone: TimeZoneName | None = Field(default=None, description="The zone of `at` and of the times shown.")
    send_empty: bool = Field(default=False, description="Send an edition even if it is empty.")
    follow: Follow = Field(default="lines", description="What to do with further reports of the same event.")
    changes: bool = Field(
        default=False, description="Also send changes that publishers make to articles that were sent."
    )


class ChannelTable(Table):
    """A way to send digests. The options of its kind are keys of the same table."""

    kind: str = Field(description="The kind of channel.")


class ConceptTable(RootModel[dict[str, Annotated[list[Text], Field(min_length=1)]]]):
    """Named sets of equivalent terms: `NAME = ["term", "term"]` is `@NAME` in rules."""

    model_config = ConfigDict(strict=True, frozen=True)
