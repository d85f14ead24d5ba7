"""The story of each use case: one method, one unit of work. No rules, no HTTP, no SQL."""
