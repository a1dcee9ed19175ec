"""Read `sources.toml` and the environment into a `Config`. All errors are reported at once, with place and remedy.

bytes → text → TOML → tables (pydantic) → names resolved, rules compiled → Config
"""

from monitor.config.durations import format_duration, parse_duration
from monitor.config.environment import (
    DATABASE_VARIABLE,
    LOG_VARIABLE,
    LogOptions,
    config_path,
    environment,
    log_options,
)
from monitor.config.examples import check_examples
from monitor.config.loader import load, load_database_only
from monitor.config.positions import Place
from monitor.config.preflight import check_channels
from monitor.config.values import ChannelConfig, Config, FetchOptions, RuleConfig

__all__ = [
    "DATABASE_VARIABLE",
    "LOG_VARIABLE",
    "ChannelConfig",
    "Config",
    "FetchOptions",
    "LogOptions",
    "Place",
    "RuleConfig",
    "check_channels",
    "check_examples",
    "config_path",
    "environment",
    "format_duration",
    "load",
    "load_database_only",
    "log_options",
    "parse_duration",
]
