"""Search the archive in the rule language: find articles (`lookup`), and try a change of rules (`backtest`).

The store's word index names the candidates; `RuleSet.match` decides about each.
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
