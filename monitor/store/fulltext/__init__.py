"""Full-text search: the word index of the archive, its queries for each database, and its check.

`index` is updated by everything that writes articles, `query` states what a search needs, `search` reads the archive
with both, and `check` finds errors in the index. The table of words is in `monitor.store.schema`, as all tables are.
"""
