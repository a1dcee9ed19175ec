"""The archive asked in the rule language: what holds an expression (`lookup`), what a change of rules would do
(`backtest`).

The store's index of words says which articles may be worth it; `RuleSet.match` has the last word on each.
"""

from monitor.search.lookup import Archive, Hit, asked_with, look_up

__all__ = ["Archive", "Hit", "asked_with", "look_up"]
