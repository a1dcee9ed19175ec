"""The archive asked in the rule language: what holds an expression (`lookup`), what a change of rules would do
(`backtest`).

The store's index of words says which articles may be worth it; `RuleSet.match` has the last word on each.
"""

from monitor.search.backtest import Added, Change, Dropped, Effect, Window, backtest, failed_examples, window
from monitor.search.lookup import Archive, Hit, Tags, asked_with, look_up

__all__ = [
    "Added",
    "Archive",
    "Change",
    "Dropped",
    "Effect",
    "Hit",
    "Tags",
    "Window",
    "asked_with",
    "backtest",
    "failed_examples",
    "look_up",
    "window",
]
