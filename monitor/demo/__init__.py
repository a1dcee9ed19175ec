"""The demonstration, with no network and no configuration: a sample site on loopback is polled, and a digest shown."""

from monitor.demo.job import DemoResult, run_demo

__all__ = ["DemoResult", "run_demo"]
