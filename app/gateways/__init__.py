"""Everything outside the process but the database: models, keys, hashes, messages."""
