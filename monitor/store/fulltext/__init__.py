"""Full-text search: the word index of the archive, its queries for each database, and its check.

Every writer of articles updates `index`. `query` states the words that a search needs, `search` reads the archive with
`index` and `query`, and `check` finds errors in the index. The table of words is in `monitor.store.schema`, like all
tables.
"""
