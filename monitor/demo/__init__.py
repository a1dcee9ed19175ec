"""The whole job with no network and no set-up: a sample site on loopback, polled, matched, stored and shown."""

from monitor.demo.job import Shown, run_demo

__all__ = ["Shown", "run_demo"]
