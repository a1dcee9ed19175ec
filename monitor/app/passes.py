"""The report of a pass. It is the same whether the command or the daemon made the pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from monitor.app.program import Pass, Program
from monitor.collect import Collected
from monitor.deliver import BuildResult, RerouteResult, SendResult
from monitor.digest import load
from monitor.model import Decision, Edition, PollRecord, StoredEdition
from monitor.model.orders import PassRequest, SendAttempt
from monitor.notices import severity_of


@dataclass(frozen=True, slots=True)
class PollReport:
    """The report of a poll of a source."""

    source: str
    failed: bool
    poll: PollRecord

    @property
    def problems(self) -> tuple[str, ...]:
        """The notices of the poll: what was wrong with a readable answer, for example that it was incomplete."""
        found = ((one.kind.removeprefix("notice "), one) for one in self.poll.decisions if not self.failed)
        return tuple(
            one.reason for kind, one in found if one.kind.startswith("notice ") and severity_of(kind) == "problem"
        )


@dataclass(frozen=True, slots=True)
class BuiltEdition:
    """The report of an edition that was built, or could not be built.

    `crash` says why it could not be built. In this case, `slot` and `end` are None.
    """

    digest: str
    slot: str | None = None
    end: dt.datetime | None = None
    timezone: str = "UTC"
    items: int = 0
    crash: str | None = None
    changes: int = 0


@dataclass(frozen=True, slots=True)
class PassReport:
    """The result of a pass. `parked` counts all deliveries that a person must look at.

    If parked deliveries were retried, `readdressed` says what happened to those whose recipients had been removed.
    """

    polls: tuple[PollReport, ...] = ()
    editions: tuple[BuiltEdition, ...] = ()
    deliveries: tuple[SendAttempt, ...] = ()
    parked: int = 0
    readdressed: RerouteResult = field(default_factory=RerouteResult)

    @property
    def needs_attention(self) -> bool:
        """Whether a source failed or was read only partly, a digest could not be built, or a delivery failed."""
        return (
            self.parked > 0
            or any(polled.failed or polled.problems for polled in self.polls)
            or any(built.crash for built in self.editions)
            or any(tried.outcome != "sent" for tried in self.deliveries)
        )


def make_pass(program: Program, request: PassRequest) -> PassReport:
    """Make a pass in this process. Poll the named sources or, if no source is named, the sources that are due.

    Raises UsageError for a source that is not configured.
    """
    program.find_sources(request.sources)  # raise for a wrong name before anything changes
    readdressed = program.retry_parked() if request.retry_parked else RerouteResult()
    return report_pass(program.once(request.sources, send=request.send), readdressed)


def report_pass(done: Pass, readdressed: RerouteResult | None = None) -> PassReport:
    """Return the report of a pass. `readdressed` is the result of retrying parked deliveries before the pass."""
    return PassReport(
        report_polls(done.collected),
        tuple(_crashed_edition(built) for built in done.built if built.edition or built.crash),
        tuple(report_send(sending) for sending in done.sendings),
        done.parked,
        readdressed or RerouteResult(),
    )


def report_polls(collected: Sequence[Collected]) -> tuple[PollReport, ...]:
    """Return the reports of polls."""
    return tuple(PollReport(one.source, one.failed, one.poll) for one in collected)


def report_send(sending: SendResult) -> SendAttempt:
    """Return the report of an attempt to send."""
    delivery, outcome = sending.delivery, sending.outcome
    return SendAttempt(delivery.digest, delivery.channel, delivery.recipient, outcome.kind, outcome.reason)


def report_editions(built: Sequence[BuildResult], kept: Sequence[StoredEdition]) -> tuple[BuiltEdition, ...]:
    """Return the reports of the stored editions (`kept`), and of the editions in `built` that failed."""
    crashed = (_crashed_edition(one) for one in built if one.crash)
    return (*(_built_edition(load(one.encoded)) for one in kept), *crashed)


def _crashed_edition(built: BuildResult) -> BuiltEdition:
    return BuiltEdition(built.digest, crash=built.crash) if built.edition is None else _built_edition(built.edition)


def _built_edition(edition: Edition) -> BuiltEdition:
    window = edition.window
    found = BuiltEdition(edition.digest, window.slot, window.end, edition.timezone, len(edition.items))
    return replace(found, changes=len(edition.changes))


def encode_report(report: PassReport) -> dict[str, Any]:
    """Return the report as a JSON value."""
    data = asdict(report)
    for polled in data["polls"]:
        polled["poll"]["at"] = polled["poll"]["at"].isoformat()
    for built in data["editions"]:
        built["end"] = built["end"].isoformat() if built["end"] else None
    return data


def decode_report(data: Mapping[str, Any]) -> PassReport:
    """Return the report that `encode_report` encoded."""
    return PassReport(
        tuple(PollReport(one["source"], one["failed"], _poll(one["poll"])) for one in data["polls"]),
        tuple(_decode_edition(one) for one in data["editions"]),
        tuple(SendAttempt(**one) for one in data["deliveries"]),
        data["parked"],
        RerouteResult(**data["readdressed"]),
    )


def _poll(data: Mapping[str, Any]) -> PollRecord:
    decisions = tuple(Decision(**one) for one in data["decisions"])
    return PollRecord(**{**data, "at": dt.datetime.fromisoformat(data["at"]), "decisions": decisions})


def _decode_edition(data: Mapping[str, Any]) -> BuiltEdition:
    end = dt.datetime.fromisoformat(data["end"]) if data["end"] else None
    return replace(BuiltEdition(**{**data, "end": None}), end=end)
