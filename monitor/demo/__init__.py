"""The demonstration: it polls a sample site on this machine, and shows a digest. It needs no network and no set-up."""

from monitor.demo.job import DemoResult, run_demo

__all__ = ["DemoResult", "run_demo"]
