"""Search the archive in the rule language (`lookup`), and test a change of rules on the archive (`backtest`).

The store's word index finds the candidates. `RuleSet.match` decides about each candidate.
"""

from monitor.search.backtest import (
    AddedArticle,
    BacktestWindow,
    DroppedArticle,
    Effect,
    RuleChange,
    backtest,
    failed_examples,
    window,
)
from monitor.search.lookup import Archive, Hit, Tags, look_up, source_fields

__all__ = [
    "AddedArticle",
    "Archive",
    "BacktestWindow",
    "DroppedArticle",
    "Effect",
    "Hit",
    "RuleChange",
    "Tags",
    "backtest",
    "failed_examples",
    "look_up",
    "source_fields",
    "window",
]
