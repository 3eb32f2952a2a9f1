"""Split: one shard into one-page files."""
