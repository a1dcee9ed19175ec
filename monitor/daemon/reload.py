"""Reload the configuration while the program runs.

watch | read and compile | update the database | exchange the parts

Polls continue while the configuration is read and compiled. Then the database is updated in one transaction and the
parts are exchanged; no poll can begin meanwhile. A process that is killed in between reads the new file at its next
start. A poll that is already running keeps its old rules. An invalid file changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from monitor.app.program import Program
from monitor.app.wiring import apply_config, assemble, fetch_settings
from monitor.config import Config, check_examples, load
from monitor.config.watch import ConfigWatch
from monitor.daemon.changes import describe_changes, replaced_sources
from monitor.daemon.systemd import ServiceManager
from monitor.errors import ConfigError, Problem, StoreError
from monitor.events import ConfigRefused, ConfigReloaded, publish
from monitor.fetch import Gate
from monitor.log import logger, mask_secrets, use_zone
from monitor.model import Notice
from monitor.notices.config import config_refused_notice

RETRY_SECONDS: Final = 30.0
"""Seconds until the next attempt to apply a configuration that could not be written into the database."""

RunningPolls = Callable[[], Collection[str]]

_log = logger("reload")


@dataclass(slots=True)
class Reload:
    """Reloads the configuration of a program. A change that cannot be applied raises a notice.

    `config` is the active configuration. `environ` has the values of references like `env:NAME`. `waiting` are the
    sources that must not be polled any more with their old settings. A change is applied only after their running polls
    have ended: otherwise results from the old address would be recorded for the new one. `inflight` are the sources
    whose polls began with an earlier configuration and may still be running. `service` gets the beginning and
    the end of each reload.
    """

    program: Program
    config: Config
    watch: ConfigWatch
    environ: Mapping[str, str]
    waiting: frozenset[str] = frozenset()
    inflight: frozenset[str] = frozenset()
    service: ServiceManager = field(default_factory=ServiceManager)
    _requested: bool = False
    _pending_config: Config | None = None
    _not_before: float = 0.0  # in seconds of the scheduler's clock; the pending configuration is not tried earlier
    _unwritten_notice: Notice | None = None

    def request(self) -> None:
        """Ask for a reload at the next tick, even if nothing has changed.

        It takes no lock, so a signal handler may call it.
        """
        self._requested = True

    def tick(self, polling: RunningPolls) -> None:
        """Look for a change, and apply it as soon as possible. `polling` returns the sources that are being polled."""
        self._report()
        try:
            self._check_file(polling)
        except Exception as error:
            self._pending_config, self.waiting = None, frozenset()
            what = f"the program failed on this file: {type(error).__name__}"
            self._refuse((Problem(str(self.watch.path), 0, 0, "", what, "undo the last change, and report this"),))
            raise  # so that the log has the traceback
        finally:
            if self._pending_config is None:
                self.service.ready()

    def _check_file(self, polling: RunningPolls) -> None:
        self._prune(polling())
        at = self.program.clock.monotonic()
        if self._must_read(at):
            self.service.reloading()
            self._pending_config, self._not_before = self._read(), at
            self.waiting = replaced_sources(self.config, self._pending_config) if self._pending_config else frozenset()
            if still_polled := self.waiting.intersection(polling()):
                _log.info("waits", reason="these sources are being polled", sources=", ".join(sorted(still_polled)))
        if self._pending_config is not None and at >= self._not_before:
            self._try_to_apply(self._pending_config, polling, at)

    def _prune(self, polling: Collection[str]) -> None:
        """Forget polls of an earlier configuration that have ended. After the last one, close the parts they used."""
        self.inflight = self.inflight.intersection(polling)
        if not self.inflight:
            self.program.retire()

    def _must_read(self, at: float) -> bool:
        """Return whether to read the configuration now. If so, its present content counts as known from now on."""
        if not (self._requested or self.watch.has_stable_change(at)):
            return False
        if self._requested:
            self._requested = False
            self.watch.read_files(at)
        self.watch.mark_as_known()
        return True

    def _read(self) -> Config | None:
        """Return the present configuration. If it is invalid, raise a notice and return None."""
        try:
            if self.watch.is_empty:
                raise ConfigError((Problem(str(self.watch.path), 0, 0, "", "the file is empty", "put it back"),))
            new_config = load(self.watch.path, self.environ)
        except ConfigError as error:
            self._refuse(error.problems)
            return None
        mask_secrets(new_config.secrets)
        for warning in (*new_config.warnings, *check_examples(new_config)):
            _log.warning("warning", place=str(warning))
        if new_config.database_url != self.config.database_url:
            _log.warning("restart", setting="MONITOR_DATABASE_URL", reason="it takes effect after a restart")
        return new_config

    def _refuse(self, problems: tuple[Problem, ...]) -> None:
        for problem in problems:
            publish(ConfigRefused(str(problem)))
        self._unwritten_notice = config_refused_notice([str(problem) for problem in problems], str(self.watch.path))
        self._report()

    def _report(self) -> None:
        """Write the notice about the last invalid file. If that fails, the next tick tries again."""
        if self._unwritten_notice is not None:
            with suppress(StoreError):
                with self.program.store.writing() as tx:
                    tx.raise_notice(self._unwritten_notice, self.program.clock.now())
                self._unwritten_notice = None  # only after the commit

    def _try_to_apply(self, new_config: Config, polling: RunningPolls, at: float) -> None:
        """Apply `new_config`, unless running polls or the database prevent it."""
        self._not_before = at + RETRY_SECONDS  # in case it fails
        gate = self._gate_for(new_config)
        try:
            with self.program.switch_lock:
                under_way = frozenset(polling())
                if self.waiting & under_way:
                    self._not_before = at
                    return
                self._apply(new_config, gate)
                self.inflight |= under_way
        except StoreError as error:
            _log.error("postponed", reason=str(error), seconds=RETRY_SECONDS)
            return
        finally:
            if gate is not self.program.gate:
                gate.close()
        use_zone(ZoneInfo(new_config.timezone))
        publish(ConfigReloaded(describe_changes(self.config, new_config)))
        self.config, self._pending_config, self.waiting, self._unwritten_notice = new_config, None, frozenset(), None

    def _gate_for(self, new_config: Config) -> Gate:
        """Return the gate for `new_config`: a new gate if the settings for fetching differ, else the present one."""
        settings = fetch_settings(new_config)
        same = settings == fetch_settings(self.config)
        return self.program.gate if same else Gate(settings, clock=self.program.clock, rests=self.program.gate.rests)

    def _apply(self, new_config: Config, gate: Gate) -> None:
        program = self.program
        new_program = assemble(new_config, program.store, gate, program.readers, program.clock, before=program)
        apply_config(new_config, program.store, program.clock.now())
        new_program.hold_removed()
        program.adopt(new_program)
