"""Full-text search: the word index of the archive, its queries for each database, and its check.

`index` is kept in step by whatever writes articles, `query` says what a search needs, `search` reads the archive with
both, and `check` says what is wrong. The table of words is in `monitor.store.schema`, as all tables are.
"""
