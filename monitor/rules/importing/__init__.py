"""Lists of words that other programs watch by, as rules of this language."""

from monitor.rules.importing.trendradar import import_word_list
from monitor.rules.importing.word_list import WordList

__all__ = ["WordList", "import_word_list"]
